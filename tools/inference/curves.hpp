#pragma once

#include <cstddef>
#include <string>
#include <utility>
#include <vector>

#include "tools/model/model.hpp"
#include "tools/output/chart.hpp"
#include "tools/output/chart_grid.hpp"

namespace tool {

/// Whether examples of a model are drawn as curves: readings that are no picture.
bool draws_curves(const Model& model);

/// Draws examples of a model of readings as curves: a chart for each channel of a window, over time where the
/// model knows the interval of readings, else over the number of the reading. Readings that are no window and
/// have scales of their own, such as those of different sensors, are drawn as (reading - offset) / scale on
/// one axis.
class Curves {
 public:
  /// The model must outlive it.
  explicit Curves(const Model& model);

  std::size_t channels() const { return channels_; }

  /// Some examples over each other, with names for a legend: a chart for each channel. The title is that of
  /// the examples, to which the name of the channel is added.
  using Named = std::vector<std::pair<std::string, const float*>>;  // [visible] each
  std::vector<Chart> charts(const std::string& title, const Named& examples) const;

  /// Adds to the charts of an example how odd its readings are, 0 to 1 [visible]: the darker, the odder.
  void shade(std::vector<Chart>& charts, const std::vector<double>& weights) const;

  /// An example whose gaps were filled in: what was known and what was filled in in two colours, with a band
  /// of a deviation to both sides. A reading was filled in where its deviation [visible] is above 0.
  std::vector<Chart> filled(const std::string& title, const float* readings, const float* deviations) const;

  /// What hidden unit i adds to the means of the readings: a chart for each channel.
  std::vector<Chart> filter(std::size_t i) const;

  /// Gives all charts of the same channel the same y axis; charts of an example are in turn.
  void share_axes(std::vector<Chart>& charts) const;

 private:
  // Where reading t of a channel is drawn, and how much room it has.
  double place(std::size_t t) const {
    return interval_ > 0 ? interval_ * static_cast<double>(t) : 1 + static_cast<double>(t);
  }
  double step() const { return interval_ > 0 ? interval_ : 1; }
  double shown(std::size_t j, double reading) const;
  std::string titled(const std::string& title, std::size_t channel) const;
  Chart empty_chart(const std::string& title, std::size_t channel) const;

  const Model& model_;
  std::size_t channels_ = 1, length_;
  double interval_ = 0;             // seconds from a reading of a window to the next; 0: not known
  std::vector<std::string> names_;  // [channels]; empty: none
  bool in_scales_ = false;
  std::string unit_;
};

/// Pictures of many examples [examples][visible], a grid of charts each.
ChartGrid pairs_grid(const Model& model, const std::vector<float>& originals,
                     const std::vector<float>& reconstructions);
/// Examples whose gaps were filled in, with the deviations of what was; 0 where a reading was known. They may
/// be windows to which the level or trend that was taken away is added.
ChartGrid filled_grid(const Model& model, const std::vector<float>& readings,
                      const std::vector<float>& deviations, bool with_level);
/// Examples with a title each [examples].
ChartGrid examples_grid(const Model& model, const std::string& title, const std::vector<float>& examples,
                        const std::vector<std::string>& titles);
/// Samples; `moments` of the same chain stand in a row, the last at the step that it has reached.
ChartGrid samples_grid(const Model& model, const std::vector<float>& samples, std::size_t moments);
/// The first `most` hidden units.
ChartGrid filters_grid(const Model& model, std::size_t most);

}  // namespace tool
