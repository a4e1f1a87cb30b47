#include "tools/training/reading_charts.hpp"

#include <algorithm>
#include <string>

namespace tool {
namespace {

// Draws rows of readings.
class Curves {
 public:
  explicit Curves(const Model& model) : model_(model) {
    const auto rule = model.metadata.find("scale");
    in_scales_ = rule != model.metadata.end() && rule->second == "each";
  }

  const char* unit() const { return in_scales_ ? "(reading − offset) / scale" : "reading"; }

  Series series(std::string name, const std::vector<float>& rows, std::size_t row) const {
    Series drawn{std::move(name), {}};
    for (std::size_t j = 0; j < model_.visible; ++j) {
      const float reading = rows[row * model_.visible + j];
      const float y = in_scales_ ? (reading - model_.offset[j]) / model_.scale[j] : reading;
      drawn.points.push_back({static_cast<double>(j + 1), static_cast<double>(y)});
    }
    return drawn;
  }

 private:
  const Model& model_;
  bool in_scales_ = false;
};

}  // namespace

std::vector<Chart> reading_charts(const Model& model, const ModelPictures& pictures) {
  constexpr std::size_t most_examples = 6, most_samples = 4;
  const Curves curves(model);
  std::vector<Chart> charts;
  const auto add = [&](std::string title, const char* caption, std::vector<Series> series) {
    charts.push_back({std::move(title), caption, "number of the reading", curves.unit(), std::move(series)});
  };
  for (std::size_t n = 0; n < std::min(most_examples, pictures.originals.size() / model.visible); ++n)
    add("Example " + std::to_string(n + 1),
        n > 0
            ? ""
            : "What the sensors gave, and what the model makes of it: the mean given hidden units drawn from "
              "p(h | v).",
        {curves.series("example", pictures.originals, n),
         curves.series("reconstruction", pictures.reconstructions, n)});
  std::vector<Series> made;
  for (std::size_t n = 0; n < std::min(most_samples, pictures.samples.size() / model.visible); ++n)
    made.push_back(curves.series(std::to_string(n + 1), pictures.samples, n));
  add("Made up", "Examples that the model makes up by itself, at the end of chains.", std::move(made));
  return charts;
}

}  // namespace tool
