#include "tools/data/columns.hpp"

#include <algorithm>
#include <numeric>

#include "tools/base/failure.hpp"
#include "tools/base/text.hpp"
#include "tools/data/column_list.hpp"
#include "tools/data/column_names.hpp"

namespace tool {
namespace {

std::vector<std::size_t> listed(const std::vector<ColumnItem>& items, const Table& table) {
  const ColumnNames names(table);
  std::vector<std::size_t> numbers;
  std::vector<bool> taken(table.total);
  const auto take = [&](std::size_t column) {
    if (taken[column]) throw Misuse("--columns: " + describe_column(table, column) + " is listed twice");
    taken[column] = true;
    numbers.push_back(column);
  };
  for (const ColumnItem& item : items) {
    if (item.named) {
      take(names.find(item.name, ""));
      continue;
    }
    const bool open = item.last == ColumnItem::open_end;
    if (item.first > table.total || (!open && item.last > table.total)) {
      throw Failure(table.file + ": has no column " + std::to_string(open ? item.first : item.last) +
                    ", which --columns lists: it has " + counted(table.total, "column"));
    }
    for (std::size_t j = item.first - 1; j < (open ? table.total : item.last); ++j) take(j);
  }
  return numbers;
}

std::vector<std::size_t> all_of(std::size_t total) {
  std::vector<std::size_t> numbers(total);
  std::iota(numbers.begin(), numbers.end(), std::size_t{0});
  return numbers;
}

/// All but those that are left out, and those that hold labels or times.
std::vector<std::size_t> readings(const Table& table) {
  std::vector<std::size_t> numbers;
  auto left_out = table.left_out.begin();
  for (std::size_t j = 0; j < table.total; ++j) {
    if (left_out != table.left_out.end() && left_out->column == j) {
      ++left_out;
    } else if (!has_role(table, j)) {
      numbers.push_back(j);
    }
  }
  return numbers;
}

void note_left_out(const Table& table, std::vector<std::string>& notes) {
  for (const LeftOut& other : table.left_out)
    if (!has_role(table, other.column)) notes.push_back(left_out_note(table, other));
}

/// Takes a column of labels, which an option names, out of those that are visible units.
void take_out_labels(const Reading& reading, const Table& table, std::size_t labels, const char* option,
                     std::vector<std::size_t>& numbers) {
  const auto at = std::find(numbers.begin(), numbers.end(), labels);
  if (at == numbers.end()) return;
  if (reading.columns.empty())
    throw Failure(table.file + ": " + describe_column(table, labels) + " holds labels, as " + option +
                  " says, but " + reading.model_name + " was trained on it; --columns chooses");
  numbers.erase(at);
  if (numbers.empty()) throw Failure(table.file + ": --columns lists no column but the labels");
}

/// The columns that a model was trained on, found again.
class Remembered {
 public:
  Remembered(const Reading& reading, const Table& table, std::vector<std::string>& notes)
      : known_(reading.known_columns),
        has_labels_(!reading.known_labels.empty() || !reading.known_label_column.empty()),
        windows_(reading.windows),
        model_(reading.model_name),
        table_(table),
        notes_(notes) {}

  std::vector<std::size_t> find() const {
    if (holds_windows(table_.total)) return all_of(table_.total);
    if (!known_.names.empty() && !table_.names.empty()) return by_name();
    const std::vector<std::size_t> before = known_.numbers.empty() ? all_of(known_.total) : known_.numbers;
    const std::size_t count = known_.names.empty() ? before.size() : known_.names.size();
    std::vector<std::size_t> others = readings(table_);
    const bool labels_moved = table_.classes && others.size() == count &&
                              std::find(before.begin(), before.end(), *table_.classes) != before.end();
    if (table_.total == known_.total && known_by_number() && !labels_moved) return checked(before);
    if (table_.total == count) return checked(all_of(table_.total));
    if (others.size() == count) {
      note_left_out(table_, notes_);
      return others;
    }
    throw Failure(table_.file + ": has " + counted(table_.total, "column") + ", but " + model_ +
                  " was trained on " + std::to_string(count) +
                  (count == known_.total ? "" : " of " + std::to_string(known_.total)) +
                  "; --columns chooses" + (has_labels_ ? ", --labels takes labels" : ""));
  }

 private:
  /// Whether a table has a column for each reading of a window, and not those of the recording.
  bool holds_windows(std::size_t columns) const {
    const auto is_of_recording = [&](const std::string& name) {
      return std::find(known_.names.begin(), known_.names.end(), name) != known_.names.end();
    };
    return windows_.length > 0 && columns == windows_.units() && columns != known_.total &&
           std::none_of(table_.names.begin(), table_.names.end(), is_of_recording);
  }

  /// Names may be known without numbers, as columns_from_text() reads them.
  bool known_by_number() const {
    return !known_.numbers.empty() || known_.names.empty() || known_.names.size() == known_.total;
  }

  /// Whether the columns stand in the order in which they stood, as far as that is known.
  bool in_order(const std::vector<std::size_t>& numbers) const {
    if (!known_by_number()) return true;
    for (std::size_t i = 1; i < numbers.size(); ++i) {
      const bool stood = known_.numbers.empty() || known_.numbers[i - 1] < known_.numbers[i];
      if (stood != (numbers[i - 1] < numbers[i])) return false;
    }
    return true;
  }

  std::vector<std::size_t> by_name() const {
    if (stand_where_they_stood()) return known_.numbers.empty() ? all_of(table_.total) : known_.numbers;
    const ColumnNames names(table_);
    std::vector<std::size_t> numbers;
    std::vector<bool> taken(table_.total);
    for (const std::string& name : known_.names) {
      const std::size_t column = names.find(name, ", which " + model_ + " was trained on");
      if (taken[column]) {
        throw Failure(table_.file + ": has one column " + quoted(name) + ", but " + model_ +
                      " was trained on several of that name: --columns chooses");
      }
      taken[column] = true;
      numbers.push_back(column);
    }
    if (!in_order(numbers)) {
      notes_.push_back(table_.file + ": its columns stand in another order than " + model_ +
                       " was trained on; they are taken by name");
    }
    const std::size_t data = table_.total - (table_.classes ? 1 : 0);
    if (table_.total != known_.total && data > numbers.size()) {
      notes_.push_back(table_.file + ": " + counted(data - numbers.size(), "column") + " that " + model_ +
                       " was not trained on " + (data == numbers.size() + 1 ? "is" : "are") + " left out");
    }
    return numbers;
  }

  /// Whether each name stands where it stood: then two columns may have one name.
  bool stand_where_they_stood() const {
    if (table_.total != known_.total) return false;
    if (known_.numbers.empty()) return known_.names == table_.names;
    for (std::size_t i = 0; i < known_.numbers.size(); ++i) {
      const std::size_t column = known_.numbers[i];
      if (i >= known_.names.size() || column >= table_.total || known_.names[i] != table_.names[column])
        return false;
    }
    return true;
  }

  /// The columns, with a line for those that hold no readings here.
  std::vector<std::size_t> checked(std::vector<std::size_t> numbers) const {
    for (const LeftOut& other : table_.left_out) {
      if (std::find(numbers.begin(), numbers.end(), other.column) == numbers.end()) continue;
      notes_.push_back(table_.file + ": " + describe_column(table_, other.column) + " " + other.why +
                       ", but is taken, since " + model_ +
                       " was trained on as many columns; --columns chooses");
    }
    return numbers;
  }

  const Columns& known_;
  const bool has_labels_;
  const Windows& windows_;
  const std::string& model_;
  const Table& table_;
  std::vector<std::string>& notes_;
};

}  // namespace

Columns choose_columns(const Reading& reading, const Table& table, std::vector<std::string>& notes) {
  Columns chosen;
  chosen.total = table.total;
  if (!reading.columns.empty()) {
    chosen.numbers = listed(parse_column_list(reading.columns), table);
  } else if (reading.known_columns.total != 0 || !reading.known_columns.names.empty()) {
    chosen.numbers = Remembered(reading, table, notes).find();
  } else {
    chosen.numbers = readings(table);
    if (chosen.numbers.empty())
      throw Failure(table.file + ": no column holds readings; --columns takes some all the same");
    note_left_out(table, notes);
  }
  if (table.labels) take_out_labels(reading, table, *table.labels, "--label-column", chosen.numbers);
  if (table.classes) take_out_labels(reading, table, *table.classes, "--labels", chosen.numbers);
  if (!table.names.empty())
    for (const std::size_t column : chosen.numbers) chosen.names.push_back(table.names[column]);
  if (chosen.numbers == all_of(table.total)) chosen.numbers.clear();
  return chosen;
}

bool takes_all(const Columns& columns) {
  return columns.numbers.empty() || columns.numbers == all_of(columns.total);
}

std::string to_text(const Columns& columns) {
  std::vector<std::string> names = columns.names;
  std::sort(names.begin(), names.end());
  const bool unique = std::adjacent_find(names.begin(), names.end()) == names.end();
  if (names.empty() || !unique)
    return list_numbers(columns.numbers.empty() ? all_of(columns.total) : columns.numbers);
  return list_names(columns.names);
}

Columns columns_from_text(std::string_view text, std::size_t total) {
  Columns columns;
  columns.total = total;
  const std::vector<ColumnItem> items = parse_column_list(text);
  std::vector<ColumnItem> ranges;
  for (const ColumnItem& item : items) {
    if (item.named) {
      columns.names.push_back(item.name);
    } else {
      ranges.push_back(item);
    }
  }
  if (!columns.names.empty() && !ranges.empty()) throw Failure("--columns: mixes names and numbers");
  Table table;
  table.file = "the list of columns";
  table.total = total;
  columns.numbers = listed(ranges, table);
  if (columns.names.empty() && columns.numbers == all_of(total)) columns.numbers.clear();
  return columns;
}

std::vector<std::string> names_in_list(std::string_view list) {
  std::vector<std::string> names;
  for (const ColumnItem& item : parse_column_list(list))
    if (item.named) names.push_back(item.name);
  return names;
}

}  // namespace tool
