#pragma once

#include <cstddef>
#include <string>
#include <string_view>
#include <vector>

namespace tool {

/// A field of a line, without the blanks around it and the quotes about it.
struct Cell {
  std::string_view text;
  bool quoted = false;  ///< then two quotes within stand for one

  std::string unquoted() const;
};

/// The rows of a text, one after the other: lines end in LF, CR LF or CR, blank ones and those that begin
/// with # are left out, quoted fields may contain separators and line ends (RFC 4180). A copy goes on from
/// where it was made, so that rows can be looked at twice.
class CsvRows {
 public:
  /// Messages call the text `name`.
  CsvRows(std::string_view text, std::string name);

  /// Leaves out whole lines, whatever they contain.
  void skip_lines(std::size_t count);

  /// What separates fields: a comma, a semicolon, a tab, or blanks (' '), of which several are one separator.
  char separator = ',';
  /// Whether an empty field behind the last separator of a line is none.
  bool drops_trailing = false;

  /// Cuts the next row into its fields, the first 65,537 of them: no table has as many. False at the end of
  /// the text. Throws Failure where a quotation mark is never closed.
  bool next(std::vector<Cell>& cells);

  /// The line on which the last row began, counted from 1.
  std::size_t line() const { return row_line_; }

  /// The lines with # that were left out so far, and the last of them.
  std::size_t comments() const { return comments_; }
  std::string_view last_comment() const { return last_comment_; }
  std::size_t last_comment_line() const { return last_comment_line_; }

  /// What is left of the text.
  std::string_view rest() const { return text_.substr(at_); }

 private:
  std::string_view take_line();
  bool is_separator(char character) const;
  bool is_blank(char character) const;
  bool begins_with_mark(std::string_view line) const;
  bool ends_field(std::size_t at) const;
  std::string_view without_blanks(std::string_view field) const;
  std::string_view first_fields(std::string_view line) const;
  void split(std::string_view line, std::vector<Cell>& cells) const;
  void split_quoted(std::vector<Cell>& cells);
  bool take_quoted(Cell& cell);

  std::string_view text_;
  std::string name_;
  std::size_t at_ = 0, next_feed_ = 0;
  bool has_quotes_, has_returns_;
  std::size_t line_ = 0, row_line_ = 0, comments_ = 0, last_comment_line_ = 0;
  std::string_view last_comment_;
};

}  // namespace tool
