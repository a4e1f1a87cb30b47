#include "tools/data/csv_rows.hpp"

#include <algorithm>
#include <utility>

#include "tools/base/failure.hpp"
#include "tools/data/csv_number.hpp"

namespace tool {
namespace {

/// No table has more, nor a row that can be read: the rest of a longer one is not cut.
constexpr std::size_t most_fields = 65536;

bool is_line_end(char character) {
  return character == '\n' || character == '\r';
}

/// How many characters end a line at `at`.
std::size_t line_end_size(std::string_view text, std::size_t at) {
  if (at >= text.size()) return 0;
  return text[at] == '\r' && at + 1 < text.size() && text[at + 1] == '\n' ? 2 : 1;
}

std::size_t count_line_ends(std::string_view text) {
  std::size_t count = 0;
  for (std::size_t at = 0; at < text.size(); ++at) {
    if (!is_line_end(text[at])) continue;
    ++count;
    at += line_end_size(text, at) - 1;
  }
  return count;
}

}  // namespace

std::string Cell::unquoted() const {
  std::string result;
  for (std::size_t i = 0; i < text.size(); ++i) {
    result += text[i];
    if (quoted && text[i] == '"') ++i;
  }
  return result;
}

CsvRows::CsvRows(std::string_view text, std::string name)
    : text_(text),
      name_(std::move(name)),
      next_feed_(text.find('\n')),
      has_quotes_(text.find('"') != text.npos),
      has_returns_(text.find('\r') != text.npos) {}

std::string_view CsvRows::take_line() {
  // The next line feed is kept: without one, each line that ends in CR would search the rest of the text.
  if (next_feed_ < at_) next_feed_ = text_.find('\n', at_);
  std::string_view line = text_.substr(at_, next_feed_ == text_.npos ? next_feed_ : next_feed_ - at_);
  if (has_returns_) line = line.substr(0, line.find('\r'));
  at_ += line.size();
  at_ += line_end_size(text_, at_);
  ++line_;
  return line;
}

void CsvRows::skip_lines(std::size_t count) {
  for (; count > 0 && at_ < text_.size(); --count) take_line();
}

bool CsvRows::is_separator(char character) const {
  return character == separator || (separator == ' ' && character == '\t');
}

bool CsvRows::is_blank(char character) const {
  return character == ' ' || (character == '\t' && separator != '\t');
}

bool CsvRows::ends_field(std::size_t at) const {
  return at == text_.size() || is_separator(text_[at]) || is_line_end(text_[at]);
}

std::string_view CsvRows::without_blanks(std::string_view field) const {
  // Any character above a blank is none: most fields need no more than this.
  if (!field.empty() && static_cast<unsigned char>(field.front()) > ' ' &&
      static_cast<unsigned char>(field.back()) > ' ')
    return field;
  while (!field.empty() && is_blank(field.front())) field.remove_prefix(1);
  while (!field.empty() && is_blank(field.back())) field.remove_suffix(1);
  return field;
}

/// Whether a line begins with a spreadsheet's mark for a missing value, as #N/A.
bool CsvRows::begins_with_mark(std::string_view line) const {
  std::size_t size = 1;
  while (size < line.size() && !is_separator(line[size])) ++size;
  return size > 1 && kind_of(without_blanks(line.substr(0, size)), false) == CellKind::missing;
}

bool CsvRows::next(std::vector<Cell>& cells) {
  cells.clear();
  while (at_ < text_.size()) {
    const std::size_t begin = at_;
    const std::string_view line = take_line();
    const std::size_t first = line.find_first_not_of(" \t");
    if (first == line.npos && (separator != '\t' || line.find('\t') == line.npos)) continue;
    if (first != line.npos && line[first] == '#' && !begins_with_mark(line.substr(first))) {
      ++comments_;
      last_comment_ = line.substr(first + 1);
      last_comment_line_ = line_;
      continue;
    }
    row_line_ = line_;
    if (has_quotes_ && line.find('"') != line.npos) {
      at_ = begin;
      split_quoted(cells);
    } else {
      split(line, cells);
    }
    if (drops_trailing && !cells.empty() && cells.back().text.empty() && !cells.back().quoted)
      cells.pop_back();
    return true;
  }
  return false;
}

/// A line as far as most_fields and one more go.
std::string_view CsvRows::first_fields(std::string_view line) const {
  std::size_t fields = 0;
  for (std::size_t at = 0; at < line.size(); ++at) {
    if (!is_separator(line[at]) || (separator == ' ' && at > 0 && is_separator(line[at - 1]))) continue;
    if (++fields > most_fields) return line.substr(0, at);
  }
  return line;
}

void CsvRows::split(std::string_view line, std::vector<Cell>& cells) const {
  const char mark = separator;
  if (line.size() > most_fields) line = first_fields(line);
  for (;;) {
    const std::size_t end = mark == ' ' ? line.find_first_of(" \t") : line.find(mark);
    const std::string_view field = without_blanks(line.substr(0, end));
    if (mark != ' ' || !field.empty()) cells.push_back({field});
    if (end == line.npos) return;
    line.remove_prefix(end + 1);
  }
}

void CsvRows::split_quoted(std::vector<Cell>& cells) {
  const std::size_t begin = at_;
  for (;;) {
    while (at_ < text_.size() && is_blank(text_[at_])) ++at_;
    Cell cell;
    if (!take_quoted(cell)) {
      const std::size_t field = at_;
      while (!ends_field(at_)) ++at_;
      cell.text = without_blanks(text_.substr(field, at_ - field));
    }
    while (at_ < text_.size() && is_blank(text_[at_])) ++at_;
    if (separator != ' ' || cell.quoted || !cell.text.empty()) cells.push_back(cell);
    if (cells.size() > most_fields) {
      while (at_ < text_.size() && !is_line_end(text_[at_])) ++at_;
    }
    if (at_ < text_.size() && is_separator(text_[at_])) {
      ++at_;
    } else if (ends_field(at_)) {
      break;
    }
  }
  line_ += count_line_ends(text_.substr(begin, at_ - begin)) - 1;
  at_ += line_end_size(text_, at_);
  ++line_;
}

/// Takes a field that is quoted from its first to its last character.
bool CsvRows::take_quoted(Cell& cell) {
  if (at_ == text_.size() || text_[at_] != '"') return false;
  std::size_t end = at_ + 1;
  for (;; end += 2) {
    end = text_.find('"', end);
    if (end == text_.npos) {
      throw Failure(name_ + ": the row of line " + std::to_string(row_line_) +
                    " opens a quotation mark that is never closed");
    }
    if (end + 1 == text_.size() || text_[end + 1] != '"') break;
  }
  std::size_t behind = end + 1;
  while (behind < text_.size() && is_blank(text_[behind])) ++behind;
  if (!ends_field(behind) && !(separator == ' ' && behind > end + 1)) return false;
  cell = {text_.substr(at_ + 1, end - at_ - 1), true};
  at_ = behind;
  return true;
}

}  // namespace tool
