#pragma once

#include <cstddef>
#include <cstdint>
#include <functional>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

// A subcommand states its positionals and options once, as constants, and lists them in its Command. Parsing,
// range checks, help text and error lines follow from that one statement; values are read by the same
// constants:
//
//   constexpr Whole hidden{"hidden", "N", 500, {1, 65535}, "number of hidden units"};
//   ...
//   const std::uint64_t units = arguments[hidden];

namespace tool {

/// What a command takes by place. The optional ones come last in its list. Value: std::string, empty if not
/// given.
struct Positional {
  std::string_view name;  ///< as shown, in capitals: "DATA"
  std::string_view help;
  bool required = true;
};

/// What a command takes by name; one of Flag, Whole, Real, Text and Choice below.
class Option {
 public:
  /// Without the dashes.
  constexpr std::string_view name() const { return name_; }

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
  Value standard() const { return false; }
};

/// Limits of a number, both included.
template <typename Number>
struct Range {
  Number minimum;
  Number maximum;
};

/// A number within a range. `--hidden 500`
template <typename Number>
class NumberOption final : public Option {
 public:
  using Value = Number;

  /// The default need not lie within the range: such a value tells that none was given. `shown` is the
  /// default in words ("all cores") where the number itself would not tell.
  constexpr NumberOption(std::string_view name, std::string_view placeholder, Number standard,
                         Range<Number> range, std::string_view help, std::string_view shown = {})
      : Option(name, placeholder, help, shown), standard_(standard), range_(range) {}

  std::string shown_default() const override;
  void check(std::string_view text) const override { parse(text); }
  Value parse(std::string_view text) const;
  Value standard() const { return standard_; }

 private:
  Number standard_;
  Range<Number> range_;
};

using Whole = NumberOption<std::uint64_t>;
using Real = NumberOption<double>;

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

/// One of a few words, listed with bars between them: "adam|sgd". `--optimizer sgd`
class Choice final : public Option {
 public:
  using Value = std::string_view;

  constexpr Choice(std::string_view name, std::string_view words, std::string_view standard,
                   std::string_view help)
      : Option(name, words, help, standard), standard_(standard) {}

  void check(std::string_view text) const override { parse(text); }
  Value parse(std::string_view text) const;
  Value standard() const { return standard_; }

 private:
  std::string_view standard_;
};

class Arguments;

/// The files that a command line names: empty for one that is not asked for, `-` for a standard stream.
struct Files {
  std::vector<std::string> read, written;
};

/// A subcommand of the program.
struct Command {
  std::string_view name;
  std::string_view summary;  ///< a few words, for the list of commands
  std::vector<Positional> positionals;
  std::vector<std::reference_wrapper<const Option>> options;
  std::string_view notes;  ///< examples and explanations, printed as they are at the end of the help text
  void (*run)(const Arguments&);               ///< throws where it does not end well
  Files (*files)(const Arguments&) = nullptr;  ///< stated by a command that writes files
};

/// The command line of one subcommand, checked.
class Arguments {
 public:
  /// Parses the words after the subcommand's name: `--hidden 500`, `--hidden=500`, `--` ends the options, `-`
  /// is a positional. Throws Misuse. `--help` and `-h` end the parsing and leave the rest unchecked. The
  /// command must outlive the arguments.
  Arguments(const Command& command, const std::vector<std::string_view>& words);

  bool help_asked() const { return help_asked_; }

  /// Whether the user gave this option.
  bool given(const Option& option) const { return to_text(option).has_value(); }

  /// The value of an option that the user gave, as written.
  const std::string& text(const Option& option) const { return *to_text(option); }

  /// The value of an option of this command, or its default.
  template <typename Kind>
  typename Kind::Value operator[](const Kind& option) const {
    const std::optional<std::string>& text = to_text(option);
    return text ? option.parse(*text) : option.standard();
  }

  /// The value of a positional of this command, empty if it was optional and left out.
  std::string operator[](const Positional& positional) const;

 private:
  std::size_t take_option(const std::vector<std::string_view>& words, std::size_t index);
  const std::optional<std::string>& to_text(const Option& option) const;

  const Command& command_;
  std::vector<std::optional<std::string>> texts_;  // one for each option of the command
  std::vector<std::string> positionals_;
  bool help_asked_ = false;
};

/// How a command is called: "rbm train DATA [OPTIONS]".
std::string usage(const Command& command);

/// The candidate that takes the fewest changes of letters to become `word`; empty if none is near.
std::string_view nearest(std::string_view word, const std::vector<std::string_view>& candidates);

}  // namespace tool
