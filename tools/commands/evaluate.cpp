#include <optional>
#include <string>

#include "tools/base/statistics.hpp"
#include "tools/base/text.hpp"
#include "tools/commands/agreement.hpp"
#include "tools/commands/commands.hpp"
#include "tools/commands/inputs.hpp"
#include "tools/commands/label_facts.hpp"
#include "tools/inference/baseline_scores.hpp"
#include "tools/inference/gaussian_baselines.hpp"
#include "tools/inference/label_figures.hpp"
#include "tools/inference/likelihood.hpp"
#include "tools/inference/scores.hpp"
#include "tools/model/model_file.hpp"
#include "tools/output/facts.hpp"
#include "tools/training/recipe.hpp"
#include "tools/training/recipe_options.hpp"

namespace tool {
namespace {

constexpr Whole chains{
    "chains", "N", 100, {2, 65535}, "chains for annealing; the standard error falls with their root"};
constexpr Whole temperatures{
    "temperatures",
    "N",
    10000,
    {0, 100000000},
    "temperatures for annealing: the time it takes is proportional, and more bring its two "
    "estimates together. 0 leaves it out; if given, it is done beside the exact log Z "
    "too",
    "10000, 0 where log Z is exact"};

// What is found out about a model.
struct Evaluation {
  Scores scores;
  LogPartitions log_partitions;
  std::optional<GaussianBaselines> baselines;  // of readings
  std::optional<LabelFigures> labels;          // of a model with labels, where examples have some
  std::vector<float> joint_free_energy{};      // F(v, y) of the examples that have a label
};

// Whether a model has labels, and an example too.
bool has_labels(const Inputs& inputs) {
  const std::vector<std::int32_t>& classes = inputs.examples.data.classes;
  return inputs.model.labels() > 0 &&
         std::any_of(classes.begin(), classes.end(), [](std::int32_t label) { return label != no_label; });
}

Evaluation evaluate(const Arguments& arguments, const Inputs& inputs, platform::Ranks& ranks) {
  const std::size_t rows = inputs.examples.data.rows;
  const bool has_density = inputs.examples.kind != rbm::VisibleUnits::means && learns_density(inputs.model);
  CommandWorkers workers(arguments, ranks);
  Evaluation found{Scores(rows, inputs.examples.kind),
                   {},
                   gaussian_baselines(inputs.examples.data, baseline_columns(inputs.model), workers),
                   {}};
  Classification said(inputs.model.labels(), rows);
  AnnealingData data(inputs.model, rows, arguments[chains], &ranks);
  const RankShares& examples = data.examples();
  run_over(
      inputs.model, inputs.examples, examples.begin(), examples.end(), workers,
      [&](Inference& inference, std::size_t first, std::size_t begin, std::size_t end) {
        said.take(inference, first, begin, end);
        found.scores.measure(inference, first, begin, end);
      },
      [&](Inference& inference, std::size_t, std::size_t count) {
        for (std::size_t n = 0; has_density && n < count; ++n) data.add(inference.visible(n));
      });
  said.exchange(examples);
  found.scores.exchange(examples);
  data.exchange();
  if (has_labels(inputs)) {
    found.labels = label_figures(said, inputs.examples.data.classes);
    found.joint_free_energy = joint_free_energies(said, inputs.examples.data.classes);
  }
  if (!has_density) return found;
  AnnealingOptions options;
  options.chains = arguments[chains];
  options.temperatures = arguments[temperatures];
  options.seed = inputs.examples.seed;
  options.beside_exact = arguments.given(temperatures);
  found.log_partitions = find_log_partitions(inputs.model, data, options, workers);
  return found;
}

// log Z as one way of finding it gives it, and the log-likelihood that follows.
void add_likelihood(Facts& facts, const std::string& way, Mean log_partition, const std::string& note,
                    const Evaluation& found, const std::string& states) {
  facts.add("log Z, " + way, log_partition, note, way + "_log_partition")
      .add("log-likelihood, " + way, log_likelihood(mean(found.scores.free_energy), log_partition),
           " nats an example, data " + states, way + "_log_likelihood");
  if (found.labels)
    facts.add("with labels, " + way, log_likelihood(mean(found.joint_free_energy), log_partition),
              " nats an example, log p(v, label)", way + "_joint_log_likelihood");
}

void add_likelihoods(Facts& facts, const Arguments& arguments, const Evaluation& found,
                     const std::string& states) {
  const auto& [exact, annealed, reverse] = found.log_partitions;
  if (exact) add_likelihood(facts, "exact", {static_cast<double>(*exact), 0}, "", found, states);
  if (annealed)
    add_likelihood(facts, "annealed", to_mean(*annealed),
                   ", " + fixed(static_cast<double>(annealed->effective_chains), 1) + " of " +
                       counted(arguments[chains], "chain") + " effective",
                   found, states);
  if (reverse) add_likelihood(facts, "reverse", to_mean(*reverse), "", found, states);
  if (annealed)
    facts.field("chains", arguments[chains])
        .field("effective_chains", annealed->effective_chains)
        .field("temperatures", arguments[temperatures]);
}

// The log-likelihood that is most certain.
std::optional<double> best_known_likelihood(const Evaluation& found) {
  const auto& [exact, annealed, reverse] = found.log_partitions;
  if (!exact && !annealed) return {};
  return -mean(found.scores.free_energy).value - static_cast<double>(exact ? *exact : annealed->value);
}

std::size_t readings_of(const Model& model) {
  std::size_t count = 0;
  for (const rbm::VisibleGroup& group : model.groups)
    if (group.kind == rbm::VisibleKind::real) count += group.end - group.begin;
  return count;
}

// What the simplest densities reach on the same readings.
void add_baselines(Facts& facts, const Model& model, const Evaluation& found) {
  if (!found.baselines) return;
  const auto& [independent, full] = *found.baselines;
  const std::string unit = " nats an example, fitted to one half of these data, scored on the other";
  facts.add("independent Gaussians", independent, unit, "independent_gaussians_log_likelihood");
  if (full) facts.add("one full Gaussian", *full, unit, "full_gaussian_log_likelihood");
  const std::optional<double> reached = best_known_likelihood(found);
  if (!reached) return;
  if (!(*reached > independent.value))
    facts.line("", "the model is not better than independent Gaussians");
  else if (full && !(*reached > full->value))
    facts.line("", "the model is not better than one full Gaussian" +
                       std::string(model.factors < most_factors_of(readings_of(model))
                                       ? ": more --factors in training may help"
                                       : ""));
}

Facts evaluation_facts(const Arguments& arguments, const Inputs& inputs, const Evaluation& found) {
  const auto& [model_name, model, examples] = inputs;
  const std::string nats = " nats an example";
  const std::string states = training::visible.word(examples.kind);
  Facts facts;
  facts
      .add("model",
           model_name + ": " + counted(model.units(), "visible unit") + ", " +
               counted(model.hidden, "hidden unit") +
               (model.labels() > 0 ? ", " + counted(model.labels(), "label") : ""),
           "model", model_name)
      .add("data",
           examples.data.name + ": " + counted(examples.data.rows, "example") + ", visible units " + states,
           "data", examples.data.name)
      .field("examples", examples.data.rows)
      .field("visible_units", states)
      .add("seed", std::to_string(examples.seed), "seed", examples.seed);
  if (found.labels) add_label_figures(facts, *found.labels, model.meaning.label_names);
  facts.add("free energy", mean(found.scores.free_energy), nats, "free_energy")
      .add("reconstruction error", mean(found.scores.reconstruction_error),
           model.has_readings() ? " a visible unit, squared, of readings in squares of their scale"
                                : " a visible unit, squared",
           "reconstruction_error");
  if (has_binary_states(examples.kind))
    facts.add("pseudo-likelihood", mean(found.scores.pseudo_likelihood), nats, "pseudo_likelihood");
  else
    facts.line("pseudo-likelihood",
               "not defined for " + std::string(model.has_readings() ? "readings" : "means of bits"));
  if (!learns_density(model))
    facts.line("log-likelihood", "not learned: labels alone were (--label-weight 1)");
  else if (examples.kind == rbm::VisibleUnits::means)
    facts.line("log-likelihood", "not defined for means of bits");
  add_likelihoods(facts, arguments, found, states);
  add_baselines(facts, model, found);
  return facts;
}

// What the figures depend on, beside the options.
Fingerprint fingerprint(const Inputs& inputs) {
  Fingerprint found;
  found.add(checksum(inputs.examples.data));
  add_tensors(found, to_tensors(inputs.model));
  return found;
}

void run_evaluate(const Arguments& arguments, CommandRanks& ranks) {
  Inputs inputs = open_inputs(arguments, option::visible);
  inputs.examples.label.own = true;
  if (ranks.are_many()) ranks.agree(fingerprint(inputs));
  const Evaluation found = evaluate(arguments, inputs, ranks.ranks());
  evaluation_facts(arguments, inputs, found).print(arguments[option::json]);
}

}  // namespace

const Command evaluate_command{
    "evaluate",
    "how good a model is, in nats and in pixels",
    {positional::model, positional::data},
    with_data_options({option::labels, option::visible, chains, temperatures},
                      {option::seed, option::threads, option::json, option::quiet}),
    "All figures are means over the examples, +/- one standard error of the mean.\n\n"
    "free energy           F(v) = -b'v - sum log(1 + exp(c + W v)). log p(v) is -F(v)\n"
    "                      less a constant of the model, log Z: compare data under\n"
    "                      one model, never models. Where held-out data lie much\n"
    "                      above the training data, the model learned those by heart\n"
    "reconstruction error  (v - p(v | h))^2 a visible unit, h drawn from p(h | v); of\n"
    "                      a reading in squares of the scale that the model learned.\n"
    "                      Cheap, but poor models can reconstruct well too\n"
    "pseudo-likelihood     sum over units of log p(v_j | all other units), estimated\n"
    "                      from one unit an example, drawn at random. Cheap too, and\n"
    "                      models can be compared by it\n"
    "log-likelihood        log p(v) = -F(v) - log Z: the best figure to compare models\n"
    "                      by, on the same data, sampled or thresholded alike\n\n"
    "log Z, exact     sums over all states of the smaller layer, up to 24 units; of\n"
    "                 readings over those of the hidden layer\n"
    "log Z, annealed  annealed importance sampling, from the data's base rates to the\n"
    "                 model. Too small on average, so that the likelihood comes out\n"
    "                 too high; the more so, the fewer chains are effective\n"
    "log Z, reverse   the same way back, from examples. If the model resembles the\n"
    "                 data, likelihoods come out too low; where the two differ,\n"
    "                 raise --temperatures. A mode of the model that is far from all\n"
    "                 data can escape both, and then they agree too high\n\n"
    "Of a model with labels, where DATA has labels (--labels): accuracy, the share of\n"
    "examples whose likeliest label is theirs; -log p(label | v); how far probabilities\n"
    "are from the share that is right; the labels that were confused most (rbm classify\n"
    "has the table); and log p(v, label). Labels are summed out of F(v), log p(v) and\n"
    "the pseudo-likelihood. Reconstructions are given the example's label, or one drawn\n"
    "from p(label | v). Where the model learned labels alone (--label-weight 1), there is\n"
    "no log p(v).\n\n"
    "Of readings log p(v) is the logarithm of a density in their own units. Beside it\n"
    "stands what two simple densities reach on DATA: a mean and a deviation for each\n"
    "reading, and one Gaussian with all covariances, shrunk as far as few examples ask\n"
    "for (Ledoit and Wolf 2004). Each is fitted to every second row and scored on the\n"
    "others, and the other way round, so that it has not seen what it is scored on. A\n"
    "line says where the model is not better than they.\n\n"
    "MODEL may be a header: nats are then those of the floats that its integers stand\n"
    "for exactly, and the error is that of the device's own reconstructions.\n\n"
    "Use data that the model was not trained on. Another --seed draws anew.\n\n"
    "Example:\n"
    "  rbm evaluate model.safetensors digits-test\n",
    nullptr,
    nullptr,
    run_evaluate};

}  // namespace tool
