#include "tools/training/label_report.hpp"

#include <algorithm>
#include <cmath>
#include <iterator>
#include <utility>

#include "tools/base/text.hpp"
#include "tools/data/label_collector.hpp"
#include "tools/inference/curves.hpp"
#include "tools/output/picture.hpp"
#include "tools/training/label_weights.hpp"

namespace tool {
namespace {

constexpr std::size_t most_pictures = 48, most_curves = 12;
constexpr double diagonal_step = 0.1;

// The mean of the examples of each label.
std::vector<float> mean_examples(const Dataset& data, const std::vector<std::size_t>& counts) {
  std::vector<double> sums(counts.size() * data.columns);
  std::vector<float> row(data.columns);
  for (const std::size_t n : labelled_rows(data)) {
    data.row(n, row.data());
    double* const sum = sums.data() + static_cast<std::size_t>(data.classes[n]) * data.columns;
    for (std::size_t j = 0; j < row.size(); ++j) sum[j] += static_cast<double>(row[j]);
  }
  std::vector<float> means(sums.size());
  for (std::size_t k = 0; k < means.size(); ++k)
    means[k] =
        static_cast<float>(sums[k] / static_cast<double>(std::max<std::size_t>(1, counts[k / data.columns])));
  return means;
}

std::string percent(double share, int decimals = 1) {
  return fixed(100 * share, decimals) + " %";
}

// A share with its standard error, without a unit.
std::string with_error(Mean share) {
  return fixed(100 * share.value, 1) + " \u00b1 " + fixed(100 * share.standard_error, 1);
}

double mean_recall(const LabelFigures& figures) {
  double sum = 0, present = 0;
  for (std::size_t y = 0; y < figures.labels; ++y)
    if (figures.given(y) > 0) {
      sum += figures.recall(y);
      ++present;
    }
  return sum / std::max(1.0, present);
}

std::string examples_of(const LabelReport& report) {
  return counted(report.figures.examples, "example") +
         (report.is_of_validation ? " held out" : " learned from");
}

ConfusionTable confusion_table(const std::vector<std::string>& names, const LabelReport& report) {
  constexpr std::size_t most_lines = 12, told_by_table = 8;
  const LabelFigures& figures = report.figures;
  ConfusionTable table;
  table.title = "What is taken for what";
  table.caption =
      "A row for each label, a column for what the model says: " + examples_of(report) +
      ", blue where it is right. " +
      (names.size() > most_labels_with_text
           ? "Labels stand in the order of the model, by number."
           : "Right of a row is the share of that label which is found; below a column the share of what is "
             "said to be so that is so, in percent.");
  table.names = names;
  table.counts = figures.counts;
  if (names.size() <= told_by_table) return table;
  table.lines_title = "Confused most often";
  for (const LabelFigures::Confusion& pair : figures.confusions()) {
    if (table.lines.size() == most_lines) break;
    const std::size_t all = figures.given(pair.given);
    table.lines.push_back(names[pair.given] + " taken for " + names[pair.said] + ": " + grouped(pair.count) +
                          " of " + grouped(all) + ", " +
                          percent(static_cast<double>(pair.count) / static_cast<double>(all)));
  }
  return table;
}

Chart calibration_chart(const LabelFigures& figures) {
  Chart chart{"Are its probabilities what they say?",
              "Of the examples that it gives a label with a certain probability, that share should be right: "
              "the line lies on the diagonal. Below it the model is too sure of itself, above it not sure "
              "enough. The band is one standard error.",
              "probability of the label that is said", "share that is right"};
  constexpr std::size_t fewest_in_a_bin = 5;
  chart.across = Across::numbers;
  chart.last_values = false;
  chart.x_range = chart.y_range = {0, 1};
  Series found{"right", {}}, ideal{"as said", {{0, 0}, {1, 1}}};
  Band band;
  for (const LabelFigures::Bin& bin : figures.bins) {
    if (bin.examples < fewest_in_a_bin) continue;
    // One example more of each kind, so that few that are all right are no certainty.
    const double count = static_cast<double>(bin.examples), share = (bin.right * count + 1) / (count + 2),
                 error = std::sqrt(share * (1 - share) / count);
    found.points.push_back({bin.probability, bin.right});
    band.low.push_back({bin.probability, std::max(0.0, bin.right - error)});
    band.high.push_back({bin.probability, std::min(1.0, bin.right + error)});
  }
  chart.series = {std::move(found), std::move(ideal)};
  chart.bands = {std::move(band)};
  return chart;
}

// How many examples of each label were learned from, and what they count.
std::string learned_text(const std::vector<std::string>& names, const LabelReport& report) {
  constexpr std::size_t most_told = 24;
  const auto [least, most] = std::minmax_element(report.learned.begin(), report.learned.end());
  std::string text = "Learned from ";
  if (names.size() > most_told)
    text += grouped(*least) + " to " + counted(*most, "example") + " of each of " + grouped(names.size()) +
            " labels";
  for (std::size_t y = 0; y < names.size() && names.size() <= most_told; ++y) {
    text += (y == 0 ? "examples of " : ", ") + names[y] + " (" + grouped(report.learned[y]);
    if (!report.weights.empty())
      text += ", each counts " + significant(static_cast<double>(report.weights[y]), 3);
    text += ")";
  }
  if (report.unlabelled > 0) text += ", and " + grouped(report.unlabelled) + " without a label";
  return text + ".";
}

Histogram certainty(const LabelFigures& figures) {
  Histogram histogram{"How sure it is",
                      "How many examples are given their label with what probability.",
                      "probability of the label that is said",
                      "examples",
                      0,
                      diagonal_step};
  for (const LabelFigures::Bin& bin : figures.bins) histogram.counts.push_back(bin.examples);
  return histogram;
}

std::string called(const std::vector<std::string>& names, const LabelFigures::Mistake& mistake) {
  return names[mistake.given] + " \u2192 " + names[mistake.said];
}

Section mistakes_section(const Model& model, const LabelReport& report) {
  Section section{"Mistakes"};
  const std::vector<std::string>& names = model.meaning.label_names;
  const std::size_t units = model.units(), count = report.mistakes.size() / units;
  if (count == 0) return section;
  const std::size_t all = report.figures.mistakes.size();
  section.caption =
      "What an example is \u2192 what the model says, and how sure it is: " +
      (count < all ? "the " + counted(count, "mistake") + " of which it is surest, of " + grouped(all)
                   : counted(all, "mistake") + ", the surest first,") +
      " in " + examples_of(report) + ".";
  const auto example = [&](std::size_t n) { return report.mistakes.data() + n * units; };
  if (!draws_curves(model)) {
    for (std::size_t n = 0; n < count; ++n) {
      const LabelFigures::Mistake& mistake = report.figures.mistakes[n];
      const std::vector<float> values(example(n), example(n) + units);
      section.small_pictures.push_back({called(names, mistake),
                                        percent(static_cast<double>(mistake.probability), 0),
                                        tile(values, model.shape, Palette::grey, {},
                                             model.has_readings() ? range_of(values) : GreyRange{})});
    }
    return section;
  }
  section.caption += " Beside each example are the mean of its own label and that of the label said.";
  const Curves curves(model);
  for (std::size_t n = 0; n < count; ++n) {
    const LabelFigures::Mistake& mistake = report.figures.mistakes[n];
    std::vector<Chart> charts =
        curves.charts(called(names, mistake) + ", " + percent(static_cast<double>(mistake.probability), 0),
                      {{"example", example(n)},
                       {"mean of its label", report.means.data() + mistake.given * units},
                       {"mean of the label said", report.means.data() + mistake.said * units}});
    std::move(charts.begin(), charts.end(), std::back_inserter(section.charts));
  }
  return section;
}

}  // namespace

std::string labels_text(const Dataset& data) {
  constexpr std::size_t most_told = 12;
  const std::vector<std::size_t> counts = label_counts(data);
  std::string text = "labels:";
  if (counts.size() <= most_told) {
    for (std::size_t y = 0; y < counts.size(); ++y)
      text += (y == 0 ? " " : ", ") + data.label_names[y] + " " + grouped(counts[y]);
  } else {
    const auto [least, most] = std::minmax_element(counts.begin(), counts.end());
    text += " " + std::to_string(counts.size()) + ", of each " + grouped(*least) + " to " +
            counted(*most, "example");
  }
  const std::size_t others = data.rows - labelled_rows(data).size();
  return text + (others == 0 ? "" : ", without one " + grouped(others));
}

LabelReport label_report(const TrainingInputs& inputs, const Model& model, const Workers& workers) {
  LabelReport report;
  const Recipe& recipe = inputs.state.recipe;
  report.learned = label_counts(inputs.data);
  report.unlabelled = inputs.data.rows - labelled_rows(inputs.data).size();
  if (recipe.class_weights == ClassWeights::balanced) report.weights = balanced_weights(report.learned);
  report.is_of_validation = inputs.validation && !labelled_rows(*inputs.validation).empty();
  const Dataset& judged = report.is_of_validation ? *inputs.validation : inputs.data;
  report.figures = label_figures(model, {judged, shown_units(recipe), recipe.seed}, workers);
  report.means = mean_examples(inputs.data, report.learned);
  const std::size_t shown =
      std::min(report.figures.mistakes.size(), draws_curves(model) ? most_curves : most_pictures);
  report.mistakes.resize(shown * judged.columns);
  for (std::size_t n = 0; n < shown; ++n)
    judged.row(report.figures.mistakes[n].row, report.mistakes.data() + n * judged.columns);
  return report;
}

std::string to_text(const LabelReport& report) {
  return "accuracy " + fixed(100 * report.figures.accuracy.value, 1) + " % +/- " +
         fixed(100 * report.figures.accuracy.standard_error, 1) + ", of " +
         (report.is_of_validation ? grouped(report.figures.examples) + " held out"
                                  : "the " + examples_of(report) + ": expect less of others");
}

std::vector<Figure> label_summary(const LabelReport& report) {
  const LabelFigures& figures = report.figures;
  std::vector<Figure> summary{
      {report.is_of_validation ? "Accuracy, validation" : "Accuracy, training", with_error(figures.accuracy),
       "%", "of " + examples_of(report) + (report.is_of_validation ? "" : ": expect less of others")}};
  if (report.figures.labels > 2)
    summary.push_back(
        {"Mean over labels", fixed(100 * mean_recall(figures), 1), "%", "each label alike, however rare"});
  summary.push_back(
      {"Label loss", shown_number(figures.log_loss.value, 3), "nats", "\u2212log p(label | example)"});
  summary.push_back({"Calibration error", fixed(100 * figures.calibration_error, 1), "%",
                     "probabilities against what is right"});
  return summary;
}

std::vector<Section> label_sections(const Model& model, const LabelReport& report) {
  const std::vector<std::string>& names = model.meaning.label_names;
  Section labels{"Labels"};
  labels.caption = learned_text(names, report);
  labels.tables.push_back(confusion_table(names, report));
  labels.charts.push_back(calibration_chart(report.figures));
  labels.histograms.push_back(certainty(report.figures));
  return {std::move(labels), mistakes_section(model, report)};
}

}  // namespace tool
