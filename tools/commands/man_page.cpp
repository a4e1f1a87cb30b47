#include <algorithm>
#include <string>
#include <string_view>

#include "rbm/config.hpp"
#include "tools/commands/commands.hpp"

namespace tool {
namespace {

/// Text in which troff sees no command: its escape character and - as themselves, no line that it would obey.
std::string escaped(std::string_view text) {
  std::string out;
  bool begins = true;
  for (const char letter : text) {
    if (begins && (letter == '.' || letter == '\'')) out += "\\&";
    if (letter == '\\')
      out += "\\e";
    else if (letter == '-')
      out += "\\-";
    else
      out += letter;
    begins = letter == '\n';
  }
  return out;
}

std::string bold(std::string_view text) {
  return "\\fB" + escaped(text) + "\\fR";
}

std::string italic(std::string_view text) {
  return "\\fI" + escaped(text) + "\\fR";
}

/// An entry of a list: a term, and what it means.
std::string entry(const std::string& term, std::string_view meaning) {
  return ".TP\n" + term + "\n" + escaped(meaning) + "\n";
}

/// Whether lines are more than a paragraph: indented, or with columns.
bool is_laid_out(std::string_view block) {
  return block.find("  ") != block.npos;
}

/// Notes as they stand in help texts: paragraphs are filled anew, what is laid out stays as it is.
std::string notes_text(std::string_view notes) {
  std::string text;
  while (!notes.empty()) {
    const std::size_t end = std::min(notes.find("\n\n"), notes.size());
    std::string_view block = notes.substr(0, end);
    notes.remove_prefix(std::min(end + 2, notes.size()));
    if (!block.empty() && block.back() == '\n') block.remove_suffix(1);
    const bool laid_out = is_laid_out(block);
    if (!text.empty()) text += ".PP\n";
    text += std::string(laid_out ? ".nf\n" : "") + escaped(block) + (laid_out ? "\n.fi\n" : "\n");
  }
  return text;
}

std::string section(const Command& command) {
  std::string text = ".SH \"rbm " + std::string(command.name) + "\"\n" + escaped(command.summary) +
                     "\n.PP\n" + bold(usage(command)) + "\n";
  for (const Positional& positional : command.positionals)
    text += entry(italic(positional.name), positional.help);
  for (const Option& option : command.options) {
    const std::string shown = option.shown_default();
    std::string term = bold("--" + std::string(option.name()));
    if (!option.placeholder().empty()) term += " " + italic(option.placeholder());
    text += entry(term, std::string(option.help()) + (shown.empty() ? "" : " [" + shown + "]"));
  }
  return text + (command.notes.empty() ? "" : ".PP\n" + notes_text(command.notes));
}

}  // namespace

std::string man_page() {
  std::string text = ".TH RBM 1 \"\" \"rbm " RBM_VERSION "\" \"User Commands\"\n.SH NAME\nrbm \\- " +
                     escaped(program_summary) + "\n.SH SYNOPSIS\n" + bold("rbm") + " " + italic("COMMAND") +
                     " ...\n.br\n" + bold("rbm --version") + "\n.SH COMMANDS\n";
  for (const Command* command : commands) text += entry(bold(command->name), command->summary);
  text += ".SH DESCRIPTION\n" + notes_text(program_notes);
  for (const Command* command : commands) text += section(*command);
  return text;
}

}  // namespace tool
