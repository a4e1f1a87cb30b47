#pragma once

#include <cstddef>
#include <cstdint>
#include <map>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "tools/data/dataset.hpp"

namespace tool {

/// What a label is called, however it is spelled: 1, 1.0 and +1 are `1`, True is `true`; other words are
/// themselves. Nothing where the text stands for no value. With `comma`, a comma may be a decimal mark.
/// Throws Failure, without a place, for what is no label: numbers that are not whole, control characters.
std::optional<std::string> label_name(std::string_view text, bool comma);

/// Whether a label stands before another: numbers by their size, then words, digits in them by their size.
bool stands_before(const std::string& label, const std::string& other);

/// Where labels stand, for messages.
struct LabelPlace {
  std::string file;
  std::string column{};  ///< column 3 ('digit'); empty: the file holds nothing else
};

/// Finds out what labels the rows of a table have.
class LabelCollector {
 public:
  LabelCollector(LabelPlace place, const Reading& reading);

  /// The label of the next row, as text, which stands in `unit` `number` as in `line 5`; or as a number, NaN
  /// where it has none. Throws Failure where it is no label, is none that the model knows, or is one too
  /// many.
  void add(std::string_view text, bool comma, const char* unit, std::size_t number);
  void add(double value, std::size_t row);

  /// Fills classes, label_names and notes: labels in the model's order, else as stands_before() has it.
  /// Throws Failure where there are fewer than two and no model knows others.
  void finish(Dataset& data);

 private:
  void add_name(const std::optional<std::string>& name);
  [[noreturn]] void refuse(const char* unit, std::size_t number, const std::string& what) const;
  void check_count() const;

  LabelPlace place_;
  std::vector<std::string> known_;
  std::string model_;
  std::map<std::string, std::int32_t, std::less<>> numbers_;
  std::vector<std::int32_t> classes_;
  std::size_t without_ = 0;
};

/// How many examples each label has.
std::vector<std::size_t> label_counts(const Dataset& data);

}  // namespace tool
