// Rates of false alarms and votes, as users write them.
#include "tools/command_line/false_alarms.hpp"

#include <doctest/doctest.h>

#include "tools/base/failure.hpp"

namespace {

constexpr tool::FalseAlarmsOption rate{"false-alarms", "a rate"};
constexpr tool::VotesOption votes{"votes", "votes"};

}  // namespace

TEST_CASE("false alarms: a share, or so many in a time") {
  const auto check = [](const char* text, double number, double seconds) {
    CAPTURE(text);
    CHECK(rate.parse(text).number == doctest::Approx(number));
    CHECK(rate.parse(text).seconds == seconds);
  };
  check("1%", 0.01, 0);
  check("0.5 %", 0.005, 0);
  check("99.9%", 0.999, 0);
  check("3 a minute", 3, 60);
  check("2 an hour", 2, 3600);
  check("1 a day", 1, 86400);
  check("0.5  a  week", 0.5, 604800);
  check("1 a year", 1, 31557600);
  CHECK(rate.standard().number == 0.01);
  CHECK(rate.standard().seconds == 0);
  for (const char* wrong :
       {"", "1", "%", "0%", "100%", "-1%", "nan%", "inf%", "1 day", "1 a", "1 an", "1 a fortnight", "0 a day",
        "-2 an hour", "1e300 a day", "a day", "1 a day long", "1%%", "nan a day"}) {
    CAPTURE(wrong);
    CHECK_THROWS_AS(rate.check(wrong), tool::Misuse);
  }
  CHECK_THROWS_WITH_AS(
      rate.check("often"),
      "--false-alarms: 'often' is no rate such as 1%, '1 a day' or '2 an hour' (a minute, an "
      "hour, a day, a week, a year)",
      tool::Misuse);
}

TEST_CASE("votes: K of the last N") {
  CHECK(votes.parse("2/3").votes == 2);
  CHECK(votes.parse("2/3").of == 3);
  CHECK(votes.parse("255/255").of == 255);
  CHECK(votes.standard().votes == 1);
  CHECK(votes.standard().of == 1);
  for (const char* wrong : {"", "2", "2/", "/3", "0/3", "4/3", "2/256", "-1/3", "2/3/4", "2 of 3", "1.5/3"}) {
    CAPTURE(wrong);
    CHECK_THROWS_AS(votes.check(wrong), tool::Misuse);
  }
}
