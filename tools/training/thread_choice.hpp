#pragma once

#include <chrono>
#include <cstddef>
#include <memory>
#include <vector>

#include "platform/desktop/threads.hpp"

namespace tool {

/// The threads of a training run. Where nobody said how many, the first batches are trained with 1, 2, 4, ...
/// and all of them in turns, and the fastest number trains the rest. No number changes a bit.
class ThreadChoice {
 public:
  /// `asked` 0: by measurement, among up to `most`.
  ThreadChoice(unsigned asked, unsigned most);

  platform::Threads& threads() { return *threads_; }

  /// Trains a batch of `samples` examples by `train()`, and measures it as long as the choice is open.
  template <class Train>
  auto time(std::size_t samples, const Train& train) {
    const auto start = std::chrono::steady_clock::now();
    const auto report = train();
    if (is_open())
      take(std::chrono::duration<double>(std::chrono::steady_clock::now() - start).count() /
           static_cast<double>(samples));
    return report;
  }

 private:
  bool is_open() const { return candidates_.size() > 1; }
  void take(double seconds_an_example);

  struct Candidate {
    unsigned threads;
    double seconds;  // an example, of its fastest batch: other work on the machine only adds
  };

  Candidate& turn_of(std::size_t batch);

  std::vector<Candidate> candidates_;
  std::size_t batches_ = 0;  // measured
  std::unique_ptr<platform::Threads> threads_;
};

}  // namespace tool
