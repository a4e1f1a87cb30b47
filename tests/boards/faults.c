// What can go wrong on a board, one thing a build: -DFAULT=ILLEGAL_INSTRUCTION and so on. Each must end the
// run with a message and a failing status (tests/boards/board.sh).

#include <stdint.h>

#include "platform/console.h"

enum { ILLEGAL_INSTRUCTION, STACK_OVERFLOW, ENDLESS };

static volatile uint32_t variable = 1;

extern char stack_bottom[];  // the lowest address of the stack, from the linker script

// Calls itself until the stack is full, and once more. Each call needs the next one's result, so that none
// can do without its frame.
__attribute__((noinline)) static uint32_t call_deeper(uint32_t depth) {
  volatile uint32_t frame[4];
  for (int n = 0; n < 4; ++n) frame[n] = depth;
  return (uintptr_t)frame < (uintptr_t)stack_bottom ? variable : call_deeper(depth + 1) + frame[depth % 4];
}

int main(void) {
  console_write("provoking\n");
#ifndef __AVR__
  if (FAULT == ILLEGAL_INSTRUCTION) __builtin_trap();
#endif
  if (FAULT == STACK_OVERFLOW) variable = call_deeper(0);
  while (FAULT == ENDLESS && variable != 0) {
  }
  return 0;
}
