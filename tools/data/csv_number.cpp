#include "tools/data/csv_number.hpp"

#include <algorithm>
#include <charconv>
#include <cmath>
#include <limits>

#include "tools/base/failure.hpp"
#include "tools/data/csv_time.hpp"

namespace tool {
namespace {

/// The longest field, in bytes, that is looked at for another spelling of a number than C's.
constexpr std::size_t longest_unusual = 2000;

constexpr double infinity = std::numeric_limits<double>::infinity();

bool is_digit(char character) {
  return character >= '0' && character <= '9';
}

std::string small_letters(std::string_view text) {
  std::string small(text);
  for (char& character : small)
    if (character >= 'A' && character <= 'Z') character = static_cast<char>(character | ' ');
  return small;
}

template <std::size_t count>
bool is_one_of(std::string_view text, const std::string_view (&words)[count]) {
  return std::find(words, words + count, text) != words + count;
}

/// Blanks and the minus sign of Unicode, as editors and web pages put them about numbers.
std::string plain_marks(std::string_view text) {
  struct Mark {
    std::string_view bytes, plain;
  };
  constexpr Mark marks[] = {{"\xe2\x88\x92", "-"}, {"\xc2\xa0", " "},     {"\xe2\x80\xaf", " "},
                            {"\xe2\x80\x89", " "}, {"\xe2\x80\x87", " "}, {"\xef\xbb\xbf", ""}};
  std::string plain;
  while (!text.empty()) {
    const auto mark = std::find_if(std::begin(marks), std::end(marks),
                                   [&](const Mark& m) { return text.substr(0, m.bytes.size()) == m.bytes; });
    const bool found = mark != std::end(marks);
    plain += found ? mark->plain : text.substr(0, 1);
    text.remove_prefix(found ? mark->bytes.size() : 1);
  }
  const std::size_t first = plain.find_first_not_of(' ');
  if (first == plain.npos) return {};
  return plain.substr(first, plain.find_last_not_of(' ') - first + 1);
}

/// std::from_chars says the same of too large and too small: the power of ten of the first digit decides.
double out_of_range(std::string_view number) {
  const std::size_t exponent_at = std::min(number.find_first_of("eE"), number.size());
  std::string_view exponent = number.substr(std::min(exponent_at + 1, number.size()));
  if (!exponent.empty() && exponent[0] == '+') exponent.remove_prefix(1);
  constexpr long beyond = 1000000000;
  long power = 0;
  if (std::from_chars(exponent.data(), exponent.data() + exponent.size(), power).ec ==
      std::errc::result_out_of_range)
    power = exponent[0] == '-' ? -beyond : beyond;
  power = std::clamp(power, -beyond, beyond);
  const std::string_view digits = number.substr(0, exponent_at);
  const auto point = static_cast<long>(std::min(digits.find('.'), digits.size()));
  const auto first = static_cast<long>(std::min(digits.find_first_of("123456789"), digits.size()));
  if (point - first + power < 0) return 0;
  return number[0] == '-' ? -infinity : infinity;
}

/// A number in the spelling of C; NaN where it is none.
double parse(std::string_view text) {
  double value = 0;
  const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), value);
  if (end != text.data() + text.size()) return std::nan("");
  if (error == std::errc::result_out_of_range) return out_of_range(text);
  return error == std::errc() ? value : std::nan("");
}

/// Spellings that std::from_chars does not take: +1, 1d-3, 0,5, and marks of Unicode.
double parse_unusual(std::string_view spelled, bool comma) {
  std::string text = plain_marks(spelled);
  if (text.size() > 1 && text[0] == '+' && text[1] != '-' && text[1] != '+') text.erase(0, 1);
  const std::size_t letter = text.find_first_of("dD");
  if (letter != text.npos && letter > 0 && (is_digit(text[letter - 1]) || text[letter - 1] == '.'))
    text[letter] = 'e';
  const std::size_t mark = text.find(',');
  if (comma && mark != text.npos && mark > 0 && mark + 1 < text.size() && is_digit(text[mark - 1]) &&
      is_digit(text[mark + 1]) && text.find('.') == text.npos) {
    text[mark] = '.';
  }
  const std::string small = small_letters(text);
  if (small == "1.#inf" || small == "-1.#inf") return small[0] == '-' ? -infinity : infinity;
  return parse(text);
}

bool is_missing(std::string_view text) {
  constexpr std::string_view marks[] = {"",     "NA",   "N/A",     "n/a",     "#N/A",   "<NA>",  "<na>",
                                        "NULL", "Null", "null",    "None",    "none",   "NONE",  "nil",
                                        "NIL",  "?",    "-",       "--",      "---",    ".",     "..",
                                        "*",    "#NV",  "#DIV/0!", "#VALUE!", "#NULL!", "#NUM!", "#REF!"};
  if (is_one_of(text, marks)) return true;
  if (text.size() > longest_unusual) return false;
  std::string small = small_letters(text);
  if (small.size() > 1 && (small[0] == '-' || small[0] == '+')) small.erase(0, 1);
  constexpr std::string_view not_numbers[] = {"nan",     "nan(ind)", "nan(snan)", "1.#ind",
                                              "1.#qnan", "1.#snan",  "1.#nan"};
  return is_one_of(small, not_numbers);
}

bool is_truth(std::string_view text) {
  constexpr std::string_view words[] = {"true", "True", "TRUE", "false", "False", "FALSE"};
  return is_one_of(text, words);
}

/// Digits in groups, with whatever marks stand for decimals and thousands.
bool is_grouped_number(std::string_view text) {
  if (text.empty() || !is_digit(text.back())) return false;
  if (text[0] == '-' || text[0] == '+') text.remove_prefix(1);
  return text.find_first_not_of("0123456789.,'_ \t") == text.npos && is_digit(text[0]);
}

/// The length of the number that a text begins with.
std::size_t number_length(std::string_view text) {
  double value = 0;
  return static_cast<std::size_t>(std::from_chars(text.data(), text.data() + text.size(), value).ptr -
                                  text.data());
}

}  // namespace

std::optional<double> read_number(std::string_view text, bool comma) {
  double value = 0;
  const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), value);
  if (error != std::errc() || end != text.data() + text.size())
    value = text.size() > longest_unusual ? parse(text) : parse_unusual(text, comma);
  if (std::isnan(value)) return std::nullopt;
  return value;
}

double spelled_resolution(std::string_view number) {
  const std::size_t exponent_at = std::min(number.find_first_of("eEdD"), number.size());
  const std::size_t mark = number.find_first_of(".,");
  int power = 0;
  if (exponent_at < number.size()) {
    std::string_view exponent = number.substr(exponent_at + 1);
    if (!exponent.empty() && exponent[0] == '+') exponent.remove_prefix(1);
    std::from_chars(exponent.data(), exponent.data() + exponent.size(), power);
  }
  const double decimals = mark < exponent_at ? static_cast<double>(exponent_at - mark - 1) : 0;
  return std::pow(10.0, power - decimals);
}

bool is_comparison(std::string_view text) {
  constexpr std::string_view marks[] = {
      "<", ">", "~", "=", "\xc2\xb1", "\xe2\x89\xa4", "\xe2\x89\xa5", "\xe2\x89\x88"};
  bool found = false;
  for (bool more = true; more;) {
    more = false;
    for (const std::string_view mark : marks) {
      if (text.substr(0, mark.size()) != mark) continue;
      text.remove_prefix(mark.size());
      found = more = true;
    }
  }
  const std::size_t first = text.find_first_not_of(" +-.,");
  return found && first != text.npos && is_digit(text[first]);
}

CellKind kind_of(std::string_view text, bool comma) {
  if (is_missing(text)) return CellKind::missing;
  if (read_number(text, comma)) return CellKind::number;
  if (text.size() > longest_unusual) return CellKind::word;
  if (is_truth(text)) return CellKind::truth;
  if (is_time(text)) return CellKind::time;
  std::string plain = plain_marks(text);
  if (is_missing(plain)) return CellKind::missing;
  const std::size_t first = plain.find_first_not_of("+-.,");
  return first == plain.npos || is_digit(plain[first]) || is_comparison(plain) ? CellKind::odd
                                                                               : CellKind::word;
}

bool is_fault(std::string_view text) {
  constexpr std::string_view words[] = {
      "error",     "err",       "fail",     "failed",       "fault",       "ok",           "ol",
      "ovf",       "ovr",       "overflow", "overload",     "overrange",   "underrange",   "over",
      "under",     "invalid",   "void",     "bad",          "missing",     "lost",         "offline",
      "open",      "short",     "bdl",      "nd",           "n.d.",        "n.d",          "n/d",
      "n.a.",      "n.a",       "no data",  "nodata",       "lod",         "loq",          "bql",
      "bloq",      "blq",       "tr",       "tr.",          "trace",       "not detected", "sat",
      "saturated", "off scale", "clipped",  "out of range", "below range", "above range"};
  return text.substr(0, 1) == "<" || text.substr(0, 1) == ">" || is_one_of(small_letters(text), words);
}

bool is_state(std::string_view text) {
  constexpr std::string_view words[] = {"yes", "no", "on", "off"};
  return is_fault(text) || is_one_of(small_letters(text), words);
}

std::string describe_fault(std::string_view text) {
  const std::string shown = quoted(text.substr(0, longest_unusual));
  const CellKind kind = kind_of(text, false);
  if (text.find('\0') != text.npos) return shown + " has a byte of 0: the file is damaged, or no text";
  if (text.size() > longest_unusual) return shown + " is no number";
  const std::string plain = plain_marks(text);
  if (kind == CellKind::missing) {
    return (text.empty() ? "a value" : shown) + " is missing: leave the row out, or fill a value in";
  }
  if (kind == CellKind::truth) return shown + " is no number: write 1 for true, 0 for false";
  if (kind == CellKind::time) return shown + " is a time, no number";
  if (is_grouped_number(plain) && plain.find_first_of(" \t") != plain.npos)
    return shown + " is no number: thousands take no mark, and one kind of mark separates fields";
  if (is_grouped_number(plain)) return shown + " is no number: decimals take a point, thousands no mark";
  if (kind == CellKind::odd && plain.size() > 2 && plain[0] == '0' && (plain[1] | ' ') == 'x')
    return shown + " is hexadecimal: write decimal digits";
  const std::size_t length = number_length(plain);
  if (kind == CellKind::odd && length > 0 && length < plain.size()) {
    if (plain.back() == '%') return shown + " has a percent sign: without the signs, --maximum 100 reads it";
    const char next = plain[plain.find_first_not_of(' ', length)];
    const bool letter = (next | ' ') >= 'a' && (next | ' ') <= 'z';
    if (letter || static_cast<unsigned char>(next) >= 0x80)
      return shown + " has a unit behind the number: leave it out";
  }
  return shown + " is no number";
}

}  // namespace tool
