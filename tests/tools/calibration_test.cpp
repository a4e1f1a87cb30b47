// A calibration in metadata.
#include "tools/model/calibration.hpp"

#include <doctest/doctest.h>

#include <map>
#include <string>

#include "tools/base/failure.hpp"

namespace {

using Metadata = std::map<std::string, std::string>;

const Metadata whole{
    {"limit", "12.5"}, {"false_alarms", "0.01"}, {"tail", "10.25 1.5 20 0.125"}, {"votes", "2 of 3"}};

}  // namespace

TEST_CASE("calibration: metadata keep it to the last bit, and other entries are let be") {
  const auto found = tool::calibration_in(whole, "m");
  REQUIRE(found);
  CHECK(found->limit == 12.5);
  CHECK(found->false_alarms == 0.01);
  CHECK(found->threshold == 10.25);
  CHECK(found->excess == 1.5);
  CHECK(found->count == 20);
  CHECK(found->share == 0.125);
  CHECK(found->votes == 2);
  CHECK(found->of == 3);
  Metadata again{{"seed", "7"}};
  describe(*found, again);
  Metadata expected = whole;
  expected["seed"] = "7";
  CHECK((again == expected));
  CHECK_FALSE(tool::calibration_in({{"seed", "7"}}, "m"));

  tool::Calibration third = *found;
  third.limit = -1.0 / 3, third.excess = 1e-300;
  describe(third, again);
  CHECK(tool::calibration_in(again, "m")->limit == -1.0 / 3);
  CHECK(tool::calibration_in(again, "m")->excess == 1e-300);
}

TEST_CASE("calibration: entries that make no sense are refused by name") {
  const auto refused = [](const std::string& key, const std::string& value) {
    Metadata metadata = whole;
    metadata[key] = value;
    CAPTURE(value);
    CHECK_THROWS_WITH_AS(tool::calibration_in(metadata, "m"),
                         ("m: metadata '" + key + "' is '" + value + "', which makes no sense").c_str(),
                         tool::Failure);
  };
  for (const char* value : {"", "x", "nan", "inf", "1 2", "1e999"}) refused("limit", value);
  for (const char* value : {"0", "1", "-0.1", "nan"}) refused("false_alarms", value);
  for (const char* value : {"1 2 3", "1 2 3 0.5 6", "1,2,3,0.5", "1 0 3 0.5", "1 2 0 0.5", "1 2 3 0",
                            "1 2 3 1.5", "inf 2 3 0.5", "1 inf 3 0.5", "1 2 inf 0.5", "1 2 3 0.5 "})
    refused("tail", value);
  for (const char* value : {"3 of 2", "0 of 2", "1 of 256", "1.5 of 3", "2/3", "1 of 2.5", "2", "a of b"})
    refused("votes", value);
  Metadata metadata = whole;
  metadata.erase("tail");
  CHECK_THROWS_WITH_AS(tool::calibration_in(metadata, "m"),
                       "m: metadata 'tail' is missing, which a limit needs", tool::Failure);
}
