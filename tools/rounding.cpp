#include "rounding.hpp"

#include <cmath>

#include "../rbm/quantize.hpp"
#include "failure.hpp"
#include "report.hpp"

namespace tool {
namespace {

// Nats. Beyond, probabilities have long been 0 or 1, and integers would be coarse for all other parameters.
constexpr float largest_parameter = 1000;

void check_size(const Model& model, const std::string& name) {
  const auto check = [&name](const AlignedVector<float>& parameters, const char* what) {
    for (const float parameter : parameters)
      if (!(std::fabs(parameter) <= largest_parameter))
        throw Failure(name + ": has a " + what + " of " + significant(static_cast<double>(parameter), 3) +
                      ", beyond the 1,000 that integers are made for: did training diverge?");
  };
  check(model.weights, "weight");
  check(model.visible_bias, "visible bias");
  check(model.hidden_bias, "hidden bias");
}

void check_rows(const Model& model, const std::string& name) {
  std::size_t without = 0, last = 0;
  for (std::size_t i = 0; i < model.hidden; ++i) {
    const rbm::VectorView<const float> row = model.view().weights.row(i);
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

QuantizedModel empty_quantized(const Model& model, unsigned bits) {
  QuantizedModel out;
  out.bits = bits;
  out.visible = model.visible;
  out.hidden = model.hidden;
  out.shape = model.shape;
  out.codes.resize(model.visible * model.hidden);
  out.shifts.resize(model.hidden);
  out.visible_bias.resize(model.visible);
  out.hidden_bias.resize(model.hidden);
  return out;
}

rbm::QuantizedModel view_of(QuantizedModel& model) {
  return {model.bits,
          model.fraction,
          model.visible,
          model.hidden,
          model.codes.data(),
          model.shifts.data(),
          model.visible_bias.data(),
          model.hidden_bias.data()};
}

void check_quantizable(const Model& model, const std::string& name) {
  check_size(model, name);
  check_rows(model, name);
}

QuantizedModel rounded(const Model& model, unsigned bits, std::uint64_t seed) {
  AlignedVector<unsigned char> memory(rbm::chain_bytes(model.visible, model.hidden));
  rbm::Chain chain(rbm::Arena{memory.data(), 0, memory.size()}, model.visible, model.hidden);
  std::vector<float> visible(model.visible), hidden(model.hidden);
  const rbm::Means means = rbm::find_means({visible.data(), visible.size()}, {hidden.data(), hidden.size()},
                                           model.view(), chain, seed);
  QuantizedModel out = empty_quantized(model, bits);
  rbm::QuantizedModel view = view_of(out);
  rbm::quantize(view, model.view(), means);
  out.fraction = view.fraction;
  return out;
}

}  // namespace tool
