#pragma once

#include <algorithm>
#include <cstddef>
#include <string>

#include "platform/desktop/interrupt.hpp"
#include "platform/desktop/terminal.hpp"
#include "platform/desktop/threads.hpp"
#include "tools/base/text.hpp"

namespace tool {

/// What long work needs: threads that share it, and a line that shows its progress.
struct Workers {
  platform::Threads& threads;
  platform::Progress& progress;
};

/// Calls step(first, last) for ranges that cover [0, count), each at most `size` long. The line of progress
/// calls the work `what`. Throws platform::Interrupted between two steps once the user asked to stop, as do
/// all functions that work in steps.
template <class Step>
void in_steps(const std::string& what, std::size_t count, std::size_t size, platform::Progress& progress,
              const Step& step) {
  for (std::size_t first = 0; first < count; first += size) {
    platform::stop_if_interrupted();
    const std::size_t last = std::min(count, first + size);
    step(first, last);
    if (progress.due())
      progress.update(static_cast<double>(last) / static_cast<double>(count),
                      what + " " + grouped(last) + "/" + grouped(count), "");
  }
}

}  // namespace tool
