#pragma once

#include <cstddef>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "tools/data/columns.hpp"
#include "tools/data/csv_rows.hpp"
#include "tools/data/csv_time.hpp"
#include "tools/data/timeline.hpp"

namespace tool {

/// When the rows of a table of text were taken: by the column that the user names, else by one of
/// table.left_out that is not taken as a reading: texts, else numbers that are times, else row numbers. A
/// column of dates and one of times of day belong together.
class CsvTimeline {
 public:
  /// The first row of the table is given; `taken` are the columns of readings.
  CsvTimeline(const Table& table, const std::vector<std::size_t>& taken, const std::vector<Cell>& first_row,
              bool comma);

  bool is_open() const { return kind_ != Kind::none; }

  /// Adds a row, which is that of a line. Throws Failure where the user named the column and it holds no time
  /// there.
  void add(const std::vector<Cell>& row, std::size_t line);

  /// What all rows say.
  Timeline timeline();

  /// What the user is told of it, beside which columns are left out: it is added to the note that says so, or
  /// is a note of its own.
  void tell(const Timeline& time, std::vector<std::string>& notes) const;

 private:
  enum class Kind { none, texts, times, counts, numbers };

  void find_column(const std::vector<std::size_t>& taken, const std::vector<Cell>& first_row);
  void find_clock(const std::vector<std::size_t>& taken, const std::vector<Cell>& first_row);
  void add_text(std::string_view text, std::size_t line);
  void add_number(std::string_view text, std::size_t line);
  void refuse(std::string_view text, std::size_t line);
  Timeline timeline_of_texts();
  Timeline timeline_of_numbers();

  const Table& table_;
  bool comma_;
  Kind kind_ = Kind::none;
  std::size_t column_ = 0;
  std::optional<std::size_t> clock_column_;
  double unit_ = 0;  ///< of times that are numbers, in seconds; 0: their size tells
  std::string start_, unreadable_;
  SpelledTime first_;  ///< of texts
  bool has_clock_ = false, has_zone_ = false;
  bool restarts_ = false;  ///< where there are gaps: counts go back there
  unsigned decimals_ = 0;
  std::vector<double> values_;
  std::vector<double> day_first_;  ///< of dates with two orders; values_ are then those with the month first
  bool readable_[2] = {true, true};  ///< with the month first, with the day first
};

}  // namespace tool
