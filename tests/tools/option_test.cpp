// The limits of every numeric option of every command, as the option itself states them.
#include "tools/command_line/option.hpp"

#include <doctest/doctest.h>

#include <cmath>
#include <limits>
#include <string>
#include <vector>

#include "tools/base/failure.hpp"
#include "tools/base/text.hpp"
#include "tools/commands/commands.hpp"

namespace {

constexpr double infinity = std::numeric_limits<double>::infinity();

std::vector<std::string> beyond(tool::Range<std::uint64_t> range) {
  const std::string below = range.minimum == 0 ? "-1" : tool::shortest(range.minimum - 1);
  const bool greatest = range.maximum == std::numeric_limits<std::uint64_t>::max();
  return {below, greatest ? "18446744073709551616" : tool::shortest(range.maximum + 1)};
}

std::vector<std::string> beyond(tool::Range<double> range) {
  return {tool::shortest(std::nextafter(range.minimum, -infinity)),
          tool::shortest(std::nextafter(range.maximum, infinity)), "nan", "inf", "-inf"};
}

/// Whether the option is of this kind; if so, its limits are checked.
template <class Kind>
bool check_limits(const tool::Option& option) {
  const auto* const number = dynamic_cast<const Kind*>(&option);
  if (number == nullptr) return false;
  const auto range = number->range();
  CHECK(range.minimum < range.maximum);
  CHECK((number->parse(tool::shortest(range.minimum)) == range.minimum));
  CHECK((number->parse(tool::shortest(range.maximum)) == range.maximum));
  for (const std::string& value : beyond(range)) {
    const std::string message = option.dashed() + ": " + value + " is not between " +
                                tool::shortest(range.minimum) + " and " + tool::shortest(range.maximum);
    CHECK_THROWS_WITH_AS(option.check(value), message.c_str(), tool::Misuse);
  }
  return true;
}

}  // namespace

TEST_CASE("every number takes its least and its greatest value, and nothing beyond") {
  std::size_t numbers = 0;
  for (const tool::Command* command : tool::commands)
    for (const tool::Option& option : command->options) {
      CAPTURE(command->name);
      CAPTURE(option.name());
      numbers += check_limits<tool::Whole>(option) || check_limits<tool::Real>(option) ||
                 check_limits<tool::OptionalReal>(option);
    }
  CHECK(numbers > 30);
}

TEST_CASE("every word of a choice is taken, and shown as the default that it is") {
  enum class Size { small, medium, large };
  constexpr tool::Choice<Size> size{"size", "small|medium|large", Size::medium, "how large"};
  CHECK(size.shown_default() == "medium");
  for (const Size value : {Size::small, Size::medium, Size::large})
    CHECK((size.parse(size.word(value)) == value));
  CHECK(size.word(Size::small) == "small");
  CHECK(size.word(Size::large) == "large");
  for (const char* word : {"", "smal", "small|medium", "Small"})
    CHECK_THROWS_AS(size.check(word), tool::Misuse);
}
