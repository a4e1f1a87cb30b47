// How well readings are learned from a stream: usage: readings RECORDING BEATS, the record's readings and the
// places and kinds of its beats, both CSV with a heading. README.md says what is done with them; this prints
// its table.

#include <algorithm>
#include <array>
#include <cmath>
#include <cstdio>
#include <memory>
#include <vector>

#include "rbm/rbm.hpp"
#include "tools/bench/online/beats.hpp"

namespace {

using namespace bench;

/// Learns beats and scores others: the higher, the odder.
struct Detector {
  virtual ~Detector() = default;
  virtual void learn(const Beat& beat) = 0;
  virtual double score(const Beat& beat) = 0;
};

/// The simplest thing: the distance from a running mean, in running deviations.
struct MeanAndDeviation : Detector {
  double count = 0;
  std::array<double, visible> mean{}, squares{};

  explicit MeanAndDeviation(std::uint64_t) {}
  void learn(const Beat& beat) override {
    ++count;
    for (std::size_t j = 0; j < visible; ++j) {
      const double off = beat.millivolts[j] - mean[j];
      mean[j] += off / count;
      squares[j] += off * (beat.millivolts[j] - mean[j]);
    }
  }
  double score(const Beat& beat) override {
    double sum = 0;
    for (std::size_t j = 0; j < visible; ++j)
      sum += std::pow(beat.millivolts[j] - mean[j], 2) * count / squares[j];
    return sum;
  }
};

struct Floats : Detector {
  rbm::RealRbm<visible, hidden> model;
  rbm::Memory<rbm::online_bytes({visible, hidden, true})> memory;
  rbm::Online online;

  explicit Floats(std::uint64_t seed) : online(model, memory, {visible, hidden, true}) {
    online.options = {0.01f, rbm::VisibleUnits::real, 1, seed, remembered, step_in_millivolts / 2};
    rbm::Xoshiro128 random = rbm::Xoshiro128::seeded(seed);
    rbm::initialize(model, random);
    for (float& scale : model.scale.values) scale = step_in_millivolts;
  }
  static rbm::Vector<visible> to_floats(const Beat& beat) {
    rbm::Vector<visible> readings;
    for (std::size_t j = 0; j < visible; ++j) readings.values[j] = static_cast<float>(beat.millivolts[j]);
    return readings;
  }
  void learn(const Beat& beat) override { (void)rbm::learn(online, to_floats(beat)); }
  double score(const Beat& beat) override {
    rbm::Vector<hidden> inputs;
    rbm::list_readings(online.data, to_floats(beat), online.rbm.layer);
    return static_cast<double>(rbm::free_energy(inputs, model, online.data));
  }
};

struct FixedPoint : Detector {
  rbm::FixedPointRealRbm<visible, hidden> model;
  rbm::Memory<rbm::fixed_point_real_online_bytes({visible, hidden})> memory;
  rbm::FixedPointRealOnline online;

  explicit FixedPoint(std::uint64_t seed)
      : online(model, memory, {visible, hidden}, {655, 1, remembered, seed}) {
    rbm::initialize(model, 1, online.random);
  }
  void learn(const Beat& beat) override { (void)rbm::learn(online, {to_steps(beat).data(), visible}); }
  double score(const Beat& beat) override {
    rbm::RealState x[visible];
    rbm::Probability on[hidden];
    rbm::set_visible({x, visible}, model, {to_steps(beat).data(), visible});
    return rbm::free_energy({on, hidden}, model, {x, visible});
  }
};

/// Of the scores of normal and of ventricular beats.
double area_under_curve(Detector& detector, const Beat* begin, const Beat* end) {
  std::vector<double> scores[2];
  for (const Beat* beat = begin; beat < end; ++beat)
    if (beat->kind != artefact) scores[beat->kind].push_back(detector.score(*beat));
  return bench::area_under_curve(scores[normal], scores[ventricular]);
}

/// Learns the first beats and scores the rest; prints the mean of all seeds, the least and the most.
template <class Learner>
void print_area(std::vector<Beat> beats, bool shuffled) {
  double sum = 0, least = 1, most = 0;
  for (std::uint64_t seed = 1; seed <= seeds; ++seed) {
    rbm::Xoshiro128 random = rbm::Xoshiro128::seeded(seed + 100);
    for (std::size_t n = beats.size(); shuffled && n > 1; --n)
      std::swap(beats[n - 1], beats[rbm::draw_below(static_cast<std::uint32_t>(n), random)]);
    const auto detector = std::make_unique<Learner>(seed);
    for (std::size_t n = 0; n < learned; ++n) detector->learn(beats[n]);
    const double area = area_under_curve(*detector, beats.data() + learned, beats.data() + beats.size());
    sum += area;
    least = std::min(least, area);
    most = std::max(most, area);
  }
  std::printf(" | %.3f (%.3f .. %.3f)", sum / static_cast<double>(seeds), least, most);
}

template <class Learner>
void print_row(const char* name, std::size_t bytes, const std::vector<Beat>& beats) {
  std::vector<Beat> normal_first = beats;
  std::stable_sort(normal_first.begin(), normal_first.end(),
                   [](const Beat& a, const Beat& b) { return a.kind < b.kind; });
  std::printf("| %s | %zu", name, bytes);
  print_area<Learner>(beats, false);
  print_area<Learner>(beats, true);
  print_area<Learner>(normal_first, false);
  std::printf(" |\n");
}

}  // namespace

int main(int count, char** arguments) {
  if (count != 3) return 2;
  const std::vector<Beat> beats = cut_beats(arguments[1], arguments[2]);
  if (beats.size() <= learned) return 1;
  print_row<MeanAndDeviation>("running mean and deviation", 2 * 4 * visible, beats);
  print_row<Floats>("floats", sizeof(Floats::model) + sizeof(Floats::memory), beats);
  print_row<FixedPoint>("16 bits", sizeof(FixedPoint::model) + sizeof(FixedPoint::memory), beats);
}
