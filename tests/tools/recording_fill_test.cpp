// Gaps of a recording, against chains of one window at a time.
#include "tools/inference/recording_fill.hpp"

#include <doctest/doctest.h>

#include <cmath>
#include <vector>

#include "tests/support/mixed_model.hpp"
#include "tests/support/random_model.hpp"
#include "tools/data/windows.hpp"

using namespace fixture;

namespace {

struct Work {
  platform::Threads threads{2};
  platform::Progress progress{true};
  operator tool::Workers() { return {threads, progress}; }
};

const auto ignored = [](const float*, const float*) {};

/// Two channels of 40 rows about 10 and 200.
tool::Dataset recording() {
  tool::Dataset data;
  data.name = "gaps.csv";
  data.kind = tool::DataKind::readings;
  data.rows = 40;
  data.columns = data.width = 2;
  data.height = 1;
  std::mt19937 random(3);
  for (std::size_t n = 0; n < 40; ++n) {
    data.values.push_back(10 + uniform(random));
    data.values.push_back(200 + uniform(random));
  }
  return data;
}

}  // namespace

TEST_CASE("recording fill: the mean of what the windows say, each with its level") {
  Work work;
  tool::Dataset gaps = recording();
  const std::vector<float> whole = gaps.values;
  for (const std::size_t place : {2 * 7, 2 * 7 + 1, 2 * 12, 2 * 13, 2 * 39 + 1})
    gaps.values[place] = fixture::nan;
  const MixedModel mixed(all_real(8), 3, 0, 0.4f, 71);
  const tool::Model model = to_tool_model(mixed);
  tool::Windows windows;
  windows.length = 4, windows.hop = 2, windows.detrend = tool::Detrend::level;
  const tool::Examples cut{tool::cut_windows(gaps, windows, {true, {}}), rbm::VisibleUnits::real, 5};
  tool::MeasuredOptions options;
  options.steps = 50;
  const tool::FilledRecording found = tool::fill_recording(model, cut, options, work, ignored);
  CHECK(found.missing == 5);
  CHECK(found.left == 0);

  std::vector<std::vector<double>> means(80), variances(80);
  std::uint64_t key = 0;
  for (std::size_t first = 0; first + 4 <= 40; first += 2) {
    std::vector<float> row(8);
    std::vector<double> level(2);
    bool lacks = false;
    for (std::size_t c = 0; c < 2; ++c) {
      double known = 0;
      for (std::size_t t = 0; t < 4; ++t) {
        const float reading = gaps.values[2 * (first + t) + c];
        if (std::isnan(reading))
          lacks = true;
        else
          level[c] += static_cast<double>(reading), ++known;
      }
      level[c] /= known;
      for (std::size_t t = 0; t < 4; ++t)
        row[4 * c + t] = static_cast<float>(static_cast<double>(gaps.values[2 * (first + t) + c]) - level[c]);
    }
    if (!lacks) continue;
    tool::MeasuredChains chain(model, 1);
    chain.start(0, row.data(), 0, 5, key++);
    chain.run(0, 1, 50);
    for (std::size_t c = 0; c < 2; ++c)
      for (std::size_t t = 0; t < 4; ++t)
        if (std::isnan(row[4 * c + t])) {
          means[2 * (first + t) + c].push_back(static_cast<double>(chain.means(0)[4 * c + t]) + level[c]);
          variances[2 * (first + t) + c].push_back(
              std::pow(static_cast<double>(chain.deviations(0)[4 * c + t]), 2));
        }
  }
  for (std::size_t n = 0; n < 80; ++n) {
    CAPTURE(n);
    if (!std::isnan(gaps.values[n])) {
      CHECK(found.readings[n] == whole[n]);
      CHECK(found.deviations[n] == 0);
      continue;
    }
    REQUIRE(!means[n].empty());
    double mean = 0, variance = 0;
    for (const double value : means[n]) mean += value / static_cast<double>(means[n].size());
    for (std::size_t k = 0; k < means[n].size(); ++k)
      variance += (variances[n][k] + std::pow(means[n][k] - mean, 2)) / static_cast<double>(means[n].size());
    CHECK(static_cast<double>(found.readings[n]) == doctest::Approx(mean).epsilon(1e-5));
    CHECK(static_cast<double>(found.deviations[n]) == doctest::Approx(std::sqrt(variance)).epsilon(1e-3));
  }
}

TEST_CASE("recording fill: by differences, uncertainty grows from the last recorded reading on") {
  Work work;
  tool::Dataset gaps = recording();
  for (const std::size_t row : {6, 7}) gaps.values[2 * row] = fixture::nan;
  const tool::Model model = to_tool_model(MixedModel(all_real(8), 3, 0, 0.4f, 73));
  tool::Windows windows;
  windows.length = 4, windows.hop = 4, windows.detrend = tool::Detrend::differences;
  const tool::Examples cut{tool::cut_windows(gaps, windows, {true, {}}), rbm::VisibleUnits::real, 5};
  tool::MeasuredOptions options;
  options.steps = 50;
  std::vector<float> drawn, drawn_deviations;
  const tool::FilledRecording found =
      tool::fill_recording(model, cut, options, work, [&](const float* readings, const float* deviations) {
        drawn.assign(readings, readings + 8);
        drawn_deviations.assign(deviations, deviations + 8);
      });

  // The one window that lacks readings: changes to rows 5 to 8.
  std::vector<float> changes(8);
  for (std::size_t c = 0; c < 2; ++c)
    for (std::size_t t = 0; t < 4; ++t)
      changes[4 * c + t] = gaps.values[2 * (5 + t) + c] - gaps.values[2 * (4 + t) + c];
  tool::MeasuredChains chain(model, 1);
  chain.start(0, changes.data(), 0, 5, 0);
  chain.run(0, 1, 50);
  double reading = static_cast<double>(gaps.values[2 * 5]), variance = 0;
  for (const std::size_t t : {1, 2}) {
    reading += static_cast<double>(chain.means(0)[t]);
    variance += std::pow(static_cast<double>(chain.deviations(0)[t]), 2);
    CHECK(static_cast<double>(found.readings[2 * (5 + t)]) == doctest::Approx(reading).epsilon(1e-5));
    CHECK(static_cast<double>(found.deviations[2 * (5 + t)]) ==
          doctest::Approx(std::sqrt(variance)).epsilon(1e-3));
    CHECK(drawn_deviations[t] == doctest::Approx(found.deviations[2 * (5 + t)]));
  }
  CHECK(found.missing == 2);
  CHECK(drawn[3] == gaps.values[2 * 8]);  // recorded, though its change is not known
  CHECK(drawn_deviations[3] == 0);
}

TEST_CASE("recording fill: several rows of one reading get the same; what no window spans stays missing") {
  Work work;
  tool::Dataset gaps = recording();
  for (const std::size_t place : {2 * 8, 2 * 38}) gaps.values[place] = fixture::nan;
  const tool::Model model = to_tool_model(MixedModel(all_real(8), 3, 0, 0.4f, 72));
  tool::Windows windows;
  windows.length = 4, windows.hop = 4, windows.decimation = 3;
  const tool::Examples cut{tool::cut_windows(gaps, windows, {true, {}}), rbm::VisibleUnits::real, 5};
  const tool::FilledRecording found = tool::fill_recording(model, cut, {}, work, ignored);
  CHECK(found.missing == 2);
  CHECK(found.left == 1);
  CHECK(std::isfinite(found.readings[2 * 8]));
  CHECK(found.deviations[2 * 8] > 0);
  CHECK(std::isnan(found.readings[2 * 38]));
  CHECK(found.deviations[2 * 38] == 0);

  const tool::Examples none{tool::cut_windows(recording(), windows, {true, {}}), rbm::VisibleUnits::real, 5};
  CHECK(tool::fill_recording(model, none, {}, work, ignored).missing == 0);
}
