// Headers of models of windows: their detector, and reading it back.
#include <doctest/doctest.h>

#include <functional>
#include <string>
#include <vector>

#include "tests/support/random_model.hpp"
#include "tools/base/failure.hpp"
#include "tools/model/c_header_reader.hpp"
#include "tools/model/c_header_writer.hpp"
#include "tools/model/quantized_faults.hpp"
#include "tools/quantization/rounding.hpp"

using namespace fixture;

namespace {

/// A model of windows of three readings of two channels, in steps of a hundredth and a tenth.
tool::QuantizedModel model_of_windows(bool calibrated) {
  tool::Model model =
      to_tool_model(MixedModel(std::vector<rbm::VisibleKind>(6, rbm::VisibleKind::real), 5, 1, 0.6f, 7));
  model.meaning.visible_units = "real";
  model.meaning.windows = {3, 2, 4, 2, tool::Detrend::trend};
  model.meaning.interval = 0.125;
  model.meaning.ranges = {-3.004f, 12.5f, 100, 5000};
  model.meaning.longest_equal = 17;
  if (calibrated) {
    tool::Calibration calibration;
    calibration.limit = -2.34375;
    calibration.false_alarms = 0.01;
    calibration.threshold = -4;
    calibration.excess = 1.5;
    calibration.count = 30;
    calibration.share = 0.1;
    calibration.votes = 2;
    calibration.of = 3;
    model.calibration = calibration;
  }
  const tool::QuantizedModel made = tool::rounded(model, 8, 1, {0.01f, 0.01f, 0.01f, 0.1f, 0.1f, 0.1f});
  REQUIRE(tool::find_fault(made) == "");
  return made;
}

bool contains(const std::string& text, const std::string& part) {
  return text.find(part) != std::string::npos;
}

void check_same(const tool::QuantizedModel& a, const tool::QuantizedModel& b) {
  const tool::Windows &x = a.meaning.windows, &y = b.meaning.windows;
  CHECK(x.length == y.length);
  CHECK(x.hop == y.hop);
  CHECK(x.decimation == y.decimation);
  CHECK(x.channels == y.channels);
  CHECK(x.detrend == y.detrend);
  CHECK(a.meaning.interval == b.meaning.interval);
  CHECK(a.meaning.ranges == b.meaning.ranges);
  CHECK(a.meaning.longest_equal == b.meaning.longest_equal);
  REQUIRE(a.calibration.has_value() == b.calibration.has_value());
  if (!a.calibration) return;
  CHECK(a.calibration->limit == b.calibration->limit);
  CHECK(a.calibration->false_alarms == b.calibration->false_alarms);
  CHECK(a.calibration->threshold == b.calibration->threshold);
  CHECK(a.calibration->excess == b.calibration->excess);
  CHECK(a.calibration->count == b.calibration->count);
  CHECK(a.calibration->share == b.calibration->share);
  CHECK(a.calibration->votes == b.calibration->votes);
  CHECK(a.calibration->of == b.calibration->of);
}

}  // namespace

TEST_CASE("windows and calibration are read back from a header, and written alike again") {
  for (const bool calibrated : {false, true}) {
    const tool::QuantizedModel model = model_of_windows(calibrated);
    for (const tool::Runtime runtime : {tool::Runtime::included, tool::Runtime::inside}) {
      const std::string header = tool::header_text(model, "m", runtime);
      for (const std::string& text : {header, tool::header_pair(model, "m", runtime, "m.h").source}) {
        const tool::QuantizedModel read = tool::read_c_header(text, "m.h").model;
        check_same(read, model);
        CHECK(tool::header_text(read, "m", runtime) == header);
      }
    }
    const tool::Model floats = tool::to_floats(model);
    CHECK(floats.calibration.has_value() == calibrated);
    CHECK(floats.meaning.windows.length == 3);
  }
}

TEST_CASE("the detector of a header says what the stream does") {
  const tool::QuantizedModel model = model_of_windows(true);
  const std::string text = tool::header_text(model, "m", tool::Runtime::included);
  // -2.34375 nats, in steps of 2^-fraction, and the largest whole number that is not above it.
  const int limit = -75 * (1 << model.fraction) / 32;
  CHECK(contains(text, "#define M_LIMIT " + std::to_string(limit) + "  // a score above it is odd"));
  CHECK(contains(text, "      -300,   1250,\n      1000,  32767,\n"));  // 5000 / 0.1 is beyond 16 bits
  CHECK(contains(
      text,
      "static const rbm_detector m_detector = {\n    &m,\n    m_ranges,\n    M_LIMIT,\n    M_WINDOW,\n"
      "    M_HOP,\n    M_DECIMATION,\n    17,\n    M_CHANNELS,\n    M_DETREND,\n    2,\n    3,\n};\n"));
  for (const char* const line : {"#define M_CHANNELS 2\n", "#define M_WINDOW 3  //", "#define M_HOP 2  //",
                                 "#define M_DECIMATION 4  //", "#define M_DETREND 3  // taken away: trend\n",
                                 "#define M_DATA_WINDOW 3\n", "#define M_DATA_VOTES \"2 of 3\"\n"})
    CHECK(contains(text, line));
  const std::string uncalibrated = tool::header_text(model_of_windows(false), "m", tool::Runtime::included);
  CHECK(contains(uncalibrated, "#ifndef M_LIMIT\n#define M_LIMIT INT32_MAX  // nothing is odd: calibrate"));
  CHECK(!contains(uncalibrated, "M_DATA_LIMIT"));
  const tool::HeaderPair pair = tool::header_pair(model, "m", tool::Runtime::included, "m.h");
  CHECK(contains(pair.header, "extern const rbm_real m;\nextern const rbm_detector m_detector;\n"));
  CHECK(contains(pair.source, "M_CHANNELS != 2 || \\\n    M_WINDOW != 3 || \\\n    M_HOP != 2"));
}

TEST_CASE("a model of rows has no detector, and a limit only if it is calibrated") {
  tool::QuantizedModel model = model_of_windows(true);
  model.meaning.windows = {};
  std::string text = tool::header_text(model, "m", tool::Runtime::included);
  CHECK(!contains(text, "detector"));
  CHECK(!contains(text, "STREAM"));
  CHECK(contains(text, "#define M_LIMIT -"));
  model.calibration.reset();
  text = tool::header_text(model, "m", tool::Runtime::included);
  CHECK(!contains(text, "M_LIMIT"));
}

TEST_CASE("windows that a device does not take are told") {
  const auto fault = [](const std::function<void(tool::QuantizedModel&)>& change) {
    tool::QuantizedModel model = model_of_windows(true);
    change(model);
    return tool::find_fault(model);
  };
  CHECK(fault([](tool::QuantizedModel& model) { model.meaning.windows.hop = 4097; }) ==
        "has 4097 readings from one window to the next, where a device takes 1 to 4096");
  CHECK(fault([](tool::QuantizedModel& model) { model.meaning.windows.hop = 4096; }) == "");
  CHECK(fault([](tool::QuantizedModel& model) { model.meaning.windows.length = 4097; }) ==
        "has 4097 readings of each channel in a window, where a device takes 1 to 4096");
  CHECK(fault([](tool::QuantizedModel& model) { model.meaning.windows.decimation = 65536; }) ==
        "has 65536 readings that become one, where a device takes 1 to 65535");
  CHECK(fault([](tool::QuantizedModel& model) { model.meaning.windows.channels = 256; }) ==
        "has 256 channels in a window, where a device takes 1 to 255");
  CHECK(fault([](tool::QuantizedModel& model) { model.calibration->of = 33; }) ==
        "has 33 windows that vote, where a device takes 1 to 32");
  CHECK(fault([](tool::QuantizedModel& model) { model.meaning.windows.channels = 1; }) ==
        "has windows of 3 readings and 6 visible units");
}
