#include "tools/data/label_collector.hpp"

#include <algorithm>
#include <charconv>
#include <cmath>
#include <utility>

#include "tools/base/failure.hpp"
#include "tools/base/text.hpp"
#include "tools/data/csv_number.hpp"

namespace tool {
namespace {

std::optional<std::string> name_of_number(double value) {
  if (std::isnan(value)) return std::nullopt;
  constexpr double largest_whole = 9007199254740992;  // of those that doubles hold without a step left out
  if (std::floor(value) != value || std::fabs(value) > largest_whole)
    throw Failure(shortest(value) + " is no label: labels are names or whole numbers");
  return std::to_string(static_cast<std::int64_t>(value));
}

std::optional<std::int64_t> whole_number(const std::string& label) {
  std::int64_t number = 0;
  const auto [end, error] = std::from_chars(label.data(), label.data() + label.size(), number);
  if (error != std::errc() || end != label.data() + label.size()) return std::nullopt;
  return number;
}

bool is_digit(char character) {
  return character >= '0' && character <= '9';
}

/// Takes the digits that a text begins with, without zeros before them.
std::string_view take_digits(std::string_view& text) {
  const std::size_t size = std::min(text.find_first_not_of("0123456789"), text.size());
  std::string_view digits = text.substr(0, size);
  text.remove_prefix(size);
  digits.remove_prefix(std::min(digits.find_first_not_of('0'), digits.size()));
  return digits;
}

/// Of words: below 0 where one stands before the other.
int compare_words(std::string_view word, std::string_view other) {
  while (!word.empty() && !other.empty()) {
    if (is_digit(word[0]) && is_digit(other[0])) {
      const std::string_view digits = take_digits(word), others = take_digits(other);
      if (digits.size() != others.size()) return digits.size() < others.size() ? -1 : 1;
      if (const int order = digits.compare(others); order != 0) return order;
    } else {
      if (word[0] != other[0]) return word.compare(other);
      word.remove_prefix(1);
      other.remove_prefix(1);
    }
  }
  return word.empty() ? other.empty() ? 0 : -1 : 1;
}

/// The labels that whole numbers from the least to the largest leave out: `4` of 0 to 9.
std::string left_out_between(const std::vector<std::string>& names) {
  std::string list;
  std::size_t listed = 0;
  constexpr std::size_t most_listed = 8;
  for (std::size_t k = 0; k < names.size(); ++k) {
    const auto number = whole_number(names[k]);
    if (!number) return "";
    if (k == 0) continue;
    for (std::int64_t other = *whole_number(names[k - 1]) + 1; other < *number; ++other) {
      if (++listed > most_listed) return "";  // no numbers in turn
      list += (list.empty() ? "" : ", ") + std::to_string(other);
    }
  }
  return list;
}

/// The first of them, for a message.
std::string first_of(const std::vector<std::string>& names) {
  constexpr std::size_t most_shown = 6;
  std::string list;
  for (std::size_t k = 0; k < names.size() && k < most_shown; ++k)
    list += (k == 0 ? "" : ", ") + quoted(names[k]);
  return list + (names.size() > most_shown ? ", ..." : "");
}

}  // namespace

std::optional<std::string> label_name(std::string_view text, bool comma) {
  switch (kind_of(text, comma)) {
    case CellKind::missing:
      return std::nullopt;
    case CellKind::number:
      return name_of_number(*read_number(text, comma));
    case CellKind::truth:
      return (text[0] | ' ') == 't' ? "true" : "false";
    case CellKind::time:
    case CellKind::odd:
    case CellKind::word:
      break;
  }
  std::string name(text);
  if (to_one_line(name) != name) throw Failure(quoted(name) + " is no label: it has a control character");
  return name;
}

bool stands_before(const std::string& label, const std::string& other) {
  const auto number = whole_number(label), other_number = whole_number(other);
  if (number && other_number) return *number < *other_number;
  if (number || other_number) return number.has_value();
  const int order = compare_words(label, other);
  return order == 0 ? label < other : order < 0;
}

LabelCollector::LabelCollector(LabelPlace place, const Reading& reading)
    : place_(std::move(place)), known_(reading.known_labels), model_(reading.model_name) {
  for (const std::string& name : known_) numbers_.emplace(name, static_cast<std::int32_t>(numbers_.size()));
}

void LabelCollector::refuse(const char* unit, std::size_t number, const std::string& what) const {
  throw Failure(place_.file + ": " + unit + " " + std::to_string(number) +
                (place_.column.empty() ? "" : ", " + place_.column) + ": " + what);
}

void LabelCollector::add(std::string_view text, bool comma, const char* unit, std::size_t number) {
  try {
    add_name(label_name(text, comma));
  } catch (const Failure& failure) {
    refuse(unit, number, failure.what());
  }
}

void LabelCollector::add(double value, std::size_t row) {
  try {
    add_name(name_of_number(value));
  } catch (const Failure& failure) {
    refuse("row", row, failure.what());
  }
}

void LabelCollector::add_name(const std::optional<std::string>& name) {
  classes_.push_back(no_label);
  if (!name) {
    ++without_;
    return;
  }
  auto found = numbers_.find(*name);
  if (found == numbers_.end()) {
    if (!known_.empty())
      throw Failure(quoted(*name) + " is none of the " + counted(known_.size(), "label") + " of " + model_ +
                    ": " + first_of(known_));
    if (numbers_.size() == most_labels)
      throw Failure("the label " + quoted(*name) + " is one more than the " + std::to_string(most_labels) +
                    " that can be told apart: are these readings, or names of rows?");
    found = numbers_.emplace(*name, static_cast<std::int32_t>(numbers_.size())).first;
  }
  classes_.back() = found->second;
}

void LabelCollector::check_count() const {
  if (!known_.empty() || numbers_.size() >= fewest_labels) return;
  const std::string whole = place_.file + (place_.column.empty() ? "" : ": " + place_.column);
  if (numbers_.empty()) throw Failure(whole + " has no label in any row");
  throw Failure(whole + " has the one label " + quoted(numbers_.begin()->first) +
                ": there is nothing to tell apart");
}

void LabelCollector::finish(Dataset& data) {
  check_count();
  data.label_names = known_;
  if (known_.empty()) {
    for (const auto& [name, number] : numbers_) data.label_names.push_back(name);
    std::sort(data.label_names.begin(), data.label_names.end(), stands_before);
    std::vector<std::int32_t> places(numbers_.size());
    for (std::size_t k = 0; k < places.size(); ++k)
      places[static_cast<std::size_t>(numbers_[data.label_names[k]])] = static_cast<std::int32_t>(k);
    for (std::int32_t& label : classes_)
      if (label != no_label) label = places[static_cast<std::size_t>(label)];
    const std::string left_out = left_out_between(data.label_names);
    if (!left_out.empty())
      data.notes.push_back(place_.file + ": its labels go from " + data.label_names.front() + " to " +
                           data.label_names.back() + ", but no row has " + left_out);
  }
  if (without_ > 0)
    data.notes.push_back(place_.file + ": " + counted(without_, "row") + (without_ == 1 ? " has" : " have") +
                         " no label");
  data.classes = std::move(classes_);
}

std::vector<std::size_t> label_counts(const Dataset& data) {
  std::vector<std::size_t> counts(data.label_names.size());
  for (const std::int32_t label : data.classes)
    if (label != no_label) ++counts[static_cast<std::size_t>(label)];
  return counts;
}

}  // namespace tool
