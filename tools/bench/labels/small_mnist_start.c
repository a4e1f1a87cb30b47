// The start of small_mnist.c where nothing reports: the least that a Cortex-M0 needs from reset to main,
// linked by platform/boards/bare-metal/board.ld.

#include <stdint.h>

int main(void);
void on_reset(void);

extern uint32_t stack_top[], data_start[], data_end[], bss_start[], bss_end[];
extern const uint32_t data_in_flash[];

__attribute__((noreturn)) static void stop(void) {
  for (;;) {
  }
}

void on_reset(void) {
  const uint32_t* from = data_in_flash;
  for (uint32_t* to = data_start; to < data_end; ++to) *to = *from++;
  for (uint32_t* to = bss_start; to < bss_end; ++to) *to = 0;
  main();
  stop();
}

typedef struct VectorTable {
  uint32_t* stack_top;
  void (*handlers[15])(void);
} VectorTable;

__attribute__((section(".vectors"), used)) static const VectorTable vectors = {
    stack_top,
    {on_reset, stop, stop, stop, stop, stop, stop, stop, stop, stop, stop, stop, stop, stop, stop}};
