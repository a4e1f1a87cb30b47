#include "tools/model/calibration.hpp"

#include <charconv>
#include <cmath>
#include <vector>

#include "tools/base/failure.hpp"
#include "tools/base/text.hpp"

namespace tool {
namespace {

using Metadata = std::map<std::string, std::string>;

// The numbers of an entry, with `between` from one to the next; NaN where there are not as many as asked for.
std::vector<double> numbers(const std::string& text, std::size_t count, const std::string& between) {
  std::vector<double> found(count, std::nan(""));
  const char* place = text.data();
  const char* const end = place + text.size();
  for (std::size_t n = 0; n < count; ++n) {
    if (n > 0) {
      if (std::string(place, end).compare(0, between.size(), between) != 0) return found;
      place += between.size();
    }
    double number = 0;
    const auto [stop, error] = std::from_chars(place, end, number);
    if (error != std::errc{}) return found;
    found[n] = number;
    place = stop;
  }
  if (place != end) found.back() = std::nan("");
  return found;
}

}  // namespace

void describe(const Calibration& calibration, Metadata& metadata) {
  metadata["limit"] = shortest(calibration.limit);
  metadata["false_alarms"] = shortest(calibration.false_alarms);
  metadata["tail"] = shortest(calibration.threshold) + " " + shortest(calibration.excess) + " " +
                     shortest(calibration.count) + " " + shortest(calibration.share);
  metadata["votes"] = std::to_string(calibration.votes) + " of " + std::to_string(calibration.of);
}

std::optional<Calibration> calibration_in(const Metadata& metadata, const std::string& name) {
  if (metadata.count("limit") == 0) return {};
  const auto read = [&](const char* key, std::size_t count, const std::string& between) {
    const auto entry = metadata.find(key);
    return numbers(entry == metadata.end() ? std::string() : entry->second, count, between);
  };
  const auto require = [&](bool sound, const char* key) {
    const auto entry = metadata.find(key);
    if (!sound)
      throw Failure(name + ": metadata " + quoted(key) + " is " +
                    (entry == metadata.end() ? "missing, which a limit needs"
                                             : quoted(entry->second) + ", which makes no sense"));
  };
  Calibration found;
  found.limit = read("limit", 1, "")[0];
  found.false_alarms = read("false_alarms", 1, "")[0];
  const std::vector<double> tail = read("tail", 4, " "), votes = read("votes", 2, " of ");
  require(std::isfinite(found.limit), "limit");
  require(found.false_alarms > 0 && found.false_alarms < 1, "false_alarms");
  require(std::isfinite(tail[0]) && tail[1] > 0 && std::isfinite(tail[1]) && tail[2] > 0 &&
              std::isfinite(tail[2]) && tail[3] > 0 && tail[3] <= 1,
          "tail");
  require(votes[0] >= 1 && votes[0] <= votes[1] && votes[1] <= most_votes &&
              votes[0] == std::floor(votes[0]) && votes[1] == std::floor(votes[1]),
          "votes");
  found.threshold = tail[0], found.excess = tail[1], found.count = tail[2], found.share = tail[3];
  found.votes = static_cast<unsigned>(votes[0]), found.of = static_cast<unsigned>(votes[1]);
  return found;
}

}  // namespace tool
