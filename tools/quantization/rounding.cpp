#include "tools/quantization/rounding.hpp"

#include <cmath>

#include "rbm/quantizer.hpp"
#include "tools/base/failure.hpp"
#include "tools/base/text.hpp"

namespace tool {
namespace {

// Nats. Beyond these limits probabilities have long been 0 or 1, and the steps would be too coarse for all
// other parameters: beside a weight of 200, weights of 8 bits are multiples of a quarter of a nat, and a
// weight of 900 rounds an ordinary model to nothing.
constexpr std::uint64_t largest_weight = 200, largest_bias = 1000;
constexpr std::uint64_t largest_loading = 127;  // codes of 8 bits without a fraction

void check_size(const Model& model, const std::string& name) {
  const auto check = [&name](const AlignedVector<float>& parameters, const char* what, std::uint64_t most) {
    for (const float parameter : parameters)
      if (!(std::fabs(parameter) <= static_cast<float>(most)))
        throw Failure(name + ": has a " + what + " of " + significant(static_cast<double>(parameter), 3) +
                      ", beyond the " + grouped(most) + " that integers are made for: did training diverge?");
  };
  check(model.weights, "weight", largest_weight);
  check(model.visible_bias, "visible bias", largest_bias);
  check(model.hidden_bias, "hidden bias", largest_bias);
  check(model.loadings, "loading", largest_loading);
}

void check_rows(const Model& model, const std::string& name) {
  std::size_t without = 0, last = 0;
  for (std::size_t i = 0; i < model.hidden; ++i) {
    const rbm::VectorView<const float> row = model.view().weights.row(i).part(0, model.units());
    if (rbm::dot(row, row) > 0) continue;
    ++without;
    last = i;
  }
  if (without == model.hidden) throw Failure(name + ": all weights are 0: was the model trained?");
  if (without > 0)
    throw Failure(name + ": " + counted(without, "hidden unit") + " without weights, such as unit " +
                  std::to_string(last) + ", counted from 0: it would take flash and do nothing");
}

}  // namespace

void check_quantizable(const Model& model, const std::string& name) {
  check_size(model, name);
  check_rows(model, name);
}

QuantizedModel rounded(const Model& model, unsigned bits, std::uint64_t seed,
                       const std::vector<float>& steps) {
  const rbm::ModelShape shape{model.visible, model.hidden};
  AlignedVector<unsigned char> memory(rbm::chain_bytes(shape, model.has_readings()));
  rbm::Chain chain(rbm::Arena{memory.data(), 0, memory.size()}, shape, model.has_readings());
  std::vector<float> visible(model.visible), hidden(model.hidden);
  const rbm::Means means = rbm::sample_means({visible.data(), visible.size()}, {hidden.data(), hidden.size()},
                                             chain, model.view(), seed);
  QuantizedModel out(model, bits);
  if (model.has_readings()) out.layer.steps = steps;
  rbm::QuantizedModelView view = out.view();
  rbm::quantize(view, model.view(), means);
  out.fraction = view.fraction;
  out.layer.state_fraction = view.layer.state_fraction;
  out.layer.limit = view.layer.limit;
  return out;
}

}  // namespace tool
