// What is peculiar to a Cortex-M: vector table, FPU, faults, semihosting's instruction.

#include <stdint.h>

#include "platform/boards/bare-metal/semihosting.h"
#include "platform/boards/bare-metal/start.h"
#include "platform/boards/board.h"
#include "platform/console.h"

void on_reset(void);

extern uint32_t stack_bottom[], stack_top[];  // board.ld

uintptr_t board_call_host(uintptr_t operation, const void* argument) {
  register uintptr_t r0 __asm__("r0") = operation;
  register const void* r1 __asm__("r1") = argument;
  __asm__ volatile("bkpt 0xab" : "+r"(r0) : "r"(r1) : "memory");
  return r0;
}

__attribute__((noreturn, used)) static void report_fault(void) {
  uint32_t exception;
  __asm__ volatile("mrs %0, ipsr" : "=r"(exception));
  console_write("\nfault: exception ");
  console_write_number(exception);
#if __ARM_ARCH_ISA_THUMB >= 2  // a Cortex-M0 has no register that says more
  const volatile uint32_t* const fault_status_register = (const volatile uint32_t*)0xe000ed28u;
  console_write(", CFSR 0x");
  console_write_hexadecimal(*fault_status_register);
#endif
  console_write("\n");
  board_exit(FAULT_STATUS);
}

// After a stack overflow SP points below RAM, where the first push would lock the core up: move it first.
__attribute__((naked)) static void on_fault(void) {
  __asm__ volatile(
      "ldr r0, =stack_top\n"
      "mov sp, r0\n"
      "bl report_fault\n");
}

// The stack is lowest in RAM, and below RAM is most often nothing: an access there faults. Where the core can
// tell, nothing is left to chance: MPS2's bus, for one, swallows writes below.
static void guard_stack(void) {
#if __ARM_ARCH >= 8 && __ARM_ARCH_ISA_THUMB >= 2
  __asm__ volatile("msr msplim, %0" ::"r"(stack_bottom));
#elif __ARM_ARCH == 7
  // One region of the memory protection unit: the MB below RAM, without access; the rest as it is without the
  // unit.
  volatile uint32_t* const control = (volatile uint32_t*)0xe000ed94u;
  volatile uint32_t* const region_base = (volatile uint32_t*)0xe000ed9cu;
  volatile uint32_t* const region_size = (volatile uint32_t*)0xe000eda0u;
  const uint32_t use_region_0 = 1u << 4, size_1_mb = 19u << 1, enable = 1, rest_as_it_is = 4;
  *region_base = ((uint32_t)stack_bottom - 0x100000u) | use_region_0;
  *region_size = size_1_mb | enable;
  *control = rest_as_it_is | enable;
  __asm__ volatile("dsb\n isb" ::: "memory");
#endif
}

// start_program is a function of its own, because a compiler may use the FPU from a function's first
// instruction.
void on_reset(void) {
#if defined(__ARM_FP) || defined(__ARM_FEATURE_MVE)
  volatile uint32_t* const coprocessor_access = (volatile uint32_t*)0xe000ed88u;
  *coprocessor_access |= 0xfu << 20;
  __asm__ volatile("dsb\n isb" ::: "memory");
#endif
  guard_stack();
  start_program();
}

typedef struct VectorTable {
  uint32_t* stack_top;
  void (*handlers[15])(void);
} VectorTable;

// Every exception but the reset ends the program: nothing here enables an interrupt.
__attribute__((section(".vectors"), used)) static const VectorTable vectors = {
    stack_top,
    {on_reset, on_fault, on_fault, on_fault, on_fault, on_fault, on_fault, on_fault, on_fault, on_fault,
     on_fault, on_fault, on_fault, on_fault, on_fault}};
