#include "tools/inference/recording_page.hpp"

#include <algorithm>
#include <cmath>
#include <utility>

#include "rbm/config.hpp"
#include "tools/base/text.hpp"
#include "tools/data/timeline.hpp"
#include "tools/inference/curves.hpp"
#include "tools/inference/recorded_times.hpp"
#include "tools/inference/recording_examples.hpp"
#include "tools/inference/tail.hpp"
#include "tools/output/time_axis.hpp"

namespace tool {
namespace {

constexpr int digits = 4;

std::vector<Span> labelled_spans(const RecordingPage& page) {
  const RecordedTimes times(page.examples->data);
  const Dataset& data = page.examples->data;
  const bool rows = data.recording != nullptr;
  const std::vector<std::uint8_t>& labels = rows ? data.recording->labels : data.labels;
  std::vector<Span> spans;
  for (std::size_t n = 0; n < labels.size(); ++n) {
    if (labels[n] == 0) continue;
    const double begin = rows ? times.of_row(n) : times.begin_of(n), end = rows ? begin : times.of(n);
    if (n > 0 && labels[n - 1] != 0)
      spans.back().end = end;
    else
      spans.push_back({begin, end});
  }
  return spans;
}

double quantile(std::vector<double> scores, double share) {
  const auto place =
      std::min(scores.size() - 1, static_cast<std::size_t>(share * static_cast<double>(scores.size())));
  const auto found = scores.begin() + static_cast<std::ptrdiff_t>(place);
  std::nth_element(scores.begin(), found, scores.end());
  return *found;
}

// The scores that are drawn: far ones would flatten all others.
struct DrawnRange {
  double low, high;
  bool cut;  // there are scores above
};

DrawnRange drawn_range(const RecordingPage& page) {
  constexpr double most_times = 2;
  const auto [least, most] = std::minmax_element(page.scores.begin(), page.scores.end());
  const double median = quantile(page.scores, 0.5);
  const double edge = page.calibration ? page.calibration->limit : quantile(page.scores, 0.99);
  const double high = std::max(edge, median) + most_times * std::max(edge - median, 1.0);
  const double low = std::max(*least, median - (high - median));
  return {low, std::min(std::max(*most, edge), high), *most > high};
}

std::string cut_words(const DrawnRange& range) {
  return range.cut ? " Scores above the upper edge are drawn there." : "";
}

std::vector<double> counted_scores(const RecordingPage& page) {
  return page.calibration ? voted(page.scores, page.calibration->votes, page.calibration->of) : page.scores;
}

std::size_t flagged(const RecordingPage& page, bool odd) {
  const std::vector<double> scores = counted_scores(page);
  std::size_t count = 0;
  for (std::size_t n = 0; n < scores.size(); ++n)
    count += scores[n] > page.calibration->limit && is_odd(page.examples->data, n) == odd;
  return count;
}

std::vector<Figure> make_summary(const RecordingPage& page) {
  std::vector<Figure> figures = page.summary;
  if (!figures.empty()) return figures;
  const std::size_t total = page.scores.size();
  figures.push_back({"Examples", grouped(total), "", ""});
  if (!page.calibration) return figures;
  figures.push_back({"Limit", shown_number(page.calibration->limit, digits), "nats", page.score_name});
  std::size_t odd = 0;
  for (std::size_t n = 0; n < total; ++n) odd += is_odd(page.examples->data, n);
  if (odd > 0)
    figures.push_back({"Labelled odd, flagged", grouped(flagged(page, true)), "of " + grouped(odd), ""});
  figures.push_back({odd > 0 ? "Others, flagged" : "Flagged", grouped(flagged(page, false)),
                     "of " + grouped(total - odd), ""});
  return figures;
}

// The recording's channels over time, with the labelled events.
std::vector<Chart> recording_charts(const RecordingPage& page) {
  std::vector<Chart> charts;
  if (!page.examples->data.recording) return charts;
  const Dataset& recording = *page.examples->data.recording;
  const RecordedTimes times(page.examples->data);
  std::vector<float> row(recording.columns);
  charts.resize(recording.columns);
  for (std::size_t n = 0; n < recording.rows; ++n) {
    recording.row(n, row.data());
    for (std::size_t channel = 0; channel < charts.size(); ++channel) {
      if (n == 0) charts[channel].series.push_back({"", {}});
      charts[channel].series[0].points.push_back({times.of_row(n), static_cast<double>(row[channel])});
    }
  }
  const std::vector<std::string>& names = recording.taken.names;
  for (std::size_t channel = 0; channel < charts.size(); ++channel) {
    Chart& chart = charts[channel];
    chart.title = channel < names.size() ? names[channel]
                  : charts.size() == 1   ? "Readings"
                                         : "Channel " + std::to_string(channel + 1);
    chart.y_label = "reading";
    chart.spans = labelled_spans(page);
    chart.spans_name = "labelled odd";
    times.set(chart);
  }
  return charts;
}

}  // namespace

Chart score_chart(const RecordingPage& page) {
  const RecordedTimes times(page.examples->data);
  const DrawnRange range = drawn_range(page);
  Chart chart{"Scores", "How unusual each example is: the higher, the odder." + cut_words(range), "",
              page.score_name + ", nats"};
  times.set(chart);
  chart.y_range = {range.low, range.high};
  chart.series.push_back({"score", {}});
  const std::vector<std::size_t>& gaps = times.gaps();
  for (std::size_t n = 0; n < page.scores.size(); ++n) {
    // A gap in the recording breaks the line.
    const auto gap = n > 0 ? std::upper_bound(gaps.begin(), gaps.end(), times.row(n - 1)) : gaps.end();
    if (gap != gaps.end() && *gap <= times.row(n))
      chart.series[0].points.push_back({times.of(n - 1), std::nan("")});
    chart.series[0].points.push_back({times.of(n), page.scores[n]});
  }
  chart.spans = labelled_spans(page);
  chart.spans_name = "labelled odd";
  if (!page.calibration) return chart;
  chart.limit = page.calibration->limit;
  chart.alarms_name = "flagged";
  const std::vector<double> counted = counted_scores(page);
  for (std::size_t n = 0; n < counted.size(); ++n)
    if (counted[n] > page.calibration->limit) chart.alarms.push_back({times.of(n), page.scores[n]});
  return chart;
}

Histogram score_histogram(const RecordingPage& page) {
  constexpr std::size_t most_bins = 50;
  std::vector<float> normal, odd;
  for (std::size_t n = 0; n < page.scores.size(); ++n)
    (is_odd(page.examples->data, n) ? odd : normal).push_back(static_cast<float>(page.scores[n]));
  const DrawnRange range = drawn_range(page);
  const bool kinds = !odd.empty() && !normal.empty();
  Histogram histogram{
      "How scores are spread",
      std::string(kinds ? "The less both kinds overlap, the better the scores tell them apart."
                        : "The limit lies where few are above it.") +
          (range.cut ? " The last bin holds all above." : ""),
      page.score_name + ", nats", kinds ? "percent of each kind" : "examples"};
  histogram.name = kinds ? "normal" : "all";
  histogram.odd_name = "labelled odd";
  if (page.calibration) histogram.limit = page.calibration->limit;
  if (!kinds) normal.insert(normal.end(), odd.begin(), odd.end());
  count_kinds(histogram, normal, odd, most_bins, {range.low, range.high});
  if (!kinds) histogram.odd_counts.clear();
  return histogram;
}

Page make_page(const RecordingPage& recording, const Workers& workers) {
  constexpr std::size_t most_filters = 36;
  const Model& model = *recording.model;
  Page page;
  page.title = recording.title;
  page.subtitle = recording.subtitle;
  page.summary = make_summary(recording);
  Section scores{"Scores over time", {score_chart(recording)}, {score_histogram(recording)}};
  for (Chart& chart : recording_charts(recording)) scores.charts.push_back(std::move(chart));
  page.sections.push_back(std::move(scores));
  if (draws_curves(model)) {
    page.sections.push_back(oddest_section(recording, workers));
    page.sections.push_back(usual_section(recording, workers));
    page.sections.push_back({"Hidden units", {}, {}, {}, {filters_grid(model, most_filters)}});
  }
  page.options = recording.options;
  page.command = recording.command;
  page.footer = "rbm " RBM_VERSION;
  return page;
}

}  // namespace tool
