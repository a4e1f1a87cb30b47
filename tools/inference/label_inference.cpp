// What Inference does with the labels of a model.
#include <algorithm>
#include <vector>

#include "rbm/energy.hpp"
#include "rbm/gibbs.hpp"
#include "rbm/pseudo_likelihood.hpp"
#include "rbm/visible.hpp"
#include "tools/inference/inference.hpp"

namespace tool {

rbm::ActiveUnits Inference::units_of(rbm::ActiveUnits state) const {
  return {state.units, state.factors, state.count - (choice_.size() > 0 ? 1 : 0)};
}

std::size_t Inference::label(std::size_t n) const {
  const rbm::ActiveUnits state = visible(n);
  return state.units[state.count - 1] - choice_.begin;
}

void Inference::set_label(std::size_t n, std::size_t units, std::size_t label) {
  if (choice_.size() == 0) return;
  buffers_.visible.write_row(n, [&](rbm::UnitList& list) {
    list.count = units;
    list.add(choice_.begin + label);
    if (list.factors != nullptr) list.factors[units] = 1.0f;
  });
  if (device_) device_->set_label(n, label);
}

void Inference::choose_label(const Examples& examples, std::size_t row, std::size_t n) {
  if (choice_.size() == 0) return;
  const std::size_t units = visible(n).count - 1;
  const bool own = examples.label.own && !examples.data.classes.empty();
  if (examples.label.given)
    set_label(n, units, *examples.label.given);
  else if (own && examples.data.classes[row] != no_label)
    set_label(n, units, static_cast<std::size_t>(examples.data.classes[row]));
  else if (device_)
    set_label(n, units, device_->draw_label(n));
  else
    set_label(n, units, rbm::draw_choice(label_probabilities(n), random(n)));
}

void Inference::inputs_without_labels(std::size_t begin, std::size_t end) {
  for (std::size_t n = begin; n < end; ++n) --buffers_.visible.counts[n];
  hidden_inputs(begin, end);
  for (std::size_t n = begin; n < end; ++n) ++buffers_.visible.counts[n];
}

rbm::VectorView<float> Inference::inputs_with_label(std::size_t n, std::size_t y) {
  const rbm::VectorView<float> inputs = scratch(n);
  for (std::size_t i = 0; i < inputs.size; ++i) inputs[i] = hidden_values(n)[i];
  rbm::add_unit(inputs, buffers_.weights, choice_.begin + y);
  return inputs;
}

void Inference::score_labels(std::size_t begin, std::size_t end) {
  if (choice_.size() == 0) return;
  if (!device_) inputs_without_labels(begin, end);
  for (std::size_t n = begin; n < end; ++n) {
    const rbm::VectorView<float> probability = buffers_.labels.row(n),
                                 logarithm = buffers_.label_logarithms.row(n);
    if (device_) {
      buffers_.free_energies[n] = device_->classify(n, probability.data, logarithm.data);
      continue;
    }
    for (std::size_t y = 0; y < choice_.size(); ++y)
      probability[y] = logarithm[y] =
          model_.visible_bias[choice_.begin + y] + rbm::sum_softplus(inputs_with_label(n, y));
    const float log_sum = rbm::softmax(probability);
    // The logarithm of a probability that is no subnormal has the more digits.
    for (std::size_t y = 0; y < choice_.size(); ++y)
      logarithm[y] = probability[y] > 1e-30f ? rbm::log(probability[y]) : logarithm[y] - log_sum;
    buffers_.free_energies[n] = rbm::free_energy(model_, units_of(visible(n)), {nullptr, 0}) - log_sum;
  }
}

void Inference::features(std::size_t begin, std::size_t end) {
  if (choice_.size() == 0) {
    hidden_inputs(begin, end);
    return hidden_probabilities(begin, end);
  }
  inputs_without_labels(begin, end);
  std::vector<float> sum(model_.hidden());
  for (std::size_t n = begin; n < end; ++n) {
    std::fill(sum.begin(), sum.end(), 0.0f);
    for (std::size_t y = 0; y < choice_.size(); ++y) {
      const rbm::VectorView<float> given = inputs_with_label(n, y);
      if (device_)
        device_->features(n, y, given.data);
      else
        rbm::sigmoid(given);
      for (std::size_t i = 0; i < sum.size(); ++i) sum[i] += label_probabilities(n)[y] * given[i];
    }
    std::copy(sum.begin(), sum.end(), hidden_values(n).data);
  }
}

float Inference::free_energy_of_flip(std::size_t n, rbm::Unit unit, bool on) {
  if (choice_.size() == 0) return rbm::free_energy_of_flip(scratch(n), model_, hidden_values(n), unit, on);
  // The inputs hold the label of the state, which gives way to each label in turn.
  const auto weights_of = [&](std::size_t of) {
    std::vector<float> weights(model_.hidden());
    buffers_.weights.transposed.copy_row(of, {weights.data(), weights.size()});
    return weights;
  };
  const std::vector<float> own = weights_of(choice_.begin + label(n)), flipped = weights_of(unit);
  const float sign = on ? -1.0f : 1.0f;
  std::vector<float> before(choice_.size()), after(choice_.size());
  for (std::size_t y = 0; y < choice_.size(); ++y) {
    const std::vector<float> other = weights_of(choice_.begin + y);
    const float bias = model_.visible_bias[choice_.begin + y];
    for (std::size_t i = 0; i < model_.hidden(); ++i)
      scratch(n)[i] = hidden_values(n)[i] + (other[i] - own[i]);
    before[y] = bias + rbm::sum_softplus(scratch(n));
    for (std::size_t i = 0; i < model_.hidden(); ++i) scratch(n)[i] += sign * flipped[i];
    after[y] = bias + rbm::sum_softplus(scratch(n));
  }
  return -sign * model_.visible_bias[unit] -
         (rbm::softmax({after.data(), after.size()}) - rbm::softmax({before.data(), before.size()}));
}

}  // namespace tool
