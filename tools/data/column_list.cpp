#include "tools/data/column_list.hpp"

#include <algorithm>
#include <charconv>

#include "tools/base/failure.hpp"

namespace tool {
namespace {

[[noreturn]] void refuse(const std::string& what) {
  throw Misuse("--columns: " + what + "; a list is like 2-17, 20 or left,right");
}

std::string_view trim(std::string_view text) {
  const std::size_t first = text.find_first_not_of(' ');
  if (first == text.npos) return {};
  return text.substr(first, text.find_last_not_of(' ') - first + 1);
}

bool is_digits(std::string_view text) {
  return !text.empty() && std::all_of(text.begin(), text.end(), [](char c) { return c >= '0' && c <= '9'; });
}

/// Whether a word stands for numbers: `3`, `2-17` or `2-`.
bool is_range(std::string_view word) {
  const std::size_t dash = word.find('-');
  if (dash == word.npos) return is_digits(word);
  const std::string_view last = trim(word.substr(dash + 1));
  return is_digits(trim(word.substr(0, dash))) && (last.empty() || is_digits(last));
}

std::size_t column_number(std::string_view digits) {
  std::size_t number = 0;
  const auto [end, error] = std::from_chars(digits.data(), digits.data() + digits.size(), number);
  if (error != std::errc() || number == ColumnItem::open_end) refuse(quoted(digits) + " is too large");
  if (number == 0) refuse("columns are counted from 1");
  return number;
}

ColumnItem parse_range(std::string_view word) {
  ColumnItem item;
  const std::size_t dash = word.find('-');
  item.first = column_number(trim(word.substr(0, dash)));
  if (dash == word.npos) {
    item.last = item.first;
  } else {
    const std::string_view last = trim(word.substr(dash + 1));
    item.last = last.empty() ? ColumnItem::open_end : column_number(last);
  }
  if (item.last < item.first) refuse(quoted(word) + " ends before it begins");
  return item;
}

/// Takes a name in quotes, and what follows up to the comma, from the front of a list.
ColumnItem take_quoted(std::string_view& list) {
  ColumnItem item;
  item.named = true;
  std::size_t at = 1;
  for (;; ++at) {
    if (at >= list.size()) refuse("a quotation mark is never closed");
    if (list[at] == '"') {
      if (at + 1 >= list.size() || list[at + 1] != '"') break;
      ++at;
    }
    item.name += list[at];
  }
  list = trim(list.substr(at + 1));
  if (!list.empty() && list[0] != ',') refuse("no comma follows " + quoted(item.name));
  return item;
}

}  // namespace

std::vector<ColumnItem> parse_column_list(std::string_view list) {
  std::vector<ColumnItem> items;
  for (list = trim(list);; list = trim(list.substr(1))) {
    if (!list.empty() && list[0] == '"') {
      items.push_back(take_quoted(list));
    } else {
      const std::string_view word = trim(list.substr(0, list.find(',')));
      if (word.empty()) refuse("a column is empty");
      items.push_back(is_range(word) ? parse_range(word) : ColumnItem{true, std::string(word)});
      list.remove_prefix(std::min(list.find(','), list.size()));
    }
    if (list.empty()) return items;
  }
}

std::string list_name(const std::string& name) {
  const bool plain = !name.empty() && name.find_first_of(",\"") == name.npos &&
                     trim(name).size() == name.size() && !is_range(name);
  if (plain) return name;
  std::string text = "\"";
  for (const char character : name) text += character == '"' ? "\"\"" : std::string(1, character);
  return text + "\"";
}

std::string list_names(const std::vector<std::string>& names) {
  std::string text;
  for (const std::string& name : names) text += (text.empty() ? "" : ",") + list_name(name);
  return text;
}

std::string list_numbers(const std::vector<std::size_t>& columns) {
  std::string text;
  for (std::size_t i = 0; i < columns.size();) {
    std::size_t next = i + 1;
    while (next < columns.size() && columns[next] == columns[next - 1] + 1) ++next;
    text += (text.empty() ? "" : ",") + std::to_string(columns[i] + 1);
    if (next > i + 1) text += "-" + std::to_string(columns[next - 1] + 1);
    i = next;
  }
  return text;
}

}  // namespace tool
