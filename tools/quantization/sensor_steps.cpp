#include "tools/quantization/sensor_steps.hpp"

#include <algorithm>
#include <cmath>

#include "tools/base/failure.hpp"
#include "tools/base/text.hpp"

namespace tool {
namespace {

constexpr double largest_reading = 32767;
// Of a deviation, in steps: where whole numbers serve, where a step may be chosen, what integers can hold.
constexpr double enough_steps = 4, wanted_steps = 16, fewest_steps = 0.5, most_steps = 4096;

// A real unit's readings.
struct Spread {
  std::size_t unit;
  double middle, deviation;  // with all hidden units off, and given the hidden units
  double reach;              // the greatest magnitude that 16 bits should hold
};

// A window's readings are those of the recording until their level is taken away.
double reach_of_recording(const DataMeaning& meaning, std::size_t unit) {
  constexpr double beyond = 1.5;
  if (meaning.ranges.empty()) return 0;
  const std::size_t channel = unit / meaning.windows.length;
  return beyond * std::max(std::abs(static_cast<double>(meaning.ranges[2 * channel])),
                           std::abs(static_cast<double>(meaning.ranges[2 * channel + 1])));
}

std::vector<Spread> spreads_of(const Model& model) {
  std::vector<Spread> spreads;
  for (const rbm::VisibleGroup& group : model.groups) {
    if (group.kind != rbm::VisibleKind::real) continue;
    for (std::size_t j = group.begin; j < group.end; ++j) {
      const double scale = static_cast<double>(model.scale[j]);
      double variance = 1;
      for (std::size_t k = 0; k < model.factors; ++k)
        variance += std::pow(static_cast<double>(model.loadings[k * model.visible + j]), 2);
      const double middle =
          static_cast<double>(model.offset[j]) + scale * static_cast<double>(model.visible_bias[j]);
      spreads.push_back({j, middle, scale,
                         std::max(std::abs(middle) + 8 * scale * std::sqrt(variance),
                                  reach_of_recording(model.meaning, j))});
    }
  }
  return spreads;
}

bool fits(const Spread& reading, double step, double fewest) {
  return reading.deviation >= fewest * step && reading.deviation <= most_steps * step &&
         reading.reach <= largest_reading * step;
}

// 1, 2 or 5 times a power of ten, the largest that is at most this.
double round_down(double step) {
  const double power = std::pow(10.0, std::floor(std::log10(step)));
  for (const double factor : {5.0, 2.0})
    if (factor * power <= step * (1 + 1e-9)) return factor * power;
  return power;
}

// As fine as it should be where 16 bits allow it, else coarser; 0 where none serves.
double step_for(const Spread& reading) {
  const double least = reading.reach / largest_reading;
  const double wanted = round_down(reading.deviation / wanted_steps);
  if (wanted >= least) return wanted;
  const double coarser = round_down(2.5 * least);
  return fits(reading, coarser, fewest_steps) ? coarser : 0;
}

std::string number(double value) {
  return significant(value, 3);
}

// Of windows, what their readings were before their level was taken away.
std::string recorded_reach(const Model& model, const Spread& reading) {
  const double reach = reach_of_recording(model.meaning, reading.unit);
  return reach > 0 ? " and needs room up to " + number(reach) + " for its level" : "";
}

// The finest step of a channel's readings that fits all of them.
std::vector<float> steps_of_channels(const Model& model, const std::vector<Spread>& spreads,
                                     std::vector<float> steps, const std::string& name) {
  const std::size_t length = model.meaning.windows.length;
  for (std::size_t begin = 0; begin < steps.size(); begin += length) {
    const auto first = steps.begin() + static_cast<std::ptrdiff_t>(begin),
               last = first + static_cast<std::ptrdiff_t>(length);
    std::vector<float> candidates(first, last);
    std::sort(candidates.begin(), candidates.end());
    const auto fitting = std::find_if(candidates.begin(), candidates.end(), [&](float step) {
      return std::all_of(spreads.begin(), spreads.end(), [&](const Spread& reading) {
        return reading.unit < begin || reading.unit >= begin + length ||
               fits(reading, static_cast<double>(step), fewest_steps);
      });
    });
    if (fitting == candidates.end())
      throw Failure(name + ": no step of 16 bits fits all readings of channel " +
                    std::to_string(begin / length + 1) + ": train with --scale all");
    std::fill(first, last, *fitting);
  }
  return steps;
}

}  // namespace

std::vector<float> sensor_steps(const Model& model, std::optional<float> given, const std::string& name) {
  const std::vector<Spread> spreads = spreads_of(model);
  std::vector<float> steps(model.units(), 1.0f);
  const auto all_fit = [&](double step, double enough) {
    return std::all_of(spreads.begin(), spreads.end(),
                       [&](const Spread& reading) { return fits(reading, step, enough); });
  };
  const auto assign = [&](double step) {
    for (const Spread& reading : spreads) steps[reading.unit] = static_cast<float>(step);
    return steps;
  };
  if (given) {
    const double step = static_cast<double>(*given);
    for (const Spread& reading : spreads)
      if (!fits(reading, step, fewest_steps))
        throw Failure(name + ": reading " + std::to_string(reading.unit + 1) + " is " +
                      number(reading.middle) + " and deviates by " + number(reading.deviation) +
                      " given the hidden units" + recorded_reach(model, reading) +
                      ", which 16 bits do not hold in steps of " + shortest(*given));
    return assign(step);
  }
  if (all_fit(1, enough_steps)) return assign(1);
  double finest = 0;
  for (const Spread& reading : spreads) {
    const double step = step_for(reading);
    if (step == 0)
      throw Failure(name + ": reading " + std::to_string(reading.unit + 1) + " deviates by " +
                    number(reading.deviation) + " from " + number(reading.middle) +
                    recorded_reach(model, reading) +
                    ", less than 16 bits tell apart: subtract what is constant from it, before training");
    steps[reading.unit] = static_cast<float>(step);
    finest = finest == 0 ? step : std::min(finest, step);
  }
  if (all_fit(finest, fewest_steps)) return assign(finest);
  return model.meaning.windows.length == 0 ? steps : steps_of_channels(model, spreads, steps, name);
}

}  // namespace tool
