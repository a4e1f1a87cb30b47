#include "tools/commands/score_table.hpp"

#include "tools/base/text.hpp"
#include "tools/data/timeline.hpp"
#include "tools/output/table_file.hpp"

namespace tool {
namespace {

bool has_times(const Dataset& data) {
  return data.time.notation != TimeNotation::row;
}

}  // namespace

std::size_t row_of(const Dataset& data, std::size_t n) {
  return data.ends.empty() ? n : data.ends[n];
}

std::string place_of(const Dataset& data, std::size_t n) {
  const std::string place = time_of_row(data.time, row_of(data, n));
  if (data.time.notation == TimeNotation::seconds) return "at " + place + " s";
  return (has_times(data) ? "at " : "at row ") + place;
}

void write_scores(const std::string& path, const Dataset& data, const Scored& scored) {
  const bool calibrated = scored.calibration.has_value(), votes = calibrated && scored.calibration->of > 1;
  std::vector<std::string> names{"row"};
  if (has_times(data)) names.emplace_back("time");
  names.push_back(scored.what);
  if (votes) names.emplace_back("voted");
  if (calibrated) names.insert(names.end(), {"one_in", "flagged"});
  const std::size_t columns = 1 + votes + 2 * calibrated;
  TableFile table(path, TableFormat::text, data.rows, columns, names);
  for (std::size_t n = 0; n < data.rows; ++n) {
    std::string before = std::to_string(row_of(data, n) + 1);
    if (has_times(data)) before += "," + time_of_row(data.time, row_of(data, n));
    std::vector<float> values{static_cast<float>(scored.scores[n])};
    const Judged& judged = scored.judged;
    if (votes) values.push_back(static_cast<float>(judged.voted[n]));
    if (calibrated)
      values.insert(values.end(),
                    {static_cast<float>(1 / judged.chance[n]), judged.flagged[n] ? 1.0f : 0.0f});
    table.add(values.data(), before);
  }
  table.commit();
}

}  // namespace tool
