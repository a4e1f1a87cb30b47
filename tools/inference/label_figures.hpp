#pragma once

#include <array>
#include <cstddef>
#include <cstdint>
#include <vector>

#include "tools/base/statistics.hpp"
#include "tools/inference/classification.hpp"

namespace tool {

/// How right a model's labels are, over the examples whose labels are known.
struct LabelFigures {
  /// An example to which the model gives another label than it has.
  struct Mistake {
    std::size_t row, given, said;
    float probability;  ///< of the label that was said
  };

  /// Two labels, one of which was taken for the other.
  struct Confusion {
    std::size_t given, said, count;
  };

  /// The examples whose likeliest label has a probability from `from` up to below `to`, 1 included in the
  /// last.
  struct Bin {
    double from, to;
    std::size_t examples = 0;
    double probability = 0, right = 0;  ///< the mean probability, and the share that is right; 0 of none
  };

  std::size_t labels = 0;
  std::vector<std::size_t> counts;  ///< [given][said]
  std::size_t examples = 0;         ///< that have a label; where none has, all figures are 0
  std::size_t right = 0;
  Mean accuracy{0, 0};  ///< the share that is right, with the standard error of a share
  Mean log_loss{0, 0};  ///< -log p(given | v), nats an example

  std::array<Bin, 10> bins{};
  /// The expected calibration error (Naeini, Cooper and Hauskrecht 2015): the mean over examples of how far
  /// the probability of the said label is from the share that is right, by bins. A model whose probabilities
  /// are what they say has 0, but for chance.
  double calibration_error = 0;

  std::vector<Mistake> mistakes;  ///< the most confident first

  std::size_t count(std::size_t given, std::size_t said) const { return counts[given * labels + said]; }

  /// Examples with this label.
  std::size_t given(std::size_t label) const;

  /// Examples of this label that are right, as a share of them; 0 where there are none.
  double recall(std::size_t label) const;

  /// The pairs of labels that were confused, the most frequent first.
  std::vector<Confusion> confusions() const;
};

/// The figures of what was said, beside the labels that examples have [examples]; no_label: not known.
LabelFigures label_figures(const Classification& said, const std::vector<std::int32_t>& given);

/// The figures of a model with labels on examples, whose data have labels.
LabelFigures label_figures(const Model& model, const Examples& examples, const Workers& workers);

}  // namespace tool
