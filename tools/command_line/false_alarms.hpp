#pragma once

#include <string_view>

#include "tools/base/false_alarms.hpp"
#include "tools/command_line/option.hpp"

namespace tool {

/// How many false alarms are allowed. `--false-alarms 1%`, `--false-alarms "1 a day"`
class FalseAlarmsOption final : public Option {
 public:
  using Value = FalseAlarms;

  /// `shown` is the default in words, where it is not 1%.
  constexpr FalseAlarmsOption(std::string_view name, std::string_view help, std::string_view shown = "1%")
      : Option(name, "RATE", help, shown) {}
  void check(std::string_view text) const override { parse(text); }

  /// A percentage above 0 and below 100, or a number above 0 and `a minute`, `an hour`, `a day`, `a week` or
  /// `a year`. Throws Misuse.
  Value parse(std::string_view text) const;
  constexpr Value standard() const { return {}; }
};

/// How many of the last scores must be above the limit. `--votes 2/3`
class VotesOption final : public Option {
 public:
  using Value = Votes;

  constexpr VotesOption(std::string_view name, std::string_view help) : Option(name, "K/N", help, "1/1") {}
  void check(std::string_view text) const override { parse(text); }

  /// Throws Misuse.
  Value parse(std::string_view text) const;
  constexpr Value standard() const { return {}; }
};

}  // namespace tool
