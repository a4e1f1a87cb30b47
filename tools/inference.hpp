#pragma once

#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <memory>
#include <new>

#include "../platform/desktop/interrupt.hpp"
#include "../platform/desktop/terminal.hpp"
#include "../platform/desktop/threads.hpp"
#include "../rbm/gibbs.hpp"
#include "../rbm/memory.hpp"
#include "commands.hpp"
#include "dataset.hpp"
#include "model.hpp"

namespace tool {

/// What commands that run a model are called with.
namespace positional {
inline constexpr Positional model{"MODEL", "a model file, as rbm train writes it; - for standard input"};
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
  Model model;
  Dataset data;
  rbm::VisibleUnits kind;
  std::uint64_t seed;
};

/// Reads both files. `visible` is the command's option for the kind; without option::seed in the command,
/// nothing may be drawn. Throws Failure, naming both files, where the data do not fit the model.
Examples open_examples(const Arguments& arguments, const Choice& visible);

/// A model at work on some states at once, with its weights in both orders and padded as kernels like them.
/// Every function works on the states `begin` up to `end` and draws from their own streams, so that threads
/// can share the states at will and never change a result.
class Inference {
 public:
  /// The model must outlive it. `real` makes room for real-valued visible states.
  Inference(const Model& model, std::size_t states, bool real);

  /// Makes rows `first` + n of the data the visible states n, keyed by (seed, row).
  void see(const Examples& examples, std::size_t first, std::size_t begin, std::size_t end);

  /// Makes noise the visible states: each unit is on with probability 1/2, keyed by (seed, n).
  void see_noise(std::uint64_t seed, std::size_t begin, std::size_t end);

  /// hidden_values = c + W v.
  void hidden_inputs(std::size_t begin, std::size_t end);

  /// Turns these inputs into probabilities: hidden_values = p(h = 1 | v).
  void hidden_probabilities(std::size_t begin, std::size_t end);

  /// h ~ p(h | v), then visible_values = p(v = 1 | h).
  void reconstruct(std::size_t begin, std::size_t end);

  /// v ~ p(v | h).
  void draw_visible(std::size_t begin, std::size_t end);

  /// The generator of state n.
  rbm::RandomStream& random(std::size_t n) { return buffers_.random[n]; }

  const rbm::ConstRbmView rbm;

 private:
  struct Buffers {
    Buffers(rbm::Arena arena, const rbm::ConstRbmView& rbm, std::size_t states, bool real);

    rbm::MatrixView<float> transposed;   // W' [visible][hidden], padded
    rbm::VectorView<float> hidden_bias;  // padded alike
    rbm::UnitLists visible, hidden;
    rbm::MatrixView<float> visible_values;  // [states][visible]
    rbm::MatrixView<float> hidden_values;   // [states][hidden], padded
    rbm::MatrixView<float> scratch;         // [states][hidden]
    rbm::RandomStream* random;              // [states]
    std::size_t bytes;
  };

  struct Release {
    void operator()(unsigned char* memory) const { ::operator delete[](memory, alignment); }
  };
  static constexpr std::align_val_t alignment{64};

  std::unique_ptr<unsigned char[], Release> memory_;
  Buffers buffers_;

 public:
  /// The visible states; the hidden states last drawn.
  const rbm::UnitLists& visible() const { return buffers_.visible; }

  /// [hidden] values of state n: inputs or probabilities, whichever were asked for last.
  rbm::VectorView<float> hidden_values(std::size_t n) const {
    return {buffers_.hidden_values.row(n).data, rbm.hidden()};
  }

  /// [visible] values of state n.
  rbm::VectorView<float> visible_values(std::size_t n) const { return buffers_.visible_values.row(n); }

  /// [hidden] floats of state n for the caller's use.
  rbm::VectorView<float> scratch(std::size_t n) const { return buffers_.scratch.row(n); }
};
}  // namespace tool
