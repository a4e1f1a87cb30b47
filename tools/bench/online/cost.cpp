// What a step costs on a Cortex-M board, in ticks of its timer: learns 1,500 digits, then measures 100 more,
// which stand in flash as the learner takes them.

#include "platform/console.h"
#include "tools/bench/online/learner.hpp"

#ifndef ROUNDS
#define ROUNDS 1
#endif

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

/// SysTick: control, reload value, current value (24 bits, counting down).
volatile uint32_t* const timer = reinterpret_cast<volatile uint32_t*>(0xe000e010u);

Model model;
rbm::Memory<bytes> memory;

void print(uint32_t number) {
  char text[12] = {};
  size_t at = 10;
  text[at] = '\n';
  do text[--at] = static_cast<char>('0' + number % 10);
  while ((number /= 10) != 0);
  console_write(text + at);
}

}  // namespace

int main() {
  rbm::Xoshiro128 random = rbm::Xoshiro128::seeded(1);
  rbm::initialize(model, random);
  Online online(model, memory);
  set(online, 0.02f, 1);
  for (size_t n = 0; n < trained; ++n) loss = rbm::learn(online, Picture(n));
  timer[1] = 0xffffff;
  timer[2] = 0;
  timer[0] = 5;
  for (int round = 0; round < ROUNDS; ++round)
    for (const Picture& picture : in_flash.pictures) loss = rbm::learn(online, picture);
  print(0xffffff - timer[2]);
  return 0;
}
