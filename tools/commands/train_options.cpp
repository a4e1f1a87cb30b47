#include "tools/commands/train_options.hpp"

#include <algorithm>
#include <initializer_list>
#include <string_view>

#include "tools/base/failure.hpp"
#include "tools/base/text.hpp"
#include "tools/training/normality.hpp"

namespace tool {
namespace {

constexpr std::string_view ending = ".checkpoint";

NamedRecipe named_recipe(const Arguments& arguments, DataKind kind) {
  if (arguments.given(training::recipe)) return arguments[training::recipe];
  if (arguments.given(option::labels)) return NamedRecipe::labels;
  return kind == DataKind::readings ? NamedRecipe::likelihood : NamedRecipe::tutorial;
}

Recipe recipe_of(NamedRecipe name, DataKind kind) {
  if (name == NamedRecipe::tutorial) return {};
  if (name == NamedRecipe::labels) return labels_recipe();
  Recipe recipe = kind == DataKind::readings ? readings_recipe() : likelihood_recipe();
  recipe.label_weight = 0;
  return recipe;
}

// What options of labels and of chains would do nothing for.
void refuse_idle_options(const Arguments& arguments, NamedRecipe name, const Recipe& recipe) {
  const bool labels = arguments.given(option::labels);
  if (name == NamedRecipe::labels && !labels) throw Misuse("--recipe labels needs --labels");
  for (const Option* option :
       std::initializer_list<const Option*>{&training::label_weight, &training::class_weights})
    if (arguments.given(*option) && !labels) throw Misuse(option->dashed() + " is for --labels");
  for_each_choice(recipe, [&](const Option& option, const auto&) {
    if (is_generative(option) && arguments.given(option) && !is_generative(recipe))
      throw Misuse(option.dashed() +
                   ": does nothing where labels alone are learned: give "
                   "--label-weight below 1 too, or leave it out");
  });
}

bool is_real(const Arguments& arguments) {
  return arguments[training::visible] == rbm::VisibleUnits::real;
}

}  // namespace

std::optional<DataKind> read_kind(const Arguments& arguments) {
  if (arguments.given(option::maximum)) {
    if (is_real(arguments)) throw Misuse("--maximum: readings have none; leave it out with --visible real");
    return DataKind::intensities;
  }
  if (!arguments.given(training::visible)) return std::nullopt;
  return is_real(arguments) ? DataKind::readings : DataKind::intensities;
}

void fit_recipe(Recipe& recipe, const Arguments& arguments, const Dataset& data,
                const ReadingStatistics& statistics) {
  const NamedRecipe name = named_recipe(arguments, DataKind::readings);
  if (!arguments.given(training::scale)) recipe.scale = statistics.is_one_signal ? Scale::all : Scale::each;
  if (!arguments.given(training::factors) && name != NamedRecipe::labels) {
    // Two factors learn level and slope of a signal, unless these were taken away.
    const bool has_level = statistics.is_signal && data.windows.detrend == Detrend::none;
    recipe.factors = are_normal(data, statistics) ? 8 : has_level ? 2 : 0;
  }
  recipe.factors = std::min(recipe.factors, most_factors_of(statistics.readings()));
  if (name == NamedRecipe::labels && !arguments.given(training::weight_decay))
    recipe.weight_decay = weight_decay_for_labels(data.rows);
  if (name != NamedRecipe::likelihood) return;
  if (!arguments.given(training::hidden)) recipe.hidden = hidden_for_readings(data.columns, data.rows);
  if (!arguments.given(training::weight_decay)) recipe.weight_decay = weight_decay_for(data.rows);
}

Recipe read_recipe(const Arguments& arguments, DataKind kind) {
  const NamedRecipe name = named_recipe(arguments, kind);
  const bool likelihood = name == NamedRecipe::likelihood, real = kind == DataKind::readings;
  Recipe recipe = recipe_of(name, kind);
  recipe.has_labels = arguments.given(option::labels);
  for_each_choice(recipe, [&](const auto& option, auto& member) {
    if (arguments.given(option)) member = arguments[option];
  });
  if (real) recipe.visible = rbm::VisibleUnits::real;
  // What examples look like is learned of bits.
  if (name == NamedRecipe::labels && !real && is_generative(recipe) && !arguments.given(training::visible))
    recipe.visible = training::visible.standard();
  for (const Option* option : std::initializer_list<const Option*>{&training::scale, &training::factors})
    if (arguments.given(*option) && !real)
      throw Misuse(option->dashed() + " is for readings, which --visible real takes");
  refuse_idle_options(arguments, name, recipe);
  if (recipe.has_labels && recipe.batch > rbm::most_labelled_samples)
    throw Misuse("--batch: is at most " + std::to_string(rbm::most_labelled_samples) + " with --labels");
  const bool adam = recipe.optimizer == Optimizer::adam;
  if (!adam && !arguments.given(training::rate))
    recipe.rate = likelihood && !real ? likelihood_rate(recipe.hidden) : sgd_rate;
  if (!arguments.given(training::final_momentum)) recipe.final_momentum = recipe.momentum;
  if (!arguments.given(training::final_gibbs_steps) &&
      (!likelihood || arguments.given(training::gibbs_steps)))
    recipe.final_gibbs_steps = recipe.gibbs_steps;
  for (const Real* option : {&training::momentum, &training::final_momentum})
    if (arguments.given(*option) && adam)
      throw Misuse(option->dashed() + " is for --optimizer sgd; adam has its own");
  if (arguments.given(training::sparsity_target) && recipe.sparsity_cost == 0)
    throw Misuse("--sparsity-target does nothing without --sparsity-cost; try 0.1");
  return recipe;
}

std::uint64_t read_epochs(const Arguments& arguments, const Recipe& recipe, DataKind kind,
                          std::uint64_t examples) {
  if (arguments.given(training::epochs)) return arguments[training::epochs];
  const NamedRecipe name = named_recipe(arguments, kind);
  if (name == NamedRecipe::tutorial) return 10;
  if (name == NamedRecipe::labels) return epochs_for_labels(examples, recipe.batch);
  if (kind == DataKind::readings) return epochs_for_readings(examples, recipe.batch);
  return epochs_for(examples, recipe.batch, 60, 50000);
}

void refuse_choices(const Arguments& arguments) {
  const auto refuse = [&](const Option& option) {
    if (arguments.given(option))
      throw Misuse(option.dashed() + ": is fixed by the checkpoint; leave it out with --resume");
  };
  refuse(training::recipe);
  Recipe recipe;
  for_each_choice(recipe, [&](const Option& option, const auto&) { refuse(option); });
  refuse(option::maximum);
  refuse(option::columns);
  for (const Option* option : std::initializer_list<const Option*>{&option::window, &option::hop,
                                                                   &option::decimate, &option::detrend})
    refuse(*option);
}

std::string output_name(const Arguments& arguments) {
  const std::string from = arguments[training::resume];
  const bool known = from.size() > ending.size() && from.substr(from.size() - ending.size()) == ending;
  return arguments.given(training::out) || !known ? arguments[training::out]
                                                  : from.substr(0, from.size() - ending.size());
}

std::string checkpoint_name(const std::string& output) {
  return output + std::string(ending);
}

std::string words_beside_recipe(const Arguments& arguments) {
  std::string words;
  for (const Option* option : std::initializer_list<const Option*>{
           &training::validation, &training::validation_labels, &training::hold_out, &training::stop_gap,
           &training::nats, &training::false_alarms, &training::votes, &training::report, &option::skip_lines,
           &option::labels, &option::label_column, &option::time_column, &option::rate})
    if (arguments.given(*option)) words += " " + option->dashed() + " " + shell_word(arguments.text(*option));
  return words;
}

}  // namespace tool
