// What is peculiar to a bare RISC-V: the first instructions, write protection, faults, semihosting's
// instructions.

#include <stdint.h>

#include "platform/boards/bare-metal/semihosting.h"
#include "platform/boards/bare-metal/start.h"
#include "platform/boards/board.h"
#include "platform/console.h"

void on_reset(void);

// The debugger knows the call by these three instructions, uncompressed and in one page.
uintptr_t board_call_host(uintptr_t operation, const void* argument) {
  register uintptr_t a0 __asm__("a0") = operation;
  register const void* a1 __asm__("a1") = argument;
  __asm__ volatile(
      ".option push\n"
      ".option norvc\n"
      ".balign 16\n"
      "slli x0, x0, 0x1f\n"
      "ebreak\n"
      "srai x0, x0, 7\n"
      ".option pop\n"
      : "+r"(a0)
      : "r"(a1)
      : "memory");
  return a0;
}

__attribute__((noreturn, used)) static void report_fault(void) {
  uint32_t cause, place, value;
  __asm__ volatile("csrr %0, mcause" : "=r"(cause));
  __asm__ volatile("csrr %0, mepc" : "=r"(place));
  __asm__ volatile("csrr %0, mtval" : "=r"(value));
  console_write("\nfault: mcause ");
  console_write_number(cause);
  console_write(", mepc 0x");
  console_write_hexadecimal(place);
  console_write(", mtval 0x");
  console_write_hexadecimal(value);
  console_write("\n");
  board_exit(FAULT_STATUS);
}

// After a stack overflow SP points below RAM, where the first store would fault again: move it first.
__attribute__((naked, used, aligned(4))) static void on_fault(void) {
  __asm__ volatile(
      "la sp, stack_top\n"
      "j report_fault\n");
}

// Physical memory protection makes the code's region read-only (entry 1: up to code_end, locked, readable and
// executable), as flash is on a real chip. QEMU's is RAM, into which the stack would overflow in silence.
__attribute__((naked, section(".vectors"), used)) void on_reset(void) {
  __asm__ volatile(
      ".option push\n"
      ".option norelax\n"
      "la gp, __global_pointer$\n"
      ".option pop\n"
      "la sp, stack_top\n"
      "la t0, on_fault\n"
      "csrw mtvec, t0\n"
      "la t0, code_start\n"
      "srli t0, t0, 2\n"
      "csrw pmpaddr0, t0\n"
      "la t0, code_end\n"
      "srli t0, t0, 2\n"
      "csrw pmpaddr1, t0\n"
      "li t0, 0x8d00\n"
      "csrw pmpcfg0, t0\n"
      "j start_program\n");
}
