// From a family's reset.c to main and back: memory, constructors, end of the program.

#include "platform/boards/bare-metal/start.h"

#include <stdint.h>

#include "platform/boards/board.h"

int main(void);

// Addresses that board.ld defines.
extern uint32_t stack_bottom[], stack_top[];
extern uint32_t data_start[], data_end[], bss_start[], bss_end[];
extern const uint32_t data_in_flash[];
extern void (*const initializers_start[])(void);
extern void (*const initializers_end[])(void);

#ifdef __riscv
#define COPY_REGISTER "mv"
#else
#define COPY_REGISTER "mov"
#endif

static const uint32_t stack_pattern = 0xa5c35a3cu;

size_t stack_used(void) {
  const uint32_t* word = stack_bottom;
  while (word < stack_top && *word == stack_pattern) ++word;
  return (size_t)((uintptr_t)stack_top - (uintptr_t)word);
}

void start_program(void) {
  uint32_t* stack_pointer;
  __asm__ volatile(COPY_REGISTER " %0, sp" : "=r"(stack_pointer));
  for (uint32_t* word = stack_bottom; word < stack_pointer; ++word) *word = stack_pattern;
  const uint32_t* from = data_in_flash;
  for (uint32_t* to = data_start; to < data_end; ++to) *to = *from++;
  for (uint32_t* to = bss_start; to < bss_end; ++to) *to = 0;
  for (void (*const* initializer)(void) = initializers_start; initializer < initializers_end; ++initializer) {
    (*initializer)();
  }
  board_exit(main());
}
