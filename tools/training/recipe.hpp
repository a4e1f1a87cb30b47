#pragma once

#include <cstdint>
#include <initializer_list>
#include <map>
#include <string>
#include <utility>
#include <vector>

#include "rbm/gradient.hpp"
#include "tools/training/recipe_options.hpp"

// A choice of a training run is stated three times: as an option with its range, default and help
// (recipe_options.hpp), as a member of Recipe, by which the code reads it, and in for_each_choice(), which
// joins the two. From this join follow the options of `rbm train`, the metadata of checkpoints and models,
// and the command that repeats a run: a new choice needs no other line there.

namespace tool {

/// What decides the result of a training run, beside the data: all of it is in every checkpoint.
struct Recipe {
  std::uint64_t hidden = training::hidden.standard();
  std::uint64_t batch = training::batch.standard();
  Optimizer optimizer = training::optimizer.standard();
  double rate = 0.005;  ///< what Adam wants; plain gradient descent wants sgd_rate
  double rate_decay = training::rate_decay.standard();
  double momentum = training::momentum.standard();
  double final_momentum = momentum;
  double weight_decay = training::weight_decay.standard();
  std::uint64_t gibbs_steps = training::gibbs_steps.standard();
  std::uint64_t final_gibbs_steps = gibbs_steps;
  Method method = training::method.standard();
  Statistics statistics = training::statistics.standard();
  double centring = training::centring.standard();
  double sparsity_target = training::sparsity_target.standard();
  double sparsity_cost = training::sparsity_cost.standard();
  double average = training::average.standard();
  InitialBias initial_bias = training::initial_bias.standard();
  rbm::VisibleUnits visible = training::visible.standard();
  Scale scale = training::scale.standard();              ///< of real units
  std::uint64_t factors = training::factors.standard();  ///< of real units
  std::uint64_t shift = training::shift.standard();      ///< of pictures, pixels
  bool has_labels = false;  ///< whether the model has labels; label_weight and class_weights are of these
  double label_weight = training::label_weight.standard();
  ClassWeights class_weights = training::class_weights.standard();
  bool shuffle = training::shuffle.standard();
  std::uint64_t seed = option::seed.standard();
};

/// Calls visit(option, member) for all that a recipe says, in the order of the help text.
template <class AnyRecipe, class Visit>
void for_each_choice(AnyRecipe& recipe, const Visit& visit) {
  visit(training::hidden, recipe.hidden);
  visit(training::batch, recipe.batch);
  visit(training::shift, recipe.shift);
  visit(training::label_weight, recipe.label_weight);
  visit(training::class_weights, recipe.class_weights);
  visit(training::optimizer, recipe.optimizer);
  visit(training::rate, recipe.rate);
  visit(training::rate_decay, recipe.rate_decay);
  visit(training::momentum, recipe.momentum);
  visit(training::final_momentum, recipe.final_momentum);
  visit(training::weight_decay, recipe.weight_decay);
  visit(training::gibbs_steps, recipe.gibbs_steps);
  visit(training::final_gibbs_steps, recipe.final_gibbs_steps);
  visit(training::method, recipe.method);
  visit(training::statistics, recipe.statistics);
  visit(training::centring, recipe.centring);
  visit(training::sparsity_target, recipe.sparsity_target);
  visit(training::sparsity_cost, recipe.sparsity_cost);
  visit(training::average, recipe.average);
  visit(training::initial_bias, recipe.initial_bias);
  visit(training::visible, recipe.visible);
  visit(training::scale, recipe.scale);
  visit(training::factors, recipe.factors);
  visit(training::shuffle, recipe.shuffle);
  visit(option::seed, recipe.seed);
}

/// Whether a recipe has a generative part, of which chains and free energies are: all but one that learns to
/// tell labels apart and nothing else.
inline bool is_generative(const Recipe& recipe) {
  return !recipe.has_labels || recipe.label_weight < 1;
}

/// Whether an option is of the generative part alone.
inline bool is_generative(const Option& option) {
  for (const Option* one : std::initializer_list<const Option*>{
           &training::method, &training::gibbs_steps, &training::final_gibbs_steps, &training::statistics,
           &training::centring, &training::sparsity_target, &training::sparsity_cost})
    if (&option == one) return true;
  return false;
}

/// Whether an option says something in a recipe: scale and factors are of real units, weights of labels, and
/// a shift is told where there is one, as files of before know none.
inline bool applies(const Option& option, const Recipe& recipe) {
  if (&option == &training::scale || &option == &training::factors)
    return recipe.visible == rbm::VisibleUnits::real;
  if (&option == &training::shift) return recipe.shift > 0;
  if (&option == &training::label_weight || &option == &training::class_weights) return recipe.has_labels;
  return is_generative(recipe) || !is_generative(option);
}

/// How examples are shown to a model that is to tell their labels: as they are where it learned from draws,
/// which tell less.
inline rbm::VisibleUnits shown_units(const Recipe& recipe) {
  return recipe.visible == rbm::VisibleUnits::sampled ? rbm::VisibleUnits::means : recipe.visible;
}

/// Whether chains go on from batch to batch.
inline bool is_persistent(const Recipe& recipe) {
  return is_generative(recipe) && recipe.method == Method::persistent;
}

/// Persistent chains, which meet all that the model believes and not only what is near the data, with more
/// steps as weights grow and chains mix more slowly; centred gradients, from the data's biases on; plain
/// steps that shrink to nothing, and the mean over the last of them. What each part is worth:
/// tools/docs/learning.md. Its rate is likelihood_rate().
Recipe likelihood_recipe();

/// The same for readings, whose scales are learned too: Adam, so that rates need no tuning, whatever the size
/// of a state. Without hidden and weight decay, which depend on the data. Measured on eight sets of real
/// recordings: tools/docs/real_readings.md.
Recipe readings_recipe();

/// Labels learned to be told apart: plain gradients by Adam, whose rate falls to nothing, the mean over the
/// last part. Intensities are taken as they are, since nothing is drawn: of digits with 16 hidden units 92
/// % are right then, 83 % of draws. Measured on held-out parts of sets of readings and of pictures:
/// tools/docs/labels.md.
Recipe labels_recipe();

/// Epochs for labels: 200, but from 10,000 to 30,000 mini-batches, and in any case from 5 to 1,000 epochs.
std::uint64_t epochs_for_labels(std::uint64_t examples, std::uint64_t batch);

/// Hidden units for so many readings an example: half as many, but at least 16; one for 8 examples at most,
/// or 4, so that few are not learned by heart.
std::uint64_t hidden_for_readings(std::uint64_t visible, std::uint64_t examples);

/// Epochs for readings: 30,000 mini-batches and at least 5 epochs, but no more than 1,000, as few examples
/// would be learned by heart.
std::uint64_t epochs_for_readings(std::uint64_t examples, std::uint64_t batch);

/// The most factors that so many readings allow: two fewer than these. With more, factors explain all, what
/// the readings deviate by beside them vanishes, and training diverges.
std::uint64_t most_factors_of(std::uint64_t visible);

/// The weight decay for so many examples, 10 / examples from 0.001 to 0.3, for the same reason.
double weight_decay_for(std::uint64_t examples);

/// That of labels of readings: 300 / examples^2, from 0.0001 to 0.01. On held-out parts of the learning data
/// 4,435 examples wanted 0.0001, 528 0.001 to 0.003, 250 0.003 or more.
double weight_decay_for_labels(std::uint64_t examples);

/// The learning rate that the likelihood recipe begins with. The more hidden units share the work, the
/// smaller the step that each can take: 0.8 served well for 16 units, 0.25 for 500. Rounded, so that no C
/// library makes it another number.
double likelihood_rate(std::uint64_t hidden);

/// The rate of plain gradient descent where none is given: ten times that of Adam.
inline constexpr double sgd_rate = 0.05;

/// The epochs that learn from at least `batches` mini-batches, and at least `fewest`: few examples need as
/// many updates as many examples.
std::uint64_t epochs_for(std::uint64_t examples, std::uint64_t batch, std::uint64_t fewest,
                         std::uint64_t batches);

/// Writes a recipe into metadata, a field an option.
void describe(const Recipe& recipe, std::map<std::string, std::string>& metadata);

/// Reads it back; `name` is what messages call the file. Throws Failure where a field is missing or wrong.
Recipe recipe_in(const std::map<std::string, std::string>& metadata, const std::string& name);

/// The options of a command line that give this recipe, each after a space: `rbm train` reads the same recipe
/// from them.
std::string to_words(const Recipe& recipe);

/// Every option with its value, for people to read.
std::vector<std::pair<std::string, std::string>> split_lines(const Recipe& recipe);

/// What the trainer is told.
rbm::TrainOptions train_options(const Recipe& recipe);

/// Learning rate, momentum and Gibbs steps at the time t from 0 to 1 of training.
float rate_at(const Recipe& recipe, double t);
float momentum_at(const Recipe& recipe, double t);
unsigned gibbs_steps_at(const Recipe& recipe, double t);

}  // namespace tool
