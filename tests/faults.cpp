// What can go wrong on a board, one thing a build: -DFAULT=ILLEGAL_INSTRUCTION and so on. Each must end the
// run with a message and a failing status (tests/boards_test.sh).

#include "platform/assertion.hpp"
#include "platform/console.h"
#include "rbm/rbm.hpp"

enum Fault { ILLEGAL_INSTRUCTION, STACK_OVERFLOW, BROKEN_CONTRACT, ENDLESS };

namespace {

volatile uint32_t variable = 0x12345678;

// Each call needs the result of the next one, so that none can do without its frame.
__attribute__((noinline)) unsigned recurse(unsigned depth) {  // NOLINT: without end, on purpose
  volatile uint32_t frame[16];
  for (volatile uint32_t& word : frame) word = depth;
  return variable == 0 ? 0 : recurse(depth + 1) + frame[depth % 16];
}

void break_contract() {
  static rbm::Memory<16> too_small;
  rbm::Chain chain(too_small, 64, 24);
}

void provoke(Fault fault) {
  switch (fault) {
    case ILLEGAL_INSTRUCTION:
      __builtin_trap();
    case STACK_OVERFLOW:
      variable = recurse(0);
      break;
    case BROKEN_CONTRACT:
      break_contract();
      break;
    case ENDLESS:
      while (variable != 0) {
      }
  }
}

}  // namespace

int main() {
  console_write("provoking\n");
  provoke(FAULT);
  console_write("survived\n");
  return 0;
}
