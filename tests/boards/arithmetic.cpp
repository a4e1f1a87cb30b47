// Says whether arithmetic is exact; with FLUSH, after the processor was told to flush subnormals to 0.

#include "rbm/arithmetic.hpp"

#include "platform/console.h"

#ifdef FLUSH
static void flush_subnormals() {
  constexpr unsigned flush = 1u << 24;
#ifdef __aarch64__
  uint64_t control;
  __asm__ volatile("mrs %0, fpcr" : "=r"(control));
  __asm__ volatile("msr fpcr, %0" ::"r"(control | flush));
#else
  uint32_t control;
  __asm__ volatile("vmrs %0, fpscr" : "=r"(control));
  __asm__ volatile("vmsr fpscr, %0" ::"r"(control | flush));
#endif
}
#endif

int main() {
#ifdef FLUSH
  flush_subnormals();
#endif
  console_write(rbm::arithmetic_is_exact() ? "exact\n" : "inexact\n");
  return 0;
}
