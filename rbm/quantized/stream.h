// The interface for streams of readings: windows are cut from what a sensor gives, scored, and flagged where
// they are odd. windows.h and stream_functions.h define what is only declared here.
//
//     static uint32_t memory[SENSOR_STREAM_WORDS];
//     static rbm_stream stream;
//
//     rbm_stream_start(&stream, &sensor_detector, memory);
//     ... in the sensor's interrupt:   rbm_stream_push(&stream, readings);
//     ... in the program's loop:       if (rbm_stream_ready(&stream)) set_led(rbm_is_odd(&stream));
#pragma once

#include "real.h"

// A reading in the uint32_t array that a stream works in.
#ifdef __GNUC__
typedef int16_t __attribute__((__may_alias__)) rbm_kept;
#else
typedef int16_t rbm_kept;
#endif

/// The version of the struct rbm_detector, which a generated header with one checks.
#define RBM_DETECTOR_FORMAT 1

/// A reading that is missing. An INT16_MIN that a sensor gives is taken for one.
#define RBM_MISSING INT16_MIN

/// The most readings of a channel that a window has, and the most from one window to the next.
#define RBM_LONGEST_WINDOW 4096u

/// The most windows that vote.
#define RBM_MOST_VOTES 32u

/// What is taken away from a channel's readings before the model sees them.
enum {
  RBM_DETREND_NONE = 0,        ///< nothing
  RBM_DETREND_START = 1,       ///< the mean of the first quarter: length / 4 readings, at least 1
  RBM_DETREND_LEVEL = 2,       ///< the mean
  RBM_DETREND_TREND = 3,       ///< the line of least squares
  RBM_DETREND_DIFFERENCES = 4  ///< each reading has the one before it taken away
};

/// Readings of a channel that a window of `length` spans: differences take one more.
#define RBM_WINDOW_SPAN(length, detrend) ((length) + ((detrend) == RBM_DETREND_DIFFERENCES ? 1u : 0u))

/// What may be wrong with the readings of a window.
enum {
  RBM_MISSING_READINGS = 1,  ///< some are missing: it has no score, and rbm_is_odd is 0
  RBM_SATURATED = 2,         ///< some are at an end of the sensor's range, and none in training was: -32,767,
                             ///< 32,767, and where none was negative 0 and the next 2^n - 1
  RBM_OUT_OF_RANGE = 4,      ///< some are outside of what training saw by more than all that it spans
  RBM_WRAPPED = 8,  ///< one is further from the one seen before than any two in training lie apart, and by
                    ///< more than half of the least range of 2^n that holds those
  RBM_STUCK = 16,   ///< a channel has stayed the same, for a window and longer than ever in training
  RBM_OVERRUN = 32  ///< windows before it were lost, as they were not taken in time
};

/// A model of windows, and what is done before and after it. Windows hold all readings of the first channel
/// first. Every `decimation` readings make one, their mean; the first window begins with the first reading,
/// and every other `hop` readings after the one before.
typedef struct rbm_detector {
  const rbm_real* model;   ///< of channels * length visible units
  const int16_t* ranges;   ///< [channels][2], the least and the most reading in training; NULL: not known
  int32_t limit;           ///< a window is odd whose score is above it, in steps of the model
  uint16_t length;         ///< readings of each channel, 1 to RBM_LONGEST_WINDOW
  uint16_t hop;            ///< 1 to RBM_LONGEST_WINDOW
  uint16_t decimation;     ///< 1 or more
  uint16_t longest_equal;  ///< readings in a row that were the same in training, of any channel
  uint8_t channels;        ///< 1 or more
  uint8_t detrend;         ///< RBM_DETREND_*
  uint8_t votes;           ///< so many of the last `of` windows must be odd; 1 to `of`
  uint8_t of;              ///< 1 to RBM_MOST_VOTES
} rbm_detector;

/// Length of the uint32_t array that a stream works in: readings of `span + hop` moments, which come in while
/// a window is taken; a window; two numbers more for each channel; what rbm_real_free_energy works in.
#define RBM_STREAM_WORDS(channels, length, hop, detrend, decimation, hidden, factors)     \
  (((channels) * (RBM_WINDOW_SPAN(length, detrend) + (hop) + (length) + 2ul) + 2u) / 2u + \
   ((decimation) > 1 ? (channels) : 0u) + RBM_REAL_SCRATCH_WORDS((channels) * (length), hidden, factors))

/// A stream, for programs to own. Its members are not for them.
typedef struct rbm_stream {
  const rbm_detector* detector;
  volatile rbm_kept* ring;  // [span + hop][channels]
  size_t ring_size;         // channels * (span + hop)

  // Of rbm_stream_push, but for `count`, which the other functions read.
  int32_t* sums;            // [channels] of the readings that become the next one; INT32_MIN: one is missing
  size_t put;               // where in the ring the next one comes
  uint16_t gathered;        // readings in the sums
  volatile uint32_t count;  // readings that the ring has had, modulo 2^32

  // Of the other functions.
  int16_t* window;     // [channels][length], and one more for readings of differences
  int16_t* last;       // [channels], the readings before those that no window had yet
  uint16_t* equal;     // [channels], so many readings up to the last are the same
  uint32_t* scratch;   // [RBM_REAL_SCRATCH_WORDS]
  uint32_t end;        // the count that completes the next window
  uint16_t first;      // where in the ring it begins, in readings
  uint16_t unchecked;  // readings of it that no window before had, or its span
  uint16_t since[4];   // readings after the last one with the fault: bits 0 to 3 of the status
  uint8_t status;      // of the window taken, as rbm_stream_status gives it
  uint8_t taken;       // there is one
  uint8_t lost;        // windows have been, since it was taken
  uint8_t scored;      // `score` is its score, and `odd` knows it
  int32_t score;
  uint32_t odd;  // of the windows with a score: bit 0 of the newest, on where it was above the limit
} rbm_stream;

/// Starts a stream with no readings, or starts it anew where readings were left out. `memory` has
/// RBM_STREAM_WORDS: NAME_STREAM_WORDS of a generated header. No other function may run meanwhile.
static inline void rbm_stream_start(rbm_stream* stream, const rbm_detector* detector, uint32_t* memory);

/// Adds a reading of each channel, [channels], in the sensor's own steps, or RBM_MISSING.
///
/// An interrupt may push while the other functions run, and so may another task on the same core of the
/// processor: one pushes, one takes, and nobody waits.
static inline void rbm_stream_push(rbm_stream* stream, const int16_t* readings);

/// 1 if a window has become complete since the last one: takes it, and the functions below are about it. Else
/// 0. A window must be taken before the next one is complete, or it is lost, and the newest one is taken. If
/// none is taken for 2^31 readings, start the stream anew.
static inline int rbm_stream_ready(rbm_stream* stream);

/// The free energy of the window, in steps of the model: the larger, the more unusual. INT32_MIN where
/// readings are missing.
static inline int32_t rbm_score(rbm_stream* stream);

/// 1 if so many windows as must be are odd: `votes` of the last `of` ones that have scores, with this one
/// among them. 0 where readings are missing in it.
static inline int rbm_is_odd(rbm_stream* stream);

/// What is wrong with the readings of the window: RBM_MISSING_READINGS and others, added. 0 if nothing is.
static inline unsigned rbm_stream_status(const rbm_stream* stream);

/// Fills in the readings of the window that are missing, by `steps` steps of rbm_real_fill. `readings_out`,
/// [channels][RBM_WINDOW_SPAN(length, detrend)], gets the window as it came in, with their means in these
/// places: levels and trends are those of the known readings. `scratch` has RBM_FILL_WORDS. Returns 1, or 0
/// where so many readings have come in meanwhile that those of the window are gone.
static inline int rbm_fill(rbm_stream* stream, unsigned steps, rbm_random* random, int16_t* readings_out,
                           uint32_t* scratch);

/// Length of the uint32_t array that rbm_fill works in.
#define RBM_FILL_WORDS(visible, hidden, factors) \
  (RBM_REAL_SCRATCH_WORDS(visible, hidden, factors) + (visible) + ((visible) + 31) / 32)

/// Takes the level or the trend of a channel's readings, [RBM_WINDOW_SPAN(length, detrend)] in the order of
/// time, away from them, as a stream does: `window_out`, [length], may be the array `readings` itself. Levels
/// and lines are rounded to the nearest whole number, halves up, at each reading; results saturate at -32,767
/// and 32,767. What is RBM_MISSING counts for nothing and stays so, as does a difference of it. Where all of
/// the first quarter is missing, the mean of the whole is taken for its mean, and nothing where all is
/// missing.
static inline void rbm_detrend(unsigned detrend, const int16_t* readings, size_t length, int16_t* window_out);

/// The way back: `window`, [length], is what rbm_detrend left of `readings`, with numbers in the place of
/// missing ones. Writes them, with the level or trend of the known readings, over what is missing in
/// `readings`, [RBM_WINDOW_SPAN(length, detrend)]. Differences are added up from the known reading before,
/// ahead of the first known reading from that one backwards, and from 0 where none is known.
static inline void rbm_retrend(unsigned detrend, const int16_t* window, size_t length, int16_t* readings);
