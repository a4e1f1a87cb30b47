#include "tools/training/recipe.hpp"

#include <algorithm>
#include <charconv>
#include <cmath>
#include <type_traits>

#include "rbm/optimizer.hpp"
#include "tools/base/failure.hpp"

namespace tool {
namespace {

// Persistent chains, for all that the model believes and not only what is near the data, with more steps as
// weights grow and chains mix more slowly; centred gradients, from the data's biases on; plain steps that
// shrink to nothing, and the mean over the last of them. What each part is worth: tools/docs/learning.md.
Recipe likelihood() {
  Recipe recipe;
  recipe.optimizer = "sgd";
  recipe.rate_decay = 1.5;
  recipe.method = "pcd";
  recipe.final_gibbs_steps = 5;
  recipe.centring = 0.01;
  recipe.average = 0.3;
  recipe.initial_bias = "data";
  recipe.shuffle = true;
  return recipe;
}

// What plain gradient descent wants is ten times what Adam does.
constexpr double sgd_rate = 0.05;

bool is_likelihood(const Arguments& arguments) {
  return arguments[training::recipe] == "likelihood";
}

std::string metadata_key(const Option& option) {
  std::string key(option.name());
  for (char& letter : key)
    if (letter == '-') letter = '_';
  return key;
}

template <class Member>
std::string text_of_member(const Member& member) {
  if constexpr (std::is_same_v<Member, bool>) {
    return member ? "true" : "false";
  } else if constexpr (std::is_arithmetic_v<Member>) {
    char text[64];
    return {text, std::to_chars(text, text + sizeof text, member).ptr};
  } else {
    return std::string(member);
  }
}

}  // namespace

double likelihood_rate(std::uint64_t hidden) {
  return std::round(2000 / std::cbrt(static_cast<double>(hidden))) / 1000;
}

Recipe read_recipe(const Arguments& arguments) {
  Recipe recipe = is_likelihood(arguments) ? likelihood() : Recipe{};
  for_each_choice(recipe, [&](const auto& option, auto& member) {
    if (arguments.given(option)) member = arguments[option];
  });
  const bool adam = recipe.optimizer == "adam";
  if (!adam && !arguments.given(training::rate))
    recipe.rate = is_likelihood(arguments) ? likelihood_rate(recipe.hidden) : sgd_rate;
  if (!arguments.given(training::final_momentum)) recipe.final_momentum = recipe.momentum;
  if (!arguments.given(training::final_gibbs_steps) &&
      (!is_likelihood(arguments) || arguments.given(training::gibbs_steps)))
    recipe.final_gibbs_steps = recipe.gibbs_steps;
  for (const Real* option : {&training::momentum, &training::final_momentum})
    if (arguments.given(*option) && adam)
      throw Misuse("--" + std::string(option->name()) + " is for --optimizer sgd; adam has its own");
  if (arguments.given(training::sparsity_target) && recipe.sparsity_cost == 0)
    throw Misuse("--sparsity-target does nothing without --sparsity-cost; try 0.1");
  return recipe;
}

std::uint64_t read_epochs(const Arguments& arguments, const Recipe& recipe, std::uint64_t examples) {
  if (arguments.given(training::epochs)) return arguments[training::epochs];
  if (!is_likelihood(arguments)) return 10;
  // Few data need as many steps as many do.
  constexpr std::uint64_t usual = 60, batches_wanted = 50000;
  const std::uint64_t batches = (examples + recipe.batch - 1) / recipe.batch;
  return std::max(usual, (batches_wanted + batches - 1) / batches);
}

void refuse_choices(const Arguments& arguments) {
  const auto refuse = [&](const Option& option) {
    if (arguments.given(option))
      throw Misuse("--" + std::string(option.name()) +
                   ": is fixed by the checkpoint; leave it out with --resume");
  };
  refuse(training::recipe);
  Recipe recipe;
  for_each_choice(recipe, [&](const Option& option, const auto&) { refuse(option); });
  refuse(option::maximum);
}

void describe(const Recipe& recipe, std::map<std::string, std::string>& metadata) {
  for_each_choice(recipe, [&](const Option& option, const auto& member) {
    metadata[metadata_key(option)] = text_of_member(member);
  });
}

Recipe recipe_in(const std::map<std::string, std::string>& metadata, const std::string& name) {
  Recipe recipe;
  for_each_choice(recipe, [&](const auto& option, auto& member) {
    const std::string key = metadata_key(option);
    const auto entry = metadata.find(key);
    if (entry == metadata.end()) throw Failure(name + ": is no checkpoint: its metadata lack " + quoted(key));
    try {
      if constexpr (std::is_same_v<std::remove_reference_t<decltype(member)>, bool>) {
        member = entry->second == "true";
        if (!member && entry->second != "false") throw Misuse("neither true nor false");
      } else {
        member = option.parse(entry->second);
      }
    } catch (const Misuse&) {
      throw Failure(name + ": metadata " + quoted(key) + " is " + quoted(entry->second) +
                    ", which is out of range");
    }
  });
  return recipe;
}

std::string to_words(const Recipe& recipe) {
  // What read_recipe makes of no words but those that the others hang on.
  Recipe unsaid;
  if (recipe.optimizer == "sgd") unsaid.rate = sgd_rate;
  unsaid.final_momentum = recipe.momentum;
  unsaid.final_gibbs_steps = recipe.gibbs_steps;
  std::map<std::string, std::string> usual;
  describe(unsaid, usual);
  std::string words;
  for_each_choice(recipe, [&](const Option& option, const auto& member) {
    const std::string text = text_of_member(member);
    if (text == usual[metadata_key(option)]) return;
    words += " --" + std::string(option.name());
    if (!option.placeholder().empty()) words += " " + text;
  });
  return words;
}

Report split_lines(const Recipe& recipe) {
  Report lines;
  for_each_choice(recipe, [&](const Option& option, const auto& member) {
    lines.emplace_back("--" + std::string(option.name()), text_of_member(member));
  });
  return lines;
}

rbm::VisibleUnits visible_units(std::string_view name) {
  return name == "real"          ? rbm::VisibleUnits::real
         : name == "thresholded" ? rbm::VisibleUnits::thresholded
                                 : rbm::VisibleUnits::sampled;
}

rbm::TrainOptions train_options(const Recipe& recipe) {
  rbm::TrainOptions options;
  options.seed = recipe.seed;
  options.visible_units = visible_units(recipe.visible);
  options.gibbs_steps = static_cast<unsigned>(recipe.gibbs_steps);
  options.persistent = recipe.method == "pcd";
  options.mean_reconstructions = recipe.statistics == "probabilities";
  options.centring = static_cast<float>(recipe.centring);
  options.sparsity_cost = static_cast<float>(recipe.sparsity_cost);
  options.sparsity_target = static_cast<float>(recipe.sparsity_target);
  return options;
}

float rate_at(const Recipe& recipe, double t) {
  // Exact for the usual powers, whole ones and halves; for others the library's own functions, the same bits
  // everywhere, where pow may differ from one C library to the next.
  const double rest = 1 - t;
  const double whole = std::floor(recipe.rate_decay), power = recipe.rate_decay - whole;
  double factor = 1;
  for (auto n = static_cast<unsigned>(whole); n > 0; --n) factor *= rest;
  const auto raised = [&] {
    return static_cast<double>(rbm::exp(static_cast<float>(power) * rbm::log(static_cast<float>(rest))));
  };
  if (power > 0 && rest > 0) factor *= power == 0.5 ? std::sqrt(rest) : raised();
  if (power > 0 && rest <= 0) factor = 0;
  return static_cast<float>(recipe.rate * factor);
}

unsigned gibbs_steps_at(const Recipe& recipe, double t) {
  const double first = static_cast<double>(recipe.gibbs_steps),
               last = static_cast<double>(recipe.final_gibbs_steps);
  return static_cast<unsigned>(first + (last - first) * t + 0.5);
}

float momentum_at(const Recipe& recipe, double t) {
  const double grown = t < 0.1 ? t / 0.1 : 1;
  return static_cast<float>(recipe.momentum + grown * (recipe.final_momentum - recipe.momentum));
}

}  // namespace tool
