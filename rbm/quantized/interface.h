// The interface: all that a program or a generated header uses. functions.h, sigmoid.h and random.h define
// what is only declared here. Arguments stand in one order: the model, the state, options, the generator,
// outputs, scratch.
#pragma once

#include <stddef.h>
#include <stdint.h>

/// Bytes of a packed state: unit u is bit u % 8 of byte u / 8; spare bits of the last byte are ignored.
#define RBM_STATE_BYTES(units) (((units) + 7) / 8)

/// Words of one hidden unit's row of weights. Each row begins with a new word.
#define RBM_ROW_WORDS(visible, bits) (((visible) + 32u / (bits)-1u) / (32u / (bits)))

/// Length of the uint32_t array that the functions below work in (2,244 bytes for 784 and 500 units). Its
/// contents mean nothing between calls, so that one array serves all.
#define RBM_SCRATCH_WORDS(visible, hidden)                                                \
  (RBM_ROW_WORDS(visible, 8) + (RBM_ROW_WORDS(visible, 8) + 1) / 2 + ((hidden) + 1) / 2 + \
   ((hidden) + 31) / 32)

/// The most different shifts of one model, which are consecutive numbers from its lowest shift on.
#define RBM_MOST_SHIFTS 8

/// A model. Sums and biases are in fixed point, in steps of 2^-fraction nat, and
///     weight = (code - zero) * 2^shift steps, zero = 2^(bits - 1), at 1 bit 0,
/// with the shift of the hidden unit. The code of visible unit `unit` stands in the hidden unit's row, in
/// word unit / (32 / bits), and has `bits` bits from bit (unit % (32 / bits)) * bits on. No input may make a
/// sum of 2^23 steps or more; `rbm quantize` proves that none does: see the ranges in the generated header.
typedef struct rbm_quantized {
  uint16_t visible;             ///< number of visible units
  uint16_t hidden;              ///< number of hidden units
  uint8_t bits;                 ///< of a weight: 8, 4, 2 or 1
  uint8_t fraction;             ///< 4..14
  uint8_t lowest_shift;         ///< the least of `shifts`
  uint8_t highest_shift;        ///< the most of `shifts`
  uint32_t checksum;            ///< what rbm_checksum finds if nothing is damaged
  const uint32_t* weights;      ///< [hidden][RBM_ROW_WORDS(visible, bits)]
  const uint8_t* shifts;        ///< [hidden]
  const int16_t* visible_bias;  ///< [visible]
  const int16_t* hidden_bias;   ///< [hidden]
#ifdef __AVR_HAVE_ELPM__
  uint32_t (*banks)(void);  ///< the highest byte of each of the four addresses, the first lowest
#endif
} rbm_quantized;

/// The state of the visible units: packed bits, or a byte each, from 0 for off to 255 for on.
typedef struct rbm_input {
  const uint8_t* bits;   ///< [RBM_STATE_BYTES(visible)], or NULL
  const uint8_t* bytes;  ///< [visible], or NULL
} rbm_input;

/// How the hidden units are decided in a reconstruction.
typedef enum rbm_hidden_mode {
  RBM_THRESHOLD,  ///< on where that is likelier than off; additions only, repeatable
  RBM_SAMPLE,     ///< on with their probability, drawn from an rbm_random; additions only
  RBM_MEAN        ///< their probability as a factor, 0..256 out of 256; the most exact, one product a weight
} rbm_hidden_mode;

/// A generator of random numbers, xoshiro128++ (Blackman and Vigna): period 2^128 - 1. Never all zeros.
typedef struct rbm_random {
  uint32_t state[4];
} rbm_random;

/// Visible units that are on or off.
static inline rbm_input rbm_from_bits(const uint8_t* state) {
  rbm_input input;
  input.bits = state;
  input.bytes = NULL;
  return input;
}

/// Visible units between off and on, such as grey pixels: as in p(h | v) with real v. Slower, as each weight
/// takes a multiplication.
static inline rbm_input rbm_from_bytes(const uint8_t* values) {
  rbm_input input;
  input.bits = NULL;
  input.bytes = values;
  return input;
}

/// Is unit `unit` of a packed state on? 0 or 1.
static inline uint8_t rbm_get_unit(const uint8_t* state, size_t unit) {
  return (uint8_t)((state[unit / 8] >> (unit % 8)) & 1);
}

/// Switches unit `unit` of a packed state on (any `on` but 0) or off.
static inline void rbm_set_unit(uint8_t* state, size_t unit, int on) {
  const unsigned bit = 1u << (unit % 8);
  state[unit / 8] = (uint8_t)(on ? state[unit / 8] | bit : state[unit / 8] & ~bit);
}

/// Packs `units` bytes: a unit is on where its byte is at least `threshold`.
static inline void rbm_pack(const uint8_t* bytes, size_t units, uint8_t threshold, uint8_t* state_out) {
  for (size_t unit = 0; unit < units; ++unit) rbm_set_unit(state_out, unit, bytes[unit] >= threshold);
}

/// Reconstructs: from the visible units to the hidden units and back.
/// `random` is used with RBM_SAMPLE only, else it may be NULL. `means_out`, [visible], gets the probabilities
/// of the visible units, 0..255 out of 256.
static inline void rbm_reconstruct(const rbm_quantized* model, rbm_input input, rbm_hidden_mode mode,
                                   rbm_random* random, uint8_t* means_out, uint32_t* scratch);

/// One step of Gibbs sampling, in place: draws the hidden units given `visible_state`, then the visible units
/// given the hidden ones. Takes one number a unit from the generator, hidden units first.
/// Units that are on in `clamped`, packed bits, keep their state and take no number; NULL clamps none. With
/// the known units of an input clamped, steps fill in the others.
static inline void rbm_gibbs_step(const rbm_quantized* model, uint8_t* visible_state, const uint8_t* clamped,
                                  rbm_random* random, uint32_t* scratch);

/// The hidden units' probabilities given the visible ones: `features_out`, [hidden], 0..255 out of 256.
static inline void rbm_features(const rbm_quantized* model, rbm_input input, uint8_t* features_out,
                                uint32_t* scratch);

/// The free energy F(v) = -b'v - sum_i log(1 + exp(c_i + W_i v)), in steps of 2^-fraction nat: the larger,
/// the less probable are these bits, as log p(v) = -F(v) - log Z. Of bytes between off and on, which are
/// means of bits, it is no measure of how unusual they are: readings need an rbm_real. The error is at most
/// 1/8000 nat for each hidden unit.
static inline int32_t rbm_free_energy(const rbm_quantized* model, rbm_input input, uint32_t* scratch);

/// The CRC-32 of all that a model is made of: visible, hidden (2 bytes each), bits, fraction, lowest and
/// highest shift, the words of weights, shifts, biases of visible and of hidden units, the lowest byte first.
/// Where it differs from model->checksum, the model was damaged.
static inline uint32_t rbm_checksum(const rbm_quantized* model);

/// The CRC-32 of the tables that all models share, of sigmoid and softplus, which rbm_checksum leaves out:
/// their entries in order, the lowest byte first. Where it differs from RBM_SHARED_CHECKSUM, a table was
/// damaged.
static inline uint32_t rbm_shared_checksum(void);
#define RBM_SHARED_CHECKSUM 0x808f7b2f

/// 65536 * sigmoid(sum), saturating at 65535, for any sum in steps of the model. The error is at most 4.
/// The probabilities of sum and -sum add up to 65536, unless one saturates.
static inline uint16_t rbm_probability(const rbm_quantized* model, int32_t sum);

/// 1 with the probability sigmoid(sum), else 0; takes one number from the generator.
static inline int rbm_draw(const rbm_quantized* model, int32_t sum, rbm_random* random);

/// Starts a generator from any seed, by splitmix64.
static inline void rbm_random_seed(rbm_random* random, uint64_t seed);

/// The next 32 random bits.
static inline uint32_t rbm_random_next(rbm_random* random);
