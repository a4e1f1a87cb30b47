#pragma once

#include "rbm/gradient.hpp"
#include "tools/command_line/options.hpp"
#include "tools/training/standardization.hpp"

namespace tool {

enum class Optimizer { adam, sgd };
enum class Method { contrastive_divergence, persistent };
enum class Statistics { states, probabilities };
enum class InitialBias { zero, data };
enum class ClassWeights { none, balanced };

/// The options that a recipe is made of: their words on a command line and in metadata, their values, ranges
/// and defaults, which are those of the well-known tutorial.
namespace training {

inline constexpr Whole hidden{"hidden",
                              "N",
                              500,
                              {1, rbm::most_units},
                              "hidden units. Begin with about as many as visible units that vary; double "
                              "them while evaluate still improves",
                              "500; labels: 64; of readings by likelihood: half as many as these, at "
                              "least 16; one for 8 examples at most"};
inline constexpr Whole batch{"batch",
                             "N",
                             64,
                             {1, rbm::most_samples},
                             "examples a mini-batch: 10 to 100 serve well",
                             "64; labels, and of readings by likelihood: 32"};
inline constexpr Real label_weight{
    "label-weight",
    "W",
    1,
    {0, 1},
    "with --labels: what is learned is W log p(label | example) + (1 - W) log p(example, label). 1 learns "
    "to tell labels apart and nothing else, exactly and without chains; 0 learns what examples of each "
    "label look like",
    "1; likelihood: 0"};
inline constexpr Choice<ClassWeights> class_weights{
    "class-weights", "none|balanced", ClassWeights::none,
    "with --labels: balanced counts an example of a rare label more, so that all labels weigh alike; "
    "probabilities are then those of a world in which all are equally frequent"};
inline constexpr Whole shift{
    "shift",
    "N",
    0,
    {1, 8},
    "pictures are moved by up to N pixels each way, at random each time that they are learned from, so that "
    "a model of labels learns few of them by heart: 1 for digits",
    "0"};
inline constexpr Choice<Optimizer> optimizer{"optimizer", "adam|sgd", Optimizer::adam,
                                             "how updates follow from gradients"};
inline constexpr Real rate{
    "learning-rate",
    "X",
    0,
    {1e-9, 1e3},
    "size of an update. If the loss jumps or training diverges, divide it by three",
    "0.005 with adam, 0.05 with sgd; labels: 0.02; likelihood of bits: 2 / cube root of hidden"};
inline constexpr Real rate_decay{
    "rate-decay",
    "P",
    0,
    {0, 10},
    "the rate falls as (1 - t)^P while t goes from 0 to 1 over all epochs: 1 is linear, 0 keeps "
    "it constant. A rate that falls to nothing takes the noise out of the final weights"};
inline constexpr Real momentum{
    "momentum", "X", 0, {0, 0.9999}, "of sgd: 0.5 at the start smooths the updates and speeds learning up"};
inline constexpr Real final_momentum{
    "final-momentum",
    "X",
    0,
    {0, 0.9999},
    "the momentum after the first tenth of training, to which it grows evenly: 0.9, once the "
    "first large gains are made",
    "that of --momentum"};
inline constexpr Real weight_decay{
    "weight-decay",
    "X",
    0,
    {0, 100},
    "pull of the weights towards 0: 0.0001 where the model learns few data by heart",
    "0; labels: 0.0003, of fewer than 1,000 examples of readings 300 / examples squared, up to 0.01; of "
    "readings by "
    "likelihood: 10 / examples, from 0.001 to 0.3"};
inline constexpr Whole gibbs_steps{"gibbs-steps",
                                   "K",
                                   1,
                                   {1, 1000000},
                                   "k of CD-k or PCD-k: more steps give a better gradient and take more time",
                                   "1; of readings by likelihood: 5"};
inline constexpr Whole final_gibbs_steps{
    "final-gibbs-steps",
    "K",
    0,
    {1, 1000000},
    "the k at the end of training, to which it grows evenly: chains mix by themselves while "
    "weights are small and move fast; later they need more steps",
    "that of --gibbs-steps; likelihood: 5"};
inline constexpr Choice<Method> method{
    "method", "cd|pcd", Method::contrastive_divergence,
    "cd is contrastive divergence: Gibbs chains begin at the data. pcd is persistent: chains go "
    "on from where the last batch left them, so that the model also unlearns what it believes far "
    "from the data"};
inline constexpr Choice<Statistics> statistics{
    "statistics", "states|probabilities", Statistics::states,
    "what the gradient takes from the visible units of the chains: draws, or the probabilities of "
    "the draws, which have less noise"};
inline constexpr Real centring{
    "centring",
    "X",
    0,
    {0, 1},
    "share of each batch in the moving means on which gradients are centred: with 0.01, units "
    "that are mostly on learn as well as units that are mostly off; 0 centres nothing"};
inline constexpr Real sparsity_target{
    "sparsity-target", "P", 0.1, {0, 1}, "how often each hidden unit should be on: 0.01 to 0.1"};
inline constexpr Real sparsity_cost{
    "sparsity-cost",
    "X",
    0,
    {0, 100},
    "pull towards the sparsity target. Raise it until the mean activities come near the target, not further"};
inline constexpr Real average{
    "average",
    "SHARE",
    0,
    {0, 1},
    "the model is the mean of the models over this last share of training: 0.25 with a rate that "
    "falls"};
inline constexpr Choice<InitialBias> initial_bias{
    "initial-bias", "zero|data", InitialBias::zero,
    "visible biases at the start: 0, or log(p / (1 - p)) of the mean p of each unit in the data, "
    "which hidden units then need not learn"};
inline constexpr Choice<rbm::VisibleUnits> visible{
    "visible", "sampled|thresholded|means|real", rbm::VisibleUnits::sampled,
    "what examples become: states of bits, drawn with their intensity as probability, on from 1/2, or the "
    "means of bits themselves; or real units, whose values are readings of any sign in their own units",
    "real; but for bytes, pictures, 0 and 1, and with --maximum sampled, where labels alone are learned "
    "means"};
inline constexpr Choice<Scale> scale{
    "scale", "each|all|none", Scale::each,
    "of real units: what has a scale of its own, each column of readings, or all together, or nothing: the "
    "readings are used as they are",
    "all for one signal over time (8 or more columns, neighbours and deviations alike), else each"};
inline constexpr Whole factors{
    "factors",
    "N",
    0,
    {0, rbm::most_factors},
    "of real units: ways in which all readings vary together, such as a level, learned beside the hidden "
    "units",
    "8 where readings are jointly normal, 2 where they are signals over time with their level, else 0; at "
    "most "
    "the readings less 2"};
inline constexpr Flag shuffle{"shuffle",
                              "take the examples in a new order each epoch; needed where they are sorted"};

}  // namespace training
}  // namespace tool
