// What start.c offers to programs on a Cortex-M board, beyond calling main.

#pragma once

#include <stddef.h>
#include <stdint.h>

#ifdef __cplusplus
extern "C" {
#endif

/// The most bytes of stack in use at any time since the reset.
size_t stack_used(void);

/// Ends the program with an exit status, 0..255, as returning from main does.
__attribute__((noreturn)) void board_exit(int status);

/// Semihosting's operations that are used here; the others are in Arm's "Semihosting for AArch32 and
/// AArch64".
enum { HOST_WRITE_STRING = 0x04, HOST_EXIT_STATUS = 0x20 };

/// Semihosting: asks the debugger or emulator for an operation, and returns its answer.
uint32_t board_call_host(uint32_t operation, const void* argument);

/// A variable that is too large for the board's RAM goes to its second memory, where there is one
/// (boards.txt). It is not cleared: `IN_LARGE_MEMORY static float weights[500 * 784];`
#define IN_LARGE_MEMORY __attribute__((section(".large")))

#ifdef __cplusplus
}
#endif
