// Has a Cortex-M trap loads and stores that are not aligned, as debug builds do, before the program starts:
// build with this file and -Wl,--wrap=main.

#include <stdint.h>

int __real_main(void);
int __wrap_main(void);

int __wrap_main(void) {
  volatile uint32_t* const configuration_and_control = (volatile uint32_t*)0xe000ed14u;
  const uint32_t trap_unaligned = 1u << 3;
  *configuration_and_control |= trap_unaligned;
  __asm__ volatile("dsb\n isb" ::: "memory");
  return __real_main();
}
