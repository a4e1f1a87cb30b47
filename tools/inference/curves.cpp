#include "tools/inference/curves.hpp"

#include <algorithm>
#include <cmath>
#include <iterator>
#include <limits>

#include "tools/base/text.hpp"

namespace tool {
namespace {

// What readings of a window are once their level or trend was taken away.
std::string unit_of(Detrend detrend) {
  switch (detrend) {
    case Detrend::start:
      return "change from the window's start";
    case Detrend::level:
      return "reading less the window's mean";
    case Detrend::trend:
      return "reading less the window's trend";
    case Detrend::differences:
      return "change from the reading before";
    default:
      return "reading";
  }
}

void append(std::vector<Chart>& charts, std::vector<Chart> more) {
  std::move(more.begin(), more.end(), std::back_inserter(charts));
}

}  // namespace

bool draws_curves(const Model& model) {
  return model.has_readings() && model.shape.height == 1 && model.units() > 1;
}

Curves::Curves(const Model& model) : model_(model), length_(model.units()) {
  const Windows& windows = model.meaning.windows;
  if (windows.length > 0 && windows.units() == model.units()) {
    channels_ = windows.channels;
    length_ = windows.length;
    interval_ = model.meaning.interval * static_cast<double>(windows.decimation);
    names_ = model.meaning.columns.names;
    unit_ = unit_of(windows.detrend);
    return;
  }
  const auto rule = model.metadata.find("scale");
  in_scales_ = rule != model.metadata.end() && rule->second == "each";
  unit_ = in_scales_ ? "(reading − offset) / scale" : "reading";
}

double Curves::shown(std::size_t j, double reading) const {
  if (!in_scales_) return reading;
  return (reading - static_cast<double>(model_.offset[j])) / static_cast<double>(model_.scale[j]);
}

std::string Curves::titled(const std::string& title, std::size_t channel) const {
  if (channels_ == 1) return title;
  const std::string name =
      channel < names_.size() ? names_[channel] : "channel " + std::to_string(channel + 1);
  return title.empty() ? name : title + ", " + name;
}

Chart Curves::empty_chart(const std::string& title, std::size_t channel) const {
  Chart chart{titled(title, channel), "", interval_ > 0 ? "time" : "number of the reading", unit_};
  chart.across = interval_ > 0 ? Across::seconds : Across::counts;
  chart.last_values = false;
  return chart;
}

std::vector<Chart> Curves::charts(const std::string& title, const Named& examples) const {
  std::vector<Chart> charts;
  for (std::size_t channel = 0; channel < channels_; ++channel) {
    Chart chart = empty_chart(title, channel);
    for (const auto& [name, readings] : examples) {
      Series series{name, {}};
      for (std::size_t t = 0; t < length_; ++t) {
        const std::size_t j = channel * length_ + t;
        series.points.push_back({place(t), shown(j, static_cast<double>(readings[j]))});
      }
      chart.series.push_back(std::move(series));
    }
    charts.push_back(std::move(chart));
  }
  return charts;
}

void Curves::shade(std::vector<Chart>& charts, const std::vector<double>& weights) const {
  for (std::size_t channel = 0; channel < channels_; ++channel)
    for (std::size_t t = 0; t < length_; ++t) {
      const double middle = place(t), least = place(0), most = place(length_ - 1);
      const double weight = weights[channel * length_ + t];
      if (weight > 0)
        charts[channel].spans.push_back(
            {std::max(least, middle - step() / 2), std::min(most, middle + step() / 2), weight});
    }
}

std::vector<Chart> Curves::filled(const std::string& title, const float* readings,
                                  const float* deviations) const {
  constexpr float gap = std::numeric_limits<float>::quiet_NaN();
  std::vector<float> known(readings, readings + model_.units()), found = known;
  for (std::size_t j = 0; j < model_.units(); ++j) {
    const std::size_t t = j % length_;
    if (deviations[j] > 0)
      known[j] = gap;
    else if (!((t > 0 && deviations[j - 1] > 0) || (t + 1 < length_ && deviations[j + 1] > 0)))
      found[j] = gap;  // the neighbours of a gap are joined to it
  }
  std::vector<Chart> charts = this->charts(title, {{"known", known.data()}, {"filled in", found.data()}});
  for (std::size_t channel = 0; channel < channels_; ++channel) {
    Band band;
    for (std::size_t t = 0; t < length_; ++t) {
      const std::size_t j = channel * length_ + t;
      const auto mean = static_cast<double>(found[j]), deviation = static_cast<double>(deviations[j]);
      band.low.push_back({place(t), shown(j, mean - deviation)});
      band.high.push_back({place(t), shown(j, mean + deviation)});
    }
    charts[channel].bands = {Band{}, std::move(band)};
  }
  return charts;
}

std::vector<Chart> Curves::filter(std::size_t i) const {
  std::vector<Chart> charts;
  for (std::size_t channel = 0; channel < channels_; ++channel) {
    Chart chart = empty_chart(std::to_string(i + 1), channel);
    chart.y_label = in_scales_ ? "what the unit adds, in scales" : "what the unit adds to a reading";
    Series series{"", {}};
    for (std::size_t t = 0; t < length_; ++t) {
      const std::size_t j = channel * length_ + t;
      const auto weight = static_cast<double>(model_.weights[i * model_.visible + j]);
      series.points.push_back(
          {place(t), in_scales_ ? weight : weight * static_cast<double>(model_.scale[j])});
    }
    chart.series.push_back(std::move(series));
    charts.push_back(std::move(chart));
  }
  return charts;
}

void Curves::share_axes(std::vector<Chart>& charts) const {
  std::vector<std::pair<double, double>> ranges(channels_, {largest_drawn, -largest_drawn});
  for (std::size_t n = 0; n < charts.size(); ++n)
    if (const auto extent = y_extent(charts[n])) {
      auto& [low, high] = ranges[n % channels_];
      low = std::min(low, extent->first);
      high = std::max(high, extent->second);
    }
  for (std::size_t n = 0; n < charts.size(); ++n)
    if (ranges[n % channels_].first <= ranges[n % channels_].second)
      charts[n].y_range = ranges[n % channels_];
}

ChartGrid pairs_grid(const Model& model, const std::vector<float>& originals,
                     const std::vector<float>& reconstructions) {
  const Curves curves(model);
  ChartGrid grid{"Examples and what the model makes of them", {}, curves.channels()};
  for (std::size_t n = 0; n < originals.size() / model.units(); ++n)
    append(grid.charts, curves.charts(std::to_string(n + 1),
                                      {{"example", originals.data() + n * model.units()},
                                       {"reconstruction", reconstructions.data() + n * model.units()}}));
  curves.share_axes(grid.charts);
  return grid;
}

ChartGrid filled_grid(const Model& model, const std::vector<float>& readings,
                      const std::vector<float>& deviations, bool with_level) {
  const Curves curves(model);
  ChartGrid grid{"Gaps filled in, with one deviation to both sides", {}, curves.channels()};
  for (std::size_t n = 0; n < readings.size() / model.units(); ++n)
    append(grid.charts, curves.filled(std::to_string(n + 1), readings.data() + n * model.units(),
                                      deviations.data() + n * model.units()));
  if (with_level)
    for (Chart& chart : grid.charts) chart.y_label = unit_of(Detrend::none);
  curves.share_axes(grid.charts);
  return grid;
}

ChartGrid examples_grid(const Model& model, const std::string& title, const std::vector<float>& examples,
                        const std::vector<std::string>& titles) {
  const Curves curves(model);
  ChartGrid grid{title, {}, curves.channels()};
  for (std::size_t n = 0; n < titles.size(); ++n)
    append(grid.charts, curves.charts(titles[n], {{"", examples.data() + n * model.units()}}));
  curves.share_axes(grid.charts);
  return grid;
}

ChartGrid samples_grid(const Model& model, const std::vector<float>& samples, std::size_t moments) {
  const Curves curves(model);
  ChartGrid grid{
      moments > 1 ? "Chains over time, one a row" : "Samples of the model", {}, curves.channels() * moments};
  for (std::size_t n = 0; n < samples.size() / model.units(); ++n)
    append(grid.charts, curves.charts(moments > 1 ? "chain " + std::to_string(n / moments + 1) + ", moment " +
                                                        std::to_string(n % moments + 1)
                                                  : std::to_string(n + 1),
                                      {{"", samples.data() + n * model.units()}}));
  curves.share_axes(grid.charts);
  return grid;
}

ChartGrid filters_grid(const Model& model, std::size_t most) {
  const Curves curves(model);
  ChartGrid grid{"What each hidden unit adds to the readings", {}, curves.channels()};
  for (std::size_t i = 0; i < std::min(most, model.hidden); ++i) append(grid.charts, curves.filter(i));
  curves.share_axes(grid.charts);
  return grid;
}

}  // namespace tool
