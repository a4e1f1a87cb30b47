// From reset to main and back, for every Cortex-M: vector table, FPU, memory, faults, end of the program.

#include <stdint.h>

#include "platform/console.h"
#include "platform/cortex-m/board.h"

int main(void);
void on_reset(void);

// Addresses that board.ld defines.
extern uint32_t stack_bottom[], stack_top[];
extern uint32_t data_start[], data_end[], bss_start[], bss_end[];
extern const uint32_t data_in_flash[];
extern void (*const initializers_start[])(void);
extern void (*const initializers_end[])(void);

enum { fault_status = 70 };
static const uint32_t stack_pattern = 0xa5c35a3cu;

uint32_t board_call_host(uint32_t operation, const void* argument) {
  register uint32_t r0 __asm__("r0") = operation;
  register const void* r1 __asm__("r1") = argument;
  __asm__ volatile("bkpt 0xab" : "+r"(r0) : "r"(r1) : "memory");
  return r0;
}

void board_exit(int status) {
  const uint32_t application_exit = 0x20026;
  const uint32_t reason[2] = {application_exit, (uint32_t)status};
  for (;;) board_call_host(HOST_EXIT_STATUS, reason);
}

size_t stack_used(void) {
  const uint32_t* word = stack_bottom;
  while (word < stack_top && *word == stack_pattern) ++word;
  return (size_t)((uintptr_t)stack_top - (uintptr_t)word);
}

static void write_hexadecimal(uint32_t value) {
  char text[11] = "0x";
  for (int digit = 0; digit < 8; ++digit)
    text[2 + digit] = "0123456789abcdef"[(value >> (28 - 4 * digit)) & 15];
  text[10] = 0;
  console_write(text);
}

__attribute__((noreturn, used)) static void report_fault(void) {
  uint32_t exception;
  __asm__ volatile("mrs %0, ipsr" : "=r"(exception));
  console_write("\nfault: exception ");
  write_hexadecimal(exception);
#if __ARM_ARCH_ISA_THUMB >= 2  // a Cortex-M0 has no register that says more
  const volatile uint32_t* const fault_status_register = (const volatile uint32_t*)0xe000ed28u;
  console_write(", CFSR ");
  write_hexadecimal(*fault_status_register);
#endif
  console_write("\n");
  board_exit(fault_status);
}

// After a stack overflow SP points below RAM, where the first push would lock the core up: move it first.
__attribute__((naked)) static void on_fault(void) {
  __asm__ volatile(
      "ldr r0, =stack_top\n"
      "mov sp, r0\n"
      "bl report_fault\n");
}

// A function of its own, because a compiler may use the FPU from a function's first instruction.
__attribute__((noreturn, noinline)) static void start_program(void) {
  uint32_t* stack_pointer;
  __asm__ volatile("mov %0, sp" : "=r"(stack_pointer));
  for (uint32_t* word = stack_bottom; word < stack_pointer; ++word) *word = stack_pattern;
  const uint32_t* from = data_in_flash;
  for (uint32_t* to = data_start; to < data_end; ++to) *to = *from++;
  for (uint32_t* to = bss_start; to < bss_end; ++to) *to = 0;
  for (void (*const* initializer)(void) = initializers_start; initializer < initializers_end; ++initializer) {
    (*initializer)();
  }
  board_exit(main());
}

void on_reset(void) {
#if defined(__ARM_FP) || defined(__ARM_FEATURE_MVE)
  volatile uint32_t* const coprocessor_access = (volatile uint32_t*)0xe000ed88u;
  *coprocessor_access |= 0xfu << 20;
  __asm__ volatile("dsb\n isb" ::: "memory");
#endif
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
