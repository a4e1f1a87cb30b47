#pragma once

#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>

#include "platform/desktop/interrupt.hpp"
#include "platform/desktop/terminal.hpp"
#include "platform/desktop/threads.hpp"
#include "rbm/gibbs.hpp"
#include "rbm/memory.hpp"
#include "tools/base/aligned.hpp"
#include "tools/commands/commands.hpp"
#include "tools/data/dataset.hpp"
#include "tools/inference/device_inference.hpp"
#include "tools/model/model.hpp"

namespace tool {

/// What commands that run a model are called with.
namespace positional {
inline constexpr Positional model{"MODEL",
                                  "a model file, as rbm train writes it, .npz with its tensors or those of "
                                  "scikit-learn, or a header, as rbm "
                                  "quantize writes it; - for standard input"};
inline constexpr Positional data{
    "DATA", "an IDX, NumPy or CSV file, - for standard input, or the word digits or digits-test"};
}  // namespace positional

namespace option {
inline constexpr Choice visible{
    "visible", "sampled|thresholded|real", "sampled",
    "how intensities become states: drawn with their probability, on from 1/2, or as they are. Take what the "
    "model was trained with"};
}  // namespace option

/// The model and the data that a command line names, and what becomes of the intensities.
struct Examples {
  std::string model_name;  ///< as messages show it
  Model model;
  Dataset data;
  rbm::VisibleUnits kind;
  std::uint64_t seed;
};

/// Reads both files. `visible` is the command's option for the kind; the command also has option::seed and
/// option::maximum. Throws Failure, naming both files, where the data do not fit the model.
Examples open_examples(const Arguments& arguments, const Choice& visible);

class ClampedChains;

/// A model at work on some states at once, with its weights in both orders, padded as kernels like them. One
/// of integers answers and draws by the integer runtime, with a generator for each state that
/// rbm_random_seed() started at the seed plus the state's row; only inputs and what follows from them are
/// those of its floats.
/// Every function works on the states `begin` up to `end`, each with its own random stream, so that threads
/// can share the states at will and never change a result.
class Inference {
 public:
  /// The model must outlive it. `real` makes room for real-valued visible states.
  Inference(const Model& model, std::size_t states, bool real);
  Inference(const Inference&) = delete;
  Inference& operator=(const Inference&) = delete;

  /// Makes row `first` + n of the data the visible state n; its stream is keyed by (seed, row).
  void see(const Examples& examples, std::size_t first, std::size_t begin, std::size_t end);

  /// Makes row n of the data the visible state n, the rows taken in turn where there are fewer; the stream of
  /// state n is keyed by (seed, n), so that states from the same row go different ways.
  void start_from(const Dataset& data, rbm::VisibleUnits kind, std::uint64_t seed, std::size_t begin,
                  std::size_t end);

  /// Makes noise the visible states, each unit on with probability 1/2; the stream of state n is keyed by
  /// (seed, n).
  void see_noise(std::uint64_t seed, std::size_t begin, std::size_t end);

  /// hidden_values = c + W v.
  void hidden_inputs(std::size_t begin, std::size_t end);

  /// Turns these inputs into probabilities: hidden_values = p(h = 1 | v).
  void hidden_probabilities(std::size_t begin, std::size_t end);

  /// h ~ p(h | v), then visible_values = p(v = 1 | h).
  void reconstruct(std::size_t begin, std::size_t end);

  /// v ~ p(v | h); only of binary states, and not of integers, which go by gibbs_steps().
  void draw_visible(std::size_t begin, std::size_t end);

  /// So many steps of Gibbs sampling, one at least, in which clamped units stay; visible_values = p(v = 1 |
  /// h) of the last one. Only of binary states.
  void gibbs_steps(std::size_t begin, std::size_t end, std::uint64_t steps, const ClampedChains& clamped);

  /// (v - p(v = 1 | h))^2 of state n after reconstruct(), the mean over visible units.
  float reconstruction_error(std::size_t n) const;

  /// The visible units' number times log p(v_j | the other units), for one unit j drawn at random: an
  /// unbiased estimate of the log-pseudo-likelihood of state n, nats. Binary states only; hidden_values are
  /// inputs, and the stream of the state is left as it was.
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
    Buffers(rbm::Arena arena, rbm::ConstRbmView model, std::size_t states, bool real);

    rbm::MatrixView<float> transposed;                     // W' [visible][hidden], padded
    rbm::VectorView<float> hidden_bias;                    // padded alike
    rbm::UnitLists visible, hidden;                        // [states]
    rbm::MatrixView<float> visible_values, hidden_values;  // [states]; hidden columns padded
    rbm::MatrixView<float> scratch;                        // [states][hidden]
    rbm::RandomStream* random;                             // [states]
    std::size_t bytes;                                     // taken from the arena
  };

  // What a model of integers has to know of the visible state n.
  void show_integers(std::size_t n, std::uint64_t seed);

  // Makes a row of the data the visible state n, by the stream of that state.
  void see_row(const Dataset& data, std::size_t row, rbm::VisibleUnits kind, std::size_t n);

  rbm::ConstRbmView model_;
  AlignedVector<unsigned char> memory_;
  Buffers buffers_;
  std::optional<DeviceInference> integers_;
};

/// Runs over the first `rows` examples, some at a time: on all threads, the visible states being set,
/// `work(inference, first, begin, end)` for the states `begin` up to `end`, which are the examples from
/// `first` + `begin` on; then `done(inference, first, count)` on this thread alone. `work` must not throw.
/// Throws platform::Interrupted once the user asked to stop. Takes option::threads and option::quiet from the
/// command line.
template <class Work, class Done>
void run_over(const Arguments& arguments, const Examples& examples, std::size_t rows, const Work& work,
              const Done& done) {
  constexpr std::size_t states_a_thread = 64;
  platform::watch_interrupts();
  platform::Threads threads(static_cast<unsigned>(arguments[option::threads]));
  platform::Progress progress(arguments[option::quiet]);
  const std::size_t states = std::min(rows, states_a_thread * threads.count());
  Inference inference(examples.model, states, examples.kind == rbm::VisibleUnits::real);
  for (std::size_t first = 0; first < rows; first += states) {
    platform::stop_if_interrupted();
    const std::size_t count = std::min(states, rows - first);
    threads(count, [&](std::size_t begin, std::size_t end) {
      inference.see(examples, first, begin, end);
      work(inference, first, begin, end);
    });
    done(inference, first, count);
    if (progress.due())
      progress.update(static_cast<double>(first + count) / static_cast<double>(rows),
                      std::to_string(first + count) + "/" + std::to_string(rows), "");
  }
}

}  // namespace tool
