// Linux on another processor: a board with an operating system, which starts programs by itself.

#define _POSIX_C_SOURCE 200809L

#include <stdint.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "platform/boards/board.h"
#include "platform/console.h"

enum { watched_words = 64 * 1024 };
static const uint32_t stack_pattern = 0xa5c35a3cu;
static uintptr_t watched_bottom, watched_top;

// Fills the stack below the caller of main, from which stack_used() sees how deep it has been since.
__attribute__((constructor, noinline)) static void watch_stack(void) {
  volatile uint32_t words[watched_words];
  for (size_t n = 0; n < watched_words; ++n) words[n] = stack_pattern;
  watched_bottom = (uintptr_t)words;
  watched_top = (uintptr_t)(words + watched_words);
}

size_t stack_used(void) {
  uintptr_t word = watched_bottom;
  while (word < watched_top && *(const volatile uint32_t*)word == stack_pattern) word += sizeof(uint32_t);
  return watched_top - word;
}

void board_exit(int status) {
  exit(status);
}

// Without the C library's buffers, whose stack would be measured with the program's.
void console_write(const char* text) {
  for (size_t left = strlen(text); left > 0;) {
    const ssize_t written = write(STDOUT_FILENO, text, left);
    if (written < 0) exit(FAULT_STATUS);
    text += written;
    left -= (size_t)written;
  }
}
