#pragma once

#include <cstddef>
#include <cstdint>
#include <map>
#include <string>
#include <string_view>

#include "rbm/gradient.hpp"
#include "tools/commands/commands.hpp"
#include "tools/output/report.hpp"

namespace tool {

/// What decides the result of a training run, beside the data: all of it is in every checkpoint. The values
/// here are the tutorial's.
struct Recipe {
  std::uint64_t hidden = 500;
  std::uint64_t batch = 64;
  std::string_view optimizer = "adam";
  double rate = 0.005;
  double rate_decay = 0;
  double momentum = 0;
  double final_momentum = 0;
  double weight_decay = 0;
  std::uint64_t gibbs_steps = 1;
  std::uint64_t final_gibbs_steps = 1;
  std::string_view method = "cd";
  std::string_view statistics = "states";
  double centring = 0;
  double sparsity_target = 0.1;
  double sparsity_cost = 0;
  double average = 0;
  std::string_view initial_bias = "zero";
  std::string_view visible = "sampled";
  bool shuffle = false;
  std::uint64_t seed = 1;
};

namespace training {

inline constexpr Choice recipe{
    "recipe", "tutorial|likelihood", "tutorial",
    "options that belong together: tutorial is the well-known one, likelihood is for the best model in nats. "
    "Each but --shuffle can be changed by an option of its own"};
inline constexpr Whole hidden{"hidden",
                              "N",
                              500,
                              {1, rbm::most_units},
                              "hidden units. Begin with about as many as visible units that vary; double "
                              "them while evaluate still improves"};
inline constexpr std::uint64_t most_epochs = 1000000000;
inline constexpr Whole epochs{"epochs",
                              "N",
                              0,
                              {1, most_epochs},
                              "passes over the data",
                              "10; likelihood: 60, and at least 50,000 batches"};
inline constexpr Whole batch{
    "batch", "N", 64, {1, rbm::most_samples}, "examples a mini-batch: 10 to 100 serve well"};
inline constexpr Choice optimizer{"optimizer", "adam|sgd", "adam", "how updates follow from gradients"};
inline constexpr Real rate{
    "learning-rate",
    "X",
    0,
    {1e-9, 1e3},
    "size of an update. If the loss jumps about or the model diverges, divide it by three",
    "0.005 with adam, 0.05 with sgd; likelihood: 2 / cube root of hidden"};
inline constexpr Real rate_decay{"rate-decay",
                                 "P",
                                 0,
                                 {0, 10},
                                 "the rate falls as (1 - t)^P while t goes from 0 to 1 over all epochs: 1 is "
                                 "linear, 0 not at all. A rate that "
                                 "falls to nothing takes the noise out of the last weights"};
inline constexpr Real momentum{
    "momentum", "X", 0, {0, 0.9999}, "of sgd: 0.5 to begin with smooths and speeds"};
inline constexpr Real final_momentum{
    "final-momentum",
    "X",
    0,
    {0, 0.9999},
    "what momentum grows to over the first tenth of training: 0.9, once the first large gains are made",
    "that of --momentum"};
inline constexpr Real weight_decay{
    "weight-decay",
    "X",
    0,
    {0, 100},
    "pull of the weights towards 0: 0.0001 where few data are learned by heart"};
inline constexpr Whole gibbs_steps{
    "gibbs-steps",
    "K",
    1,
    {1, 1000000},
    "k of CD-k or PCD-k: more steps, a better gradient, at their cost in time"};
inline constexpr Whole final_gibbs_steps{"final-gibbs-steps",
                                         "K",
                                         0,
                                         {1, 1000000},
                                         "what k grows to, evenly over training: chains mix by themselves "
                                         "while weights are small and move fast; later "
                                         "they need more steps",
                                         "that of --gibbs-steps; likelihood: 5"};
inline constexpr Choice method{
    "method", "cd|pcd", "cd",
    "contrastive divergence, whose Gibbs chains begin at the data, or persistent: chains go on from where "
    "the last "
    "batch left them, so that the model unlearns what it believes far from data too"};
inline constexpr Choice statistics{"statistics", "states|probabilities", "states",
                                   "what the chains' visible units are to the gradient: draws, or the "
                                   "probabilities they would be drawn from, "
                                   "with less noise"};
inline constexpr Real centring{"centring",
                               "X",
                               0,
                               {0, 1},
                               "share of each batch in the moving means that gradients are centred on: 0.01 "
                               "makes learning as good for units "
                               "that are mostly on as for those mostly off; 0 is without"};
inline constexpr Real sparsity_target{
    "sparsity-target", "P", 0.1, {0, 1}, "how often each hidden unit should be on: 0.01 to 0.1"};
inline constexpr Real sparsity_cost{
    "sparsity-cost",
    "X",
    0,
    {0, 100},
    "pull to the sparsity target: so strong that means near it, and no stronger"};
inline constexpr Real average{
    "average",
    "SHARE",
    0,
    {0, 1},
    "the model is the mean over this last share of training: 0.25 with a rate that falls"};
inline constexpr Choice initial_bias{"initial-bias", "zero|data", "zero",
                                     "visible biases at the start: 0, or log(p / (1 - p)) of each unit's "
                                     "mean p in the data, so that hidden units "
                                     "need not learn it"};
inline constexpr Choice visible{
    "visible", "sampled|thresholded|real", "sampled",
    "how intensities become states: drawn afresh each epoch, on from 1/2, or as they are"};
inline constexpr Flag shuffle{"shuffle",
                              "take the examples in a new order each epoch: do, where they are sorted"};

}  // namespace training

/// Calls visit(option, member) for all that a recipe says, in the order of the help text.
template <class AnyRecipe, class Visit>
void for_each_choice(AnyRecipe& recipe, const Visit& visit) {
  visit(training::hidden, recipe.hidden);
  visit(training::batch, recipe.batch);
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
  visit(training::shuffle, recipe.shuffle);
  visit(option::seed, recipe.seed);
}

/// The learning rate that the likelihood recipe begins with. The more hidden units share the work, the
/// smaller the step that each can take: 0.8 served well for 16 units, 0.25 for 500. Rounded, so that no C
/// library makes it another number.
double likelihood_rate(std::uint64_t hidden);

/// The recipe that a command line asks for: the named one, with the options that were given in its place.
/// Throws Misuse where they contradict each other.
Recipe read_recipe(const Arguments& arguments);

/// How many epochs over so many examples a command line asks for.
std::uint64_t read_epochs(const Arguments& arguments, const Recipe& recipe, std::uint64_t examples);

/// Throws Misuse where an option is given that a checkpoint fixes.
void refuse_choices(const Arguments& arguments);

/// Writes a recipe into metadata, a field an option.
void describe(const Recipe& recipe, std::map<std::string, std::string>& metadata);

/// Reads it back; `name` is what messages call the file. Throws Failure where a field is missing or wrong.
Recipe recipe_in(const std::map<std::string, std::string>& metadata, const std::string& name);

/// The options of a command line that give this recipe, each after a space: read_recipe makes the same of
/// them.
std::string to_words(const Recipe& recipe);

/// Every option with its value, for people to read.
Report split_lines(const Recipe& recipe);

/// What the trainer is told.
rbm::TrainOptions train_options(const Recipe& recipe);

/// The kind of visible units of that name.
rbm::VisibleUnits visible_units(std::string_view name);

/// Learning rate, momentum and Gibbs steps at the time t from 0 to 1 of training.
float rate_at(const Recipe& recipe, double t);
float momentum_at(const Recipe& recipe, double t);
unsigned gibbs_steps_at(const Recipe& recipe, double t);

}  // namespace tool
