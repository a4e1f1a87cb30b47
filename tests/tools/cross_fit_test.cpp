// Scores of training examples as of ones that were not learned.
#include "tools/training/cross_fit.hpp"

#include <doctest/doctest.h>

#include <cmath>
#include <random>
#include <vector>

#include "tools/base/failure.hpp"
#include "tools/data/windows.hpp"
#include "tools/inference/recorded_scores.hpp"
#include "tools/inference/scores.hpp"
#include "tools/training/initial_model.hpp"

namespace {

/// Rows of 3 readings, of which the last is the sum of the others and some noise.
tool::Dataset readings(std::size_t rows, unsigned seed) {
  std::mt19937 random(seed);
  std::normal_distribution<float> draw;
  tool::Dataset data;
  data.name = "normal.csv";
  data.kind = tool::DataKind::readings;
  data.rows = rows;
  data.columns = data.width = 3;
  data.height = 1;
  for (std::size_t n = 0; n < rows; ++n) {
    const float one = draw(random), other = draw(random);
    data.values.insert(data.values.end(), {one, other, one + other + 0.3f * draw(random)});
  }
  return data;
}

tool::TrainingInputs training(const tool::Dataset& data, std::uint64_t hidden, std::uint64_t epochs) {
  tool::TrainingInputs inputs;
  inputs.data = data;
  inputs.state.recipe = tool::readings_recipe();
  inputs.state.recipe.hidden = hidden;
  inputs.state.epochs = epochs;
  inputs.model = tool::initial_model(inputs.state.recipe, data, tool::measure_readings(data));
  return inputs;
}

}  // namespace

TEST_CASE("cross fit: the limit flags on new examples the share that was asked for") {
  platform::Progress silent(true);
  const tool::Dataset data = readings(400, 1), others = readings(20000, 2);
  tool::TrainingInputs inputs = training(data, 8, 60);
  tool::RunOptions options;
  options.threads = 1;
  const tool::Model trained = tool::train_model(inputs, options, silent).model;
  const std::vector<double> scores = tool::held_out_scores(inputs, data, trained, 1, silent);
  REQUIRE(scores.size() == 400);
  platform::Threads threads(1);
  const std::vector<double> fresh =
      tool::free_energies(trained, {others, rbm::VisibleUnits::real, 1}, {threads, silent});
  // Held out or new, they are alike in the mean and in the tail.
  double held_out_mean = 0, fresh_mean = 0, flagged = 0;
  for (const double score : scores) held_out_mean += score / 400;
  for (const double score : fresh) fresh_mean += score / 20000;
  CHECK(std::fabs(held_out_mean - fresh_mean) < 0.35);  // five standard errors of 400
  const tool::Calibration limit = tool::calibrate(data, scores, {0.02, 0}, {});
  for (const std::uint8_t flag : tool::judge(limit, fresh).flagged) flagged += flag / 20000.0;
  CHECK(flagged > 0.005);
  CHECK(flagged < 0.05);
}

TEST_CASE("cross fit: windows that share rows with a quarter are not learned for it; few are refused") {
  platform::Progress silent(true);
  tool::Dataset recording;
  recording.name = "few.csv";
  recording.kind = tool::DataKind::readings;
  recording.rows = 12;
  recording.columns = recording.width = 1;
  recording.height = 1;
  for (std::size_t n = 0; n < 12; ++n) recording.values.push_back(static_cast<float>(n % 5));
  tool::Windows windows;
  windows.length = 8, windows.hop = 1;
  const tool::Dataset data = tool::cut_windows(recording, windows);
  REQUIRE(data.rows == 5);  // of which each shares rows with each other one
  const tool::TrainingInputs inputs = training(data, 1, 1);
  CHECK_THROWS_WITH_AS(tool::held_out_scores(inputs, data, inputs.model, 1, silent),
                       "few.csv: 5 windows are too few for a limit from the data that are learned",
                       tool::Failure);
}
