#include "tools/data/columns.hpp"

#include <algorithm>
#include <charconv>
#include <numeric>
#include <system_error>

#include "tools/base/failure.hpp"
#include "tools/base/nearest.hpp"
#include "tools/base/text.hpp"
#include "tools/data/column_list.hpp"

namespace tool {
namespace {

/// Finds columns by name.
class Names {
 public:
  explicit Names(const Table& table) : table_(table), order_(table.names.size()) {
    std::iota(order_.begin(), order_.end(), std::size_t{0});
    std::stable_sort(order_.begin(), order_.end(),
                     [&](std::size_t a, std::size_t b) { return table.names[a] < table.names[b]; });
  }

  /// Throws Failure with `lacks_it` behind the name unless just one column has it; `option` is one that takes
  /// numbers too.
  std::size_t find(const std::string& name, const std::string& lacks_it,
                   const std::string& option = "--columns") const {
    const auto less = [&](std::size_t column, const std::string& other) {
      return table_.names[column] < other;
    };
    const auto first = std::lower_bound(order_.begin(), order_.end(), name, less);
    if (first == order_.end() || table_.names[*first] != name) {
      const std::vector<std::string_view> candidates(table_.names.begin(), table_.names.end());
      const std::string near(nearest(name, candidates));
      throw Failure(table_.file + ": has no column " + quoted(name) + lacks_it +
                    (table_.names.empty() ? ": it has no heading"
                     : near.empty()       ? ""
                                          : "; the nearest is " + quoted(near)));
    }
    const auto second = first + 1;
    if (second != order_.end() && table_.names[*second] == name) {
      throw Failure(table_.file + ": columns " + std::to_string(*first + 1) + " and " +
                    std::to_string(*second + 1) + " are both called " + quoted(name) +
                    ": choose by number, as in " + option + " " + std::to_string(*first + 1));
    }
    return *first;
  }

 private:
  const Table& table_;
  std::vector<std::size_t> order_;  // columns sorted by name
};

std::vector<std::size_t> listed(const std::vector<ColumnItem>& items, const Table& table) {
  const Names names(table);
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

/// All but those that are left out, and those that hold labels or times as the user says.
std::vector<std::size_t> readings(const Table& table) {
  std::vector<std::size_t> numbers;
  auto left_out = table.left_out.begin();
  for (std::size_t j = 0; j < table.total; ++j) {
    if (left_out != table.left_out.end() && left_out->column == j) {
      ++left_out;
    } else if (table.labels != j && table.times != j) {
      numbers.push_back(j);
    }
  }
  return numbers;
}

void note_left_out(const Table& table, std::vector<std::string>& notes) {
  for (const LeftOut& other : table.left_out)
    if (table.labels != other.column && table.times != other.column)
      notes.push_back(left_out_note(table, other));
}

/// The column that the user asks for by number or name; nothing where he does not.
std::optional<std::size_t> find_column(const Table& table, const std::string& said,
                                       const std::string& option) {
  if (said.empty()) return std::nullopt;
  const std::string asks = ", which " + option + " asks for";
  if (said.find_first_not_of("0123456789") != said.npos) return Names(table).find(said, asks, option);
  std::size_t number = 0;
  const auto end = std::from_chars(said.data(), said.data() + said.size(), number);
  if (end.ec == std::errc() && number >= 1 && number <= table.total) return number - 1;
  throw Failure(table.file + ": has no column " + said + asks + ": it has " + counted(table.total, "column"));
}

/// Takes the column of labels out of those that are visible units.
void take_out_labels(const Reading& reading, const Table& table, std::vector<std::size_t>& numbers) {
  const auto at = std::find(numbers.begin(), numbers.end(), *table.labels);
  if (at == numbers.end()) return;
  if (reading.columns.empty())
    throw Failure(table.file + ": " + describe_column(table, *table.labels) +
                  " holds labels, as --label-column says, but " + reading.model_name +
                  " was trained on it; --columns chooses");
  numbers.erase(at);
  if (numbers.empty()) throw Failure(table.file + ": --columns lists no column but the labels");
}

/// The columns that a model was trained on, found again.
class Remembered {
 public:
  Remembered(const Reading& reading, const Table& table, std::vector<std::string>& notes)
      : known_(reading.known_columns),
        windows_(reading.windows),
        model_(reading.model_name),
        table_(table),
        notes_(notes) {}

  std::vector<std::size_t> find() const {
    if (holds_windows(table_.total)) return all_of(table_.total);
    if (!known_.names.empty() && !table_.names.empty()) return by_name();
    const std::vector<std::size_t> before = known_.numbers.empty() ? all_of(known_.total) : known_.numbers;
    if (table_.total == known_.total && known_by_number()) return checked(before);
    const std::size_t count = known_.names.empty() ? before.size() : known_.names.size();
    if (table_.total == count) return checked(all_of(table_.total));
    std::vector<std::size_t> others = readings(table_);
    if (others.size() == count) {
      note_left_out(table_, notes_);
      return others;
    }
    throw Failure(table_.file + ": has " + counted(table_.total, "column") + ", but " + model_ +
                  " was trained on " + std::to_string(count) +
                  (count == known_.total ? "" : " of " + std::to_string(known_.total)) +
                  "; --columns chooses");
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
    const Names names(table_);
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
    if (table_.total != known_.total && table_.total > numbers.size()) {
      notes_.push_back(table_.file + ": " + counted(table_.total - numbers.size(), "column") + " that " +
                       model_ + " was not trained on " + (table_.total == numbers.size() + 1 ? "is" : "are") +
                       " left out");
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
  const Windows& windows_;
  const std::string& model_;
  const Table& table_;
  std::vector<std::string>& notes_;
};

}  // namespace

std::string describe_column(const Table& table, std::size_t column) {
  return "column " + std::to_string(column + 1) +
         (table.names.empty() ? "" : " (" + quoted(table.names[column]) + ")");
}

std::string left_out_note(const Table& table, const LeftOut& left_out) {
  return table.file + ": " + describe_column(table, left_out.column) + " " + left_out.why +
         " and is left out; " +
         (left_out.role == Role::labels ? "--label-column takes it as labels, --columns as data"
                                        : "--columns takes it");
}

/// Whether a table has the column that a number or a name says.
bool has_column(const Table& table, const std::string& said) {
  std::size_t number = 0;
  const auto [end, error] = std::from_chars(said.data(), said.data() + said.size(), number);
  if (error == std::errc() && end == said.data() + said.size()) return number <= table.total;
  return std::find(table.names.begin(), table.names.end(), said) != table.names.end();
}

void find_roles(const Reading& reading, Table& table) {
  if (!reading.labels_may_lack || has_column(table, reading.label_column))
    table.labels = find_column(table, reading.label_column, "--label-column");
  table.times = find_column(table, reading.time_column, "--time-column");
  if (table.labels && table.labels == table.times)
    throw Failure(table.file + ": " + describe_column(table, *table.labels) +
                  " cannot hold both labels and times: --label-column and --time-column name it");
}

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
  if (table.labels) take_out_labels(reading, table, chosen.numbers);
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
