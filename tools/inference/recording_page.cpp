#include "tools/inference/recording_page.hpp"

#include <algorithm>
#include <cmath>
#include <iterator>
#include <numeric>
#include <utility>

#include "rbm/config.hpp"
#include "tools/base/text.hpp"
#include "tools/data/timeline.hpp"
#include "tools/inference/curves.hpp"
#include "tools/inference/shares.hpp"
#include "tools/inference/tail.hpp"
#include "tools/output/time_axis.hpp"

namespace tool {
namespace {

constexpr int digits = 4;

/// Where examples and rows stand across.
class Times {
 public:
  explicit Times(const RecordingPage& page) : data_(page.examples->data), time_(data_.time) {}

  bool known() const { return time_.interval > 0 || !time_.seconds.empty(); }

  // Of a row from 0: seconds, or its number from 1.
  double of_row(std::size_t row) const {
    return known() ? seconds_at(time_, row) : static_cast<double>(row + 1);
  }

  const std::vector<std::size_t>& gaps() const { return time_.gaps; }

  std::size_t row(std::size_t example) const { return data_.ends.empty() ? example : data_.ends[example]; }
  double of(std::size_t example) const { return of_row(row(example)); }

  // When a stretch that ends with this example begins: with its window, or with the row.
  double begin_of(std::size_t example) const {
    const std::size_t span = data_.ends.empty() ? 1 : data_.windows.rows();
    return of_row(row(example) + 1 - std::min(row(example) + 1, span));
  }

  // As words have it: row 1,204, or a time.
  std::string words(std::size_t example) const {
    return known() ? "at " + time_text(of(example), time_.start) : "row " + grouped(row(example) + 1);
  }

  void set(Chart& chart) const {
    chart.across = known() ? Across::seconds : Across::counts;
    chart.start = time_.start;
    chart.x_label = known() ? "time" : "row";
    chart.wide = true;
    const std::size_t rows = data_.recording ? data_.recording->rows : data_.rows;
    if (rows > 1) chart.x_range = {of_row(0), of_row(rows - 1)};
    chart.last_values = false;
  }

 private:
  const Dataset& data_;
  const Timeline& time_;
};

bool is_odd(const RecordingPage& page, std::size_t example) {
  return !page.examples->data.labels.empty() && page.examples->data.labels[example] != 0;
}

// The stretches that labels call odd: of rows where the recording is there, else of examples.
std::vector<Span> labelled_spans(const RecordingPage& page) {
  const Times times(page);
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
    count += scores[n] > page.calibration->limit && is_odd(page, n) == odd;
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
  for (std::size_t n = 0; n < total; ++n) odd += is_odd(page, n);
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
  const Times times(page);
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

// The examples of some numbers, as data.
Examples picked(const RecordingPage& page, const std::vector<std::size_t>& numbers) {
  Examples examples{{}, page.examples->kind, page.examples->seed};
  Dataset& data = examples.data;
  const Dataset& all = page.examples->data;
  data.name = all.name;
  data.kind = all.kind;
  data.rows = numbers.size();
  data.columns = data.width = all.columns;
  data.height = 1;
  data.values.resize(data.rows * data.columns);
  for (std::size_t n = 0; n < numbers.size(); ++n) all.row(numbers[n], data.values.data() + n * data.columns);
  return examples;
}

std::vector<float> reconstructions_of(const Model& model, const Examples& examples, const Workers& workers) {
  std::vector<float> rows;
  run_over(
      model, examples, examples.data.rows, workers,
      [](Inference& inference, std::size_t, std::size_t begin, std::size_t end) {
        inference.hidden_inputs(begin, end);
        inference.hidden_probabilities(begin, end);
        inference.reconstruct(begin, end);
      },
      [&](Inference& inference, std::size_t, std::size_t count) {
        for (std::size_t n = 0; n < count; ++n)
          rows.insert(rows.end(), inference.visible_values(n).data,
                      inference.visible_values(n).data + model.visible);
      });
  return rows;
}

void append(std::vector<Chart>& charts, std::vector<Chart> more) {
  std::move(more.begin(), more.end(), std::back_inserter(charts));
}

// The numbers of the examples with the highest scores that have no row in common.
std::vector<std::size_t> oddest(const RecordingPage& page, std::size_t most) {
  const Dataset& data = page.examples->data;
  const std::size_t span = data.ends.empty() ? 1 : data.windows.rows();
  const Times times(page);
  std::vector<std::size_t> order(page.scores.size()), found;
  std::iota(order.begin(), order.end(), std::size_t{0});
  std::stable_sort(order.begin(), order.end(),
                   [&](std::size_t a, std::size_t b) { return page.scores[a] > page.scores[b]; });
  for (const std::size_t example : order) {
    const std::size_t row = times.row(example);
    const bool apart = std::all_of(found.begin(), found.end(), [&](std::size_t other) {
      const std::size_t there = times.row(other);
      return std::max(row, there) - std::min(row, there) >= span;
    });
    if (apart) found.push_back(example);
    if (found.size() == most) break;
  }
  return found;
}

// Shares as darkness: the largest is 1, and what makes an example more usual is not shaded.
std::vector<double> darkness(std::vector<double> shares) {
  const double largest = *std::max_element(shares.begin(), shares.end());
  for (double& share : shares) share = largest > 0 ? std::max(share, 0.0) / largest : 0;
  return shares;
}

Curves::Named beside(const Examples& examples, const std::vector<float>& reconstructions, std::size_t n) {
  const std::size_t place = n * examples.data.columns;
  return {{"example", examples.data.values.data() + place},
          {"reconstruction", reconstructions.data() + place}};
}

Section oddest_section(const RecordingPage& page, const Workers& workers) {
  constexpr std::size_t most = 6;
  const Model& model = *page.model;
  const std::vector<std::size_t> numbers = oddest(page, most);
  const Examples examples = picked(page, numbers);
  const std::vector<float> reconstructions = reconstructions_of(model, examples, workers);
  const Curves curves(model);
  const Shares shares(model);
  const Times times(page);
  Section section{"The oddest"};
  section.caption =
      "Shaded readings make the example odd: the darker, the larger the reading's share of the free energy "
      "that the "
      "example has above that of the mean of what was learned.";
  for (std::size_t n = 0; n < numbers.size(); ++n) {
    std::vector<Chart> charts =
        curves.charts(shown_number(page.scores[numbers[n]], digits) + " nats, " + times.words(numbers[n]),
                      beside(examples, reconstructions, n));
    curves.shade(charts, darkness(shares.of(examples.data.values.data() + n * model.units())));
    for (Chart& chart : charts) chart.spans_name = "makes it odd";
    append(section.charts, std::move(charts));
  }
  return section;
}

// Normal examples, evenly spread, and what the model makes up.
Section usual_section(const RecordingPage& page, const Workers& workers) {
  constexpr std::size_t most = 4, steps = 1000;
  const Model& model = *page.model;
  std::vector<std::size_t> normal, numbers;
  for (std::size_t n = 0; n < page.scores.size(); ++n)
    if (!is_odd(page, n)) normal.push_back(n);
  for (std::size_t n = 0; n < std::min(most, normal.size()); ++n)
    numbers.push_back(normal[n * normal.size() / std::min(most, normal.size())]);
  Section section{"Examples and what the model makes of them"};
  if (numbers.empty()) return section;
  const Examples examples = picked(page, numbers);
  const std::vector<float> reconstructions = reconstructions_of(model, examples, workers);
  const Curves curves(model);
  const Times times(page);
  for (std::size_t n = 0; n < numbers.size(); ++n)
    append(section.charts,
           curves.charts("Example " + times.words(numbers[n]), beside(examples, reconstructions, n)));
  Inference inference(model, numbers.size(), examples.kind == rbm::VisibleUnits::means);
  inference.start_from(examples, 0, numbers.size());
  const std::vector<rbm::Unit> none;
  ClampedChains free(none);
  for (std::size_t n = 0; n < numbers.size(); ++n) free.add(inference.visible(n));
  inference.gibbs_steps(0, numbers.size(), steps, free);
  Curves::Named made;
  for (std::size_t n = 0; n < numbers.size(); ++n)
    made.emplace_back(std::to_string(n + 1), inference.visible_values(n).data);
  std::vector<Chart> samples = curves.charts("Made up", made);
  samples[0].caption = "What the model makes up by itself, at the end of chains of 1,000 Gibbs steps.";
  append(section.charts, std::move(samples));
  return section;
}

}  // namespace

Chart score_chart(const RecordingPage& page) {
  const Times times(page);
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
    (is_odd(page, n) ? odd : normal).push_back(static_cast<float>(page.scores[n]));
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
  append(scores.charts, recording_charts(recording));
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
