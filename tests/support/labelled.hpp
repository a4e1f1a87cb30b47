/// Random models with labels, and data for them.
#pragma once

#include <cmath>
#include <cstddef>
#include <cstdint>
#include <random>
#include <vector>

#include "rbm/trainer.hpp"
#include "tests/support/mixed_model.hpp"

namespace fixture {

/// A random model whose last visible units are labels.
struct Labelled {
  MixedModel mixed;
  rbm::Choice labels;

  static Labelled of_bits(std::size_t bits, std::size_t labels, std::size_t hidden, std::uint32_t seed) {
    return {std::vector<rbm::VisibleKind>(bits, rbm::VisibleKind::binary), labels, hidden, 0, seed};
  }
  /// Readings and bits, with a factor.
  static Labelled of_readings(std::size_t labels, std::size_t hidden, std::uint32_t seed) {
    return {mixed_kinds(), labels, hidden, 1, seed};
  }

  operator rbm::RbmView() { return mixed; }
  operator rbm::ConstRbmView() const { return mixed; }
  std::size_t visible() const { return labels.end; }
  std::size_t hidden() const { return mixed.model.hidden_bias.size(); }

  /// The model given a label, without labels, but for the label's bias.
  reference::MixedModel given(std::size_t y) const {
    const reference::MixedModel all = mixed.exact();
    const std::size_t units = labels.begin;
    reference::MixedModel out{reference::Parameters(units, hidden()), {}, {}, {}, {}};
    for (std::size_t i = 0; i < hidden(); ++i) {
      for (std::size_t j = 0; j < units; ++j)
        out.parameters.weights[i * units + j] = all.parameters.weight(i, j);
      out.parameters.hidden_bias[i] =
          all.parameters.hidden_bias[i] + all.parameters.weight(i, labels.begin + y);
    }
    const auto first = [&](const reference::State& of_all) {
      return reference::State(of_all.begin(), of_all.begin() + static_cast<std::ptrdiff_t>(units));
    };
    out.parameters.visible_bias = first(all.parameters.visible_bias);
    out.is_real.assign(all.is_real.begin(), all.is_real.begin() + static_cast<std::ptrdiff_t>(units));
    out.offset = first(all.offset);
    out.scale = first(all.scale);
    for (const reference::State& row : all.loadings) out.loadings.push_back(first(row));
    return out;
  }
  double label_bias(std::size_t y) const {
    return static_cast<double>(mixed.model.visible_bias[labels.begin + y]);
  }
  /// log of the sum of exp(-F) over all states with label y.
  double log_weight(std::size_t y) const { return label_bias(y) + given(y).log_partition(); }
  double log_partition() const {
    double sum = 0;
    for (std::size_t y = 0; y < labels.size(); ++y) sum += std::exp(log_weight(y));
    return std::log(sum);
  }

  rbm::TrainerShape trainer_shape(std::size_t batch) const {
    return {visible(), hidden(), batch, mixed.has_real(), mixed.loadings.rows, false, labels};
  }

  /// Bits or readings, and a label, but for every third example.
  Matrix random_data(std::size_t rows, std::uint32_t seed) const {
    std::mt19937 random(seed);
    Matrix data(rows, visible(), 1, 0, random);
    for (std::size_t n = 0; n < rows; ++n) {
      const std::vector<float> readings = random_readings(mixed, random);
      const std::size_t label = n % 3 == 2 ? labels.end : labels.begin + random() % labels.size();
      for (std::size_t j = 0; j < visible(); ++j)
        data.values[n * data.stride + j] = j < labels.begin ? readings[j] : static_cast<float>(j == label);
    }
    return data;
  }
  /// The label of an example; labels.size() where it has none.
  std::size_t label_of(const Matrix& data, std::size_t n) const {
    std::size_t y = 0;
    while (y < labels.size() && data.at(n, labels.begin + y) == 0) ++y;
    return y;
  }
  /// The state of the other visible units of an example, 0 for labels.
  reference::State rest_of(const Matrix& data, std::size_t n) const {
    std::vector<float> values(data.values.begin() + static_cast<std::ptrdiff_t>(n * data.stride),
                              data.values.begin() + static_cast<std::ptrdiff_t>(n * data.stride + visible()));
    for (std::size_t j = labels.begin; j < labels.end; ++j) values[j] = 0;
    std::vector<rbm::Unit> units(visible());
    std::vector<float> factors(visible());
    rbm::UnitList list{units.data(), factors.data(), 0};
    rbm::list_readings(list, view(static_cast<const std::vector<float>&>(values)),
                       rbm::ConstRbmView(mixed).layer);
    return to_values(list, visible());
  }

 private:
  Labelled(const std::vector<rbm::VisibleKind>& kinds, std::size_t count, std::size_t hidden,
           std::size_t factors, std::uint32_t seed)
      : mixed(with_labels(kinds, count), hidden, factors, 0.5f, seed),
        labels{kinds.size(), kinds.size() + count} {}
};

/// A trainer of a model with labels, which it learns unless `labels` is false.
struct LabelTraining {
  Labelled model;
  rbm::TrainerShape shape;
  Memory memory;
  rbm::Trainer<rbm::Sgd> trainer;

  LabelTraining(const Labelled& from, std::size_t batch, const rbm::TrainOptions& options, bool labels = true,
                float rate = 0.1f, bool learns_scales = false)
      : model(from),
        shape(shape_of(from, batch, labels, learns_scales)),
        memory(rbm::trainer_bytes<rbm::Sgd>(shape)),
        trainer(model, memory, shape, options, {rate}) {}
  LabelTraining(const LabelTraining&) = delete;

 private:
  static rbm::TrainerShape shape_of(const Labelled& from, std::size_t batch, bool labels,
                                    bool learns_scales) {
    rbm::TrainerShape shape = from.trainer_shape(batch);
    if (!labels) shape.labels = {};
    shape.learns_scales = learns_scales;
    return shape;
  }
};

}  // namespace fixture
