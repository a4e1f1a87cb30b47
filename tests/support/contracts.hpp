/// Broken contracts, in a process of their own.
#pragma once

#include <doctest/doctest.h>
#include <sys/wait.h>
#include <unistd.h>

#include <csignal>
#include <initializer_list>

namespace fixture {

/// Whether RBM_ASSERT stops what body() does.
template <class Body>
bool stops(const Body& body) {
  const pid_t child = fork();
  if (child == 0) {
    for (const int trap : {SIGILL, SIGTRAP, SIGABRT}) (void)signal(trap, SIG_DFL);  // not doctest's
    body();
    _exit(0);
  }
  int status = 0;
  REQUIRE(waitpid(child, &status, 0) == child);
  return WIFSIGNALED(status);
}

}  // namespace fixture
