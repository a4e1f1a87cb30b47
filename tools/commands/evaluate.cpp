#include <vector>

#include "tools/base/statistics.hpp"
#include "tools/base/text.hpp"
#include "tools/commands/commands.hpp"
#include "tools/commands/inputs.hpp"
#include "tools/inference/likelihood.hpp"
#include "tools/inference/scores.hpp"
#include "tools/output/json_line.hpp"
#include "tools/output/report.hpp"

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
};

// A value of log Z as a figure of its own, with the log-likelihood that follows from it.
struct Likelihood {
  std::string way, note;
  Mean log_partition, log_likelihood;
};

Evaluation evaluate(const Arguments& arguments, const Inputs& inputs) {
  const std::size_t rows = inputs.examples.data.rows;
  const bool binary = inputs.examples.kind != rbm::VisibleUnits::real;
  CommandWorkers workers(arguments);
  Evaluation found{Scores(rows, inputs.examples.kind), {}};
  AnnealingData data(inputs.model.visible, rows, arguments[chains]);
  run_over(
      inputs.model, inputs.examples, rows, workers,
      [&](Inference& inference, std::size_t first, std::size_t begin, std::size_t end) {
        found.scores.measure(inference, first, begin, end);
      },
      [&](Inference& inference, std::size_t, std::size_t count) {
        for (std::size_t n = 0; binary && n < count; ++n) data.add(inference.visible(n));
      });
  if (!binary) return found;
  AnnealingOptions options;
  options.chains = arguments[chains];
  options.temperatures = arguments[temperatures];
  options.seed = inputs.examples.seed;
  options.beside_exact = arguments.given(temperatures);
  found.log_partitions = find_log_partitions(inputs.model, data, options, workers);
  return found;
}

std::vector<Likelihood> likelihoods(const Arguments& arguments, Mean free_energy,
                                    const LogPartitions& found) {
  std::vector<Likelihood> list;
  const auto add = [&](const std::string& way, const std::string& note, Mean log_partition) {
    list.push_back({way, note, log_partition, log_likelihood(free_energy, log_partition)});
  };
  if (found.exact) add("exact", "", {static_cast<double>(*found.exact), 0});
  if (found.annealed)
    add("annealed",
        ", " + fixed(static_cast<double>(found.annealed->effective_chains), 1) + " of " +
            counted(arguments[chains], "chain") + " effective",
        to_mean(*found.annealed));
  if (found.reverse) add("reverse", "", to_mean(*found.reverse));
  return list;
}

void print_json(const Arguments& arguments, const Inputs& inputs, const Evaluation& found) {
  JsonLine line;
  line.field("model", inputs.model_name)
      .field("data", inputs.examples.data.name)
      .field("examples", inputs.examples.data.rows)
      .field("visible_units", option::visible.word(inputs.examples.kind))
      .field("seed", inputs.examples.seed);
  const auto add = [&line](const std::string& name, Mean mean) {
    line.field(name, mean.value).field(name + "_standard_error", mean.standard_error);
  };
  add("free_energy", mean(found.scores.free_energy));
  add("reconstruction_error", mean(found.scores.reconstruction_error));
  if (!found.scores.pseudo_likelihood.empty()) add("pseudo_likelihood", mean(found.scores.pseudo_likelihood));
  for (const Likelihood& likelihood :
       likelihoods(arguments, mean(found.scores.free_energy), found.log_partitions)) {
    add(likelihood.way + "_log_partition", likelihood.log_partition);
    add(likelihood.way + "_log_likelihood", likelihood.log_likelihood);
  }
  if (found.log_partitions.annealed)
    line.field("chains", arguments[chains])
        .field("effective_chains", found.log_partitions.annealed->effective_chains)
        .field("temperatures", arguments[temperatures]);
  line.print();
}

void print_prose(const Arguments& arguments, const Inputs& inputs, const Evaluation& found) {
  const bool real = inputs.examples.kind == rbm::VisibleUnits::real;
  const std::string not_defined = "not defined for real visible units";
  Report report{
      {"model", inputs.model_name + ": " + counted(inputs.model.visible, "visible unit") + ", " +
                    counted(inputs.model.hidden, "hidden unit")},
      {"data", inputs.examples.data.name + ": " + counted(inputs.examples.data.rows, "example") +
                   ", visible units " + option::visible.word(inputs.examples.kind)},
      {"seed", std::to_string(inputs.examples.seed)},
      {"free energy", to_text(mean(found.scores.free_energy)) + " nats an example"},
      {"reconstruction error", to_text(mean(found.scores.reconstruction_error)) + " a visible unit, squared"},
      {"pseudo-likelihood",
       real ? not_defined : to_text(mean(found.scores.pseudo_likelihood)) + " nats an example"}};
  for (const auto& [way, note, log_partition, log_likelihood] :
       likelihoods(arguments, mean(found.scores.free_energy), found.log_partitions)) {
    report.emplace_back("log Z, " + way, to_text(log_partition) + note);
    report.emplace_back("log-likelihood, " + way, to_text(log_likelihood) + " nats an example, data " +
                                                      option::visible.word(inputs.examples.kind));
  }
  if (real) report.emplace_back("log-likelihood", not_defined);
  print(report);
}

void run_evaluate(const Arguments& arguments) {
  const Inputs inputs = open_inputs(arguments, option::visible);
  const Evaluation found = evaluate(arguments, inputs);
  if (arguments[option::json])
    print_json(arguments, inputs, found);
  else
    print_prose(arguments, inputs, found);
}

}  // namespace

const Command evaluate_command{
    "evaluate",
    "how good a model is, in nats and in pixels",
    {positional::model, positional::data},
    {option::visible, chains, temperatures, option::maximum, option::seed, option::threads, option::json,
     option::quiet},
    "All figures are means over the examples, +/- one standard error of the mean.\n\n"
    "free energy           F(v) = -b'v - sum log(1 + exp(c + W v)). log p(v) is -F(v)\n"
    "                      less a constant of the model, log Z: compare data under\n"
    "                      one model, never models. Where held-out data lie much\n"
    "                      above the training data, the model learned those by heart\n"
    "reconstruction error  (v - p(v | h))^2 a visible unit, h drawn from p(h | v).\n"
    "                      Cheap, but poor models can reconstruct well too\n"
    "pseudo-likelihood     sum over units of log p(v_j | all other units), estimated\n"
    "                      from one unit an example, drawn at random. Cheap too, and\n"
    "                      models can be compared by it\n"
    "log-likelihood        log p(v) = -F(v) - log Z: the best figure to compare models\n"
    "                      by, on the same data, sampled or thresholded alike\n\n"
    "log Z, exact     sums over all states of the smaller layer, up to 24 units\n"
    "log Z, annealed  annealed importance sampling, from the data's base rates to the\n"
    "                 model. Too small on average, so that the likelihood comes out\n"
    "                 too high; the more so, the fewer chains are effective\n"
    "log Z, reverse   the same way back, from examples. If the model resembles the\n"
    "                 data, likelihoods come out too low; where the two differ,\n"
    "                 raise --temperatures. A mode of the model that is far from all\n"
    "                 data can escape both, and then they agree too high\n\n"
    "MODEL may be a header: nats are then those of the floats that its integers stand\n"
    "for exactly, and the error is that of the device's own reconstructions.\n\n"
    "Use data that the model was not trained on. Another --seed draws anew.\n\n"
    "Example:\n"
    "  rbm evaluate model.safetensors digits-test\n",
    run_evaluate};

}  // namespace tool
