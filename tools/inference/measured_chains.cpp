#include "tools/inference/measured_chains.hpp"

#include <algorithm>
#include <cmath>

namespace tool {
namespace {

constexpr std::uint64_t for_measured = std::uint64_t{3} << 32;  // the last key of a stream, as in Inference

}  // namespace

MeasuredChains::Buffers::Buffers(rbm::Arena arena, rbm::ConstRbmView model, std::size_t states)
    : weights(model, arena, {model.visible(), model.hidden()}),
      visible(arena.lists(states, model.visible(), true)),
      hidden(arena.lists(states, model.hidden(), false)),
      inputs(arena.matrix(states, model.visible())),
      hidden_values(arena.matrix(states, rbm::padded(model.hidden()))),
      measured(arena.matrix(states, model.visible())),
      values(arena.matrix(states, model.visible())),
      trust(arena.matrix(states, model.visible())),
      sums(arena.matrix(states, model.visible())),
      firsts(arena.matrix(states, model.visible())),
      squares(arena.matrix(states, model.visible())),
      random(arena.take<rbm::RandomStream>(states)),
      bytes(arena.used) {}

MeasuredChains::MeasuredChains(const Model& model, std::size_t states)
    : model_(model.view()),
      choice_(model.choice()),
      memory_(Buffers({}, model_, states).bytes),
      buffers_({memory_.data(), 0, memory_.size()}, model_, states),
      is_real_(model.visible),
      roots_(states * model.factors * model.factors),
      noisy_(states),
      labelled_(states),
      means_(states * model.visible),
      deviations_(states * model.visible),
      unknown_(states) {
  if (model.packed && model.packed->has_readings()) device_.emplace(*model.packed, states);
  for (const rbm::VisibleGroup& group : model.groups)
    for (std::size_t j = group.begin; j < group.end; ++j) is_real_[j] = group.kind == rbm::VisibleKind::real;
}

void MeasuredChains::start(std::size_t n, const float* measured, float noise, std::uint64_t seed,
                           std::uint64_t key, std::optional<std::size_t> label) {
  buffers_.random[n] = rbm::RandomStream::keyed(seed, key, for_measured);
  unknown_[n].clear();
  noisy_[n] = noise > 0;
  labelled_[n] = label.has_value();
  if (device_) {
    device_->seed(n, seed + key);
    device_->set_label(n, label.value_or(0));
  }
  for (std::size_t y = 0; y < choice_.size(); ++y) {
    const std::size_t j = choice_.begin + y;
    buffers_.measured.row(n)[j] = buffers_.trust.row(n)[j] = 0.0f;
    buffers_.values.row(n)[j] = !label        ? 1.0f / static_cast<float>(choice_.size())
                                : y == *label ? 1.0f
                                              : 0.0f;
  }
  float* const means = means_.data() + n * model_.visible();
  for (std::size_t j = 0; j < choice_.begin; ++j) {
    const bool missing = std::isnan(measured[j]), exact = !missing && !(is_real_[j] && noise > 0);
    float known = missing ? 0.0f : measured[j], deviation = 0;
    if (is_real_[j]) {
      known = missing ? 0.0f : rbm::value_of_reading(model_.layer, j, known);
      deviation = noise / model_.layer.scale[j];
    }
    const float trust = missing ? 0.0f : exact ? 1.0f : 1.0f / (1.0f + deviation * deviation);
    buffers_.measured.row(n)[j] = known;
    buffers_.trust.row(n)[j] = trust;
    const float start = is_real_[j] ? model_.visible_bias[j] : 0.5f;
    buffers_.values.row(n)[j] = start + trust * (known - start);
    buffers_.sums.row(n)[j] = buffers_.squares.row(n)[j] = 0.0f;
    buffers_.firsts.row(n)[j] = std::nanf("");
    means[j] = measured[j];
    deviations_[n * model_.visible() + j] = 0;
    if (!exact) unknown_[n].push_back(static_cast<rbm::Unit>(j));
  }
  decompose(n);
}

void MeasuredChains::decompose(std::size_t n) {
  double* const r = root(n);
  for (std::size_t i = 0; i < factors(); ++i)
    for (std::size_t k = 0; k <= i; ++k) {
      double rest = i == k ? 1 : 0;
      for (std::size_t j = 0; j < model_.visible(); ++j)
        rest += static_cast<double>(buffers_.trust.row(n)[j]) *
                static_cast<double>(model_.layer.loadings.row(i)[j]) *
                static_cast<double>(model_.layer.loadings.row(k)[j]);
      for (std::size_t l = 0; l < k; ++l) rest -= r[i * factors() + l] * r[k * factors() + l];
      r[i * factors() + k] = i == k ? std::sqrt(rest) : rest / r[k * factors() + k];
    }
}

void MeasuredChains::run(std::size_t begin, std::size_t end, std::size_t steps) {
  if (device_ && begin < end && noisy_[begin] == 0) {
    for (std::size_t n = begin; n < end; ++n)
      if (has_unknown(n)) {
        device_->fill(n, static_cast<unsigned>(steps), means_.data() + n * model_.visible());
        for (const rbm::Unit unit : unknown_[n]) deviations_[n * model_.visible() + unit] = std::nanf("");
      }
    return;
  }
  const std::size_t uncounted = steps / 4;
  for (std::size_t step = 0; step < steps; ++step) {
    for (std::size_t n = begin; n < end; ++n)
      buffers_.visible.write_row(
          n, [&](rbm::UnitList& list) { rbm::list_means(list, buffers_.values.row(n), model_.layer); });
    rbm::hidden_inputs(buffers_.hidden_values, buffers_.weights, buffers_.visible, begin, end);
    for (std::size_t n = begin; n < end; ++n) {
      const rbm::VectorView<float> hidden = buffers_.hidden_values.row(n).part(0, model_.hidden());
      rbm::sigmoid(hidden);
      rbm::draw_units(buffers_.hidden, n, hidden, buffers_.random[n]);
    }
    rbm::multiply_transposed(buffers_.inputs, model_.visible_bias, model_.weights, buffers_.hidden, begin,
                             end);
    for (std::size_t n = begin; n < end; ++n) {
      draw_visible(n, step >= uncounted);
      draw_label(n);
    }
  }
  const auto counted = static_cast<float>(steps - uncounted);
  for (std::size_t n = begin; n < end; ++n)
    for (const rbm::Unit unit : unknown_[n]) {
      float mean = buffers_.sums.row(n)[unit] / counted;
      auto deviation = static_cast<float>(std::sqrt(variance(n, unit, steps - uncounted)));
      if (is_real_[unit]) {
        mean = model_.layer.offset[unit] + model_.layer.scale[unit] * mean;
        deviation *= model_.layer.scale[unit];
      }
      means_[n * model_.visible() + unit] = mean;
      deviations_[n * model_.visible() + unit] = deviation;
    }
}

void MeasuredChains::count(std::size_t n, rbm::Unit unit, float mean) {
  float& first = buffers_.firsts.row(n)[unit];
  if (std::isnan(first)) first = mean;
  buffers_.sums.row(n)[unit] += mean;
  buffers_.squares.row(n)[unit] += (mean - first) * (mean - first);
}

double MeasuredChains::variance_given_hidden(std::size_t n, rbm::Unit unit) {
  const double rest = 1 - static_cast<double>(buffers_.trust.row(n)[unit]);
  const double* const r = root(n);
  double half[rbm::most_factors] = {}, square = 0;  // R half = L_j, so that half' half = L_j' P^-1 L_j
  for (std::size_t k = 0; k < factors(); ++k) {
    half[k] = static_cast<double>(model_.layer.loadings.row(k)[unit]);
    for (std::size_t l = 0; l < k; ++l) half[k] -= r[k * factors() + l] * half[l];
    half[k] /= r[k * factors() + k];
    square += half[k] * half[k];
  }
  return rest + rest * rest * square;
}

double MeasuredChains::variance(std::size_t n, rbm::Unit unit, std::size_t counted) {
  const double mean = static_cast<double>(buffers_.sums.row(n)[unit]) / static_cast<double>(counted);
  if (!is_real_[unit]) return std::max(0.0, mean * (1 - mean));
  const double shift = mean - static_cast<double>(buffers_.firsts.row(n)[unit]);
  const double of_means =
      static_cast<double>(buffers_.squares.row(n)[unit]) / static_cast<double>(counted) - shift * shift;
  return variance_given_hidden(n, unit) + std::max(0.0, of_means);
}

void MeasuredChains::draw_factors(std::size_t n, float* mean, float* drawn) {
  const rbm::VectorView<const float> trust = buffers_.trust.row(n), measured = buffers_.measured.row(n),
                                     inputs = buffers_.inputs.row(n);
  const double* const r = root(n);
  double half[rbm::most_factors] = {}, found[rbm::most_factors] = {}, noise[rbm::most_factors] = {};
  // R half = the sum over units, R' found = half, and R' noise = normal deviates.
  for (std::size_t k = 0; k < factors(); ++k) {
    const rbm::VectorView<const float> loadings = model_.layer.loadings.row(k);
    double rest = static_cast<double>(rbm::sum_terms(
        trust.size, [&](std::size_t j) { return trust[j] * loadings[j] * (measured[j] - inputs[j]); }));
    for (std::size_t l = 0; l < k; ++l) rest -= r[k * factors() + l] * half[l];
    half[k] = rest / r[k * factors() + k];
  }
  rbm::for_each_normal(factors(), buffers_.random[n],
                       [&](std::size_t k, float deviate) { noise[k] = static_cast<double>(deviate); });
  for (std::size_t k = factors(); k-- > 0;) {
    found[k] = half[k];
    for (std::size_t l = k + 1; l < factors(); ++l) {
      found[k] -= r[l * factors() + k] * found[l];
      noise[k] -= r[l * factors() + k] * noise[l];
    }
    found[k] /= r[k * factors() + k];
    noise[k] /= r[k * factors() + k];
    mean[k] = static_cast<float>(found[k]);
    drawn[k] = static_cast<float>(found[k] + noise[k]);
  }
}

void MeasuredChains::draw_label(std::size_t n) {
  if (choice_.size() == 0 || labelled_[n] != 0) return;
  const rbm::VectorView<float> scores = buffers_.inputs.row(n).part(choice_.begin, choice_.end);
  rbm::softmax(scores);
  const std::size_t drawn = rbm::draw_choice(scores, buffers_.random[n]);
  for (std::size_t y = 0; y < choice_.size(); ++y)
    buffers_.values.row(n)[choice_.begin + y] = y == drawn ? 1.0f : 0.0f;
}

void MeasuredChains::draw_visible(std::size_t n, bool counted) {
  const rbm::VectorView<float> trust = buffers_.trust.row(n), measured = buffers_.measured.row(n),
                               values = buffers_.values.row(n);
  float mean_factors[rbm::most_factors] = {}, factor[rbm::most_factors] = {};
  draw_factors(n, mean_factors, factor);
  std::uint32_t draws[rbm::RandomStream::lanes];
  for (std::size_t place = 0; place < unknown_[n].size(); ++place) {
    const std::size_t lane = place % rbm::RandomStream::lanes;
    if (lane == 0) buffers_.random[n].next(draws, rbm::RandomStream::lanes);
    const rbm::Unit unit = unknown_[n][place];
    const float input = buffers_.inputs.row(n)[unit];
    if (!is_real_[unit]) {
      const float probability = rbm::sigmoid(input);
      values[unit] = rbm::bernoulli(draws[lane], probability) ? 1.0f : 0.0f;
      if (counted) count(n, unit, probability);
      continue;
    }
    float mean = input, drawn = input;
    for (std::size_t k = 0; k < factors(); ++k) {
      mean += mean_factors[k] * model_.layer.loadings.row(k)[unit];
      drawn += factor[k] * model_.layer.loadings.row(k)[unit];
    }
    mean += trust[unit] * (measured[unit] - mean);
    drawn += trust[unit] * (measured[unit] - drawn);
    values[unit] = drawn + rbm::square_root(1.0f - trust[unit]) * rbm::normal_deviate(draws[lane]);
    if (counted) count(n, unit, mean);
  }
}

}  // namespace tool
