#pragma once

#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <optional>

#include "rbm/gibbs.hpp"
#include "rbm/memory.hpp"
#include "rbm/two_way_weights.hpp"
#include "tools/base/aligned.hpp"
#include "tools/base/workers.hpp"
#include "tools/data/dataset.hpp"
#include "tools/inference/clamped_chains.hpp"
#include "tools/inference/device_inference.hpp"
#include "tools/model/model.hpp"

namespace tool {

/// The label that the state of an example gets, where the model has labels: this one, or its own where that
/// is asked for and known, else one drawn from p(y | v).
struct StateLabel {
  std::optional<std::size_t> given{};
  bool own = false;
};

/// Data, and what becomes of their intensities; readings are what real units take.
struct Examples {
  Dataset data;
  rbm::VisibleUnits kind;
  std::uint64_t seed;  ///< of the draws that make states of intensities, and of all that follow
  StateLabel label{};
};

/// Whether states are bits, drawn or thresholded.
inline bool has_binary_states(rbm::VisibleUnits kind) {
  return kind == rbm::VisibleUnits::sampled || kind == rbm::VisibleUnits::thresholded;
}

/// A model at work on some states at once, with its weights in both orders.
/// Every function works on the states `begin` up to `end`. Each state has a random stream of its own, so that
/// threads can share the states at will and never change a result.
///
/// A quantized model computes probabilities and draws with the device runtime; the generator of a state is
/// started by rbm_random_seed() with the seed plus the state's row. Only hidden inputs, and figures that
/// follow from them, come from the floats that its integers stand for; free energies of readings are the
/// device's.
///
/// Values of real units are readings, in their own units, going in and coming out.
///
/// Of a model with labels, each state has one label. What is said of examples takes the labels together:
///
///     p(y | v) = exp(-F(v, y)) / sum_y exp(-F(v, y))      F(v) = -log sum_y exp(-F(v, y))
///
/// Of a quantized model both are the device's own.
class Inference {
 public:
  /// The model must outlive it. `means` makes room for visible states that are means of bits.
  Inference(const Model& model, std::size_t states, bool means);
  Inference(const Inference&) = delete;
  Inference& operator=(const Inference&) = delete;

  /// Makes row first + n of the data the visible state n, with a label as the examples say; its stream is
  /// keyed by (seed, row).
  void see(const Examples& examples, std::size_t first, std::size_t begin, std::size_t end);

  /// Makes row n of the data the visible state n; where the rows are fewer, they are taken in turn. The
  /// stream of state n is keyed by (seed, n), so that states from the same row go different ways.
  void start_from(const Examples& examples, std::size_t begin, std::size_t end);

  /// Makes noise the visible states: each binary unit is on with probability 1/2, and real units are drawn as
  /// if all hidden units were off; visible_values are then the state of a model with real units. All labels
  /// are equally likely, but where one is given. The stream of state n is keyed by (seed, n).
  void see_noise(std::uint64_t seed, std::size_t begin, std::size_t end,
                 std::optional<std::size_t> label = {});

  /// hidden_values = c + W v, with the label of the state where there is one.
  void hidden_inputs(std::size_t begin, std::size_t end);

  /// Turns these inputs into probabilities: hidden_values = p(h = 1 | v).
  void hidden_probabilities(std::size_t begin, std::size_t end);

  /// hidden_values = p(h = 1 | v), of a model with labels sum_y p(y | v) p(h = 1 | v, y).
  void features(std::size_t begin, std::size_t end);

  /// h ~ p(h | v), then visible_values = p(v = 1 | h), or of a real unit its mean given h and what the
  /// factors are on average, given h and v.
  void reconstruct(std::size_t begin, std::size_t end);

  /// Runs `steps` steps of Gibbs sampling, at least 1, in which clamped units stay as they are.
  /// visible_values are p(v = 1 | h) of the last step, or of a model with real units the state itself. Not
  /// for states that are means; real units cannot be clamped, a label can by all units of the choice. The
  /// device draws a label from p(y | v) after each step.
  void gibbs_steps(std::size_t begin, std::size_t end, std::uint64_t steps, const ClampedChains& clamped);

  /// (v - p(v = 1 | h))^2 of state n after reconstruct(), the mean over visible units but the labels. That of
  /// a real unit is in squares of its scale.
  float reconstruction_error(std::size_t n) const;

  /// F(v) of state n, in nats, after hidden_inputs(), whatever its label.
  float free_energy(std::size_t n);

  /// The label of state n.
  std::size_t label(std::size_t n) const;

  /// p(y | v) and log p(y | v) of state n, [labels]: of the units as they are, whatever its label.
  rbm::VectorView<const float> label_probabilities(std::size_t n) const { return buffers_.labels.row(n); }
  rbm::VectorView<const float> label_log_probabilities(std::size_t n) const {
    return buffers_.label_logarithms.row(n);
  }

  /// An unbiased estimate of the log-pseudo-likelihood of state n, in nats, after hidden_inputs(): the number
  /// of visible units times log p(v_j | the other units) of one unit j, drawn at random, the labels summed
  /// out. For binary states. Leaves the random stream of the state as it was.
  float draw_pseudo_likelihood(std::size_t n);

  /// The visible state n.
  rbm::ActiveUnits visible(std::size_t n) const { return buffers_.visible.row(n); }

  /// [visible] of state n: what reconstruct() left.
  rbm::VectorView<float> visible_values(std::size_t n) const { return buffers_.visible_values.row(n); }

  /// [hidden] of state n: inputs or probabilities, whichever were asked for last.
  rbm::VectorView<float> hidden_values(std::size_t n) const {
    return {buffers_.hidden_values.row(n).data, model_.hidden()};
  }

  /// [hidden] floats of state n for the caller's own use.
  rbm::VectorView<float> scratch(std::size_t n) const { return buffers_.scratch.row(n); }

  /// The random stream of state n.
  rbm::RandomStream& random(std::size_t n) { return buffers_.random[n]; }

 private:
  struct Buffers {
    Buffers(rbm::Arena arena, rbm::ConstRbmView model, std::size_t labels, std::size_t states,
            bool with_factors);

    rbm::TwoWayWeights weights;
    rbm::UnitLists visible, hidden;                        // [states]
    rbm::MatrixView<float> visible_values, hidden_values;  // [states]; hidden columns padded
    rbm::MatrixView<float> scratch;                        // [states][hidden]
    rbm::MatrixView<float> labels, label_logarithms;       // [states][labels]: p(y | v), log p(y | v)
    float* free_energies;                                  // [states] of a model with labels
    rbm::RandomStream* random;                             // [states]
    std::size_t bytes;                                     // taken from the arena
  };

  // Hands the visible state n to the device runtime, if the model is quantized.
  void show_device(std::size_t n, std::uint64_t seed);

  // h ~ p(h | v), then visible_values = means of the visible units given h: probabilities, and values x.
  void find_means(std::size_t begin, std::size_t end);

  // v ~ p(v | h), from these means.
  void draw_visible(std::size_t begin, std::size_t end);

  // visible_values = the states themselves, of a model with real units.
  void show_readings(std::size_t begin, std::size_t end);

  // Makes a row of the data the visible state n, whose stream is keyed by (seed, key). Its label is the
  // first.
  void see_row(const Examples& examples, std::size_t row, std::uint64_t key, std::size_t n);

  // A state without its label.
  rbm::ActiveUnits units_of(rbm::ActiveUnits state) const;

  // Puts a label behind the first `units` of the listed units of state n, where the model has labels.
  void set_label(std::size_t n, std::size_t units, std::size_t label);

  // Gives state n, whose labels are scored, the label that its example shall have.
  void choose_label(const Examples& examples, std::size_t row, std::size_t n);

  // p(y | v), log p(y | v) and F(v), whatever labels states have.
  void score_labels(std::size_t begin, std::size_t end);

  // hidden_values = c + W v of the units but the labels.
  void inputs_without_labels(std::size_t begin, std::size_t end);

  // scratch = inputs of the hidden units with label y; hidden_values are those without one.
  rbm::VectorView<float> inputs_with_label(std::size_t n, std::size_t y);

  // What flipping a visible unit changes of F(v), the labels summed out, after hidden_inputs().
  float free_energy_of_flip(std::size_t n, rbm::Unit unit, bool on);

  rbm::ConstRbmView model_;
  rbm::Choice choice_;            // the labels
  rbm::ConstVisibleLayer units_;  // the layer of all other units
  AlignedVector<unsigned char> memory_;
  Buffers buffers_;
  std::optional<DeviceInference> device_;
};

/// Runs over the examples `from` up to `to`, some at a time. On all threads, once the visible states are set,
/// calls work(inference, first, begin, end) for the states `begin` up to `end`, which are the examples from
/// first + begin on; then, on the calling thread, done(inference, first, count). `work` must not throw.
template <class Work, class Done>
void run_over(const Model& model, const Examples& examples, std::size_t from, std::size_t to,
              const Workers& workers, const Work& work, const Done& done) {
  constexpr std::size_t states_a_thread = 64;
  const std::size_t states = std::min(to - from, states_a_thread * workers.threads.count());
  if (states == 0) return;
  Inference inference(model, states, examples.kind == rbm::VisibleUnits::means);
  in_steps("examples", to - from, states, workers.progress, [&](std::size_t first, std::size_t last) {
    workers.threads(last - first, [&](std::size_t begin, std::size_t end) {
      inference.see(examples, from + first, begin, end);
      work(inference, from + first, begin, end);
    });
    done(inference, from + first, last - first);
  });
}

/// Runs over the first `rows` examples.
template <class Work, class Done>
void run_over(const Model& model, const Examples& examples, std::size_t rows, const Workers& workers,
              const Work& work, const Done& done) {
  run_over(model, examples, 0, rows, workers, work, done);
}

}  // namespace tool
