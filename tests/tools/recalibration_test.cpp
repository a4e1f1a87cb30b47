// Limits of integers: found anew on data, or moved by what rounding changes.
#include "tools/quantization/recalibration.hpp"

#include <doctest/doctest.h>

#include <cmath>
#include <memory>
#include <random>
#include <vector>

#include "tests/support/random_model.hpp"
#include "tools/inference/recorded_scores.hpp"
#include "tools/inference/scores.hpp"
#include "tools/model/quantized_model.hpp"
#include "tools/quantization/rounding.hpp"

using namespace fixture;

namespace {

struct Work {
  platform::Threads threads{2};
  platform::Progress progress{true};
  operator tool::Workers() { return {threads, progress}; }
};

/// A model of readings, its integers, and readings that it makes up.
struct Devices {
  MixedModel mixed{mixed_kinds(), 4, 2, 0.6f, 51};
  tool::Model model = to_tool_model(mixed), quantized;

  explicit Devices(unsigned bits) {
    const tool::QuantizedModel made = tool::rounded(model, bits, 1, std::vector<float>(7, 0.01f));
    quantized = tool::to_floats(made);
    quantized.packed = std::make_shared<tool::PackedModel>(made);
  }

  tool::Examples examples(std::size_t count, std::size_t seed) const {
    std::mt19937 random(static_cast<unsigned>(seed));
    tool::Examples drawn{{}, rbm::VisibleUnits::real, 1};
    drawn.data.name = "normal";
    drawn.data.kind = tool::DataKind::readings;
    drawn.data.rows = count;
    drawn.data.columns = drawn.data.width = 7;
    drawn.data.height = 1;
    for (std::size_t n = 0; n < count; ++n)
      for (const float reading : random_readings(mixed, random)) drawn.data.values.push_back(reading);
    return drawn;
  }
};

}  // namespace

TEST_CASE("recalibration: the device's integers flag the share asked for, by their own limit") {
  Work work;
  for (const unsigned bits : {8u, 4u}) {
    const Devices devices(bits);
    const tool::Examples normal = devices.examples(2000, 1), others = devices.examples(4000, 2);
    const std::vector<double> scores = tool::free_energies(devices.model, normal, work);
    const tool::Calibration floats = tool::calibrate(normal.data, scores, {0.02, 0}, {1, 1});
    const std::vector<double> of_device = tool::free_energies(devices.quantized, others, work);
    const auto share = [&](const tool::Calibration& limit) {
      double flagged = 0;
      for (const std::uint8_t flag : tool::judge(limit, of_device).flagged) flagged += flag / 4000.0;
      return flagged;
    };
    const tool::Calibration anew = tool::recalibrate(floats, devices.quantized, normal, work);
    const tool::Calibration moved = tool::shifted(floats, devices.model, devices.quantized, 1, work);
    CAPTURE(bits);
    CHECK(anew.false_alarms == 0.02);
    CHECK(share(anew) == doctest::Approx(0.02).epsilon(0.4));
    CHECK(share(moved) == doctest::Approx(0.02).epsilon(0.4));
    CHECK(moved.limit - floats.limit == doctest::Approx(moved.threshold - floats.threshold));
    CHECK(moved.excess == floats.excess);
    CHECK(std::fabs(moved.limit - floats.limit) < 1);
  }
}

TEST_CASE("recalibration: votes stay, and what changes most scores moves the limit") {
  Work work;
  const Devices devices(8);
  tool::Calibration known;
  known.limit = 3, known.count = 20, known.share = 0.1, known.false_alarms = 0.01;
  known.votes = 2, known.of = 3;
  CHECK(tool::recalibrate(known, devices.quantized, devices.examples(500, 3), work).of == 3);
  tool::Model other = devices.model;
  other.offset[0] += other.scale[0];
  const tool::Calibration moved = tool::shifted(known, devices.model, other, 1, work);
  CHECK(moved.limit != 3);
  CHECK(moved.votes == 2);
  CHECK(moved.limit - 3 == doctest::Approx(moved.threshold));
}
