#pragma once

#include <cstddef>
#include <functional>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "tools/command_line/option.hpp"

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

class Arguments;
class CommandRanks;

/// The files that a command line names: empty for one that is not asked for, `-` for a standard stream.
struct Files {
  std::vector<std::string> read, written;
};

using OptionList = std::vector<std::reference_wrapper<const Option>>;

/// A subcommand of the program.
struct Command {
  std::string_view name;
  std::string_view summary;  ///< a few words, for the list of commands
  std::vector<Positional> positionals;
  OptionList options;
  std::string_view notes;  ///< examples and explanations, printed as they are at the end of the help text
  void (*run)(const Arguments&);               ///< throws where it does not end well
  Files (*files)(const Arguments&) = nullptr;  ///< stated by a command that writes files
  /// In the place of `run`, where several processes can share the work.
  void (*run_shared)(const Arguments&, CommandRanks&) = nullptr;
};

/// The command line of one subcommand, checked.
class Arguments {
 public:
  /// Parses the words after the subcommand's name: `--hidden 500`, `--hidden=500`, `--` ends the options, `-`
  /// is a positional. Throws Misuse. `--help` and `-h` end the parsing and leave the rest unchecked. The
  /// command must outlive the arguments.
  Arguments(const Command& command, const std::vector<std::string_view>& words);

  bool help_asked() const { return help_asked_; }

  /// Whether the command has this option.
  bool lists(const Option& option) const;

  /// Whether the user gave this option.
  bool given(const Option& option) const { return to_text(option).has_value(); }

  /// The value of an option that the user gave, as written.
  const std::string& text(const Option& option) const { return *to_text(option); }

  /// What the user gave: the command, words by place, and options but this one, with their values.
  std::vector<std::string> words_but(const Option& option) const;

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

}  // namespace tool
