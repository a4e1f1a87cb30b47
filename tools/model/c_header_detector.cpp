#include "tools/model/c_header_detector.hpp"

#include <algorithm>
#include <cmath>
#include <cstdint>
#include <vector>

#include "tools/base/text.hpp"
#include "tools/data/windows.hpp"
#include "tools/model/calibration.hpp"

namespace tool {
namespace {

// The limit in steps of the model, of which scores are whole numbers.
std::int32_t limit_in_steps(const Calibration& calibration, unsigned fraction) {
  constexpr double most = 0x1p31 - 1;
  return static_cast<std::int32_t>(
      std::clamp(std::floor(std::ldexp(calibration.limit, static_cast<int>(fraction))), -most, most));
}

// The least and the most reading of each channel, in steps of its sensor.
std::vector<std::int16_t> ranges_in_steps(const QuantizedModel& model) {
  std::vector<std::int16_t> ranges;
  for (const float reading : model.meaning.ranges) {
    const std::size_t channel = ranges.size() / 2;
    const float step = model.layer.steps[channel * model.meaning.windows.length];
    ranges.push_back(static_cast<std::int16_t>(std::clamp(std::round(reading / step), -32767.0f, 32767.0f)));
  }
  return ranges;
}

}  // namespace

DetectorParts::DetectorParts(const QuantizedModel& model, const HeaderParts& parts)
    : model_(model), parts_(parts), exists_(model.has_windows()) {}

std::string DetectorParts::facts() const {
  if (!exists_) return {};
  const Windows& windows = model_.meaning.windows;
  std::string text = HeaderParts::fact("an example", "a window: " + to_text(windows));
  if (windows.decimation > 1)
    text += HeaderParts::fact("a reading of these",
                              "the mean of " + grouped(windows.decimation) + " of the sensor");
  if (!model_.calibration) return text;
  const Calibration& calibration = *model_.calibration;
  return text +
         HeaderParts::fact(
             "odd", "a score above " + shortest(calibration.limit) + " nats" +
                        (calibration.of > 1 ? " in " + std::to_string(calibration.votes) + " of the last " +
                                                  std::to_string(calibration.of) + " windows"
                                            : "") +
                        ", set for a share of " + shortest(calibration.false_alarms) + " of normal windows");
}

std::string DetectorParts::usage() const {
  if (!exists_) return {};
  const std::string& name = parts_.name;
  const std::string& macro = parts_.macro;
  return "//\n// To flag what is odd in a stream of readings:\n//\n//     static uint32_t memory[" + macro +
         "_STREAM_WORDS];\n//     static rbm_stream stream;\n//     rbm_stream_start(&stream, &" + name +
         "_detector, memory);\n//\n// then for each reading of the sensor, which an interrupt may do,\n//\n"
         "//     const int16_t readings[" +
         macro +
         "_CHANNELS] = {...};  // RBM_MISSING where there is none\n"
         "//     rbm_stream_push(&stream, readings);\n//\n// and in the program's loop\n//\n"
         "//     if (rbm_stream_ready(&stream)) set_alarm(rbm_is_odd(&stream));\n//\n"
         "// rbm_score gives the window's score, in steps: " +
         macro + "_NAT are a nat; rbm_stream_status what is wrong with a sensor.\n\n";
}

std::string DetectorParts::checks() const {
  if (!exists_) return {};
  return parts_.stop(
      "#if !defined RBM_DETECTOR_FORMAT || RBM_DETECTOR_FORMAT != " + std::to_string(RBM_DETECTOR_FORMAT),
      "a stand-alone header of another version of rbm comes first: generate it anew");
}

std::string DetectorParts::interval() const {
  const double microseconds = std::round(1e6 * model_.meaning.interval);
  if (!(microseconds >= 1 && microseconds <= 0x1p32 - 1)) return {};
  return parts_.define("INTERVAL_MICROSECONDS", shortest(static_cast<std::uint32_t>(microseconds)) + "ul",
                       "from a reading of the sensor to the next");
}

// Defined before, it is a program's own.
std::string DetectorParts::limit() const {
  const std::string definition =
      model_.calibration
          ? parts_.define("LIMIT", std::to_string(limit_in_steps(*model_.calibration, model_.fraction)),
                          "a score above it is odd")
          : parts_.define("LIMIT", "INT32_MAX",
                          "nothing is odd: calibrate the model by rbm score, or define this before");
  return "#ifndef " + parts_.macro + "_LIMIT\n" + definition + "#endif\n";
}

std::string DetectorParts::macros() const {
  if (!exists_) return model_.calibration ? limit() : "";
  const Windows& windows = model_.meaning.windows;
  const std::string& macro = parts_.macro;
  const auto of = [&](const char* what) { return macro + "_" + what; };
  return parts_.define("CHANNELS", std::to_string(windows.channels)) +
         parts_.define("WINDOW", std::to_string(windows.length), "readings of each channel") +
         parts_.define("HOP", std::to_string(windows.hop), "readings from one window to the next") +
         parts_.define("DECIMATION", std::to_string(windows.decimation),
                       "so many readings of the sensor become one, their mean") +
         parts_.define("DETREND", std::to_string(static_cast<int>(windows.detrend)),
                       "taken away: " + word_of(windows.detrend)) +
         interval() + limit() +
         parts_.define("STREAM_WORDS", "RBM_STREAM_WORDS(" + of("CHANNELS") + ", " + of("WINDOW") + ", " +
                                           of("HOP") + ", " + of("DETREND") + ", " + of("DECIMATION") + ", " +
                                           of("HIDDEN") + ", " + of("FACTORS") + ")");
}

std::string DetectorParts::declaration() const {
  return exists_ ? "extern const rbm_detector " + parts_.name + "_detector;\n" : "";
}

std::string DetectorParts::conditions_of_pair() const {
  if (!exists_) return {};
  const Windows& windows = model_.meaning.windows;
  const auto differs = [&](const char* what, std::size_t value) {
    return " || \\\n    " + parts_.macro + "_" + what + " != " + std::to_string(value);
  };
  return differs("CHANNELS", windows.channels) + differs("WINDOW", windows.length) +
         differs("HOP", windows.hop) + differs("DECIMATION", windows.decimation) +
         differs("DETREND", static_cast<std::size_t>(windows.detrend));
}

std::string DetectorParts::definition(const char* linkage) const {
  if (!exists_) return {};
  const DataMeaning& meaning = model_.meaning;
  const std::vector<std::int16_t> ranges = ranges_in_steps(model_);
  const Calibration calibration = model_.calibration.value_or(Calibration());
  std::string text = "\n";
  if (!ranges.empty()) {
    text += "// The least and the most reading of each channel in training.\nstatic const int16_t " +
            parts_.name + "_ranges[] = {\n";
    append_numbers(text, ranges.data(), ranges.size(), 2, 6);
    text += "};\n\n";
  }
  text += linkage + ("const rbm_detector " + parts_.name) + "_detector = {\n    &" + parts_.name +
          (model_.has_labels() ? ".base,\n" : ",\n");
  const auto line = [&](const std::string& value) { text += "    " + value + ",\n"; };
  line(ranges.empty() ? "NULL" : parts_.name + "_ranges");
  // What is odd, whatever the label, no score of the first one tells.
  line(model_.has_labels() ? "INT32_MAX" : parts_.macro + "_LIMIT");
  for (const char* const what : {"WINDOW", "HOP", "DECIMATION"}) line(parts_.macro + "_" + what);
  line(std::to_string(std::min<std::size_t>(meaning.longest_equal, UINT16_MAX)));
  line(parts_.macro + "_CHANNELS");
  line(parts_.macro + "_DETREND");
  line(std::to_string(calibration.votes));
  line(std::to_string(calibration.of));
  return text + "};\n";
}

}  // namespace tool
