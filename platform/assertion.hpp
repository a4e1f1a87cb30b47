// Lets a broken contract of the library say on the console which one it is, before the trap that it is
// anyway. Include this file before those of rbm/.

#pragma once

#include "platform/console.h"

namespace platform {

[[noreturn]] inline void assertion_failed(const char* condition) {
  console_write("\nassertion failed: ");
  console_write(condition);
  console_write("\n");
  __builtin_trap();
}

}  // namespace platform

#define RBM_ASSERT(condition) ((condition) ? (void)0 : platform::assertion_failed(#condition))
