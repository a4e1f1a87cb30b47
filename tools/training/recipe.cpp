#include "tools/training/recipe.hpp"

#include <algorithm>
#include <cmath>
#include <type_traits>

#include "tools/base/failure.hpp"
#include "tools/base/text.hpp"

namespace tool {
namespace {

std::string metadata_key(const Option& option) {
  std::string key(option.name());
  for (char& letter : key)
    if (letter == '-') letter = '_';
  return key;
}

template <class Kind>
std::string value_text(const Kind& option, typename Kind::Value value) {
  if constexpr (std::is_same_v<Kind, Flag>)
    return value ? "true" : "false";
  else if constexpr (std::is_base_of_v<WordOption, Kind>)
    return option.word(value);
  else
    return shortest(value);
}

template <class Kind>
typename Kind::Value read_value(const Kind& option, const std::string& text) {
  if constexpr (std::is_same_v<Kind, Flag>) {
    if (text != "true" && text != "false") throw Misuse("neither true nor false");
    return text == "true";
  } else {
    return option.parse(text);
  }
}

}  // namespace

Recipe likelihood_recipe() {
  Recipe recipe;
  recipe.optimizer = Optimizer::sgd;
  recipe.rate_decay = 1.5;
  recipe.method = Method::persistent;
  recipe.final_gibbs_steps = 5;
  recipe.centring = 0.01;
  recipe.average = 0.3;
  recipe.initial_bias = InitialBias::data;
  recipe.shuffle = true;
  return recipe;
}

Recipe readings_recipe() {
  Recipe recipe;
  recipe.visible = rbm::VisibleUnits::real;
  recipe.batch = 32;
  recipe.rate_decay = 1;
  recipe.method = Method::persistent;
  recipe.gibbs_steps = recipe.final_gibbs_steps = 5;
  recipe.average = 0.3;
  recipe.shuffle = true;
  return recipe;
}

Recipe labels_recipe() {
  Recipe recipe;
  recipe.hidden = 64;
  recipe.batch = 32;
  recipe.rate = 0.02;
  recipe.rate_decay = 1;
  recipe.weight_decay = 0.0003;
  recipe.average = 0.3;
  recipe.visible = rbm::VisibleUnits::means;
  recipe.shuffle = true;
  recipe.has_labels = true;
  return recipe;
}

std::uint64_t epochs_for_labels(std::uint64_t examples, std::uint64_t batch) {
  const std::uint64_t batches = 200 * ((examples + batch - 1) / batch);
  const std::uint64_t enough = std::max<std::uint64_t>(10000, std::min<std::uint64_t>(30000, batches));
  return std::min<std::uint64_t>(1000, epochs_for(examples, batch, 5, enough));
}

std::uint64_t hidden_for_readings(std::uint64_t visible, std::uint64_t examples) {
  const std::uint64_t most = std::max<std::uint64_t>(4, examples / 8);
  return std::min(most, std::max<std::uint64_t>(16, visible / 2));
}

std::uint64_t epochs_for_readings(std::uint64_t examples, std::uint64_t batch) {
  return std::min<std::uint64_t>(1000, epochs_for(examples, batch, 5, 30000));
}

std::uint64_t most_factors_of(std::uint64_t visible) {
  return visible < 2 ? 0 : std::min<std::uint64_t>(rbm::most_factors, visible - 2);
}

double weight_decay_for(std::uint64_t examples) {
  return std::max(0.001, std::min(0.3, std::round(10000 / static_cast<double>(examples)) / 1000));
}

double weight_decay_for_labels(std::uint64_t examples) {
  const double count = static_cast<double>(examples);
  const double decay = std::max(1.0, std::min(100.0, 3e6 / (count * count)));
  return std::round(decay) / 10000;
}

double likelihood_rate(std::uint64_t hidden) {
  return std::round(2000 / std::cbrt(static_cast<double>(hidden))) / 1000;
}

std::uint64_t epochs_for(std::uint64_t examples, std::uint64_t batch, std::uint64_t fewest,
                         std::uint64_t batches) {
  const std::uint64_t batches_an_epoch = (examples + batch - 1) / batch;
  return std::max(fewest, (batches + batches_an_epoch - 1) / batches_an_epoch);
}

void describe(const Recipe& recipe, std::map<std::string, std::string>& metadata) {
  for_each_choice(recipe, [&](const auto& option, const auto& member) {
    if (applies(option, recipe)) metadata[metadata_key(option)] = value_text(option, member);
  });
}

Recipe recipe_in(const std::map<std::string, std::string>& metadata, const std::string& name) {
  Recipe recipe;
  recipe.has_labels = metadata.count(metadata_key(training::label_weight)) != 0;
  recipe.shift = metadata.count(metadata_key(training::shift));
  // Before there were real units, means of bits were called real.
  const bool old = metadata.count(metadata_key(training::scale)) == 0;
  for_each_choice(recipe, [&](const auto& option, auto& member) {
    if (!applies(option, recipe)) return;
    const std::string key = metadata_key(option);
    const auto entry = metadata.find(key);
    if (entry == metadata.end()) throw Failure(name + ": is no checkpoint: its metadata lack " + quoted(key));
    const bool renamed = old && &static_cast<const Option&>(option) == &training::visible &&
                         entry->second == training::visible.word(rbm::VisibleUnits::real);
    try {
      member = read_value(option, renamed ? training::visible.word(rbm::VisibleUnits::means) : entry->second);
    } catch (const Misuse&) {
      throw Failure(name + ": metadata " + quoted(key) + " is " + quoted(entry->second) +
                    ", which is out of range");
    }
  });
  return recipe;
}

std::string to_words(const Recipe& recipe) {
  // What `rbm train` makes of no words but those on which the others depend.
  Recipe unsaid;
  if (recipe.optimizer == Optimizer::sgd) unsaid.rate = sgd_rate;
  unsaid.final_momentum = recipe.momentum;
  unsaid.final_gibbs_steps = recipe.gibbs_steps;
  std::map<std::string, std::string> usual;
  describe(unsaid, usual);
  unsaid.has_labels = true;
  describe(unsaid, usual);
  // What data make of no words, where they are readings or have labels.
  const bool real = recipe.visible == rbm::VisibleUnits::real;
  std::string words = real || recipe.has_labels ? " --recipe tutorial" : "";
  for_each_choice(recipe, [&](const auto& option, const auto& member) {
    const std::string text = value_text(option, member), key = metadata_key(option);
    if (!applies(option, recipe) || (usual.count(key) != 0 && text == usual[key])) return;
    words += " " + option.dashed();
    if (!option.placeholder().empty()) words += " " + text;
  });
  return words;
}

std::vector<std::pair<std::string, std::string>> split_lines(const Recipe& recipe) {
  std::vector<std::pair<std::string, std::string>> lines;
  for_each_choice(recipe, [&](const auto& option, const auto& member) {
    if (applies(option, recipe)) lines.emplace_back(option.dashed(), value_text(option, member));
  });
  return lines;
}

rbm::TrainOptions train_options(const Recipe& recipe) {
  rbm::TrainOptions options;
  options.seed = recipe.seed;
  options.visible_units = recipe.visible;
  options.gibbs_steps = static_cast<unsigned>(recipe.gibbs_steps);
  options.label_weight = static_cast<float>(recipe.label_weight);
  options.persistent = is_persistent(recipe);
  options.mean_reconstructions = recipe.statistics == Statistics::probabilities;
  options.centring = is_generative(recipe) ? static_cast<float>(recipe.centring) : 0;
  options.sparsity_cost = is_generative(recipe) ? static_cast<float>(recipe.sparsity_cost) : 0;
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
