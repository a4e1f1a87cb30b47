#include "tools/commands/label_facts.hpp"

#include <algorithm>
#include <cmath>

#include "tools/base/text.hpp"

namespace tool {
namespace {

constexpr std::size_t most_tabled = 16;     // labels
constexpr std::size_t most_confusions = 3;  // that a line tells

std::string padded(const std::string& text, std::size_t width) {
  return text.size() < width ? std::string(width - text.size(), ' ') + text : text;
}

std::string most_confused(const LabelFigures& figures, const std::vector<std::string>& names) {
  const std::vector<LabelFigures::Confusion> confusions = figures.confusions();
  if (confusions.empty()) return "no label was taken for another";
  std::string text;
  for (std::size_t n = 0; n < std::min(confusions.size(), most_confusions); ++n) {
    const auto& [given, said, count] = confusions[n];
    text += (n > 0 ? "; " : "") + names[given] + " taken for " + names[said] + ": " + grouped(count) +
            " of " + grouped(figures.given(given));
  }
  return text;
}

}  // namespace

std::string percent(Mean share) {
  std::string text = fixed(100 * share.value, 1) + " %";
  if (!std::isfinite(share.standard_error)) return text;
  return text + " +/- " + fixed(100 * share.standard_error, 1);
}

std::string shown_probability(float probability) {
  return fixed(static_cast<double>(probability), 3);
}

void add_label_figures(Facts& facts, const LabelFigures& figures, const std::vector<std::string>& names) {
  std::size_t commonest = 0;
  for (std::size_t y = 1; y < figures.labels; ++y)
    if (figures.given(y) > figures.given(commonest)) commonest = y;
  const double always = static_cast<double>(figures.given(commonest)) / static_cast<double>(figures.examples);
  facts
      .line("accuracy", percent(figures.accuracy) + ": " + grouped(figures.right) + " of " +
                            counted(figures.examples, "example"))
      .field("labelled_examples", figures.examples)
      .field("right", figures.right)
      .field("accuracy", figures.accuracy)
      .line("commonest label",
            names[commonest] + ": always saying it is right in " + fixed(100 * always, 1) + " %")
      .field("commonest_share", always)
      .add("-log p(label | v)", figures.log_loss, " nats an example", "label_log_loss")
      .add("calibration",
           "probabilities are " + fixed(100 * figures.calibration_error, 1) +
               " % from the share that is right, on average",
           "calibration_error", figures.calibration_error)
      .line("confused most", most_confused(figures, names));
  std::vector<std::vector<std::size_t>> rows;
  for (std::size_t y = 0; y < figures.labels; ++y) {
    const auto row = figures.counts.begin() + static_cast<std::ptrdiff_t>(y * figures.labels);
    rows.emplace_back(row, row + static_cast<std::ptrdiff_t>(figures.labels));
  }
  std::vector<std::size_t> examples;
  std::vector<double> probabilities, right;
  for (const LabelFigures::Bin& bin : figures.bins) {
    examples.push_back(bin.examples);
    probabilities.push_back(bin.probability);
    right.push_back(bin.right);
  }
  facts.field("labels", names)
      .field("confusions", rows)
      .field("calibration_examples", examples)
      .field("calibration_probability", probabilities)
      .field("calibration_right", right);
}

void add_confusion_table(Facts& facts, const LabelFigures& figures, const std::vector<std::string>& names) {
  if (figures.labels > most_tabled) return;
  std::size_t width = 5;
  for (const std::string& name : names) width = std::max(width, name.size());
  for (const std::size_t count : figures.counts) width = std::max(width, grouped(count).size());
  std::string heading;
  for (const std::string& name : names) heading += padded(name, width) + " ";
  facts.line("label, as said:", heading + padded("right", 8));
  for (std::size_t y = 0; y < figures.labels; ++y) {
    std::string row;
    for (std::size_t said = 0; said < figures.labels; ++said)
      row += padded(figures.count(y, said) == 0 ? "." : grouped(figures.count(y, said)), width) + " ";
    facts.line("  " + names[y],
               row + padded(figures.given(y) == 0 ? "none" : fixed(100 * figures.recall(y), 1) + " %", 8));
  }
}

}  // namespace tool
