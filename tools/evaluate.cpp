#include <algorithm>
#include <vector>

#include "../rbm/estimate.hpp"
#include "commands.hpp"
#include "inference.hpp"
#include "json_line.hpp"
#include "report.hpp"

namespace tool {
namespace {

// The figures of each example.
struct Figures {
  std::vector<float> free_energy, reconstruction_error, pseudo_likelihood;
};

// The visible units' number times log p(v_j | the others) for one unit j, drawn at random.
float estimate_pseudo_likelihood(Inference& inference, rbm::ConstRbmView model, std::size_t n) {
  // A copy: the error that follows is drawn as rbm reconstruct draws it.
  rbm::RandomStream random = inference.random(n);
  std::uint32_t draws[rbm::RandomStream::lanes];
  random.next(draws, rbm::RandomStream::lanes);
  // Of 2^32 draws, the share of a unit is off by less than one: far less than any standard error.
  const auto unit = static_cast<rbm::Unit>((std::uint64_t{draws[0]} * model.visible()) >> 32);
  const rbm::ActiveUnits state = inference.visible(n);
  const bool on = std::binary_search(state.units, state.units + state.count, unit);
  return static_cast<float>(model.visible()) *
         rbm::log_conditional(model, inference.scratch(n), inference.hidden_values(n), unit, on);
}

Status measure(const Arguments& arguments, const Examples& examples, Figures& figures) {
  const rbm::ConstRbmView model = examples.model.view();
  const bool binary = examples.kind != rbm::VisibleUnits::real;
  figures.free_energy.resize(examples.data.rows);
  figures.reconstruction_error.resize(examples.data.rows);
  if (binary) figures.pseudo_likelihood.resize(examples.data.rows);
  return run_over(
      arguments, examples, examples.data.rows,
      [&](Inference& inference, std::size_t first, std::size_t begin, std::size_t end) {
        inference.hidden_inputs(begin, end);
        for (std::size_t n = begin; n < end; ++n) {
          figures.free_energy[first + n] =
              rbm::free_energy(model, inference.visible(n), inference.hidden_values(n));
          if (binary) figures.pseudo_likelihood[first + n] = estimate_pseudo_likelihood(inference, model, n);
        }
        inference.hidden_probabilities(begin, end);
        inference.reconstruct(begin, end);
        for (std::size_t n = begin; n < end; ++n)
          figures.reconstruction_error[first + n] = inference.reconstruction_error(n);
      },
      [](Inference&, std::size_t, std::size_t) {});
}

void print_json(const Arguments& arguments, const Examples& examples, const Figures& figures) {
  JsonLine line;
  line.field("model", examples.model_name)
      .field("data", examples.data.name)
      .field("examples", examples.data.rows)
      .field("visible_units", arguments[option::visible])
      .field("seed", examples.seed);
  const auto add = [&line](const std::string& name, const std::vector<float>& values) {
    const Mean mean = mean_of(values);
    line.field(name, mean.value).field(name + "_standard_error", mean.standard_error);
  };
  add("free_energy", figures.free_energy);
  add("reconstruction_error", figures.reconstruction_error);
  if (!figures.pseudo_likelihood.empty()) add("pseudo_likelihood", figures.pseudo_likelihood);
  line.print();
}

void print_prose(const Arguments& arguments, const Examples& examples, const Figures& figures) {
  const bool real = examples.kind == rbm::VisibleUnits::real;
  print(
      {{"model", examples.model_name + ": " + counted(examples.model.visible, "visible unit") + ", " +
                     counted(examples.model.hidden, "hidden unit")},
       {"data", examples.data.name + ": " + counted(examples.data.rows, "example") + ", visible units " +
                    std::string(arguments[option::visible])},
       {"seed", std::to_string(examples.seed)},
       {"free energy", text_of(mean_of(figures.free_energy)) + " nats an example"},
       {"reconstruction error", text_of(mean_of(figures.reconstruction_error)) + " a visible unit, squared"},
       {"pseudo-likelihood", real ? "not defined for real visible units"
                                  : text_of(mean_of(figures.pseudo_likelihood)) + " nats an example"}});
}

Status run_evaluate(const Arguments& arguments) {
  const Examples examples = open_examples(arguments, option::visible);
  Figures figures;
  const Status status = measure(arguments, examples, figures);
  if (status != Status::done) return status;
  if (arguments[option::json])
    print_json(arguments, examples, figures);
  else
    print_prose(arguments, examples, figures);
  return Status::done;
}

}  // namespace

const Command evaluate_command{
    "evaluate",
    "how good a model is, in nats and in pixels",
    {positional::model, positional::data},
    {option::visible, option::maximum, option::seed, option::threads, option::json, option::quiet},
    "All figures are means over the examples, +/- one standard error of the mean.\n\n"
    "free energy           F(v) = -b'v - sum log(1 + exp(c + W v)). log p(v) is -F(v)\n"
    "                      less a constant of the model: compare data under one\n"
    "                      model, never models. Where held-out data lie much above\n"
    "                      the training data, the model learned those by heart\n"
    "reconstruction error  (v - p(v | h))^2 a visible unit, h drawn from p(h | v).\n"
    "                      Cheap, but poor models can reconstruct well too\n"
    "pseudo-likelihood     sum over units of log p(v_j | all other units), estimated\n"
    "                      from one unit an example, drawn at random. Of the three\n"
    "                      the one to compare models by: higher is better. It is\n"
    "                      not the log-likelihood\n\n"
    "Use data that the model was not trained on. Another --seed draws anew.\n\n"
    "Example:\n"
    "  rbm evaluate model.safetensors digits-test\n",
    run_evaluate};

}  // namespace tool
