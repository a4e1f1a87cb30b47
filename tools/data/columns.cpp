#include "tools/data/columns.hpp"

#include <algorithm>
#include <numeric>

#include "tools/base/failure.hpp"
#include "tools/base/nearest.hpp"
#include "tools/base/shape.hpp"
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

  /// Throws Failure with `lacks_it` behind the name unless just one column has it.
  std::size_t find(const std::string& name, const std::string& lacks_it) const {
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
                    ": choose by number, as in --columns " + std::to_string(*first + 1));
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

/// All but those that are left out.
std::vector<std::size_t> readings(const Table& table) {
  std::vector<std::size_t> numbers;
  auto left_out = table.left_out.begin();
  for (std::size_t j = 0; j < table.total; ++j) {
    if (left_out != table.left_out.end() && left_out->column == j) {
      ++left_out;
    } else {
      numbers.push_back(j);
    }
  }
  return numbers;
}

void note_left_out(const Table& table, std::vector<std::string>& notes) {
  for (const LeftOut& other : table.left_out) {
    notes.push_back(table.file + ": " + describe_column(table, other.column) + " " + other.why +
                    " and is left out; --columns takes it");
  }
}

/// The columns that a model was trained on, found again.
class Remembered {
 public:
  Remembered(const Reading& reading, const Table& table, std::vector<std::string>& notes)
      : known_(reading.known_columns), model_(reading.model_name), table_(table), notes_(notes) {}

  std::vector<std::size_t> find() const {
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
  const std::string& model_;
  const Table& table_;
  std::vector<std::string>& notes_;
};

}  // namespace

std::string describe_column(const Table& table, std::size_t column) {
  return "column " + std::to_string(column + 1) +
         (table.names.empty() ? "" : " (" + quoted(table.names[column]) + ")");
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
    note_left_out(table, notes);
  }
  if (!table.names.empty())
    for (const std::size_t column : chosen.numbers) chosen.names.push_back(table.names[column]);
  if (chosen.numbers == all_of(table.total)) chosen.numbers.clear();
  return chosen;
}

void keep_columns(Dataset& shape, const Reading& reading, std::size_t rank, std::size_t element_size,
                  std::vector<unsigned char>& file, std::size_t& offset) {
  if (rank != 2) {
    if (reading.columns.empty()) return;
    throw Failure(shape.name + ": holds pictures: --columns takes columns of tables");
  }
  Table table;
  table.file = shape.name;
  table.total = shape.columns;
  shape.taken = choose_columns(reading, table, shape.notes);
  const std::vector<std::size_t>& numbers = shape.taken.numbers;
  if (numbers.empty()) return;
  std::vector<unsigned char> elements(shape.rows * numbers.size() * element_size);
  unsigned char* to = elements.data();
  for (std::size_t n = 0; n < shape.rows; ++n)
    for (const std::size_t column : numbers)
      to = std::copy_n(&file[offset + (n * shape.columns + column) * element_size], element_size, to);
  file = std::move(elements);
  offset = 0;
  shape.columns = numbers.size();
  shape.height = default_shape(shape.columns).height;
  shape.width = shape.columns / shape.height;
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
