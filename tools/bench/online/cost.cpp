// What tools/bench/instructions.sh counts of online learning: learns 1,500 digits, then ROUNDS times 100
// more, which stand in flash as the learner takes them.

#include "tools/bench/online/learner.hpp"

namespace {

using namespace bench;

constexpr size_t measured = 100;

struct Measured {
  Picture pictures[measured];

  constexpr Measured() {
    for (size_t n = 0; n < measured; ++n) pictures[n] = Picture(n);
  }
};
constexpr Measured in_flash;

/// Keeps each loss: a compiler leaves out what computes one that nobody uses.
volatile Loss loss;

Model model;
rbm::Memory<bytes> memory;

}  // namespace

int main() {
  rbm::Xoshiro128 random = rbm::Xoshiro128::seeded(1);
  rbm::initialize(model, random);
  Online online(model, memory, {visible, hidden}, with(0.02f, 1));
  for (size_t n = 0; n < trained; ++n) loss = rbm::learn(online, Picture(n));
  for (int round = 0; round < ROUNDS; ++round)
    for (const Picture& picture : in_flash.pictures) loss = rbm::learn(online, picture);
  return 0;
}
