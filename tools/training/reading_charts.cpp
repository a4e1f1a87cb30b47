#include "tools/training/reading_charts.hpp"

#include <algorithm>
#include <iterator>
#include <string>

#include "tools/inference/curves.hpp"

namespace tool {

std::vector<Chart> reading_charts(const Model& model, const ModelPictures& pictures) {
  constexpr std::size_t most_examples = 6, most_samples = 4;
  const Curves curves(model);
  std::vector<Chart> charts;
  const auto add = [&](std::vector<Chart> more, const char* caption) {
    more.front().caption = caption;
    std::move(more.begin(), more.end(), std::back_inserter(charts));
  };
  const auto row = [&](const std::vector<float>& rows, std::size_t n) {
    return rows.data() + n * model.units();
  };
  for (std::size_t n = 0; n < std::min(most_examples, pictures.originals.size() / model.units()); ++n)
    add(curves.charts(
            "Example " + std::to_string(n + 1),
            {{"example", row(pictures.originals, n)}, {"reconstruction", row(pictures.reconstructions, n)}}),
        n > 0
            ? ""
            : "What the sensors gave, and what the model makes of it: the mean given hidden units drawn from "
              "p(h | v).");
  Curves::Named made;
  for (std::size_t n = 0; n < std::min(most_samples, pictures.samples.size() / model.units()); ++n)
    made.emplace_back(std::to_string(n + 1), row(pictures.samples, n));
  if (!made.empty())
    add(curves.charts("Made up", made), "Examples that the model makes up by itself, at the end of chains.");
  return charts;
}

}  // namespace tool
