#include "tools/inference/inference.hpp"

#include <algorithm>
#include <vector>

#include "rbm/energy.hpp"
#include "rbm/gradient.hpp"
#include "rbm/math.hpp"

namespace tool {
namespace {

// The last key of a stream. In training it is the place in a batch, so that no stream of training is met
// here.
constexpr std::uint64_t for_examples = std::uint64_t{1} << 32, for_noise = std::uint64_t{2} << 32;

// A layer without its last group, the labels.
rbm::ConstVisibleLayer without_labels(rbm::ConstVisibleLayer layer, rbm::Choice choice) {
  if (choice.size() > 0) --layer.group_count;
  return layer;
}

}  // namespace

Inference::Buffers::Buffers(rbm::Arena arena, rbm::ConstRbmView model, std::size_t label_count,
                            std::size_t states, bool with_factors)
    : weights(model, arena, {model.visible(), model.hidden()}),
      visible(arena.lists(states, model.visible(), with_factors)),
      hidden(arena.lists(states, model.hidden(), false)),
      visible_values(arena.matrix(states, model.visible())),
      hidden_values(arena.matrix(states, rbm::padded(model.hidden()))),
      scratch(arena.matrix(states, model.hidden())),
      labels(arena.matrix(states, label_count)),
      label_logarithms(arena.matrix(states, label_count)),
      free_energies(arena.take<float>(label_count > 0 ? states : 0)),
      random(arena.take<rbm::RandomStream>(states)),
      bytes(arena.used) {}

Inference::Inference(const Model& model, std::size_t states, bool means)
    : model_(model.view()),
      choice_(model.choice()),
      units_(without_labels(model_.layer, choice_)),
      memory_(Buffers({}, model_, choice_.size(), states, means || model.has_readings()).bytes),
      buffers_({memory_.data(), 0, memory_.size()}, model_, choice_.size(), states,
               means || model.has_readings()) {
  if (model.packed) device_.emplace(*model.packed, states);
}

void Inference::see(const Examples& examples, std::size_t first, std::size_t begin, std::size_t end) {
  for (std::size_t n = begin; n < end; ++n) see_row(examples, first + n, first + n, n);
  score_labels(begin, end);
  for (std::size_t n = begin; n < end; ++n) choose_label(examples, first + n, n);
}

void Inference::start_from(const Examples& examples, std::size_t begin, std::size_t end) {
  for (std::size_t n = begin; n < end; ++n) see_row(examples, n % examples.data.rows, n, n);
  score_labels(begin, end);
  for (std::size_t n = begin; n < end; ++n) choose_label(examples, n % examples.data.rows, n);
}

void Inference::see_row(const Examples& examples, std::size_t row, std::uint64_t key, std::size_t n) {
  random(n) = rbm::RandomStream::keyed(examples.seed, key, for_examples);
  examples.data.row(row, visible_values(n).data);
  buffers_.visible.write_row(n, [&](rbm::UnitList& list) {
    rbm::set_visible(list, visible_values(n).part(0, choice_.begin), units_, examples.kind, random(n));
  });
  set_label(n, visible(n).count, 0);
  show_device(n, examples.seed + key);
}

void Inference::see_noise(std::uint64_t seed, std::size_t begin, std::size_t end,
                          std::optional<std::size_t> label) {
  for (std::size_t n = begin; n < end; ++n) {
    random(n) = rbm::RandomStream::keyed(seed, n, for_noise);
    rbm::for_each_group(model_.layer, model_.visible(), [&](const rbm::VisibleGroup& group) {
      for (std::size_t j = group.begin; j < group.end; ++j)
        visible_values(n)[j] = group.kind == rbm::VisibleKind::real ? model_.visible_bias[j] : 0.5f;
    });
    for (std::size_t y = 0; y < choice_.size(); ++y)
      visible_values(n)[choice_.begin + y] = !label        ? 1.0f / static_cast<float>(choice_.size())
                                             : y == *label ? 1.0f
                                                           : 0.0f;
  }
  draw_visible(begin, end);
  show_readings(begin, end);
  for (std::size_t n = begin; n < end; ++n) {
    show_device(n, seed + n);
    if (device_ && choice_.size() > 0) device_->set_label(n, this->label(n));
  }
  score_labels(begin, end);
}

void Inference::show_device(std::size_t n, std::uint64_t seed) {
  if (!device_) return;
  device_->seed(n, seed);
  if (device_->has_readings())
    device_->see_readings(n, visible_values(n).data);
  else if (buffers_.visible.factors == nullptr)
    device_->see(n, units_of(visible(n)));
  else
    device_->see_intensities(n, visible_values(n).data);
}

void Inference::hidden_inputs(std::size_t begin, std::size_t end) {
  rbm::hidden_inputs(buffers_.hidden_values, buffers_.weights, buffers_.visible, begin, end);
}

void Inference::hidden_probabilities(std::size_t begin, std::size_t end) {
  for (std::size_t n = begin; n < end; ++n) {
    if (device_)
      device_->features(n, hidden_values(n).data);
    else
      rbm::sigmoid(hidden_values(n));
  }
}

void Inference::find_means(std::size_t begin, std::size_t end) {
  for (std::size_t n = begin; n < end; ++n) rbm::draw_units(buffers_.hidden, n, hidden_values(n), random(n));
  rbm::multiply_transposed(buffers_.visible_values, model_.visible_bias, model_.weights, buffers_.hidden,
                           begin, end);
  for (std::size_t n = begin; n < end; ++n) rbm::visible_means(visible_values(n), model_.layer);
}

void Inference::reconstruct(std::size_t begin, std::size_t end) {
  if (device_) {
    for (std::size_t n = begin; n < end; ++n) device_->reconstruct(n, visible_values(n).data);
    return;
  }
  find_means(begin, end);
  for (std::size_t n = begin; n < end; ++n) {
    const rbm::VectorView<float> values = visible_values(n);
    for (std::size_t k = 0; k < model_.layer.factors(); ++k) {
      const rbm::VectorView<const float> loadings = model_.layer.loadings.row(k);
      // E[y_k | v, h] = L_k (x - m) / (1 + |L_k|^2), of which L_k x / (1 + |L_k|^2) = L_k a.
      const float factor = rbm::dot(loadings, visible(n)) -
                           rbm::dot(loadings, values) / (1.0f + rbm::factor_variance(model_.layer, k));
      for (std::size_t j = 0; j < values.size; ++j) values[j] += factor * loadings[j];
    }
    rbm::readings_from_values(values, model_.layer);
  }
}

void Inference::draw_visible(std::size_t begin, std::size_t end) {
  for (std::size_t n = begin; n < end; ++n)
    buffers_.visible.write_row(
        n, [&](rbm::UnitList& list) { rbm::draw_visible(list, visible_values(n), model_.layer, random(n)); });
}

void Inference::gibbs_steps(std::size_t begin, std::size_t end, std::uint64_t steps,
                            const ClampedChains& clamped) {
  if (device_) {
    for (std::size_t n = begin; n < end; ++n) {
      device_->gibbs_steps(n, steps, clamped[n], visible_values(n).data);
      buffers_.visible.write_row(n, [&](rbm::UnitList& list) {
        if (device_->has_readings())
          rbm::list_readings(list, visible_values(n).part(0, choice_.begin), units_);
        else
          device_->list(n, list);
      });
      set_label(n, visible(n).count, device_->label(n));
    }
    return score_labels(begin, end);
  }
  for (std::uint64_t step = 0; step < steps; ++step) {
    hidden_inputs(begin, end);
    hidden_probabilities(begin, end);
    find_means(begin, end);
    for (std::size_t n = begin; n < end; ++n) rbm::clamp(visible_values(n), model_.layer, clamped[n]);
    draw_visible(begin, end);
  }
  show_readings(begin, end);
  score_labels(begin, end);
}

void Inference::show_readings(std::size_t begin, std::size_t end) {
  for (std::size_t n = begin; model_.layer.has_real() && n < end; ++n) {
    rbm::values_from_states(visible_values(n), model_.layer, visible(n));
    rbm::readings_from_values(visible_values(n), model_.layer);
  }
}

float Inference::free_energy(std::size_t n) {
  if (choice_.size() > 0) return buffers_.free_energies[n];
  if (device_ && device_->has_readings()) return device_->nats(n);
  return rbm::free_energy(model_, visible(n), hidden_values(n));
}

float Inference::draw_pseudo_likelihood(std::size_t n) {
  // A copy: the error that follows is drawn as rbm reconstruct draws it.
  rbm::RandomStream stream = random(n);
  std::uint32_t draws[rbm::RandomStream::lanes];
  stream.next(draws, rbm::RandomStream::lanes);
  // Of 2^32 draws, the share of a unit is off by less than one: far less than any standard error.
  const auto unit = static_cast<rbm::Unit>((std::uint64_t{draws[0]} * choice_.begin) >> 32);
  const rbm::ActiveUnits state = visible(n);
  const bool on = std::binary_search(state.units, state.units + state.count, unit);
  return static_cast<float>(choice_.begin) * -rbm::softplus(-free_energy_of_flip(n, unit, on));
}

float Inference::reconstruction_error(std::size_t n) const {
  const auto count = static_cast<float>(choice_.begin);
  const rbm::VectorView<float> made = visible_values(n).part(0, choice_.begin);
  const rbm::ActiveUnits seen = units_of(visible(n));
  if (!model_.layer.has_real()) return rbm::squared_error(seen, made) / count;
  std::vector<float> values(choice_.begin);
  if (device_) {
    // From its readings, not from the states of the layer: those want factors that are exactly orthogonal.
    device_->readings(n, values.data());
    float sum = 0;
    for (std::size_t j = 0; j < values.size(); ++j) {
      const float error = (made[j] - values[j]) / model_.layer.scale[j];
      sum += error * error;
    }
    return sum / count;
  }
  for (std::size_t j = 0; j < values.size(); ++j) values[j] = rbm::value_of_reading(model_.layer, j, made[j]);
  return rbm::squared_error(units_, seen, {values.data(), values.size()}) / count;
}

}  // namespace tool
