// What every board offers to programs beyond console_write and calling main.

#pragma once

#include <stddef.h>

#ifdef __cplusplus
extern "C" {
#endif

/// The most bytes of stack in use at any time since the start.
size_t stack_used(void);

/// Ends the program with an exit status, 0..255, as returning from main does.
__attribute__((noreturn)) void board_exit(int status);

/// The exit status of a program that a fault ended.
enum { FAULT_STATUS = 70 };

/// A variable that is too large for the board's RAM goes to its second memory, where there is one
/// (boards.txt). It is not cleared: `IN_LARGE_MEMORY static float weights[500 * 784];`
#ifdef __linux__
#define IN_LARGE_MEMORY
#else
#define IN_LARGE_MEMORY __attribute__((section(".large")))
#endif

#ifdef __cplusplus
}
#endif
