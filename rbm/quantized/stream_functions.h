// The functions on streams that stream.h declares.
//
// One side pushes and the other takes, without locks. The ring holds the readings of a window and `hop` more,
// so that a window stays whole until the next one is complete. `count` says how many readings there were; it
// grows after a reading was written, and tells afterwards whether the window that was taken was still whole.
#pragma once

#include "real_functions.h"
#include "windows.h"

RBM_ALWAYS_INLINE size_t rbm_window_span(const rbm_detector* detector) {
  return RBM_WINDOW_SPAN((size_t)detector->length, detector->detrend);
}

// The next window is checked as if it were the first.
static inline void rbm_forget_readings(rbm_stream* stream) {
  for (size_t channel = 0; channel < stream->detector->channels; ++channel)
    stream->last[channel] = RBM_MISSING;
  for (size_t fault = 0; fault < 4; ++fault) stream->since[fault] = UINT16_MAX;
  stream->unchecked = (uint16_t)rbm_window_span(stream->detector);
}

static inline void rbm_stream_start(rbm_stream* stream, const rbm_detector* detector, uint32_t* memory) {
  const size_t channels = detector->channels, span = rbm_window_span(detector);
  const size_t ring = channels * (span + detector->hop), window = channels * detector->length + 1;
  const size_t words = (ring + window + 2 * channels + 1) / 2;
  rbm_kept* const halves = (rbm_kept*)(void*)memory;
  stream->detector = detector;
  stream->ring = halves;
  stream->ring_size = ring;
  stream->window = (int16_t*)(void*)(halves + ring);
  stream->last = stream->window + window;
  stream->equal = (uint16_t*)(void*)(stream->last + channels);
  stream->sums = (int32_t*)(void*)(memory + words);
  stream->scratch = memory + words + (detector->decimation > 1 ? channels : 0);
  if (detector->decimation > 1)
    for (size_t channel = 0; channel < channels; ++channel) stream->sums[channel] = 0;
  stream->put = 0;
  stream->gathered = 0;
  stream->count = 0;
  stream->end = (uint32_t)span;
  stream->first = 0;
  stream->odd = 0;
  stream->status = RBM_MISSING_READINGS;
  stream->taken = 0;
  stream->lost = 0;
  stream->scored = 0;
  rbm_forget_readings(stream);
}

static inline void rbm_stream_push(rbm_stream* stream, const int16_t* readings) {
  const size_t channels = stream->detector->channels;
  const uint16_t decimation = stream->detector->decimation;
  volatile rbm_kept* put = stream->ring + stream->put;
  if (decimation > 1) {
    for (size_t channel = 0; channel < channels; ++channel) {
      int32_t* const sum = stream->sums + channel;
      if (readings[channel] == RBM_MISSING)  // NOLINT: there are `channels`
        *sum = INT32_MIN;
      else if (*sum != INT32_MIN)
        *sum += readings[channel];
    }
    if (++stream->gathered < decimation) return;
    stream->gathered = 0;
    for (size_t channel = 0; channel < channels; ++channel) {
      int32_t* const sum = stream->sums + channel;
      *put++ = *sum == INT32_MIN ? RBM_MISSING : rbm_rounded_mean(*sum, decimation);
      *sum = 0;
    }
  } else {
    for (size_t channel = 0; channel < channels; ++channel) *put++ = readings[channel];  // NOLINT: likewise
  }
  stream->put += channels;
  if (stream->put == stream->ring_size) stream->put = 0;
  stream->count = stream->count + 1;
}

static inline uint32_t rbm_count_of(const rbm_stream* stream) {
  uint32_t count = stream->count;
#if UINTPTR_MAX < UINT32_MAX  // such a processor reads `count` in parts, and may be interrupted between them
  while (count != stream->count) count = stream->count;
#endif
  return count;
}

// What is plausible of a channel.
typedef struct rbm_plausible {
  int32_t least, most;  // in training
  int32_t margin;       // on either side of these
  int32_t jump;         // from a reading to the next
  int32_t top;          // of an unsigned sensor's range, else -1
} rbm_plausible;

RBM_ALWAYS_INLINE rbm_plausible rbm_find_plausible(const rbm_detector* detector, size_t channel) {
  rbm_plausible plausible = {-32766, 32766, 1, 32768, -1};
  if (detector->ranges == NULL) return plausible;
  const int32_t least = detector->ranges[2 * channel], most = detector->ranges[2 * channel + 1];
  const int32_t largest = most > ~least ? most : ~least;
  int32_t power = 1;
  while (power <= largest) power *= 2;
  const int32_t half = least < 0 ? power : power / 2;
  plausible.least = least;
  plausible.most = most;
  plausible.margin = most - least;
  plausible.jump = plausible.margin > half ? plausible.margin : half;
  plausible.top = least < 0 ? -1 : power - 1;
  return plausible;
}

// The reading before the last `age` ones has a fault, of a bit of the status from 0 to 3.
RBM_ALWAYS_INLINE void rbm_note_fault(rbm_stream* stream, unsigned fault, size_t age) {
  size_t bit = 0;
  while (fault >> bit != 1) ++bit;
  if (age < stream->since[bit]) stream->since[bit] = (uint16_t)age;
}

// Checks the last readings of a channel of the window, [span], those that no window before had. The others
// count by how long ago their faults were.
RBM_ONCE void rbm_check_readings(rbm_stream* stream, size_t channel, const int16_t* readings, size_t span) {
  const rbm_plausible plausible = rbm_find_plausible(stream->detector, channel);
  int16_t before = stream->last[channel];
  uint16_t equal = stream->equal[channel];
  for (size_t t = span - stream->unchecked; t < span; ++t) {
    const int16_t reading = readings[t];
    const size_t age = span - 1 - t;
    if (reading == RBM_MISSING) {
      rbm_note_fault(stream, RBM_MISSING_READINGS, age);
      equal = 0;
    } else {
      if (reading < plausible.least || reading > plausible.most) {
        if (reading == 32767 || reading == -32767 ||
            (plausible.top >= 0 && (reading == 0 || reading == plausible.top)))
          rbm_note_fault(stream, RBM_SATURATED, age);
        if (reading < plausible.least - plausible.margin || reading > plausible.most + plausible.margin)
          rbm_note_fault(stream, RBM_OUT_OF_RANGE, age);
      }
      const int32_t difference = (int32_t)reading - before;
      const int32_t jump = difference < 0 ? -difference : difference;
      if (before != RBM_MISSING && jump > plausible.jump) rbm_note_fault(stream, RBM_WRAPPED, age);
      equal = difference != 0 ? 1 : equal == UINT16_MAX ? equal : (uint16_t)(equal + 1);
    }
    before = reading;
  }
  stream->last[channel] = before;
  stream->equal[channel] = equal;
  if (equal >= span && equal > stream->detector->longest_equal) stream->status |= RBM_STUCK;
}

// Copies the readings of a channel, [span], from the window that begins at reading `first` of the ring.
static inline void rbm_copy_channel(const rbm_stream* stream, size_t first, size_t channel, int16_t* out) {
  const size_t channels = stream->detector->channels;
  const volatile rbm_kept* at = stream->ring + first * channels + channel;
  const int16_t* const last = out + rbm_window_span(stream->detector);
  const volatile rbm_kept* end = stream->ring + stream->ring_size;
  for (; out != last; at += channels) {
    if (at >= end) at -= stream->ring_size;
    *out++ = *at;
  }
}

// Takes the window that begins at `first`.
static inline void rbm_take_window(rbm_stream* stream) {
  const rbm_detector* const detector = stream->detector;
  const size_t channels = detector->channels, length = detector->length, span = rbm_window_span(detector);
  stream->status = 0;
  for (size_t fault = 0; fault < 4; ++fault) {
    const uint16_t passed = UINT16_MAX - stream->since[fault];
    stream->since[fault] =
        passed < stream->unchecked ? UINT16_MAX : (uint16_t)(stream->since[fault] + stream->unchecked);
  }
  for (size_t channel = 0; channel < channels; ++channel) {
    int16_t* const window = stream->window + channel * length;
    rbm_copy_channel(stream, stream->first, channel, window);
    rbm_check_readings(stream, channel, window, span);
    rbm_detrend(detector->detrend, window, length, window);
  }
  for (size_t fault = 0; fault < 4; ++fault)
    if (stream->since[fault] < span) stream->status = (uint8_t)(stream->status | 1u << fault);
  stream->unchecked = 0;
}

// Goes on by so many readings.
RBM_ALWAYS_INLINE void rbm_advance(rbm_stream* stream, uint32_t readings) {
  const uint32_t ring = (uint32_t)rbm_window_span(stream->detector) + stream->detector->hop;
  const uint32_t first = stream->first + (readings < ring ? readings : readings % ring);
  stream->first = (uint16_t)(first < ring ? first : first - ring);
  stream->end += readings;
  const uint32_t unchecked = stream->unchecked + readings, span = ring - stream->detector->hop;
  stream->unchecked = (uint16_t)(unchecked < span ? unchecked : span);
}

static inline int rbm_stream_ready(rbm_stream* stream) {
  const uint16_t hop = stream->detector->hop;
  const uint32_t late = rbm_count_of(stream) - stream->end;
  if (late > INT32_MAX) return 0;
  if (late >= hop) {
    rbm_advance(stream, late - late % hop);
    stream->lost = 1;
  }
  rbm_take_window(stream);
  stream->scored = 0;
  stream->taken = rbm_count_of(stream) - stream->end < hop;
  if (!stream->taken) {  // it was overwritten meanwhile
    rbm_forget_readings(stream);
    stream->status = RBM_MISSING_READINGS | RBM_OVERRUN;
    stream->lost = 1;
    return 0;
  }
  if (stream->lost) stream->status |= RBM_OVERRUN;
  stream->lost = 0;
  rbm_advance(stream, hop);
  return 1;
}

static inline int32_t rbm_score(rbm_stream* stream) {
  if ((stream->status & RBM_MISSING_READINGS) != 0) return INT32_MIN;
  if (!stream->scored) {
    const rbm_detector* const detector = stream->detector;
    stream->score = rbm_real_free_energy(detector->model, rbm_from_int16(stream->window), stream->scratch);
    stream->odd = stream->odd << 1 | (uint32_t)(stream->score > detector->limit);
    stream->scored = 1;
  }
  return stream->score;
}

static inline int rbm_is_odd(rbm_stream* stream) {
  const rbm_detector* const detector = stream->detector;
  if (rbm_score(stream) == INT32_MIN) return 0;
  unsigned votes = 0;
  for (unsigned window = 0; window < detector->of; ++window) votes += (unsigned)(stream->odd >> window & 1);
  return votes >= detector->votes;
}

static inline unsigned rbm_stream_status(const rbm_stream* stream) {
  return stream->status;
}

static inline int rbm_fill(rbm_stream* stream, unsigned steps, rbm_random* random, int16_t* readings_out,
                           uint32_t* scratch) {
  const rbm_detector* const detector = stream->detector;
  const size_t channels = detector->channels, length = detector->length, span = rbm_window_span(detector);
  const size_t visible = channels * length;
  const size_t first = (stream->first + span) % (span + detector->hop);  // `hop` before the next window's
  uint8_t* const known = (uint8_t*)(void*)scratch;
  for (size_t channel = 0; channel < channels; ++channel)
    rbm_copy_channel(stream, first, channel, readings_out + channel * span);
  if (!stream->taken || rbm_count_of(stream) - stream->end <= INT32_MAX) return 0;
  for (size_t unit = 0; unit < visible; ++unit)
    rbm_set_unit(known, unit, stream->window[unit] != RBM_MISSING);
  rbm_real_fill(detector->model, stream->window, known, steps, random, scratch + (visible + 31) / 32);
  for (size_t channel = 0; channel < channels; ++channel)
    rbm_retrend(detector->detrend, stream->window + channel * length, length, readings_out + channel * span);
  return 1;
}
