// Offsets and scales of readings, against figures made by hand and by other means.
#include "tools/training/standardization.hpp"

#include <doctest/doctest.h>

#include <algorithm>
#include <cmath>
#include <functional>
#include <random>

#include "tests/support/fixtures.hpp"
#include "tools/base/failure.hpp"

using namespace fixture;
using tool::Scale;

namespace {

/// A table of readings from their values row by row.
tool::Dataset table(std::size_t columns, std::vector<float> values) {
  tool::Dataset data;
  data.name = "data";
  data.kind = tool::DataKind::readings;
  data.columns = columns;
  data.rows = values.size() / columns;
  data.values = std::move(values);
  return data;
}

/// Rows of which value(row, column) says each value.
tool::Dataset table(std::size_t rows, std::size_t columns,
                    const std::function<float(std::size_t, std::size_t)>& value) {
  std::vector<float> values;
  for (std::size_t n = 0; n < rows; ++n)
    for (std::size_t j = 0; j < columns; ++j) values.push_back(value(n, j));
  return table(columns, std::move(values));
}

tool::Standardization standardize(const tool::Dataset& data, Scale rule) {
  return tool::standardize(tool::measure_readings(data), rule, data.name);
}

/// Windows of a sine of random phase and level, sampled `steps` times a period.
tool::Dataset sines(std::size_t columns, float steps, float level) {
  std::mt19937 random(5);
  float phase = 0, height = 0;
  return table(300, columns, [&](std::size_t, std::size_t j) {
    if (j == 0) {
      phase = 6.2831853f * uniform(random);
      height = level * bell(random);
    }
    return height + std::sin(phase + 6.2831853f * static_cast<float>(j) / steps) + 0.02f * bell(random);
  });
}

std::string kinds(const tool::Dataset& data) {
  std::string text;
  for (const rbm::VisibleGroup& group : tool::measure_readings(data).groups)
    text += (group.kind == rbm::VisibleKind::real ? "r" : "b") + std::to_string(group.end - group.begin);
  return text;
}

}  // namespace

TEST_CASE("standardization: mean and deviation of each column, by hand") {
  const tool::Dataset data = table(2, {1, 10, 2, 30, 3, 20, 4, 40});
  const tool::Standardization each = standardize(data, Scale::each);
  CHECK(each.offset == std::vector<float>{2.5f, 25});
  CHECK(each.scale[0] == doctest::Approx(std::sqrt(1.25)));
  CHECK(each.scale[1] == doctest::Approx(std::sqrt(125)));
  const tool::Standardization all = standardize(data, Scale::all);
  CHECK(all.offset == each.offset);
  CHECK(all.scale[0] == doctest::Approx(std::sqrt((1.25 + 125) / 2)));
  CHECK(all.scale[1] == all.scale[0]);
  const tool::Standardization none = standardize(data, Scale::none);
  CHECK(none.offset == std::vector<float>{0, 0});
  CHECK(none.scale == std::vector<float>{1, 1});
}

TEST_CASE("standardization: values beyond Tukey's far fences count as on them") {
  // Quartiles of 0 to 8 are 2 and 6, so that the fences are -10 and 18.
  const std::vector<float> plain{8, 1, 2, 3, 4, 5, 6, 7, 0};
  std::vector<float> wild = plain, fenced = plain;
  wild[0] = 1e6f;
  fenced[0] = 18;
  const tool::Standardization clipped = standardize(table(1, wild), Scale::each);
  CHECK(clipped.offset[0] == doctest::Approx(46 / 9.0));
  CHECK(clipped.offset == standardize(table(1, fenced), Scale::each).offset);
  CHECK(clipped.scale == standardize(table(1, fenced), Scale::each).scale);
  // Where most values are equal there are no fences.
  CHECK(standardize(table(1, {0, 0, 0, 0, 0, 0, 0, 8}), Scale::each).scale[0] ==
        doctest::Approx(std::sqrt(7.0)));
}

TEST_CASE("standardization: volts and millivolts give the same rule, and scales that differ by the factor") {
  for (const float factor : {1024.0f, 1.0f / 1024, 1e-9f, 1e9f}) {
    std::mt19937 random(1);
    const tool::Dataset volts = table(200, 12, [&](std::size_t, std::size_t) { return 3 + bell(random); });
    tool::Dataset other = volts;
    for (float& value : other.values) value *= factor;
    CHECK(tool::measure_readings(volts).is_signal == tool::measure_readings(other).is_signal);
    for (const Scale rule : {Scale::each, Scale::all}) {
      const tool::Standardization one = standardize(volts, rule), two = standardize(other, rule);
      for (std::size_t j = 0; j < 12; ++j) {
        CHECK(two.offset[j] == doctest::Approx(static_cast<double>(factor * one.offset[j])).epsilon(1e-6));
        CHECK(two.scale[j] == doctest::Approx(static_cast<double>(factor * one.scale[j])).epsilon(1e-6));
      }
    }
  }
}

TEST_CASE("standardization: constant columns, and those that float32 hardly resolves, keep numbers finite") {
  const tool::Dataset data =
      table(4, {7, 0, -2, 16777216, 7, 0, 2, 16777218, 7, 0, -2, 16777220, 7, 0, 2, 16777216});
  const tool::ReadingStatistics statistics = tool::measure_readings(data);
  CHECK(tool::constant_columns(statistics) == std::vector<std::size_t>{0, 1});
  const tool::Standardization each = standardize(data, Scale::each);
  CHECK(each.offset[0] == 7);
  CHECK(each.scale[0] == 0.007f);
  CHECK(each.offset[1] == 0);
  CHECK(each.scale[1] == doctest::Approx(0.001 * std::sqrt((4 + 2.75) / 4)).epsilon(0.02));
  CHECK(each.scale[2] == 2);
  CHECK(each.scale[3] == doctest::Approx(16));
  CHECK(standardize(data, Scale::all).scale[0] == standardize(data, Scale::all).scale[2]);
  CHECK_THROWS_WITH_AS(standardize(table(2, {5, 0, 5, 0}), Scale::each),
                       "data: no reading varies: there is nothing to learn", tool::Failure);
  for (const float huge : {1e30f, 1e-37f}) {
    const float scale = standardize(table(1, {huge, -huge}), Scale::each).scale[0];
    CHECK(std::isfinite(scale));
    CHECK(scale >= 1e-30f);
  }
}

TEST_CASE("standardization: columns of both 0 and 1, and nothing else, are bits beside readings") {
  CHECK(kinds(table(5, {0, 0, 1.5f, 1, 2, 1, 1, 3.5f, 0, 0})) == "b2r1b1r1");
  CHECK(kinds(table(2, {0, 1, 0.5f, 1})) == "r2");  // a constant 1 is no bit
  CHECK(kinds(table(2, {0, 1, 1, 0})) == "r2");     // bits alone are not read as readings unless asked for
  CHECK(kinds(table(2, {0, 3, 1, 3, 2, 4})) == "r2");
  const tool::Standardization mixed = standardize(table(2, {0, 30, 1, 40}), Scale::each);
  CHECK(mixed.offset == std::vector<float>{0, 35});
  CHECK(mixed.scale == std::vector<float>{1, 5});
}

TEST_CASE("standardization: one signal over time is told from columns of several sensors") {
  const auto is_signal = [](const tool::Dataset& data) { return tool::measure_readings(data).is_signal; };
  CHECK(is_signal(sines(32, 20, 0)));
  CHECK(is_signal(sines(32, 20, 3)));
  CHECK(is_signal(sines(8, 20, 1)));
  CHECK(!is_signal(sines(7, 20, 1)));  // too few columns to tell
  CHECK(!is_signal(sines(32, 5, 0)));  // neighbours are too far apart
  std::mt19937 random(2);
  CHECK(!is_signal(table(300, 16, [&](std::size_t, std::size_t) { return bell(random); })));
  // Three channels in turn, at 8 times each: those 3 apart are most alike.
  const tool::Dataset slow = sines(24, 400, 0);
  CHECK(!is_signal(table(300, 24, [&](std::size_t n, std::size_t j) {
    return slow.values[n * 24 + j] + (j % 3 == 1 ? 0.4f : 0.1f) * bell(random);
  })));
  // Constant columns say nothing.
  const tool::Dataset signal = sines(32, 20, 0);
  CHECK(is_signal(table(
      300, 40, [&](std::size_t n, std::size_t j) { return j < 8 ? 5.0f : signal.values[n * 32 + j - 8]; })));
}
