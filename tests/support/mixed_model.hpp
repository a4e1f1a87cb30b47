/// Random models of bits, readings and choices.
#pragma once

#include <cstddef>
#include <cstdint>
#include <random>
#include <vector>

#include "tests/support/fixtures.hpp"
#include "tests/support/reference_readings.hpp"

namespace fixture {

/// A random model of run-time sizes, whose visible layer is a row of groups. Readings have offsets near 3 and
/// scales from 1/4 to 1; rows of the loadings are orthogonal.
struct MixedModel {
  Model model;
  std::vector<rbm::VisibleGroup> groups;
  std::vector<float> offset, scale;
  Matrix loadings;

  /// `kinds` [visible]: neighbours of one kind make a group. `spread` is the deviation of loadings.
  MixedModel(const std::vector<rbm::VisibleKind>& kinds, std::size_t hidden, std::size_t factors,
             float deviation, std::uint32_t seed, float spread = 1)
      : MixedModel(kinds, hidden, factors, deviation, std::mt19937(seed), spread) {}

  operator rbm::RbmView() {
    rbm::RbmView view = model;
    view.layer = {groups.data(), groups.size(), {}, {}, loadings};
    if (has_real()) view.layer.offset = fixture::view(offset), view.layer.scale = fixture::view(scale);
    return view;
  }
  operator rbm::ConstRbmView() const {
    rbm::ConstRbmView view = model;
    view.layer = {groups.data(), groups.size(), {}, {}, loadings};
    if (has_real()) view.layer.offset = fixture::view(offset), view.layer.scale = fixture::view(scale);
    return view;
  }

  bool has_real() const {
    for (const rbm::VisibleGroup& group : groups)
      if (group.kind == rbm::VisibleKind::real) return true;
    return false;
  }

  /// The same in double precision.
  reference::MixedModel exact() const {
    reference::MixedModel out{reference::Parameters(model), {}, {}, {}, {}};
    for (std::size_t j = 0; j < offset.size(); ++j) {
      bool is_real = false;
      for (const rbm::VisibleGroup& group : groups)
        if (group.begin <= j && j < group.end) is_real = group.kind == rbm::VisibleKind::real;
      out.is_real.push_back(is_real);
      out.offset.push_back(static_cast<double>(offset[j]));
      out.scale.push_back(static_cast<double>(scale[j]));
    }
    for (std::size_t k = 0; k < loadings.rows; ++k) {
      out.loadings.emplace_back();
      for (std::size_t j = 0; j < offset.size(); ++j)
        out.loadings.back().push_back(static_cast<double>(loadings.at(k, j)));
    }
    return out;
  }

 private:
  MixedModel(const std::vector<rbm::VisibleKind>& kinds, std::size_t hidden, std::size_t factors,
             float deviation, std::mt19937 random, float spread)
      : model(kinds.size(), hidden, deviation, static_cast<std::uint32_t>(random())),
        offset(kinds.size()),
        scale(kinds.size(), 1.0f),
        loadings(factors, kinds.size(), 0, spread, random) {
    for (std::size_t j = 0; j < kinds.size(); ++j) {
      if (groups.empty() || groups.back().kind != kinds[j]) groups.push_back({kinds[j], j, j});
      groups.back().end = j + 1;
      if (kinds[j] != rbm::VisibleKind::real) {
        for (std::size_t k = 0; k < factors; ++k) loadings.values[k * kinds.size() + j] = 0;
        continue;
      }
      offset[j] = 3 + bell(random);
      scale[j] = 0.25f + 0.75f * uniform(random);
    }
    for (std::size_t k = 0; k < factors; ++k)
      for (std::size_t other = 0; other < k; ++other) {
        double product = 0, square = 0;
        for (std::size_t j = 0; j < kinds.size(); ++j) {
          product += static_cast<double>(loadings.at(k, j)) * static_cast<double>(loadings.at(other, j));
          square += static_cast<double>(loadings.at(other, j)) * static_cast<double>(loadings.at(other, j));
        }
        for (std::size_t j = 0; j < kinds.size(); ++j)
          loadings.values[k * kinds.size() + j] -=
              static_cast<float>(product / square) * loadings.at(other, j);
      }
  }
};

inline std::vector<rbm::VisibleKind> all_real(std::size_t visible) {
  return std::vector<rbm::VisibleKind>(visible, rbm::VisibleKind::real);
}

/// Real and binary units in three groups.
inline std::vector<rbm::VisibleKind> mixed_kinds() {
  using rbm::VisibleKind;
  return {VisibleKind::real,   VisibleKind::real, VisibleKind::real, VisibleKind::binary,
          VisibleKind::binary, VisibleKind::real, VisibleKind::real};
}

/// Some kinds with a choice of `labels` behind them.
inline std::vector<rbm::VisibleKind> with_labels(std::vector<rbm::VisibleKind> kinds, std::size_t labels) {
  kinds.insert(kinds.end(), labels, rbm::VisibleKind::choice);
  return kinds;
}

/// A reading near the model's, or a bit, for each visible unit.
inline std::vector<float> random_readings(const MixedModel& mixed, std::mt19937& random) {
  const reference::MixedModel exact = mixed.exact();
  std::vector<float> readings;
  for (std::size_t j = 0; j < mixed.offset.size(); ++j)
    readings.push_back(exact.is_real[j] ? mixed.offset[j] + 2 * mixed.scale[j] * bell(random)
                                        : static_cast<float>(random() & 1));
  return readings;
}

inline reference::State to_state(const std::vector<float>& values) {
  return {values.begin(), values.end()};
}

}  // namespace fixture
