/// Saves a learner or a detector to flash, so that after a loss of power it goes on as if there had been
/// none, bit for bit: parameters, offsets, scales, quantiles, counts and the generator. Options and the shape
/// are the program's own.
///
///     struct Flash {                                               // the two slots, each erased by itself
///       void erase(unsigned slot);                                 // slot 0 or 1; all its bits become 1
///       void write(unsigned slot, size_t word, uint32_t value);    // each word once after an erase
///       uint32_t read(unsigned slot, size_t word);
///     };
///     static_assert(rbm::saved_detector_words({64, 16}) * 4 <= size of a slot);
///     if (!rbm::restore(flash, detector)) rbm::initialize(model, 1, detector.online.random);
///     ... bool done = rbm::save(flash, detector);
///
/// A slot holds words in the order in which they are written: a sequence number, the number of words, the
/// state, zeros up to a multiple of eight words, and a CRC-32 of all that is before. Flash that is written by
/// 64, 128 or 256 bits may gather words: they come from front to back, and no write is left unfinished.
/// save() erases the slot that is older or broken, and writes it from front to back, so that the newest state
/// stays whole until the last word of the next one is there: wherever the power fails, between writes or
/// within one, restore() finds the old state or the new one, but for a chance of 2^-32. Both slots wear
/// alike. read() of a word whose write was cut short may give any value, but must return: where flash has an
/// error-correcting code, its interrupt must not end the program.
///
/// A state is readable by the program that wrote it, and by any with the same types and shape.
#pragma once

#include <stddef.h>
#include <stdint.h>

#include "fixed_point_detector.hpp"

namespace rbm {

/// Calls body(VectorView) for each part of a learner that is saved: views of int16_t, uint16_t, int32_t and
/// uint32_t.
template <class Body>
void for_each_saved(FixedPointRealOnline& online, const Body& body) {
  const FixedPointRealRbmView& rbm = online.rbm;
  for (size_t i = 0; i < rbm.hidden(); ++i) body(rbm.rbm.weights.row(i));
  body(rbm.rbm.visible_bias);
  body(rbm.rbm.hidden_bias);
  body(rbm.offset);
  body(rbm.scale);
  body(VectorView<uint32_t>{online.random.state, 4});
  body(VectorView<uint32_t>{&online.step, 1});
}

/// The same for a detector.
template <class Body>
void for_each_saved(FixedPointDetector& detector, const Body& body) {
  for_each_saved(detector.online, body);
  RunningQuantile* const quantiles[] = {&detector.median, &detector.quartile, &detector.range};
  for (RunningQuantile* const quantile : quantiles) {
    body(VectorView<int32_t>{&quantile->estimate, 1});
    uint16_t* const parts[] = {&quantile->fraction, &quantile->spread, &quantile->seen, &quantile->quiet};
    for (uint16_t* const part : parts) body(VectorView<uint16_t>{part, 1});
  }
  body(VectorView<int32_t>{&detector.score, 1});
  body(VectorView<uint16_t>{&detector.windows, 1});
  body(VectorView<uint16_t>{&detector.odd, 1});
}

namespace detail {

/// Words that so many numbers of 16 bits take.
constexpr size_t words_for_halves(size_t count) {
  return (count + 1) / 2;
}

/// The words of a slot for so many of state: with sequence number, number of words and CRC, in whole eights.
constexpr size_t words_of_slot(size_t words) {
  return (words + 3 + 7) / 8 * 8;
}

/// CRC-32 of IEEE 802.3 goes on with a word, least byte first; it starts at UINT32_MAX, and its complement is
/// the CRC.
constexpr uint32_t next_crc(uint32_t crc, uint32_t word) {
  crc ^= word;
  for (int bit = 0; bit < 32; ++bit) crc = (crc >> 1) ^ (crc & 1u ? 0xedb88320u : 0u);
  return crc;
}

/// Calls body(word) for the words of a part: numbers of 16 bits in pairs, the first one low.
template <class T, class Body>
void for_each_word(VectorView<T> part, const Body& body) {
  if constexpr (sizeof(T) == 4) {
    for (size_t n = 0; n < part.size; ++n) body(static_cast<uint32_t>(part[n]));
  } else {
    for (size_t n = 0; n < part.size; n += 2) {
      const uint32_t low = static_cast<uint16_t>(part[n]);
      body(n + 1 < part.size ? low | static_cast<uint32_t>(static_cast<uint16_t>(part[n + 1])) << 16 : low);
    }
  }
}

/// The way back: sets a part by calls of next(), which gives a word.
template <class T, class Next>
void set_from_words(VectorView<T> part, const Next& next) {
  uint32_t word = 0;
  for (size_t n = 0; n < part.size; ++n) {
    word = sizeof(T) == 4 || n % 2 == 0 ? next() : word >> 16;
    part[n] = static_cast<T>(word);
  }
}

/// The words of a learner's slot.
template <class Learner>
size_t saved_words(Learner& learner) {
  size_t words = 0;
  for_each_saved(learner,
                 [&](auto part) { words += sizeof(part[0]) == 4 ? part.size : words_for_halves(part.size); });
  return words_of_slot(words);
}

/// Whether a slot holds a whole state of so many words.
template <class Flash>
bool is_whole(Flash& flash, unsigned slot, size_t words) {
  if (flash.read(slot, 1) != words) return false;
  uint32_t crc = UINT32_MAX;
  for (size_t n = 0; n + 1 < words; ++n) crc = next_crc(crc, flash.read(slot, n));
  return flash.read(slot, words - 1) == ~crc;
}

/// The slot of the newest whole state, 2 if there is none. Sequence numbers wrap.
template <class Flash>
unsigned newest_slot(Flash& flash, size_t words) {
  const bool first = is_whole(flash, 0, words), second = is_whole(flash, 1, words);
  if (!first || !second) return first ? 0 : second ? 1 : 2;
  return static_cast<int32_t>(flash.read(1, 0) - flash.read(0, 0)) > 0 ? 1 : 0;
}

}  // namespace detail

/// The words of a slot for a detector.
constexpr size_t saved_detector_words(ModelShape shape) {
  constexpr size_t generator = 4, step = 1, quantiles = 3 * (1 + 4), rest = 3;
  return detail::words_of_slot((shape.hidden + 1) * detail::words_for_halves(shape.visible) +
                               detail::words_for_halves(shape.hidden) + 2 * shape.visible + generator + step +
                               quantiles + rest);
}

/// Saves a learner or a detector. Returns whether it reads back; if not, the slot is worn out or locked, and
/// the state that was saved before is still there.
template <class Flash, class Learner>
bool save(Flash& flash, Learner& learner) {
  const size_t words = detail::saved_words(learner);
  const unsigned newest = detail::newest_slot(flash, words), slot = newest == 0 ? 1 : 0;
  uint32_t crc = UINT32_MAX;
  size_t at = 0;
  const auto write = [&](uint32_t word) {
    crc = detail::next_crc(crc, word);
    flash.write(slot, at++, word);
  };
  const uint32_t sequence = newest < 2 ? flash.read(newest, 0) + 1 : 0;
  flash.erase(slot);
  write(sequence);
  write(static_cast<uint32_t>(words));
  for_each_saved(learner, [&](auto part) { detail::for_each_word(part, write); });
  for (size_t rest = words - at; rest > 1; --rest) write(0);
  const uint32_t check = ~crc;
  write(check);
  // Flash that is locked still holds the older state, whole as it is.
  return detail::is_whole(flash, slot, words) && flash.read(slot, words - 1) == check;
}

/// Restores the learner or detector that was saved last. Returns false, and changes nothing, if none was.
template <class Flash, class Learner>
bool restore(Flash& flash, Learner& learner) {
  const unsigned slot = detail::newest_slot(flash, detail::saved_words(learner));
  if (slot > 1) return false;
  size_t at = 2;
  for_each_saved(learner,
                 [&](auto part) { detail::set_from_words(part, [&] { return flash.read(slot, at++); }); });
  return true;
}

}  // namespace rbm
