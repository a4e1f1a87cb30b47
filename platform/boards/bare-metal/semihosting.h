// Semihosting: the debugger or emulator does for a program what an operating system would.

#pragma once

#include <stdint.h>

/// The operations that are used here; the others are in Arm's "Semihosting for AArch32 and AArch64", which
/// RISC-V has taken over.
enum { HOST_WRITE_STRING = 0x04, HOST_EXIT_STATUS = 0x20 };

/// Asks for an operation and returns the answer. It stops the core by an instruction, each family by its own.
uintptr_t board_call_host(uintptr_t operation, const void* argument);
