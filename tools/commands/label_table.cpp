#include "tools/commands/label_table.hpp"

#include "tools/commands/score_table.hpp"
#include "tools/data/timeline.hpp"
#include "tools/output/table_file.hpp"

namespace tool {
namespace {

std::vector<float> numbers_of(const Labelled& labelled, std::size_t n) {
  const Classification& said = labelled.said;
  std::vector<float> numbers{said.of(n)[said.likeliest(n)]};
  numbers.insert(numbers.end(), said.of(n), said.of(n) + said.labels);
  if (labelled.with_score) numbers.push_back(static_cast<float>(said.free_energy[n]));
  if (labelled.judged) numbers.push_back(static_cast<float>(1 / labelled.judged->chance[n]));
  return numbers;
}

// What stands before the numbers in text.
std::string texts_of(const Dataset& data, const Labelled& labelled, std::size_t n, bool with_times) {
  std::string texts = std::to_string(row_of(data, n) + 1);
  if (with_times) texts += "," + time_of_row(data.time, row_of(data, n));
  texts += "," + cell(labelled.label(n));
  if (data.classes.empty()) return texts;
  const std::int32_t given = data.classes[n];
  return texts + "," + (given == no_label ? "" : cell(labelled.names[static_cast<std::size_t>(given)]));
}

}  // namespace

void write_labels(const std::string& path, const Dataset& data, const Labelled& labelled) {
  const bool is_text = table_format(path, TableFormat::text) == TableFormat::text;
  const bool with_times = data.time.notation != TimeNotation::row;
  std::vector<std::string> names{"row"};
  if (with_times) names.emplace_back("time");
  names.emplace_back("label");
  if (!data.classes.empty()) names.emplace_back("given");
  names.emplace_back("probability");
  for (const std::string& name : labelled.names) names.push_back("p(" + name + ")");
  if (labelled.with_score) names.emplace_back("free_energy");
  if (labelled.judged) names.emplace_back("one_in");
  const std::size_t columns =
      1 + labelled.said.labels + (labelled.with_score ? 1 : 0) + (labelled.judged ? 1 : 0);
  TableFile table(path, TableFormat::text, data.rows, columns + (is_text ? 0 : 1), names);
  for (std::size_t n = 0; n < data.rows; ++n) {
    std::vector<float> numbers = numbers_of(labelled, n);
    if (!is_text)
      numbers.insert(numbers.begin(),
                     labelled.rejected(n) ? -1.0f : static_cast<float>(labelled.said.likeliest(n)));
    table.add(numbers.data(), is_text ? texts_of(data, labelled, n, with_times) : "");
  }
  table.commit();
}

}  // namespace tool
