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
  double whole;              // deviation with the factors
};

std::vector<Spread> spreads_of(const Model& model) {
  std::vector<Spread> spreads;
  for (const rbm::VisibleGroup& group : model.groups) {
    if (group.kind != rbm::VisibleKind::real) continue;
    for (std::size_t j = group.begin; j < group.end; ++j) {
      const double scale = static_cast<double>(model.scale[j]);
      double variance = 1;
      for (std::size_t k = 0; k < model.factors; ++k)
        variance += std::pow(static_cast<double>(model.loadings[k * model.visible + j]), 2);
      spreads.push_back(
          {j, static_cast<double>(model.offset[j]) + scale * static_cast<double>(model.visible_bias[j]),
           scale, scale * std::sqrt(variance)});
    }
  }
  return spreads;
}

bool fits(const Spread& reading, double step, double fewest) {
  return reading.deviation >= fewest * step && reading.deviation <= most_steps * step &&
         std::abs(reading.middle) + 8 * reading.whole <= largest_reading * step;
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
  const double least = (std::abs(reading.middle) + 8 * reading.whole) / largest_reading;
  const double wanted = round_down(reading.deviation / wanted_steps);
  if (wanted >= least) return wanted;
  const double coarser = round_down(2.5 * least);
  return fits(reading, coarser, fewest_steps) ? coarser : 0;
}

std::string number(double value) {
  return significant(value, 3);
}

}  // namespace

std::vector<float> sensor_steps(const Model& model, std::optional<float> given, const std::string& name) {
  const std::vector<Spread> spreads = spreads_of(model);
  std::vector<float> steps(model.visible, 1.0f);
  const auto all_fit = [&](double step, double fewest) {
    return std::all_of(spreads.begin(), spreads.end(),
                       [&](const Spread& reading) { return fits(reading, step, fewest); });
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
                      " given the hidden units, which 16 bits do not hold in steps of " + shortest(*given));
    return assign(step);
  }
  if (all_fit(1, enough_steps)) return assign(1);
  double finest = 0;
  for (const Spread& reading : spreads) {
    const double step = step_for(reading);
    if (step == 0)
      throw Failure(name + ": reading " + std::to_string(reading.unit + 1) + " deviates by " +
                    number(reading.deviation) + " from " + number(reading.middle) +
                    ", less than 16 bits tell apart: subtract what is constant from it, before training");
    steps[reading.unit] = static_cast<float>(step);
    finest = finest == 0 ? step : std::min(finest, step);
  }
  return all_fit(finest, fewest_steps) ? assign(finest) : steps;  // NOLINT: in this order
}

}  // namespace tool
