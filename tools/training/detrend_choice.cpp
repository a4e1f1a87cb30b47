#include "tools/training/detrend_choice.hpp"

#include <algorithm>
#include <cmath>
#include <cstdint>
#include <numeric>
#include <vector>

#include "rbm/random.hpp"
#include "tools/base/text.hpp"
#include "tools/data/detrend.hpp"
#include "tools/data/window_split.hpp"
#include "tools/data/windows.hpp"
#include "tools/inference/detection.hpp"
#include "tools/inference/gaussian_fit.hpp"
#include "tools/training/standardization.hpp"

namespace tool {
namespace {

constexpr Detrend in_order[] = {Detrend::level, Detrend::start, Detrend::none, Detrend::trend,
                                Detrend::differences};

enum class Disturbance { step, bump, spike, ramp, noise, scaled, flat, pasted, offset };
constexpr Disturbance all_disturbances[] = {Disturbance::step, Disturbance::bump,   Disturbance::spike,
                                            Disturbance::ramp, Disturbance::noise,  Disturbance::scaled,
                                            Disturbance::flat, Disturbance::pasted, Disturbance::offset};

/// Readings [channels][span] of a window, before anything is taken away from them.
using Raw = std::vector<double>;

std::size_t below(rbm::Xoshiro128& random, std::size_t bound) {
  return static_cast<std::size_t>(random.next()) % bound;
}

double sign(rbm::Xoshiro128& random) {
  return random.next() >> 31 == 0 ? 1 : -1;
}

/// Normal windows of a recording, to learn from and to disturb.
class Trial {
 public:
  Trial(const Dataset& recording, const Windows& windows) : channels_(recording.columns) {
    Windows raw = windows;
    raw.detrend = Detrend::none;
    raw.length = span_ = windows.length + 1;
    const Dataset cut = cut_windows(recording, raw);
    const WindowSplit split = split_windows(cut, 0.25);
    take(cut, split.learned, 2000, learned_);
    // The time of a score goes with the square of the readings of a window.
    const std::size_t work = cut.columns * cut.columns;
    take(cut, split.held_out, std::clamp<std::size_t>(20000000 / work, 50, 400), held_out_);
    if (!is_enough()) return;
    find_changes();
    move_levels();
  }

  bool is_enough() const { return learned_.size() >= 30 && held_out_.size() >= 10; }

  const std::vector<Raw>& learned() const { return learned_; }
  const std::vector<Raw>& held_out() const { return held_out_; }
  double change(std::size_t channel) const { return changes_[channel]; }

  /// The held-out windows with something wrong in one channel each, from the second quarter on.
  std::vector<Raw> disturbed(Disturbance disturbance) {
    std::vector<Raw> windows = held_out_;
    for (Raw& window : windows) {
      const std::size_t c = below(random_, channels_);
      disturb(disturbance, changes_[c], &window[c * span_], c);
    }
    return windows;
  }

 private:
  // At most so many windows, evenly, without those labelled odd.
  void take(const Dataset& cut, const std::vector<std::size_t>& rows, std::size_t most,
            std::vector<Raw>& out) const {
    std::vector<std::size_t> normal;
    for (const std::size_t n : rows)
      if (cut.labels.empty() || cut.labels[n] == 0) normal.push_back(n);
    const std::size_t count = std::min(most, normal.size());
    for (std::size_t k = 0; k < count; ++k) {
      const float* const values = &cut.values[normal[k * normal.size() / count] * cut.columns];
      out.emplace_back(values, values + cut.columns);
    }
  }

  void find_changes() {
    for (std::size_t c = 0; c < channels_; ++c) {
      double squares = 0;
      for (const Raw& window : learned_)
        for (std::size_t t = 1; t < span_; ++t) {
          const double change = window[c * span_ + t] - window[c * span_ + t - 1];
          squares += change * change;
        }
      changes_.push_back(std::sqrt(squares / static_cast<double>(learned_.size() * (span_ - 1))));
    }
  }

  double level(const Raw& window, std::size_t channel) const {
    const double* const readings = &window[channel * span_];
    return std::accumulate(readings, readings + span_, 0.0) / static_cast<double>(span_);
  }

  void move_levels() {
    for (Raw& window : held_out_) {
      const Raw &one = learned_[below(random_, learned_.size())],
                &other = learned_[below(random_, learned_.size())];
      for (std::size_t c = 0; c < channels_; ++c) {
        const double drift = level(one, c) - level(other, c);
        for (std::size_t t = 0; t < span_; ++t) window[c * span_ + t] += drift;
      }
    }
  }

  void disturb(Disturbance disturbance, double change, double* x, std::size_t channel) {
    const std::size_t quarter = std::max<std::size_t>(2, span_ / 4),
                      at = span_ / 4 + below(random_, std::max<std::size_t>(1, span_ - 2 - span_ / 4)),
                      rest = span_ - at;
    const double size = 5 * change * sign(random_);
    const auto bump = [&](std::size_t t) {
      return 0.5 - 0.5 * std::cos(6.283185307179586 * static_cast<double>(t - at + 1) /
                                  static_cast<double>(quarter + 1));
    };
    const Raw& other = learned_[below(random_, learned_.size())];
    const double *const y = &other[channel * span_], flat = x[at], gap = x[at] - y[at],
                        mean = std::accumulate(x, x + span_, 0.0) / static_cast<double>(span_);
    switch (disturbance) {
      case Disturbance::spike:
        x[at] += size;
        return;
      case Disturbance::step:
        for (std::size_t t = at; t < span_; ++t) x[t] += size;
        return;
      case Disturbance::bump:
        for (std::size_t t = at; t < std::min(span_, at + quarter); ++t) x[t] += size * bump(t);
        return;
      case Disturbance::ramp:
        for (std::size_t t = at; t < span_; ++t)
          x[t] += size * static_cast<double>(t - at) / static_cast<double>(rest - 1);
        return;
      case Disturbance::noise:
        for (std::size_t t = 0; t < span_; ++t)
          x[t] += change * static_cast<double>(rbm::draw_normal(random_));
        return;
      case Disturbance::scaled:
        for (std::size_t t = 0; t < span_; ++t) x[t] = mean + 1.5 * (x[t] - mean);
        return;
      case Disturbance::flat:
        for (std::size_t t = at; t < span_; ++t) x[t] = flat;
        return;
      case Disturbance::pasted:
        for (std::size_t t = at; t < span_; ++t) x[t] = y[t] + gap;
        return;
      case Disturbance::offset:
        for (std::size_t t = 0; t < span_; ++t) x[t] += size;
        return;
    }
  }

  std::size_t channels_, span_ = 0;
  std::vector<Raw> learned_, held_out_;
  std::vector<double> changes_;  // [channels]
  rbm::Xoshiro128 random_ = rbm::Xoshiro128::seeded(1);
};

/// Windows without what is taken away from each channel, as examples.
Dataset examples_of(const std::vector<Raw>& windows, std::size_t channels, Detrend detrend) {
  const std::size_t span = windows[0].size() / channels, length = span - 1;
  Dataset data;
  data.kind = DataKind::readings;
  data.columns = channels * length;
  data.rows = windows.size();
  data.windows.length = length;
  std::vector<double> out(length);
  for (const Raw& window : windows)
    for (std::size_t c = 0; c < channels; ++c) {
      const std::size_t skipped = detrend == Detrend::differences ? 0 : 1;
      take_level(detrend, &window[c * span + skipped], length, out.data());
      for (const double value : out) data.values.push_back(static_cast<float>(value));
    }
  return data;
}

/// A Gaussian that has learned normal windows.
class Detector {
 public:
  Detector(const Trial& trial, std::size_t channels, Detrend detrend, const Workers& workers)
      : channels_(channels),
        detrend_(detrend),
        learned_(bounded(examples_of(trial.learned(), channels, detrend))),
        is_full_(learned_.columns <= most_covariant_readings),
        fit_(learned_, all_rows(learned_.rows), columns_of(trial), is_full_, workers) {}

  void add_scores(const std::vector<Raw>& windows, std::vector<double>& scores) const {
    const Dataset data = examples_of(windows, channels_, detrend_);
    std::vector<float> row(data.columns);
    std::vector<double> scratch(fit_.readings());
    for (std::size_t n = 0; n < data.rows; ++n) {
      data.row(n, row.data());
      scores.push_back(is_full_ ? -fit_.full(row, scratch) : -fit_.independent(row));
    }
  }

 private:
  // As in training, no broken window counts for more than all others.
  static Dataset bounded(Dataset examples) {
    bound_readings(examples, measure_readings(examples));
    return examples;
  }

  static std::vector<std::size_t> all_rows(std::size_t count) {
    std::vector<std::size_t> rows(count);
    std::iota(rows.begin(), rows.end(), std::size_t{0});
    return rows;
  }

  std::vector<BaselineColumn> columns_of(const Trial& trial) const {
    constexpr double least_deviation = 1e-3;  // of a change, as the first reading is 0 without its level
    std::vector<BaselineColumn> columns;
    const std::size_t length = learned_.columns / channels_;
    for (std::size_t j = 0; j < learned_.columns; ++j)
      columns.push_back({true, std::max(1e-30, std::pow(least_deviation * trial.change(j / length), 2))});
    return columns;
  }

  std::size_t channels_;
  Detrend detrend_;
  Dataset learned_;
  bool is_full_;
  GaussianFit fit_;
};

double area_under_curve(std::vector<double> normal, const std::vector<double>& odd) {
  Truth truth;
  truth.odd.assign(normal.size(), 0);
  truth.odd.insert(truth.odd.end(), odd.size(), 1);
  truth.blocks.resize(truth.odd.size());
  std::iota(truth.blocks.begin(), truth.blocks.end(), std::size_t{0});
  normal.insert(normal.end(), odd.begin(), odd.end());
  return areas_under_curves(truth, {normal}).areas[0];
}

}  // namespace

DetrendChoice choose_detrend(const Dataset& recording, const Windows& windows, const Workers& workers) {
  constexpr double tie = 0.03;
  DetrendChoice choice;
  Trial trial(recording, windows);
  if (!trial.is_enough()) return choice;
  std::vector<std::vector<Raw>> disturbed;
  for (const Disturbance disturbance : all_disturbances) disturbed.push_back(trial.disturbed(disturbance));
  for (const Detrend detrend : in_order) {
    const Detector detector(trial, recording.columns, detrend, workers);
    std::vector<double> normal;
    detector.add_scores(trial.held_out(), normal);
    double& area = choice.areas[static_cast<std::size_t>(detrend)];
    for (const std::vector<Raw>& odd : disturbed) {
      std::vector<double> scores;
      detector.add_scores(odd, scores);
      area += area_under_curve(normal, scores) / static_cast<double>(disturbed.size());
    }
  }
  const double best = *std::max_element(choice.areas.begin(), choice.areas.end());
  for (const Detrend detrend : in_order)
    if (choice.areas[static_cast<std::size_t>(detrend)] >= best - tie) {
      choice.detrend = detrend;
      break;
    }
  return choice;
}

std::string to_text(const DetrendChoice& choice) {
  std::string text;
  for (std::size_t n = 0; n < choice.areas.size() && choice.areas[n] > 0; ++n)
    text += (n == 0 ? "; artificial disturbances found, AUC: " : ", ") + word_of(static_cast<Detrend>(n)) +
            " " + fixed(choice.areas[n], 3);
  return text;
}

}  // namespace tool
