#pragma once

#include "platform/desktop/ranks.hpp"

namespace platform {

/// The exit status of a program that the user interrupted: that of a shell, 128 + SIGINT.
inline constexpr int interrupted_status = 130;

/// From now on the first Ctrl-C (SIGINT) or SIGTERM only sets a flag, which interrupted() reads; a second
/// signal of either kind ends the program at once with interrupted_status. A signal that the parent ignores
/// (nohup, a background job of a script) stays ignored.
/// With `in_step`, this process is one of several that stop at the same place: interrupted() is false, and
/// stop_if_interrupted(ranks) alone tells.
/// A launcher of MPI programs may pass on what its processes were sent already: there, what comes within 1.5
/// seconds of the first signal is no second one.
void watch_interrupts(bool in_step = false);

/// Whether the user asked to stop. Cheap enough for every mini-batch, and callable from every thread.
bool interrupted();

/// The user asked to stop, and the work ended there: the program's exit status is interrupted_status. It is
/// no std::exception, so that no handler of failures takes it for one.
struct Interrupted {};

/// Throws Interrupted once the user asked to stop. Not for the body of Threads, which must not throw.
void stop_if_interrupted();

/// The same on all ranks at once, where the user asked one of them. All call it at the same place.
void stop_if_interrupted(Ranks& ranks);

}  // namespace platform
