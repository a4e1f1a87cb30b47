#include "platform/desktop/terminal.hpp"

#include <sys/ioctl.h>
#include <unistd.h>

#include <algorithm>
#include <cctype>
#include <cmath>
#include <cstdio>
#include <cstdlib>

namespace platform {
namespace {

constexpr std::size_t narrowest_bar = 8, widest_bar = 32;

std::string_view environment(const char* name) {
  const char* const value = std::getenv(name);
  return value == nullptr ? "" : value;
}

// Read from the environment, since setlocale() would change how numbers are written elsewhere.
bool locale_is_utf8() {
  std::string locale;
  for (const char* name : {"LC_ALL", "LC_CTYPE", "LANG"}) {
    if (locale.empty()) locale = environment(name);
  }
  for (char& letter : locale) letter = static_cast<char>(std::tolower(static_cast<unsigned char>(letter)));
  return locale.find("utf-8") != locale.npos || locale.find("utf8") != locale.npos;
}

bool continues_character(char byte) {
  return (static_cast<unsigned char>(byte) & 0xc0) == 0x80;
}

std::size_t count_columns(std::string_view text) {
  return text.size() - static_cast<std::size_t>(std::count_if(text.begin(), text.end(), continues_character));
}

std::string_view first_columns(std::string_view text, std::size_t columns) {
  std::size_t end = 0;
  while (end < text.size() && (columns > 0 || continues_character(text[end]))) {
    if (!continues_character(text[end])) --columns;
    ++end;
  }
  return text.substr(0, end);
}

std::string repeated(std::string_view piece, std::size_t times) {
  std::string text;
  while (times-- > 0) text += piece;
  return text;
}

std::string clock_time(long long seconds) {
  const auto two_digits = [](long long number) { return (number < 10 ? "0" : "") + std::to_string(number); };
  const std::string tail = ":" + two_digits(seconds % 60);
  if (seconds < 3600) return std::to_string(seconds / 60) + tail;
  return std::to_string(seconds / 3600) + ":" + two_digits(seconds / 60 % 60) + tail;
}

// One call, so that the line appears at once: standard error has no buffer.
void write(const std::string& text) {
  std::fwrite(text.data(), 1, text.size(), stderr);
}

constexpr std::string_view clear_line = "\r\x1b[K";

}  // namespace

bool is_live_terminal() {
  return isatty(STDERR_FILENO) == 1 && environment("TERM") != "dumb";
}

unsigned terminal_width() {
  winsize size{};
  return ioctl(STDERR_FILENO, TIOCGWINSZ, &size) == 0 && size.ws_col > 0 ? size.ws_col : 80;
}

Progress::Progress(bool quiet)
    : quiet_(quiet),
      live_(!quiet && is_live_terminal()),
      unicode_(locale_is_utf8()),
      colour_(environment("NO_COLOR").empty()) {}

Progress::~Progress() {
  erase();
}

void Progress::erase() {
  if (drawn_) write(std::string(clear_line));
  drawn_ = false;
}

bool Progress::due() const {
  return live_ && (!started_ || Clock::now() >= next_draw_);
}

void Progress::update(double fraction, std::string_view label, std::string_view figures) {
  if (!due()) return;
  const std::string time = time_left(fraction);
  next_draw_ = Clock::now() + std::chrono::milliseconds(100);

  // The last column stays empty: some terminals break the line there.
  const std::size_t width = std::max(1u, terminal_width() - 1);
  std::size_t room = width - std::min(width, count_columns(label));
  std::string line(clear_line);
  line += first_columns(label, width);

  const std::size_t time_columns = time.size() + 2, figures_columns = count_columns(figures) + 1;
  const bool with_time = room >= time_columns;
  if (with_time) room -= time_columns;
  const bool with_figures = !figures.empty() && room >= narrowest_bar + 1 + figures_columns;
  if (with_figures) room -= figures_columns;
  if (room > narrowest_bar) line += " " + bar(fraction, std::min(room - 1, widest_bar));
  if (with_figures) line += " " + std::string(figures);
  if (with_time) line += "  " + time;
  write(line);
  drawn_ = true;
}

void Progress::finish_line(std::string_view text) {
  if (quiet_) return;
  write(std::string(drawn_ ? clear_line : "") + std::string(text) + "\n");
  drawn_ = false;
}

std::string Progress::time_left(double fraction) {
  if (!started_ || fraction < last_fraction_) {
    started_ = true;
    first_fraction_ = fraction;
    first_time_ = Clock::now();
  }
  last_fraction_ = fraction;
  const double seconds = std::chrono::duration<double>(Clock::now() - first_time_).count();
  const double done = fraction - first_fraction_;
  // The first moments tell little: caches are cold, and the first step may carry set-up work.
  const double left = seconds >= 0.5 && done > 0 ? seconds * (1 - fraction) / done : -1;
  constexpr double longest = 100 * 3600;
  if (left < 0 || left >= longest) return "-:-- left";
  return clock_time(std::llround(left)) + " left";
}

std::string Progress::bar(double fraction, std::size_t width) const {
  const double part = std::clamp(fraction, 0.0, 1.0);
  if (!unicode_) {
    const std::size_t inner = width - 2, filled = static_cast<std::size_t>(part * static_cast<double>(inner));
    return "[" + std::string(filled, '#') + std::string(inner - filled, '.') + "]";
  }
  const std::size_t filled = static_cast<std::size_t>(part * static_cast<double>(width));
  const std::string done = repeated("\u2501", filled), rest = repeated("\u2500", width - filled);
  return colour_ ? "\x1b[36m" + done + "\x1b[0;2m" + rest + "\x1b[0m" : done + rest;
}

}  // namespace platform
