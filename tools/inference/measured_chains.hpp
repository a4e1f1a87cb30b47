#pragma once

#include <algorithm>
#include <cmath>
#include <cstddef>
#include <cstdint>
#include <optional>
#include <vector>

#include "rbm/gibbs.hpp"
#include "rbm/memory.hpp"
#include "rbm/two_way_weights.hpp"
#include "tools/base/aligned.hpp"
#include "tools/base/workers.hpp"
#include "tools/inference/inference.hpp"
#include "tools/model/model.hpp"

namespace tool {

/// What visible units are on average, given what was measured of them, by chains of Gibbs sampling. A value
/// may be known exactly, with noise, or not at all.
///
/// What is known of a real unit is n = x + noise of the variance q^2, both in units of the unit's scale. Its
/// weight is g = 1 / (1 + q^2): 1 where the value is exact, 0 where it is missing. A step draws
///
///     h        given x:   p(h | v)
///     y        given h and all n: N(P^-1 sum_j g_j L_j (n_j - m_j), P^-1),   P = 1 + sum_j g_j L_j L_j'
///     x_j      given y, h and n_j: N(u_j + g_j (n_j - u_j), 1 - g_j),   u_j = m_j + sum_k y_k L_kj
///
/// with m = b + W'h. The factors y and all x are drawn together, so that a level that nothing was measured of
/// is forgotten in one step. The means are averages over steps of E[x | h, n], which is exact but for h. So
/// are the deviations, by the law of total variance: of the mean over steps of Var[x | h, n], which is the
/// same in all, and the variance over steps of E[x | h, n],
///
///     Var[x_j | h, n] = (1 - g_j) + (1 - g_j)^2 L_j' P^-1 L_j
///
/// The label of a model with labels is drawn given the hidden units, unless one is given.
class MeasuredChains {
 public:
  /// The model must outlive the object. What is missing of readings, a quantized model fills in by the device
  /// runtime, a bit as 0 or 1; else it counts as the floats that it stands for.
  MeasuredChains(const Model& model, std::size_t states);
  MeasuredChains(const MeasuredChains&) = delete;
  MeasuredChains& operator=(const MeasuredChains&) = delete;

  /// Starts state n from what was measured: readings and bits (0 to 1) [visible but labels], NaN where
  /// missing. `noise` is the deviation of the readings' noise, in their units; bits are exact. A header of
  /// readings needs the label where the model has some. The stream is keyed by (seed, key).
  void start(std::size_t n, const float* measured, float noise, std::uint64_t seed, std::uint64_t key,
             std::optional<std::size_t> label = {});

  /// Makes `steps` steps, at least 1, with the states `begin` up to `end`; the first quarter of them is not
  /// counted. Threads can share the states.
  void run(std::size_t begin, std::size_t end, std::size_t steps);

  /// Whether anything of state n is not known exactly.
  bool has_unknown(std::size_t n) const { return !unknown_[n].empty(); }

  /// The mean of each visible unit of state n after run(): readings in their own units, of a bit the
  /// probability that it is 1. What is known exactly stays to the last bit.
  const float* means(std::size_t n) const { return means_.data() + n * model_.visible(); }

  /// The standard deviation of each visible unit of state n, given what was measured, after run(): in the
  /// readings' own units, 0 where the value is known exactly. A device tells none: NaN where it filled in.
  const float* deviations(std::size_t n) const { return deviations_.data() + n * model_.visible(); }

 private:
  struct Buffers {
    Buffers(rbm::Arena arena, rbm::ConstRbmView model, std::size_t states);

    rbm::TwoWayWeights weights;
    rbm::UnitLists visible, hidden;  // [states]
    rbm::MatrixView<float> inputs,
        hidden_values;                        // b + W'h [states][visible], c + W a [states][hidden, padded]
    rbm::MatrixView<float> measured, values;  // n and x, or bits [states][visible]
    rbm::MatrixView<float> trust;             // g [states][visible]; of a bit 0 or 1
    rbm::MatrixView<float> sums;              // of means, over counted steps [states][visible]
    rbm::MatrixView<float> firsts, squares;   // the first of these means, and squares of the others less it
    rbm::RandomStream* random;                // [states]
    std::size_t bytes;                        // taken from the arena
  };

  // The lower triangle R of P = R R' [factors][factors] of state n.
  double* root(std::size_t n) { return roots_.data() + n * factors() * factors(); }
  std::size_t factors() const { return model_.layer.factors(); }
  void decompose(std::size_t n);

  // Draws the visible units of state n given the hidden ones; adds their means to the sums where `counted`.
  void draw_visible(std::size_t n, bool counted);
  // Draws the label of state n given the hidden units, unless it was given.
  void draw_label(std::size_t n);
  // Adds a mean to the sums of state n.
  void count(std::size_t n, rbm::Unit unit, float mean);
  // Var[x_j | h, n] of a real unit of state n, and the variance of all that was counted with it.
  double variance_given_hidden(std::size_t n, rbm::Unit unit);
  double variance(std::size_t n, rbm::Unit unit, std::size_t counted);
  // E[y | h, n] and a draw of y [factors].
  void draw_factors(std::size_t n, float* mean, float* drawn);

  rbm::ConstRbmView model_;
  rbm::Choice choice_;  // the labels
  AlignedVector<unsigned char> memory_;
  Buffers buffers_;
  std::optional<DeviceInference> device_;
  std::vector<bool> is_real_;  // [visible]
  std::vector<double> roots_;
  std::vector<unsigned char> noisy_;             // [states]
  std::vector<unsigned char> labelled_;          // [states]: whether the label was given
  std::vector<float> means_, deviations_;        // [states][visible]
  std::vector<std::vector<rbm::Unit>> unknown_;  // [states]: units that are not known exactly
};

/// The most Gibbs steps of a header of readings, whose sums of means have 32 bits on the device.
inline constexpr std::size_t most_device_steps = 32768;

/// How the means of measured examples are found.
struct MeasuredOptions {
  float noise = 0;          ///< deviation of the readings' noise, in their units
  std::size_t steps = 200;  ///< at most most_device_steps where the device's integers make them
};

/// Runs over the first `rows` examples, of which some values may be missing (NaN), some at a time on all
/// threads; then, on the calling thread and in their order, calls done(row, measured, means, deviations) with
/// all three as MeasuredChains takes and gives them.
template <class Done>
void run_over_measured(const Model& model, const Examples& examples, std::size_t rows,
                       const MeasuredOptions& options, const Workers& workers, const Done& done) {
  constexpr std::size_t states_a_thread = 64;
  const std::size_t states = std::min(rows, states_a_thread * workers.threads.count());
  MeasuredChains chains(model, states);
  std::vector<float> measured(states * model.visible);
  in_steps("examples", rows, states, workers.progress, [&](std::size_t first, std::size_t last) {
    workers.threads(last - first, [&](std::size_t begin, std::size_t end) {
      for (std::size_t n = begin; n < end; ++n) {
        float* const row = measured.data() + n * model.visible;
        examples.data.row(first + n, row);
        for (std::size_t j = 0; examples.kind == rbm::VisibleUnits::thresholded && j < model.units(); ++j)
          if (!std::isnan(row[j])) row[j] = row[j] >= 0.5f ? 1.0f : 0.0f;
        chains.start(n, row, options.noise, examples.seed, first + n, examples.label.given);
      }
      chains.run(begin, end, options.steps);
    });
    for (std::size_t n = 0; n < last - first; ++n)
      done(first + n, measured.data() + n * model.visible, chains.means(n), chains.deviations(n));
  });
}

}  // namespace tool
