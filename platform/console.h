// Where an example's text goes: standard output on a desktop, the debugger's console or a UART on a board.

#pragma once

#include <stdint.h>

#ifdef __cplusplus
extern "C" {
#endif

/// Writes a string, as it is: a line ends with "\n".
void console_write(const char* text);

/// Writes a number in decimal.
static inline void console_write_number(unsigned long number) {
  char text[3 * sizeof number + 1];
  char* digit = text + sizeof text - 1;
  *digit = 0;
  do *--digit = (char)('0' + number % 10);
  while (number /= 10);
  console_write(digit);
}

/// Writes 32 bits as eight hexadecimal digits.
static inline void console_write_hexadecimal(uint32_t bits) {
  char text[9] = {0};
  for (int digit = 0; digit < 8; ++digit) text[digit] = "0123456789abcdef"[bits >> (28 - 4 * digit) & 15];
  console_write(text);
}

#ifdef __cplusplus
}
#endif
