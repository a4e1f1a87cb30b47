// Preloaded into the command by tests/command/faults_test.sh: one system call goes wrong. RBM_FAULT says
// which and how: "write 3 fail" the third write fails with an input/output error, "rename 1 kill" the process
// is killed before its first rename, "read 0 stutter" no read transfers more than half of what was asked, and
// every other is interrupted, "rename 1 busy" what is renamed over cannot be replaced. The file RBM_FAULT_MARK is made when a call is reached.
#define _GNU_SOURCE
#include <dlfcn.h>
#include <errno.h>
#include <fcntl.h>
#include <signal.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <unistd.h>

enum Fault { none, fail, stutter };

// What becomes of this call.
static enum Fault fault_of(const char* call) {
  static int calls;
  char name[16], way[16];
  int number;
  const char* const told = getenv("RBM_FAULT");
  if (told == NULL || sscanf(told, "%15s %d %15s", name, &number, way) != 3 || strcmp(name, call) != 0)
    return none;
  ++calls;
  if (strcmp(way, "stutter") == 0) {
    if (calls % 2 == 1) return stutter;
    errno = EINTR;
    return fail;
  }
  if (calls != number) return none;
  syscall(SYS_close, syscall(SYS_openat, AT_FDCWD, getenv("RBM_FAULT_MARK"), O_WRONLY | O_CREAT, 0600));
  if (strcmp(way, "kill") == 0) raise(SIGKILL);
  errno = strcmp(way, "busy") == 0 ? EBUSY : EIO;
  return fail;
}

#define REAL(name) ((__typeof__(&name))dlsym(RTLD_NEXT, #name))

ssize_t read(int descriptor, void* data, size_t size) {
  const enum Fault fault = fault_of("read");
  return fault == fail ? -1 : REAL(read)(descriptor, data, fault == stutter ? (size + 1) / 2 : size);
}
ssize_t write(int descriptor, const void* data, size_t size) {
  const enum Fault fault = fault_of("write");
  return fault == fail ? -1 : REAL(write)(descriptor, data, fault == stutter ? (size + 1) / 2 : size);
}
int open(const char* path, int flags, ...) {
  va_list more;
  va_start(more, flags);
  const int mode = flags & O_CREAT ? va_arg(more, int) : 0;
  va_end(more);
  return fault_of("open") == fail ? -1 : REAL(open)(path, flags, mode);
}
int close(int descriptor) {
  // Only of what was written: other files have nothing to lose.
  const int written =
      (fcntl(descriptor, F_GETFL) & O_ACCMODE) != O_RDONLY && lseek(descriptor, 0, SEEK_CUR) > 0;
  const enum Fault fault = written ? fault_of("close") : none;
  const int saved = errno, result = REAL(close)(descriptor);
  if (fault == fail) errno = saved;
  return fault == fail ? -1 : result;
}
int fstat(int descriptor, struct stat* status) {
  return fault_of("fstat") == fail ? -1 : REAL(fstat)(descriptor, status);
}
int fchmod(int descriptor, mode_t mode) {
  return fault_of("fchmod") == fail ? -1 : REAL(fchmod)(descriptor, mode);
}
int fsync(int descriptor) {
  return fault_of("fsync") == fail ? -1 : REAL(fsync)(descriptor);
}
int rename(const char* from, const char* to) {
  return fault_of("rename") == fail ? -1 : REAL(rename)(from, to);
}
