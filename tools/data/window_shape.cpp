#include "tools/data/window_shape.hpp"

#include "tools/base/text.hpp"

namespace tool {

std::string word_of(Detrend detrend) {
  std::string_view words = detrend_words;
  for (auto n = static_cast<int>(detrend); n > 0; --n) words.remove_prefix(words.find('|') + 1);
  return std::string(words.substr(0, words.find('|')));
}

std::optional<Detrend> detrend_from(std::string_view word) {
  for (const Detrend detrend :
       {Detrend::none, Detrend::start, Detrend::level, Detrend::trend, Detrend::differences})
    if (word == word_of(detrend)) return detrend;
  return std::nullopt;
}

std::string to_text(const Windows& windows) {
  const std::size_t first = start_readings(windows.length);
  std::string text = counted(windows.length, "reading");
  if (windows.channels > 1) text += " of " + counted(windows.channels, "channel");
  if (windows.decimation > 1) text += ", each the mean of " + counted(windows.decimation, "row");
  text += ", hop " + grouped(windows.hop);
  switch (windows.detrend) {
    case Detrend::none:
      break;
    case Detrend::start:
      text += first == 1 ? ", the first taken away"
                         : ", mean of the first " + std::to_string(first) + " taken away";
      break;
    case Detrend::level:
      text += ", mean taken away";
      break;
    case Detrend::trend:
      text += ", line of least squares taken away";
      break;
    case Detrend::differences:
      text += ", as differences from one to the next";
      break;
  }
  return text;
}

}  // namespace tool
