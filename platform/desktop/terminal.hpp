#pragma once

#include <chrono>
#include <string>
#include <string_view>

namespace platform {

/// Whether standard error is a terminal that can redraw a line (TERM is not "dumb").
bool is_live_terminal();

/// Columns of the terminal at standard error; 80 where it does not tell.
unsigned terminal_width();

/// Progress of a long piece of work, on standard error: a live line with a bar and the time left where that
/// is a terminal, only the permanent lines otherwise, nothing at all if quiet.
///
///     epoch 3/10 ━━━━━━━━━━━━━──────────────── loss 1.78 error 0.031  0:42 left
class Progress {
 public:
  explicit Progress(bool quiet);

  /// Erases the live line.
  ~Progress();
  Progress(const Progress&) = delete;
  Progress& operator=(const Progress&) = delete;

  /// Whether update() would draw now: at most ten times a second, never without a terminal. Lets callers
  /// spare the work of preparing the texts.
  bool due() const;

  /// Redraws the live line if due. `fraction`, from 0 to 1, is the part of the whole work that is done; the
  /// time left is reckoned from its growth since the first call, or since it last fell, as it does where the
  /// next piece of work begins. `figures` are left out where the terminal is narrow.
  void update(double fraction, std::string_view label, std::string_view figures);

  /// Writes a line that stays, such as an epoch's result, in place of the live one.
  void finish_line(std::string_view text);

  /// Takes the live line away, before something else is written to standard error.
  void erase();

 private:
  using Clock = std::chrono::steady_clock;

  std::string time_left(double fraction);
  std::string bar(double fraction, std::size_t width) const;

  const bool quiet_;
  const bool live_;
  const bool unicode_;
  const bool colour_;
  bool started_ = false;
  bool drawn_ = false;
  double first_fraction_ = 0, last_fraction_ = 0;
  Clock::time_point first_time_{};
  Clock::time_point next_draw_{};
};

}  // namespace platform
