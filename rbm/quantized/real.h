// The interface of models of readings: visible units that are real numbers, such as sensors give them.
// states.h, real_visible.h and real_functions.h define what is only declared here.
#pragma once

#include "interface.h"

/// The version of the struct rbm_real, which a generated header of such a model checks.
#define RBM_REAL_FORMAT 1

/// Length of the uint32_t array that the functions on models of readings work in (172 bytes for 64 and 16
/// units and 2 factors). rbm_real_fill takes `visible` words more.
#define RBM_REAL_SCRATCH_WORDS(visible, hidden, factors) \
  (((visible) + 7) / 8 * 4 + (factors) + ((hidden) + 1) / 2 + ((hidden) + 31) / 32)

/// The most factors of a model.
#define RBM_MOST_FACTORS 16u

/// A model of readings. A visible unit is real, or binary where its scale is 0. A reading is an int16_t in
/// the sensor's own steps, of a binary unit 0 or 1. A real unit's state is
///
///     x = (reading - offset) * multiplier / 2^shift, rounded down       scale = 32 * multiplier + shift
///
/// in steps of 2^-state_fraction; what is beyond -limit to limit counts as these. 1 is the deviation of the
/// reading given all hidden units: x is Gaussian then, with the mean b + W'h for the binary hidden units h
/// and the covariance I + sum_k L_k L_k', where each row L_k of loadings is a Gaussian hidden unit, a factor:
///
///     E(v, h) = (|a|^2 + |y|^2) / 2 - b'a - c'h - h'W a        y_k = L_k x / (1 + |L_k|^2)
///     a = x - sum_k y_k L_k for real units, a = v for binary ones, without their part of |a|^2
///
/// The loading of unit j is (code - 128) * 2^-p, with the p of the factor and codes of 8 bits in words as
/// weights are, 128 for binary units and behind the last unit. No reading may make a sum overflow; `rbm
/// quantize` proves that none does.
typedef struct rbm_real {
  rbm_quantized base;      ///< W, b and c, with weights of 8 or 4 bits
  uint8_t factors;         ///< 0 to RBM_MOST_FACTORS
  uint8_t state_fraction;  ///< 2 to base.fraction; base.fraction at most 11
  uint16_t limit;          ///< of a state, at most 16,383
  const int16_t* offsets;  ///< [visible], sensor's steps
  const uint16_t*
      scales;  ///< [visible], multipliers of 1,024 to 2,047 and shifts up to 20; 0 for a binary unit
  const uint32_t* loadings;  ///< [factors][RBM_ROW_WORDS(visible, 8)]
  const uint16_t* gains;     ///< [factors][3]: see factors.h
#ifdef __AVR_HAVE_ELPM__
  uint32_t (*banks)(void);  ///< the highest byte of each of these four addresses, the first lowest
#endif
} rbm_real;

/// Readings of the visible units, [visible].
typedef struct rbm_readings {
  const int16_t* words;  ///< or NULL
  const int8_t* bytes;   ///< or NULL
} rbm_readings;

static inline rbm_readings rbm_from_int16(const int16_t* readings) {
  rbm_readings input;
  input.words = readings;
  input.bytes = NULL;
  return input;
}

static inline rbm_readings rbm_from_int8(const int8_t* readings) {
  rbm_readings input;
  input.words = NULL;
  input.bytes = readings;
  return input;
}

/// The free energy F(v) = (|a|^2 + |y|^2) / 2 - b'a - sum_i log(1 + exp(c_i + W_i a)), in steps of
/// 2^-fraction nat: the larger, the more unusual are the readings, as log p(v) = -F(v) - log Z.
static inline int32_t rbm_real_free_energy(const rbm_real* model, rbm_readings readings, uint32_t* scratch);

/// The hidden units' probabilities given the readings: `features_out`, [hidden], 0..255 out of 256.
static inline void rbm_real_features(const rbm_real* model, rbm_readings readings, uint8_t* features_out,
                                     uint32_t* scratch);

/// Reconstructs: from the readings to the hidden units and factors, and back. `readings_out`, [visible], gets
/// the means of the real units, rounded, and of a binary unit 1 where on is likelier than off, else 0. It may
/// be the array that was read. `random` is used with RBM_SAMPLE only, else it may be NULL.
static inline void rbm_real_reconstruct(const rbm_real* model, rbm_readings readings, rbm_hidden_mode mode,
                                        rbm_random* random, int16_t* readings_out, uint32_t* scratch);

/// One step of Gibbs sampling, in place: draws the hidden units given the readings, then the factors, then
/// the readings given both. Readings whose bits are on in `clamped` stay; NULL clamps none. Takes one number
/// from the generator for each hidden unit, two for each factor, two for each real unit and one for each
/// binary unit that is not clamped, in this order.
static inline void rbm_real_gibbs_step(const rbm_real* model, int16_t* readings, const uint8_t* clamped,
                                       rbm_random* random, uint32_t* scratch);

/// Fills in the readings whose bits are off in `known` with their means given the known ones, estimated by
/// `steps` Gibbs steps, 1 to 32,768, of which the first quarter is not counted. What they held before does
/// not matter. `scratch` has RBM_REAL_SCRATCH_WORDS and `visible` words.
static inline void rbm_real_fill(const rbm_real* model, int16_t* readings, const uint8_t* known,
                                 unsigned steps, rbm_random* random, uint32_t* scratch);

/// The CRC-32 of all that rbm_checksum sees, then factors, state fraction (a byte each), limit (2 bytes),
/// offsets, scales, the words of loadings and gains, the lowest byte first. Where it differs from
/// model->base.checksum, the model was damaged.
static inline uint32_t rbm_real_checksum(const rbm_real* model);

/// A number of the standard normal distribution in steps of 2^-12, at most 5.95 deviations; takes two numbers
/// from the generator.
static inline int32_t rbm_draw_normal(rbm_random* random);
