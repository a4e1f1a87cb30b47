// Prints how much stack a program took, after it: build with this file and -Wl,--wrap=main.

#include "platform/console.h"
#include "platform/cortex-m/board.h"

int __real_main(void);
int __wrap_main(void);

int __wrap_main(void) {
  const int status = __real_main();
  char text[11];
  char* digit = text + sizeof text - 1;
  *digit = 0;
  for (size_t rest = stack_used(); digit == text + sizeof text - 1 || rest != 0; rest /= 10) {
    *--digit = (char)('0' + rest % 10);
  }
  console_write("stack bytes: ");
  console_write(digit);
  console_write("\n");
  return status;
}
