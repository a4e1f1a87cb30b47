#pragma once

#include <string>
#include <vector>

#include "tools/inference/label_figures.hpp"
#include "tools/output/facts.hpp"

namespace tool {

/// How right labels are: accuracy, -log p(label | v), calibration, and the labels that are confused most.
/// The object has the table of confusions, and the bins of the calibration. `names` [labels].
void add_label_figures(Facts& facts, const LabelFigures& figures, const std::vector<std::string>& names);

/// The table of confusions in lines of the report: a row a label that examples have, a column a label that
/// the model says. Of many labels it would be too wide, and there is none.
void add_confusion_table(Facts& facts, const LabelFigures& figures, const std::vector<std::string>& names);

/// A share in words, with its standard error: 92.9 % +/- 0.6.
std::string percent(Mean share);

/// A probability in words: 0.993.
std::string shown_probability(float probability);

}  // namespace tool
