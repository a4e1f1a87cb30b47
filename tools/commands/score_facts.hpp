#pragma once

#include <optional>
#include <string>
#include <vector>

#include "tools/commands/score_table.hpp"
#include "tools/inference/detector.hpp"
#include "tools/inference/inference.hpp"
#include "tools/model/model.hpp"
#include "tools/output/facts.hpp"

namespace tool {

/// What `rbm score` reads. DATA may be left out where there are normal examples.
struct ScoreInputs {
  std::string model_name;  ///< as messages show it
  Model model;
  std::optional<Examples> data, normal, odd;

  /// What is scored, beside the odd examples.
  const Examples& scored() const { return data ? *data : *normal; }
};

/// What is told: the scores of what is scored, the limit and what it flags, and of labelled data how well the
/// model and the other detectors find what is odd. `path` is the table's; empty: none.
Facts score_facts(const ScoreInputs& inputs, const Scored& scored, const std::vector<Detector>& detectors,
                  const std::string& path);

/// How many of the data are odd, and which is the oddest.
void add_flagged(Facts& facts, const Dataset& data, const Judged& judged);

/// A chance in words: 1 in 20,000; 1 in more than 1,000,000, where no tail tells how many more.
std::string one_in(double chance);

}  // namespace tool
