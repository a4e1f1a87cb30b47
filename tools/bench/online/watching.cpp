// How well a detector refuses what is odd. Usage: watching RECORDING BEATS margins or faults, the files as of
// readings.cpp. Prints a table of README.md: what is flagged and learned of a stream with odd beats, or what
// hours of faulty readings leave behind.

#include <algorithm>
#include <cstdio>
#include <functional>
#include <random>
#include <string>
#include <utility>
#include <vector>

#include "rbm/rbm.hpp"
#include "tools/bench/online/beats.hpp"

namespace {

using namespace bench;

enum Order { recorded, shuffled, normal_first };

/// A device with the beats in an order.
struct Device {
  rbm::FixedPointRealRbm<visible, hidden> model;
  rbm::Memory<rbm::fixed_point_real_online_bytes({visible, hidden})> memory;
  rbm::FixedPointDetector detector;

  Device(std::uint64_t seed, unsigned margin)
      : detector(model, memory, {visible, hidden}, {655, 1, remembered, seed}) {
    detector.options.margin = static_cast<std::uint16_t>(8 * margin);
    rbm::initialize(model, 1, detector.online.random);
  }
  unsigned watch(const std::array<std::int16_t, visible>& readings) {
    return rbm::watch(detector, {readings.data(), visible});
  }
  /// Of the scores of normal and ventricular beats, which change nothing.
  double area(const Beat* begin, const Beat* end) {
    std::vector<double> scores[3];
    for (const Beat* beat = begin; beat < end; ++beat) {
      const std::array<std::int16_t, visible> readings = to_steps(*beat);
      rbm::RealState x[visible] = {};
      rbm::Probability on[hidden];
      rbm::set_visible({x, visible}, model, {readings.data(), visible});
      scores[beat->kind].push_back(rbm::free_energy({on, hidden}, model, {x, visible}));
    }
    return area_under_curve(scores[normal], scores[ventricular]);
  }
};

std::vector<Beat> in_order(std::vector<Beat> beats, Order order, std::uint64_t seed) {
  std::mt19937 random(static_cast<std::uint32_t>(seed));
  auto begin = beats.begin();
  if (order == normal_first) {
    std::stable_sort(beats.begin(), beats.end(),
                     [](const Beat& a, const Beat& b) { return a.kind < b.kind; });
    begin += learned;
  }
  for (auto last = beats.end() - 1; order != recorded && last > begin; --last)
    std::swap(*last, *(begin + random() % static_cast<std::uint32_t>(last - begin + 1)));
  return beats;
}

void print_cell(const std::vector<Beat>& all, Order order, unsigned margin) {
  double seen[3] = {}, flagged[3] = {}, taken[3] = {}, area = 0;
  for (std::uint64_t seed = 1; seed <= seeds; ++seed) {
    const std::vector<Beat> beats = in_order(all, order, seed);
    Device device(seed, margin);
    for (const Beat& beat : beats) {
      const unsigned status = device.watch(to_steps(beat));
      if (status & rbm::detector_learning) continue;
      ++seen[beat.kind];
      flagged[beat.kind] += (status & rbm::window_odd) != 0;
      taken[beat.kind] += (status & rbm::window_learned) != 0;
    }
    area += device.area(beats.data() + learned, beats.data() + beats.size()) / static_cast<double>(seeds);
  }
  std::printf(" | %.0f, %.1f; %.1f; %.3f", 100 * flagged[ventricular] / seen[ventricular],
              100 * flagged[normal] / seen[normal], 100 * taken[ventricular] / seen[ventricular], area);
}

using Change = std::function<int(int reading, int beat, std::size_t j)>;

/// Two hours of faulty beats after the stream, and then the stream again.
void print_fault(const std::vector<Beat>& beats, const char* name, const Change& change) {
  double before = 0, after = 0, told = 0;
  unsigned said = 0;
  constexpr int hours = 2, beats_an_hour = 3600;
  for (std::uint64_t seed = 1; seed <= seeds; ++seed) {
    Device device(seed, 1);
    for (const Beat& beat : beats) (void)device.watch(to_steps(beat));
    before += device.area(beats.data() + learned, beats.data() + beats.size()) / static_cast<double>(seeds);
    for (int n = 0; n < hours * beats_an_hour; ++n) {
      std::array<std::int16_t, visible> readings =
          to_steps(beats[static_cast<std::size_t>(n) % beats.size()]);
      for (std::size_t j = 0; j < visible; ++j)
        readings[j] = static_cast<std::int16_t>(std::clamp(change(readings[j], n, j), -32768, 32767));
      const unsigned status = device.watch(readings);
      said |= status;
      told += (status & rbm::window_learned) == 0;
    }
    for (const Beat& beat : beats) (void)device.watch(to_steps(beat));
    after += device.area(beats.data() + learned, beats.data() + beats.size()) / static_cast<double>(seeds);
  }
  std::printf("| %s |", name);
  const std::pair<unsigned, const char*> words[] = {{rbm::readings_missing, " missing"},
                                                    {rbm::readings_saturated, " saturated"},
                                                    {rbm::readings_stuck, " stuck"},
                                                    {rbm::readings_flat, " flat"},
                                                    {rbm::readings_out_of_range, " out of range"},
                                                    {rbm::window_odd, " odd"},
                                                    {rbm::world_changed, " changed"}};
  for (const auto& [bit, word] : words)
    if (said & bit) std::printf("%s", word);
  std::printf(" | %.1f | %.3f | %.3f |\n", 100 - 100 * told / (seeds * hours * beats_an_hour), before, after);
}

void print_margins(const std::vector<Beat>& beats) {
  for (const unsigned margin : {1u, 2u, 3u}) {
    std::printf("| %u", margin);
    for (const Order order : {recorded, shuffled, normal_first}) print_cell(beats, order, margin);
    std::printf(" |\n");
  }
}

void print_faults(const std::vector<Beat>& beats) {
  print_fault(beats, "stuck", [](int, int, std::size_t) { return 100; });
  print_fault(beats, "noise of a step",
              [](int, int n, std::size_t j) { return (n + static_cast<int>(j) * 7) % 3; });
  print_fault(beats, "missing, one in twenty",
              [](int x, int n, std::size_t j) { return (n + static_cast<int>(j)) % 20 == 0 ? -32768 : x; });
  print_fault(beats, "at the end of the scale", [](int x, int, std::size_t) { return 300 * x; });
  print_fault(beats, "wrapped", [](int x, int, std::size_t) { return static_cast<std::int16_t>(x + 32600); });
  print_fault(beats, "ten times as large", [](int x, int, std::size_t) { return 10 * x; });
  print_fault(beats, "a tenth", [](int x, int, std::size_t) { return x / 10; });
  print_fault(beats, "a third", [](int x, int, std::size_t) { return x / 3; });
  print_fault(beats, "anything", [](int, int n, std::size_t j) {
    return static_cast<std::int16_t>(static_cast<unsigned>(n) * 40503u + static_cast<unsigned>(j) * 25717u);
  });
}

}  // namespace

int main(int count, char** arguments) {
  if (count != 4) return 2;
  const std::vector<Beat> beats = cut_beats(arguments[1], arguments[2]);
  if (beats.size() <= learned) return 1;
  if (arguments[3] == std::string("margins"))
    print_margins(beats);
  else
    print_faults(beats);
}
