// An AVR from reset to main and back: vectors, memory, the first UART as console, end of the program. For the
// ATmega328P, the ATmega2560 and their kin, from the data sheets' register addresses.

#include <stdint.h>

#include "platform/boards/board.h"
#include "platform/console.h"

int main(void);

// Addresses that board.ld defines.
extern uint8_t stack_bottom[], stack_top[];
extern uint8_t data_start[], data_end[], bss_start[], bss_end[];

#define REGISTER(address) (*(volatile uint8_t*)(address))
#define UART_STATUS REGISTER(0xc0)
#define UART_CONTROL REGISTER(0xc1)
#define UART_BAUD_LOW REGISTER(0xc4)
#define UART_DATA REGISTER(0xc6)
#define SLEEP_CONTROL REGISTER(0x53)
enum { UART_READY = 1 << 5, UART_SEND = 1 << 3, SLEEP_ENABLE = 1 };
enum { BAUD_DIVIDER = 103 };  // 9,600 baud at 16 MHz

static const uint8_t stack_pattern = 0xa5;

// Interrupts are never enabled: one that comes nevertheless is a program that has lost its way.
__asm__(
    ".section .vectors, \"ax\", @progbits\n"
    "jmp on_reset\n"
#ifdef __AVR_ATmega2560__
    ".rept 56\n"
#else
    ".rept 25\n"
#endif
    "jmp on_fault\n"
    ".endr\n"
    ".text\n");

static void send(char character) {
  while (!(UART_STATUS & UART_READY)) {
  }
  UART_DATA = (uint8_t)character;
}

void console_write(const char* text) {
  for (; *text != 0; ++text) send(*text);
}

static uint8_t read_flash(const void* address) {
  uint8_t byte;
  __asm__("lpm %0, Z" : "=r"(byte) : "z"(address));
  return byte;
}

#ifdef __AVR_HAVE_ELPM__
static uint8_t read_far_flash(uint32_t address) {
  uint8_t byte;
  __asm__("out 0x3b, %C1\n\tmovw r30, %A1\n\telpm %0, Z" : "=r"(byte) : "r"(address) : "r30", "r31");
  return byte;
}
#else
extern const uint8_t data_in_flash[];
#endif

// What must be said even where variables are overwritten stays in flash.
#define IN_FLASH static const char __attribute__((section(".progmem.near")))
IN_FLASH exit_text[] = "\nexit status ";
IN_FLASH interrupt_text[] = "\nfault: interrupt without a handler";
IN_FLASH stack_text[] = "\nfault: the stack has run into variables";

static void write_from_flash(const char* text) {
  for (char character; (character = (char)read_flash(text)) != 0; ++text) send(character);
}

// The emulator ends at a sleep from which no interrupt can wake; a chip just sleeps, while its UART sends
// what is left.
void board_exit(int status) {
  write_from_flash(exit_text);
  console_write_number((unsigned long)status);
  send('\n');
  SLEEP_CONTROL = SLEEP_ENABLE;
  for (;;) __asm__ volatile("cli\n sleep");
}

__attribute__((noreturn)) static void report_fault(const char* text) {
  write_from_flash(text);
  board_exit(FAULT_STATUS);
}

__attribute__((used)) static void on_fault(void) {
  report_fault(interrupt_text);
}

size_t stack_used(void) {
  const uint8_t* byte = stack_bottom;
  while (byte < stack_top && *byte == stack_pattern) ++byte;
  return (size_t)(stack_top + 1 - byte);
}

__attribute__((noreturn, used)) static void start_program(void) {
  uint8_t* const stack_pointer = *(uint8_t* volatile*)0x5d;
  for (uint8_t* byte = stack_bottom; byte <= stack_pointer; ++byte) *byte = stack_pattern;
#ifdef __AVR_HAVE_ELPM__
  uint32_t from;  // may be beyond 64 KB, where no pointer reaches
  __asm__(
      "ldi %A0, lo8(data_in_flash)\n\tldi %B0, hi8(data_in_flash)\n\tldi %C0, hh8(data_in_flash)\n\tldi %D0, "
      "0"
      : "=d"(from));
  for (uint8_t* to = data_start; to < data_end; ++to) *to = read_far_flash(from++);
#else
  const uint8_t* from = data_in_flash;
  for (uint8_t* to = data_start; to < data_end; ++to) *to = read_flash(from++);
#endif
  for (uint8_t* to = bss_start; to < bss_end; ++to) *to = 0;
  UART_BAUD_LOW = BAUD_DIVIDER;
  UART_CONTROL = UART_SEND;
  const int status = main();
  // An AVR has no faults: that the stack has met the variables shows only in that nothing is left between
  // them.
  if (*(volatile uint8_t*)stack_bottom != stack_pattern) report_fault(stack_text);
  board_exit(status);
}

__attribute__((naked, used)) void on_reset(void) {
  __asm__ volatile(
      "clr r1\n"
      "out 0x3f, r1\n"
      "ldi r28, lo8(stack_top)\n"
      "ldi r29, hi8(stack_top)\n"
      "out 0x3e, r29\n"
      "out 0x3d, r28\n"
      "jmp start_program\n");
}
