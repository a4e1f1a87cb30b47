// Between a family's reset.c and the rest of the program.

#pragma once

/// Makes memory what a C program expects, calls main, and ends the program with its result. The stack pointer
/// is at stack_top, and the FPU on.
__attribute__((noreturn)) void start_program(void);
