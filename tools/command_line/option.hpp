#pragma once

#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

// An option is stated once, as a constant, with the values that it takes. Help texts, range checks and error
// lines follow from that statement:
//
//   constexpr Whole hidden{"hidden", "N", 500, {1, 65535}, "number of hidden units"};

namespace tool {

/// What a command takes by name; one of Flag, Whole, Real, OptionalReal, Text and Choice below. Each has the
/// type of its value as Value, reads it by parse() and has its default as standard().
class Option {
 public:
  /// Without the dashes.
  constexpr std::string_view name() const { return name_; }

  /// With them, as the user writes it.
  std::string dashed() const { return "--" + std::string(name_); }

  /// Stands for the value in help texts; empty if the option takes none.
  constexpr std::string_view placeholder() const { return placeholder_; }

  /// One or two sentences, the rule of thumb included.
  constexpr std::string_view help() const { return help_; }

  /// The default as help texts show it; empty if there is none to show.
  virtual std::string shown_default() const { return std::string(shown_); }

  /// Throws Misuse, naming the option and the fault, if `text` is no value of this option.
  virtual void check(std::string_view text) const = 0;

 protected:
  constexpr Option(std::string_view name, std::string_view placeholder, std::string_view help,
                   std::string_view shown)
      : name_(name), placeholder_(placeholder), help_(help), shown_(shown) {}
  ~Option() = default;

 private:
  std::string_view name_, placeholder_, help_, shown_;
};

/// True if given. `--json`
class Flag final : public Option {
 public:
  using Value = bool;

  constexpr Flag(std::string_view name, std::string_view help) : Option(name, {}, help, {}) {}
  void check(std::string_view) const override {}
  Value parse(std::string_view) const { return true; }
  constexpr Value standard() const { return false; }
};

/// Limits of a number, both included.
template <typename Number>
struct Range {
  Number minimum;
  Number maximum;
};

/// A number within a range. `--hidden 500`
template <typename Number, typename Held = Number>
class NumberOption final : public Option {
 public:
  using Value = Held;

  /// The default need not lie within the range: such a value tells that none was given. `shown` is the
  /// default in words ("all cores") where the number itself would not tell.
  constexpr NumberOption(std::string_view name, std::string_view placeholder, Held standard,
                         Range<Number> range, std::string_view help, std::string_view shown = {})
      : Option(name, placeholder, help, shown), standard_(standard), range_(range) {}

  std::string shown_default() const override;
  void check(std::string_view text) const override { parse(text); }
  Value parse(std::string_view text) const;
  constexpr Value standard() const { return standard_; }
  constexpr Range<Number> range() const { return range_; }

 private:
  Held standard_;
  Range<Number> range_;
};

using Whole = NumberOption<std::uint64_t>;
using Real = NumberOption<double>;

/// Numbers without a default: their value is std::nullopt if the user gave none.
using OptionalReal = NumberOption<double, std::optional<double>>;
using OptionalWhole = NumberOption<std::uint64_t, std::optional<std::uint64_t>>;

/// A number, or the word auto, which leaves it to the data: its value is std::nullopt then. `--window auto`
class WholeOrAuto final : public Option {
 public:
  using Value = std::optional<std::uint64_t>;

  constexpr WholeOrAuto(std::string_view name, std::string_view placeholder, Range<std::uint64_t> range,
                        std::string_view help, std::string_view shown)
      : Option(name, placeholder, help, shown), number_(name, placeholder, 0, range, help) {}

  void check(std::string_view text) const override { parse(text); }
  Value parse(std::string_view text) const {
    return text == "auto" ? std::nullopt : Value(number_.parse(text));
  }
  constexpr Value standard() const { return std::nullopt; }

 private:
  Whole number_;
};

/// Any text but the empty one, such as a file's name. `--out model.safetensors`
class Text final : public Option {
 public:
  using Value = std::string;

  /// An empty default tells that none was given; `shown` says in words what then happens.
  constexpr Text(std::string_view name, std::string_view placeholder, std::string_view standard,
                 std::string_view help, std::string_view shown = {})
      : Option(name, placeholder, help, shown.empty() ? standard : shown), standard_(standard) {}

  void check(std::string_view text) const override { parse(text); }
  Value parse(std::string_view text) const;
  Value standard() const { return Value(standard_); }

 private:
  std::string_view standard_;
};

/// What every Choice has, whatever its enumeration: words with bars between them, "adam|sgd".
class WordOption : public Option {
 public:
  void check(std::string_view text) const override { find(text); }

 protected:
  constexpr WordOption(std::string_view name, std::string_view words, std::size_t standard,
                       std::string_view help, std::string_view shown)
      : Option(name, words, help, shown.empty() ? nth(words, standard) : shown) {}
  ~WordOption() = default;

  /// The number of the word that `text` is, from 0. Throws Misuse.
  std::size_t find(std::string_view text) const;

  static constexpr std::string_view nth(std::string_view words, std::size_t n) {
    for (; n > 0; --n) words.remove_prefix(words.find('|') + 1);
    return words.substr(0, words.find('|'));
  }
};

/// One of a few words, each of which is a value of an enumeration that counts from 0. `--optimizer sgd`
template <typename Enumeration>
class Choice final : public WordOption {
 public:
  using Value = Enumeration;

  /// `words` in the order of the enumeration, whose last values may be left out: "adam|sgd". `shown` is the
  /// default in words, where it hangs on something else.
  constexpr Choice(std::string_view name, std::string_view words, Enumeration standard, std::string_view help,
                   std::string_view shown = {})
      : WordOption(name, words, static_cast<std::size_t>(standard), help, shown), standard_(standard) {}

  Value parse(std::string_view text) const { return static_cast<Enumeration>(find(text)); }
  constexpr Value standard() const { return standard_; }

  /// Whether a word stands for a value.
  constexpr bool has(Enumeration value) const {
    std::size_t words = 1;
    for (const char letter : placeholder()) words += letter == '|';
    return static_cast<std::size_t>(value) < words;
  }

  /// The word that stands for a value.
  std::string word(Enumeration value) const {
    return std::string(nth(placeholder(), static_cast<std::size_t>(value)));
  }

 private:
  Enumeration standard_;
};

}  // namespace tool
