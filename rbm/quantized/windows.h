// What is taken away from the readings of one channel of a window before a model sees them, and given back to
// readings that were filled in. All is exact in whole numbers, so that it is the same on every machine.
#pragma once

#include "steps.h"
#include "stream.h"

RBM_ALWAYS_INLINE int16_t rbm_saturated(int32_t value) {
  return (int16_t)rbm_bounded(value, 32767);
}

// sum / count, rounded to the nearest, halves up. `count` is at most 65,535.
static inline int16_t rbm_rounded_mean(int32_t sum, int32_t count) {
  sum += count / 2;
  const int32_t quotient = sum / count;
  return (int16_t)(quotient - (quotient * count > sum));
}

// The mean of the readings that are known; 0 where none is.
static inline int16_t rbm_find_level(const int16_t* readings, size_t length) {
  int32_t sum = 0, known = (int32_t)length;
  for (const int16_t *reading = readings, *const end = readings + length; reading != end; ++reading) {
    sum += *reading;
    known -= *reading == RBM_MISSING;
  }
  if (known == 0) return 0;
  return rbm_rounded_mean(sum + ((int32_t)length - known) * 32768, known);
}

// What is taken away from one reading after the other: value + rest / denominator, rounded down.
typedef struct rbm_line {
  int32_t value, value_step;
  uint64_t rest, rest_step, denominator;
} rbm_line;

// numerator / denominator, rounded down, and the rest.
static inline int32_t rbm_divide(int64_t numerator, uint64_t denominator, uint64_t* rest_out) {
  const uint64_t magnitude = numerator < 0 ? ~(uint64_t)numerator : (uint64_t)numerator;
  const uint64_t quotient = magnitude / denominator, rest = magnitude - quotient * denominator;
  *rest_out = numerator < 0 ? denominator - 1 - rest : rest;
  return numerator < 0 ? -1 - (int32_t)quotient : (int32_t)quotient;
}

// The line of least squares through known readings x at the times t. With the sums N of 1, T of t, Q of t^2,
// S of x and P of t x it is
//
//     (Q S - T P + t (N P - T S)) / (N Q - T^2)          S / N where fewer than two readings are known
//
// Half the denominator is added, for rounding. Of 4,096 readings no number has more than 63 bits.
static inline rbm_line rbm_find_trend(const int16_t* readings, size_t length) {
  rbm_line line = {0, 0, 0, 0, 1};
  const uint32_t all = (uint32_t)length;
  uint32_t known = all, times = all * (all - 1) / 2;
  uint64_t squares = (uint64_t)times * (2 * all - 1) * 0xaaaaaaaaaaaaaaab;  // / 3, which leaves no rest
  int32_t sum = 0;
  int64_t products = 0;
  for (uint32_t t = 0; t < all; ++t) {
    const int16_t reading = readings[t];
    if (reading == RBM_MISSING) {
      --known;
      times -= t;
      squares -= t * t;
    } else {
      sum += reading;
      products += reading * (int32_t)t;
    }
  }
  if (known < 2) {
    line.value = sum;
    return line;
  }
  line.denominator = known * squares - (uint64_t)times * times;
  line.value =
      rbm_divide((int64_t)squares * sum - (int64_t)times * products + (int64_t)(line.denominator / 2),
                 line.denominator, &line.rest);
  line.value_step =
      rbm_divide((int64_t)known * products - (int64_t)times * sum, line.denominator, &line.rest_step);
  return line;
}

static inline rbm_line rbm_find_line(unsigned detrend, const int16_t* readings, size_t length) {
  if (detrend == RBM_DETREND_TREND) return rbm_find_trend(readings, length);
  rbm_line level = {0, 0, 0, 0, 1};
  if (detrend == RBM_DETREND_NONE) return level;
  size_t used = length;
  if (detrend == RBM_DETREND_START) {
    const size_t quarter = length < 4 ? 1 : length / 4;
    for (size_t t = 0; t < quarter; ++t)
      if (readings[t] != RBM_MISSING) used = quarter;
  }
  level.value = rbm_find_level(readings, used);
  return level;
}

// The line's value; goes on to the next reading.
RBM_ALWAYS_INLINE int32_t rbm_next_value(rbm_line* line) {
  const int32_t value = line->value;
  line->value += line->value_step;
  line->rest += line->rest_step;
  if (line->rest >= line->denominator) {
    line->rest -= line->denominator;
    ++line->value;
  }
  return value;
}

static inline void rbm_take_level(int32_t level, const int16_t* readings, size_t length,
                                  int16_t* window_out) {
  for (const int16_t* const end = readings + length; readings != end; ++readings)
    *window_out++ = *readings == RBM_MISSING ? RBM_MISSING : rbm_saturated(*readings - level);
}

// A function that takes a line away, whose rests are of a type.
#define RBM_DEFINE_TAKE_LINE(name, type)                                                                   \
  static inline void name(const rbm_line* line, const int16_t* readings, size_t length, int16_t* window) { \
    const type over = (type)(line->denominator - line->rest_step), step = (type)line->rest_step;           \
    const int32_t value_step = line->value_step;                                                           \
    int32_t value = line->value;                                                                           \
    type rest = (type)line->rest;                                                                          \
    for (const int16_t* const end = readings + length; readings != end; ++readings) {                      \
      *window++ = *readings == RBM_MISSING ? RBM_MISSING : rbm_saturated(*readings - value);               \
      value += value_step;                                                                                 \
      if (rest >= over) {                                                                                  \
        rest -= over;                                                                                      \
        ++value;                                                                                           \
      } else {                                                                                             \
        rest += step;                                                                                      \
      }                                                                                                    \
    }                                                                                                      \
  }
RBM_DEFINE_TAKE_LINE(rbm_take_line, uint32_t)
RBM_DEFINE_TAKE_LINE(rbm_take_long_line, uint64_t)

static inline void rbm_detrend(unsigned detrend, const int16_t* readings, size_t length,
                               int16_t* window_out) {
  if (detrend == RBM_DETREND_DIFFERENCES) {
    int16_t before = readings[0];
    for (size_t t = 0; t < length; ++t) {
      const int16_t reading = readings[t + 1];
      const int known = before != RBM_MISSING && reading != RBM_MISSING;
      window_out[t] = known ? rbm_saturated((int32_t)reading - before) : RBM_MISSING;
      before = reading;
    }
    return;
  }
  if (detrend == RBM_DETREND_NONE && readings == window_out) return;
  const rbm_line line = rbm_find_line(detrend, readings, length);
  if (detrend != RBM_DETREND_TREND)
    rbm_take_level(line.value, readings, length, window_out);
  else if (line.denominator > UINT32_MAX)
    rbm_take_long_line(&line, readings, length, window_out);
  else
    rbm_take_line(&line, readings, length, window_out);
}

static inline void rbm_retrend(unsigned detrend, const int16_t* window, size_t length, int16_t* readings) {
  if (detrend == RBM_DETREND_DIFFERENCES) {
    size_t known = 0;
    while (known <= length && readings[known] == RBM_MISSING) ++known;
    if (known > length) readings[known = 0] = 0;
    for (; known > 0; --known)
      readings[known - 1] = rbm_saturated((int32_t)readings[known] - window[known - 1]);
    for (size_t t = 0; t < length; ++t)
      if (readings[t + 1] == RBM_MISSING) readings[t + 1] = rbm_saturated((int32_t)readings[t] + window[t]);
    return;
  }
  rbm_line line = rbm_find_line(detrend, readings, length);
  for (size_t t = 0; t < length; ++t) {
    const int32_t value = rbm_next_value(&line);
    if (readings[t] == RBM_MISSING) readings[t] = rbm_saturated(window[t] + value);
  }
}
