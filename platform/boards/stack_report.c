// Prints how much stack a program took, after it: build with this file and -Wl,--wrap=main.

#include "platform/boards/board.h"
#include "platform/console.h"

int __real_main(void);
int __wrap_main(void);

int __wrap_main(void) {
  const int status = __real_main();
  const size_t used = stack_used();
  console_write("stack bytes: ");
  console_write_number((unsigned long)used);
  console_write("\n");
  return status;
}
