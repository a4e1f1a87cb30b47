#include "platform/boards/bare-metal/semihosting.h"

#include "platform/boards/board.h"
#include "platform/console.h"

void console_write(const char* text) {
  board_call_host(HOST_WRITE_STRING, text);
}

void board_exit(int status) {
  const uintptr_t application_exit = 0x20026;
  const uintptr_t reason[2] = {application_exit, (uintptr_t)status};
  for (;;) board_call_host(HOST_EXIT_STATUS, reason);
}
