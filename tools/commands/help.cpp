#include <algorithm>
#include <cstdio>

#include "tools/base/failure.hpp"
#include "tools/base/nearest.hpp"
#include "tools/commands/commands.hpp"

namespace tool {
namespace {

constexpr std::size_t page_width = 80;

using Entries = std::vector<std::pair<std::string, std::string>>;

// Two columns, the left as wide as its widest entry, the right wrapped between words.
std::string two_columns(const Entries& entries) {
  std::size_t indent = 0;
  for (const auto& [left, right] : entries) indent = std::max(indent, left.size() + 4);
  std::string text;
  for (const auto& [left, right] : entries) {
    text += "  " + left + std::string(indent - 2 - left.size(), ' ');
    std::size_t column = indent;
    for (std::size_t begin = 0; begin < right.size();) {
      const std::size_t end = std::min(right.find(' ', begin), right.size());
      const std::size_t length = end - begin;
      if (column > indent && column + 1 + length > page_width) {
        text += "\n" + std::string(indent, ' ');
        column = indent;
      } else if (column > indent) {
        text += ' ';
        ++column;
      }
      text += right.substr(begin, length);
      column += length;
      begin = end + 1;
    }
    text += '\n';
  }
  return text;
}

constexpr Positional command_name{"COMMAND", "the command to explain; without it, an overview", false};
constexpr Flag man{"man", "print the manual page of all commands, for man"};

std::string text_for(const Arguments& arguments) {
  const std::string name = arguments[command_name];
  if (arguments[man]) {
    if (!name.empty()) throw Misuse("--man: is for all commands at once; leave out " + quoted(name));
    return man_page();
  }
  return name.empty() ? overview() : help_text(find_command(name));
}

void run_help(const Arguments& arguments) {
  const std::string text = text_for(arguments);
  std::fwrite(text.data(), 1, text.size(), stdout);
}

}  // namespace

const Command help_command{"help", "explain a command and its options", {command_name}, {man}, {}, run_help};

const Command& find_command(std::string_view name) {
  std::vector<std::string_view> names;
  for (const Command* command : commands) {
    if (command->name == name) return *command;
    names.push_back(command->name);
  }
  const std::string message = "unknown command " + quoted(name) + "; ";
  const std::string_view suggestion = nearest(name, names);
  if (suggestion.empty()) throw Misuse(message + "'rbm help' lists the commands");
  throw Misuse(message + "did you mean " + std::string(suggestion) + "?");
}

std::string overview() {
  Entries entries;
  for (const Command* command : commands) entries.emplace_back(command->name, command->summary);
  return "rbm: " + std::string(program_summary) +
         "\nusage: rbm COMMAND ...        rbm help COMMAND explains one; rbm --version\n\n" +
         two_columns(entries) + "\n" + std::string(program_notes);
}

std::string help_text(const Command& command) {
  std::string text = "rbm " + std::string(command.name) + ": " + std::string(command.summary) +
                     "\nusage: " + usage(command) + "\n";
  Entries positionals;
  for (const Positional& positional : command.positionals)
    positionals.emplace_back(positional.name, positional.help);
  if (!positionals.empty()) text += "\n" + two_columns(positionals);

  Entries options;
  for (const Option& option : command.options) {
    const std::string value = option.placeholder().empty() ? "" : " " + std::string(option.placeholder());
    const std::string shown = option.shown_default();
    options.emplace_back("--" + std::string(option.name()) + value,
                         std::string(option.help()) + (shown.empty() ? "" : " [" + shown + "]"));
  }
  if (!options.empty()) text += "\nOptions, with [defaults]:\n" + two_columns(options);
  if (!command.notes.empty()) text += "\n" + std::string(command.notes);
  return text;
}

}  // namespace tool
