// How well a learner learns: trains on 30,000 digits at each rate and from each seed, and prints the best
// rate and the exact mean of log p(v) over the held-out digits, binarized once, with the worst and the best
// seed's.

#include <algorithm>
#include <cstdio>

#include "tools/bench/online/learner.hpp"

namespace {

using namespace bench;

rbm::Memory<bytes> memory;
rbm::Memory<rbm::enumeration_bytes({visible, hidden})> enumeration_memory;

double held_out_nats(rbm::ConstRbmView model) {
  rbm::Enumeration enumeration(model, enumeration_memory, {visible, hidden});
  rbm::enumerate(enumeration, 0, enumeration.parts);
  rbm::RandomStream random = rbm::RandomStream::keyed(99);
  rbm::Unit units[visible];
  rbm::UnitList list{units, nullptr, 0};
  rbm::Vector<hidden> scratch;
  double sum = 0;
  for (size_t n = trained; n < pictures; ++n) {
    rbm::Vector<visible> picture;
    for (size_t j = 0; j < visible; ++j)
      picture.values[j] = static_cast<float>(digits[n * columns + j]) / white;
    rbm::set_visible(list, picture, rbm::VisibleUnits::sampled, random);
    sum -= static_cast<double>(rbm::free_energy(scratch, model, list));
  }
  return sum / static_cast<double>(pictures - trained) - static_cast<double>(rbm::log_partition(enumeration));
}

double nats_after_learning(float rate, uint64_t seed) {
  static Model model;
  rbm::Xoshiro128 random = rbm::Xoshiro128::seeded(seed);
  rbm::initialize(model, random);
  Online online(model, memory, {visible, hidden}, with(rate, seed));
  for (size_t n = 0; n < 20 * trained; ++n) (void)rbm::learn(online, Picture(n % trained));
#ifdef FLOATS
  return held_out_nats(model);
#else
  static rbm::Rbm<visible, hidden> floats;
  rbm::convert(floats, model);
  return held_out_nats(floats);
#endif
}

}  // namespace

int main() {
  constexpr int seeds = 3;
  double best[4] = {0, -1e9, 0, 0};
  for (const float rate : {0.005f, 0.01f, 0.02f, 0.05f, 0.1f}) {
    double sum = 0, least = 0, most = -1e9;
    for (uint64_t seed = 1; seed <= seeds; ++seed) {
      const double nats = nats_after_learning(rate, seed);
      sum += nats;
      least = std::min(least, nats);
      most = std::max(most, nats);
    }
    if (sum / seeds > best[1]) {
      best[0] = static_cast<double>(rate);
      best[1] = sum / seeds;
      best[2] = least;
      best[3] = most;
    }
  }
  std::printf("%.1f (%.1f .. %.1f) at %g", best[1], best[2], best[3], best[0]);
}
