#include "tools/data/csv.hpp"

#include <algorithm>
#include <cmath>
#include <limits>
#include <numeric>
#include <optional>
#include <string_view>
#include <utility>

#include "tools/base/failure.hpp"
#include "tools/base/shape.hpp"
#include "tools/base/text.hpp"
#include "tools/data/column_list.hpp"
#include "tools/data/column_roles.hpp"
#include "tools/data/columns.hpp"
#include "tools/data/csv_dialect.hpp"
#include "tools/data/csv_heading.hpp"
#include "tools/data/csv_lines_above.hpp"
#include "tools/data/csv_no_readings.hpp"
#include "tools/data/csv_number.hpp"
#include "tools/data/csv_rows.hpp"
#include "tools/data/csv_timeline.hpp"
#include "tools/data/odd_rows.hpp"
#include "tools/data/text_encoding.hpp"

namespace tool {
namespace {

class CsvReader {
 public:
  CsvReader(std::string_view text, const std::string& name, const Reading& reading)
      : reading_(reading), text_(text), rows_(text, name) {
    table_.file = data_.name = name;
    data_.kind = kind_for(reading, data_);
    if (data_.kind == DataKind::intensities) data_.maximum = maximum_for(reading, 1);
  }

  Dataset read() {
    rows_.skip_lines(reading_.skip_lines);
    find_layout(rows_);
    keep_last_gap();
    comma_ = has_decimal_commas(rows_);
    find_columns();
    while (rows_.next(cells_)) add_row();
    keep_time();
    note_comments();
    data_.columns = columns_.size();
    data_.height = default_shape(data_.columns).height;
    data_.width = data_.columns / data_.height;
    return std::move(data_);
  }

 private:
  /// Where a model knows of one more column, an empty field behind the last separator is one.
  void keep_last_gap() {
    CsvRows first = rows_;
    const bool short_by_one =
        rows_.drops_trailing && first.next(cells_) && cells_.size() + 1 == reading_.known_columns.total;
    if (reading_.gaps && short_by_one) rows_.drops_trailing = false;
  }

  void find_columns() {
    Heading heading = find_heading(rows_, comma_, reading_);
    data_.heading_line = heading.line;
    if (!heading.note.empty()) data_.notes.push_back(data_.name + ": " + heading.note);
    CsvRows first = rows_;
    if (!first.next(cells_) || (heading.line == 0 && holds_one_row_of_words(first)))
      throw Failure(data_.name + ": holds no rows of numbers");
    if (heading.fault && *heading.fault < cells_.size()) {
      rows_.next(cells_);
      refuse(*heading.fault);
    }
    comments_above_ = first.comments();
    check_columns(data_.name, cells_.size());
    table_.total = heading.line == 0 ? cells_.size() : heading.names.size();
    table_.names = std::move(heading.names);
    find_roles(reading_, table_, data_.notes);
    const std::vector<std::string> doubts = find_no_readings(rows_, comma_, table_);
    data_.taken = choose_columns(reading_, table_, data_.notes);
    const bool said = !reading_.columns.empty() || reading_.known_columns.total != 0;
    if (!said) data_.notes.insert(data_.notes.end(), doubts.begin(), doubts.end());
    classes_ = collect_labels(table_, reading_, data_);
    columns_ = data_.taken.numbers;
    if (columns_.empty()) {
      columns_.resize(table_.total);
      std::iota(columns_.begin(), columns_.end(), std::size_t{0});
    }
    timeline_.emplace(table_, columns_, cells_, comma_);
  }

  /// The first row is in cells_.
  bool holds_one_row_of_words(CsvRows rest) const {
    std::vector<Cell> second;
    return !rest.next(second) && std::all_of(cells_.begin(), cells_.end(), [](const Cell& cell) {
      return kind_of(cell.text, false) == CellKind::word;
    });
  }

  void add_row() {
    if (cells_.size() != table_.total) {
      const bool first = data_.rows == 0 && data_.heading_line != 0;
      throw Failure(data_.name + ": line " + std::to_string(rows_.line()) + ": number of columns is " +
                    std::to_string(cells_.size()) + (first ? ", in the heading " : ", in the lines before ") +
                    std::to_string(table_.total) + (first ? cure_above() : ""));
    }
    if (repeats_heading()) {
      throw Failure(data_.name + ": line " + std::to_string(rows_.line()) +
                    " repeats the heading: leave it out");
    }
    const std::size_t begin = data_.values.size();
    data_.values.resize(begin + columns_.size());
    float* out = &data_.values[begin];
    for (const std::size_t column : columns_) {
      std::optional<double> value = read_number(cells_[column].text, comma_);
      if (!value) value = read_other(column);
      const std::optional<float> kept = to_kept(*value, data_, reading_);
      if (!kept) refuse_number(column, *value);
      *out++ = *kept;
    }
    if (table_.labels) data_.labels.push_back(means_odd(cells_[*table_.labels].text, comma_));
    if (classes_) classes_->add(cells_[*table_.classes].unquoted(), comma_, "line", rows_.line());
    if (timeline_->is_open()) timeline_->add(cells_, rows_.line());
    ++data_.rows;
  }

  void keep_time() {
    data_.time = timeline_->timeline();
    timeline_->tell(data_.time, data_.notes);
    if (table_.labels) note_labels(data_, describe_column(table_, *table_.labels));
    if (classes_) classes_->finish(data_);
  }

  /// True and false are 1 and 0 where 1 means 1; a gap, where it is allowed, is NaN.
  double read_other(std::size_t column) const {
    const std::string_view text = cells_[column].text;
    if (reading_.gaps && kind_of(text, comma_) == CellKind::missing)
      return std::numeric_limits<double>::quiet_NaN();
    if (data_.maximum != 1 || kind_of(text, comma_) != CellKind::truth) refuse(column);
    return (text[0] | ' ') == 't' ? 1 : 0;
  }

  [[noreturn]] void refuse_number(std::size_t column, double value) const {
    if (std::isinf(value)) {
      throw Failure(data_.name + ": " + place(column) + ": " + quoted(cells_[column].text) +
                    " is no finite number");
    }
    refuse_value(data_, place(column), value, reading_);
  }

  [[noreturn]] void refuse(std::size_t column) const {
    throw Failure(data_.name + ": " + place(column) + ": " + describe_fault(cells_[column].text) +
                  cure(column));
  }

  std::string cure(std::size_t column) const {
    if (data_.rows > 0) return "";
    std::string above = cure_above();
    if (!above.empty()) return above;
    if (columns_.size() > 1 && is_column_of_text(column)) {
      std::vector<std::size_t> others = columns_;
      others.erase(std::find(others.begin(), others.end(), column));
      return "; without this column: --columns " + list_numbers(others);
    }
    return data_.heading_line == 0 && may_be_heading() ? cure_of_heading() : "";
  }

  /// What cures a first row that is refused, where lines above the table are the cause.
  std::string cure_above() const {
    const LinesAbove above = lines_above_table(text_, rows_.line());
    const bool first = data_.heading_line == 0 && above.count <= rows_.line();
    const bool holds_number = std::any_of(cells_.begin(), cells_.end(), [&](const Cell& cell) {
      return kind_of(cell.text, comma_) == CellKind::number;
    });
    if (above.count == 0 || first || (holds_number && above.separator == rows_.separator)) return "";
    const std::string count = std::to_string(above.count);
    return "; the table seems to begin below line " + count + ": --skip-lines " + count;
  }

  /// What cures a first row that may be a heading.
  std::string cure_of_heading() const {
    const std::string line = std::to_string(rows_.line());
    CsvRows rest = rows_;
    std::vector<Cell> next;
    const bool twice = rows_.separator == ',' && rest.next(next) && next.size() == 2 * cells_.size() &&
                       std::all_of(next.begin(), next.end(), [](const Cell& cell) {
                         return kind_of(cell.text, false) == CellKind::number;
                       });
    const bool title = std::any_of(cells_.begin(), cells_.end(),
                                   [](const Cell& cell) { return cell.text.find(' ') != cell.text.npos; });
    if (twice) {
      return "; line " + line + " has " + counted(cells_.size(), "field") + ", the next row " +
             std::to_string(next.size()) + ": write points where commas are decimal marks, else " +
             (title ? "leave the line out by --skip-lines " + line : "name each column");
    }
    return "; if line " + line + " is a heading, --skip-lines " + line + " leaves it out";
  }

  /// A row of numbers may be equal to a heading of numbers.
  bool repeats_heading() const {
    if (table_.names.empty() || cells_[0].text.substr(0, 1) != table_.names[0].substr(0, 1)) return false;
    bool words = false;
    for (std::size_t j = 0; j < cells_.size(); ++j) {
      if (cells_[j].unquoted() != table_.names[j]) return false;
      words = words || kind_of(cells_[j].text, comma_) == CellKind::word;
    }
    return words;
  }

  /// Whether a field of the first row, which is in cells_, stands above others that are words or times, or
  /// below a heading.
  bool is_column_of_text(std::size_t column) const {
    const auto is_text = [&](const std::vector<Cell>& cells) {
      const CellKind kind = column < cells.size() ? kind_of(cells[column].text, comma_) : CellKind::number;
      return kind == CellKind::word || kind == CellKind::time;
    };
    CsvRows rest = rows_;
    std::vector<Cell> next;
    return is_text(cells_) && (data_.heading_line != 0 || (rest.next(next) && is_text(next)));
  }

  /// Whether the row in cells_ has words, or no number.
  bool may_be_heading() const {
    bool number = false;
    for (const Cell& cell : cells_) {
      const CellKind kind = kind_of(cell.text, comma_);
      if (kind == CellKind::word) return true;
      number = number || kind == CellKind::number;
    }
    return !number;
  }

  std::string place(std::size_t column) const {
    return "line " + std::to_string(rows_.line()) + ", column " + std::to_string(column + 1);
  }

  void note_comments() {
    const std::size_t count = rows_.comments() - comments_above_;
    if (count == 0) return;
    data_.notes.push_back(data_.name + ": " + counted(count, "line") + " among the rows " +
                          (count == 1 ? "begins" : "begin") + " with # and " + (count == 1 ? "is" : "are") +
                          " left out");
  }

  const Reading& reading_;
  std::string_view text_;
  CsvRows rows_;
  Dataset data_;
  Table table_;
  std::optional<CsvTimeline> timeline_;
  std::optional<LabelCollector> classes_;
  bool comma_ = false;
  std::size_t comments_above_ = 0;
  std::vector<Cell> cells_;
  std::vector<std::size_t> columns_;
};

}  // namespace

Dataset read_csv(const std::vector<unsigned char>& file, const std::string& name, const Reading& reading) {
  std::string converted;
  return CsvReader(decode_text(file, name, converted), name, reading).read();
}

}  // namespace tool
