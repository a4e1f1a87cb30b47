#include "tools/model/quantized_faults.hpp"

#include <algorithm>
#include <cstdlib>

#include "tools/base/text.hpp"
#include "tools/model/visible_groups.hpp"

namespace tool {
namespace {

// What no sum of the runtime may reach, and what the free energy may not.
constexpr std::int64_t sum_limit = std::int64_t{1} << 23, energy_limit = std::int64_t{1} << 31;
constexpr unsigned most_runtime_shift = 22;
constexpr std::int64_t word_limit = std::int64_t{1} << 31;
constexpr unsigned most_state_fraction = 10, most_fraction = 11, most_state_limit = 16383,
                   most_reading_shift = 20, most_level_fraction = 12;

std::string fault_of_numbers(const QuantizedModel& model) {
  const QuantizedLayer& layer = model.layer;
  if (model.bits != 8 && model.bits != 4)
    return "has readings and weights of " + std::to_string(model.bits) + " bits, not 8 or 4";
  if (layer.factors > rbm::most_factors)
    return "has " + std::to_string(layer.factors) + " factors, not 0 to 16";
  const unsigned fraction = model.fraction, state = layer.state_fraction;
  if (state < 2 || state > most_state_fraction || state > fraction || fraction >= 2 * state ||
      fraction > most_fraction)
    return "has steps of 2^-" + std::to_string(fraction) + " nat and states in steps of 2^-" +
           std::to_string(state) + ", which do not go together";
  if (layer.limit < 1u << state || layer.limit > most_state_limit)
    return "has states up to " + std::to_string(layer.limit) + " steps, not " + std::to_string(1u << state) +
           " to 16383";
  return {};
}

std::string fault_of_units(const QuantizedModel& model) {
  for (const rbm::VisibleGroup& group : model.layer.groups)
    for (std::size_t j = group.begin; j < group.end; ++j) {
      const unsigned scale = model.layer.scales[j];
      const bool real = group.kind == rbm::VisibleKind::real;
      bool fits = real ? scale >> 5 >= 1024 && (scale & 31) <= most_reading_shift
                       : scale == 0 && model.layer.offsets[j] == 0;
      for (std::size_t k = 0; !real && k < model.layer.factors; ++k)
        fits = fits && model.layer.codes[k * model.visible + j] == 128;
      if (!fits)
        return "has numbers of visible unit " + std::to_string(j) +
               ", counted from 0, that are not those of a " + (real ? "reading" : "binary unit");
    }
  return {};
}

// The sum of products of a factor's levels, in the largest distances of states; its gains must be those of
// the levels.
std::string fault_of_factor(const QuantizedModel& model, std::size_t k) {
  const QuantizedLayer& layer = model.layer;
  const std::uint16_t* const gains = layer.gains.data() + 3 * k;
  const unsigned fraction = gains[1] & 255u;
  std::uint64_t squares = 0;
  std::int64_t levels = 0;
  for (std::size_t j = 0; j < model.visible; ++j) {
    const int level = layer.codes[k * model.visible + j] - 128;
    squares += static_cast<std::uint64_t>(level * level);
    levels += std::abs(level);
  }
  const rbm::FactorGains right(squares, std::min(fraction, most_level_fraction));
  if (gains[0] != right.gain || gains[1] != right.shifts || gains[2] != right.deviation)
    return "has gains of factor " + std::to_string(k) + ", counted from 0, that its loadings do not have";
  // With its rounding, what rbm_factor shifts; then what rbm_add_factors adds up.
  const unsigned rounding = gains[1] >> 8;
  const std::int64_t sum = 2 * levels * layer.limit;
  const std::int64_t shifted = (sum * gains[0] >> 16) + 2 + (std::int64_t{1} << rounding >> 1);
  const std::int64_t factor = (shifted >> rounding) + (std::int64_t{6} << (layer.state_fraction + 7));
  if (sum >= word_limit || shifted >= word_limit ||
      factor * 255 * static_cast<std::int64_t>(layer.factors) >= word_limit)
    return "has loadings so large or so many that sums overflow 32 bits";
  return {};
}

// What the device's integers hold of a stream.
std::string fault_of_windows(const QuantizedModel& model) {
  const Windows& windows = model.meaning.windows;
  constexpr std::size_t most_channels = 255, most_decimation = 65535;
  const auto beyond = [](std::size_t number, std::size_t most, const char* what) {
    return number < 1 || number > most ? "has " + std::to_string(number) + " " + what +
                                             ", where a device takes 1 to " + std::to_string(most)
                                       : std::string();
  };
  for (std::string fault :
       {beyond(windows.length, RBM_LONGEST_WINDOW, "readings of each channel in a window"),
        beyond(windows.hop, RBM_LONGEST_WINDOW, "readings from one window to the next"),
        beyond(windows.decimation, most_decimation, "readings that become one"),
        beyond(windows.channels, most_channels, "channels in a window"),
        beyond(model.calibration ? model.calibration->of : 1, RBM_MOST_VOTES, "windows that vote")})
    if (!fault.empty()) return fault;
  if (windows.channels * windows.length != model.visible)
    return "has windows of " + std::to_string(windows.channels * windows.length) + " readings and " +
           std::to_string(model.visible) + " visible units";
  return {};
}

std::string find_layer_fault(const QuantizedModel& model) {
  std::string fault = fault_of_numbers(model);
  if (fault.empty()) fault = fault_of_units(model);
  for (std::size_t k = 0; fault.empty() && k < model.layer.factors; ++k) fault = fault_of_factor(model, k);
  if (!fault.empty()) return fault;
  const std::int64_t most =
      std::max<std::int64_t>(model.layer.limit, std::int64_t{1} << model.layer.state_fraction);
  std::int64_t products = 0;
  for (const std::int16_t bias : model.visible_bias) products += std::abs(int{bias}) * most;
  const LayerSums hidden = hidden_sums(model);
  // Half a word is for rounding.
  if (static_cast<std::uint64_t>(most * most) * model.visible >= 2 * word_limit - 65536 ||
      products >= word_limit - 65536 ||
      std::max(-hidden.multiples.least, hidden.multiples.most) >= word_limit - 65536)
    return "has states so large or so many that sums overflow 32 bits";
  return {};
}

std::int64_t most_visible_energy(const QuantizedModel& model) {
  std::int64_t energy = 0;
  if (!model.has_readings()) {
    for (const std::int16_t bias : model.visible_bias) energy += std::abs(int{bias});
    return energy;
  }
  const QuantizedLayer& layer = model.layer;
  const unsigned shift = 2 * layer.state_fraction + 1 - model.fraction;
  for (std::size_t j = 0; j < model.visible; ++j) {
    const std::int64_t most = std::max(-range_of_state(model, j).least, range_of_state(model, j).most);
    energy +=
        (most * most >> shift) + (std::abs(int{model.visible_bias[j]}) * most >> layer.state_fraction) + 2;
  }
  // |y|, in steps of a state, is at most half of |x|, which 16 bits hold.
  return energy + static_cast<std::int64_t>(layer.factors) * ((std::int64_t{1} << 30 >> shift) + 1);
}

}  // namespace

std::string find_fault(const QuantizedModel& model) {
  if (model.visible < 1 || model.visible > rbm::most_units || model.hidden < 1 ||
      model.hidden > rbm::most_units)
    return "has a layer of no or more than 65,535 units";
  if (model.bits != 8 && model.bits != 4 && model.bits != 2 && model.bits != 1)
    return "has weights of " + std::to_string(model.bits) + " bits, not 8, 4, 2 or 1";
  if (model.fraction < 4 || model.fraction > 14)
    return "has steps of 2^-" + std::to_string(model.fraction) + " nat, not 2^-4 to 2^-14";
  if (model.has_labels() && (model.labels < fewest_labels || model.labels > most_labels))
    return "has " + counted(model.labels, "label") + ", not 2 to 256";
  const auto [lowest, highest] = std::minmax_element(model.shifts.begin(), model.shifts.end());
  if (*highest > most_runtime_shift || *highest - *lowest >= RBM_MOST_SHIFTS)
    return "has shifts from " + std::to_string(*lowest) + " to " + std::to_string(*highest) +
           ": they must be " + std::to_string(RBM_MOST_SHIFTS) + " numbers in a row of 0 to " +
           std::to_string(most_runtime_shift);
  if (model.has_readings()) {
    std::string fault = find_layer_fault(model);
    if (fault.empty() && model.has_windows()) fault = fault_of_windows(model);
    if (!fault.empty()) return fault;
  }
  const LayerSums hidden = hidden_sums(model), visible = visible_sums(model);
  // Of each hidden unit the free energy adds up its sum and at most log(2).
  std::int64_t energy = hidden.most_of_all + (static_cast<std::int64_t>(model.hidden) << model.fraction);
  energy += most_visible_energy(model);
  if (model.has_labels()) energy += std::int64_t{1} << 15;  // the bias of one
  std::int64_t largest = 0;
  for (const SumRange& sums : {hidden.steps, hidden.unbiased, visible.steps, visible.unbiased})
    largest = std::max({largest, -sums.least, sums.most});
  if (largest >= sum_limit || energy >= energy_limit)
    return "has weights so large or so many that sums overflow 32 bits";
  return {};
}

}  // namespace tool
