#include "platform/console.h"

#include "platform/cortex-m/board.h"

void console_write(const char* text) {
  board_call_host(HOST_WRITE_STRING, text);
}
