#include <algorithm>
#include <vector>

#include "rbm/pseudo_likelihood.hpp"
#include "tools/commands/commands.hpp"
#include "tools/inference/inference.hpp"
#include "tools/inference/likelihood.hpp"
#include "tools/output/json_line.hpp"
#include "tools/output/report.hpp"

namespace tool {
namespace {

// The figures of each example.
struct Figures {
  std::vector<float> free_energy, reconstruction_error, pseudo_likelihood;
};

// A value of log Z as a figure of its own, with what it makes of the data.
struct Likelihood {
  std::string way, note;
  Mean log_partition, log_likelihood;
};

Figures measure(const Arguments& arguments, const Examples& examples, AnnealingData& data) {
  Figures figures;
  const rbm::ConstRbmView model = examples.model.view();
  const bool binary = examples.kind != rbm::VisibleUnits::real;
  figures.free_energy.resize(examples.data.rows);
  figures.reconstruction_error.resize(examples.data.rows);
  if (binary) figures.pseudo_likelihood.resize(examples.data.rows);
  run_over(
      arguments, examples, examples.data.rows,
      [&](Inference& inference, std::size_t first, std::size_t begin, std::size_t end) {
        inference.hidden_inputs(begin, end);
        for (std::size_t n = begin; n < end; ++n) {
          figures.free_energy[first + n] =
              rbm::free_energy(model, inference.visible(n), inference.hidden_values(n));
          if (binary) figures.pseudo_likelihood[first + n] = inference.draw_pseudo_likelihood(n);
        }
        inference.hidden_probabilities(begin, end);
        inference.reconstruct(begin, end);
        for (std::size_t n = begin; n < end; ++n)
          figures.reconstruction_error[first + n] = inference.reconstruction_error(n);
      },
      [&](Inference& inference, std::size_t, std::size_t count) {
        for (std::size_t n = 0; binary && n < count; ++n) data.add(inference.visible(n));
      });
  return figures;
}

std::vector<Likelihood> likelihoods(const Arguments& arguments, Mean free_energy,
                                    const LogPartitions& found) {
  std::vector<Likelihood> list;
  const auto add = [&](const std::string& way, const std::string& note, Mean log_partition) {
    list.push_back({way, note, log_partition, log_likelihood(free_energy, log_partition)});
  };
  const auto mean = [](const rbm::LogPartition& estimate) {
    return Mean{static_cast<double>(estimate.value), static_cast<double>(estimate.standard_error)};
  };
  if (found.exact) add("exact", "", {static_cast<double>(*found.exact), 0});
  if (found.annealed)
    add("annealed",
        ", " + fixed(static_cast<double>(found.annealed->effective_chains), 1) + " of " +
            counted(arguments[option::chains], "chain") + " effective",
        mean(*found.annealed));
  if (found.reverse) add("reverse", "", mean(*found.reverse));
  return list;
}

void print_json(const Arguments& arguments, const Examples& examples, const Figures& figures,
                const LogPartitions& found) {
  JsonLine line;
  line.field("model", examples.model_name)
      .field("data", examples.data.name)
      .field("examples", examples.data.rows)
      .field("visible_units", arguments[option::visible])
      .field("seed", examples.seed);
  const auto add = [&line](const std::string& name, Mean mean) {
    line.field(name, mean.value).field(name + "_standard_error", mean.standard_error);
  };
  add("free_energy", mean(figures.free_energy));
  add("reconstruction_error", mean(figures.reconstruction_error));
  if (!figures.pseudo_likelihood.empty()) add("pseudo_likelihood", mean(figures.pseudo_likelihood));
  for (const Likelihood& likelihood : likelihoods(arguments, mean(figures.free_energy), found)) {
    add(likelihood.way + "_log_partition", likelihood.log_partition);
    add(likelihood.way + "_log_likelihood", likelihood.log_likelihood);
  }
  if (found.annealed)
    line.field("chains", arguments[option::chains])
        .field("effective_chains", found.annealed->effective_chains)
        .field("temperatures", arguments[option::temperatures]);
  line.print();
}

void print_prose(const Arguments& arguments, const Examples& examples, const Figures& figures,
                 const LogPartitions& found) {
  const bool real = examples.kind == rbm::VisibleUnits::real;
  const std::string not_defined = "not defined for real visible units";
  Report report{
      {"model", examples.model_name + ": " + counted(examples.model.visible, "visible unit") + ", " +
                    counted(examples.model.hidden, "hidden unit")},
      {"data", examples.data.name + ": " + counted(examples.data.rows, "example") + ", visible units " +
                   std::string(arguments[option::visible])},
      {"seed", std::to_string(examples.seed)},
      {"free energy", to_text(mean(figures.free_energy)) + " nats an example"},
      {"reconstruction error", to_text(mean(figures.reconstruction_error)) + " a visible unit, squared"},
      {"pseudo-likelihood",
       real ? not_defined : to_text(mean(figures.pseudo_likelihood)) + " nats an example"}};
  for (const auto& [way, note, log_partition, log_likelihood] :
       likelihoods(arguments, mean(figures.free_energy), found)) {
    report.emplace_back("log Z, " + way, to_text(log_partition) + note);
    report.emplace_back("log-likelihood, " + way, to_text(log_likelihood) + " nats an example, data " +
                                                      std::string(arguments[option::visible]));
  }
  if (real) report.emplace_back("log-likelihood", not_defined);
  print(report);
}

void run_evaluate(const Arguments& arguments) {
  const Examples examples = open_examples(arguments, option::visible);
  AnnealingData data(examples.model.visible, examples.data.rows, arguments[option::chains]);
  const Figures figures = measure(arguments, examples, data);
  LogPartitions found;
  if (examples.kind != rbm::VisibleUnits::real) {
    platform::watch_interrupts();
    platform::Threads threads(static_cast<unsigned>(arguments[option::threads]));
    platform::Progress progress(arguments[option::quiet]);
    found = find_log_partitions(annealing_options(arguments), examples.model, data, threads, progress);
  }
  if (arguments[option::json])
    print_json(arguments, examples, figures, found);
  else
    print_prose(arguments, examples, figures, found);
}

}  // namespace

const Command evaluate_command{
    "evaluate",
    "how good a model is, in nats and in pixels",
    {positional::model, positional::data},
    {option::visible, option::chains, option::temperatures, option::maximum, option::seed, option::threads,
     option::json, option::quiet},
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
    "log-likelihood        log p(v) = -F(v) - log Z: what models are best compared\n"
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
    "for exactly, and the error is that of reconstructions as the device makes them.\n\n"
    "Use data that the model was not trained on. Another --seed draws anew.\n\n"
    "Example:\n"
    "  rbm evaluate model.safetensors digits-test\n",
    run_evaluate};

}  // namespace tool
