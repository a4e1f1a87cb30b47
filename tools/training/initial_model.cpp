#include "tools/training/initial_model.hpp"

#include <algorithm>
#include <vector>

#include "rbm/rbm.hpp"
#include "tools/data/label_collector.hpp"
#include "tools/training/label_weights.hpp"

namespace tool {
namespace {

// Biases that make each unit's mean, without hidden units, the mean of the states that training sees.
void set_biases_of_data(Model& model, const Dataset& data, rbm::VisibleUnits kind) {
  const bool thresholded = kind == rbm::VisibleUnits::thresholded;
  std::vector<double> sums(data.columns);
  RowReader read(data);
  for (std::size_t n = 0; n < data.rows; ++n) {
    const std::vector<float>& row = read(n);
    for (std::size_t j = 0; j < row.size(); ++j)
      sums[j] += thresholded ? (row[j] >= 0.5f ? 1.0 : 0.0) : static_cast<double>(row[j]);
  }
  rbm::for_each_group(model.view().layer, model.visible, [&](const rbm::VisibleGroup& group) {
    if (group.kind != rbm::VisibleKind::binary) return;  // the mean of a real unit is its offset
    for (std::size_t j = group.begin; j < group.end; ++j)
      model.visible_bias[j] =
          rbm::bias_for_mean(static_cast<float>(sums[j] / static_cast<double>(data.rows)));
  });
}

void set_biases_of_labels(Model& model, const Dataset& data, ClassWeights weights) {
  const std::vector<float> biases = label_biases(label_counts(data), weights == ClassWeights::balanced);
  std::copy(biases.begin(), biases.end(),
            model.visible_bias.begin() + static_cast<std::ptrdiff_t>(model.units()));
}

// The groups of the units, and behind them the labels.
std::vector<rbm::VisibleGroup> with_labels(std::vector<rbm::VisibleGroup> groups, const Dataset& data) {
  const std::size_t labels = data.label_names.size();
  if (labels == 0) return groups;
  if (groups.empty()) groups.push_back({rbm::VisibleKind::binary, 0, data.columns});
  groups.push_back({rbm::VisibleKind::choice, data.columns, data.columns + labels});
  return groups;
}

void set_real_units(Model& model, const Recipe& recipe, const ReadingStatistics& statistics,
                    const std::string& name) {
  const Standardization standard = standardize(statistics, recipe.scale, name);
  std::copy(standard.offset.begin(), standard.offset.end(), model.offset.begin());
  std::copy(standard.scale.begin(), standard.scale.end(), model.scale.begin());
}

// Hidden units are mostly off, so that each has to explain something; scales are half of the deviations, as
// hidden units are to explain the rest, and no less whatever the rule, as states of many scales diverge; and
// loadings lead nowhere yet.
void start_real_units(Model& model, const ReadingStatistics& statistics, rbm::Xoshiro128& random) {
  for (float& bias : model.hidden_bias) bias = -1;
  const rbm::VisibleLayer layer = model.view().layer;
  rbm::for_each_group(layer, model.visible, [&](const rbm::VisibleGroup& group) {
    for (std::size_t j = group.begin; group.kind == rbm::VisibleKind::real && j < group.end; ++j) {
      layer.scale[j] = 0.5f * std::max(layer.scale[j], static_cast<float>(statistics.spreads[j].deviation));
      for (std::size_t k = 0; k < layer.factors(); ++k)
        layer.loadings.row(k)[j] = 0.1f * rbm::draw_normal(random);
    }
  });
  rbm::orthogonalize(layer.loadings, {});
}

}  // namespace

Model initial_model(const Recipe& recipe, const Dataset& data, const ReadingStatistics& statistics,
                    bool with_weights) {
  const bool is_row = data.kind == DataKind::readings && !data.has_pictures;
  const Shape shape = is_row ? Shape{1, data.columns} : Shape{data.height, data.width};
  Model model(data.columns + data.label_names.size(), static_cast<std::size_t>(recipe.hidden), shape,
              with_weights);
  model.meaning = {data.maximum, training::visible.word(recipe.visible), data.columns_of_file(), data.windows,
                   data.time.interval};
  if (data.recording) {
    const Recorded recorded = recorded_readings(data);
    model.meaning.ranges = recorded.ranges;
    model.meaning.longest_equal = recorded.longest_equal;
  }
  model.meaning.label_names = data.label_names;
  model.meaning.label_column = data.label_name;
  model.set_groups(with_labels(statistics.groups, data),
                   data.kind == DataKind::readings ? static_cast<std::size_t>(recipe.factors) : 0);
  if (data.kind == DataKind::readings) {
    model.meaning.maximum.reset();
    set_real_units(model, recipe, statistics, data.name);
  }
  rbm::Xoshiro128 random = rbm::Xoshiro128::seeded(recipe.seed);
  if (with_weights)
    rbm::initialize(model.view(), random);
  else  // what follows draws on
    for (std::size_t n = 0; n < model.visible * model.hidden; ++n) (void)rbm::draw_normal(random);
  // Labels alone are learned from readings as they are, and say nothing of their scales.
  if (model.has_readings() && is_generative(recipe)) start_real_units(model, statistics, random);
  if (recipe.initial_bias == InitialBias::data) {
    set_biases_of_data(model, data, recipe.visible);
    if (recipe.has_labels) set_biases_of_labels(model, data, recipe.class_weights);
  }
  return model;
}

}  // namespace tool
