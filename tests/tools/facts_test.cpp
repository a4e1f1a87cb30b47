// Facts that a command tells people and programs alike.
#include "tools/output/facts.hpp"

#include <doctest/doctest.h>

#include <limits>

TEST_CASE("facts: both tell a fact, in the order of the statements") {
  tool::Facts facts;
  facts.add("hidden units", "1,500 in all", "hidden", 1500)
      .line("", "of which none is off")
      .field("bits", 8)
      .add("free energy", tool::Mean{-101.321, 0.213}, " nats", "free_energy");
  CHECK((facts.report() == tool::Report{{"hidden units", "1,500 in all"},
                                        {"", "of which none is off"},
                                        {"free energy", "-101.32 +/- 0.21 nats"}}));
  CHECK(facts.json().text() ==
        R"({"hidden": 1500, "bits": 8, "free_energy": -101.321, "free_energy_standard_error": 0.213})");
}

TEST_CASE("facts: a mean of one value has no standard error") {
  tool::Facts facts;
  facts.add("error", tool::Mean{0.5, std::numeric_limits<double>::quiet_NaN()}, "", "error");
  CHECK((facts.report() == tool::Report{{"error", "0.5"}}));
  CHECK(facts.json().text() == R"({"error": 0.5, "error_standard_error": null})");
}
