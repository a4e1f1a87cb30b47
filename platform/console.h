// Where an example's text goes: standard output on a desktop, the debugger's console on a board.

#pragma once

#ifdef __cplusplus
extern "C" {
#endif

/// Writes a string, as it is: a line ends with "\n".
void console_write(const char* text);

#ifdef __cplusplus
}
#endif
