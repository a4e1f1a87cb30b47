#include "tools/commands/mistakes.hpp"

#include <algorithm>

#include "platform/desktop/files.hpp"
#include "tools/commands/inputs.hpp"
#include "tools/commands/label_facts.hpp"
#include "tools/commands/score_table.hpp"
#include "tools/inference/curves.hpp"
#include "tools/output/picture.hpp"

namespace tool {

std::size_t draw_mistakes(const std::string& path, const Model& model, const Dataset& data,
                          const std::vector<LabelFigures::Mistake>& mistakes) {
  const bool curves = draws_curves(model);
  const std::size_t count = std::min<std::size_t>(mistakes.size(), curves ? 24 : 100);
  if (count == 0) return 0;
  const std::vector<std::string>& names = model.meaning.label_names;
  std::vector<float> values(count * model.units());
  std::vector<std::string> titles;
  for (std::size_t n = 0; n < count; ++n) {
    const auto& [row, given, said, probability] = mistakes[n];
    data.row(row, values.data() + n * model.units());
    titles.push_back("row " + std::to_string(row_of(data, row) + 1) + ": " + names[given] + " taken for " +
                     names[said] + ", " + shown_probability(probability));
  }
  platform::OutputFile file(path);
  if (curves) {
    write_grid(file, path,
               examples_grid(model, "Examples that it got wrong, the surest first", values, titles));
  } else {
    scale_for_picture(model, values);
    const GreyRange greys = model.has_readings() ? range_of(values) : GreyRange{};
    write_png(file, tile(values, model.shape, Palette::grey, {}, greys));
  }
  file.commit();
  return count;
}

}  // namespace tool
