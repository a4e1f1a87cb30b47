// Probabilities in fixed point, and draws: linear interpolation between the entries of a table.
#pragma once

#include "interface.h"
#include "machine.h"
#include "random.h"

// sigmoid(k / 16) and softplus(-k / 16), 0 <= k < 190, in steps of 2^-16:
//     round(65536 / (1 + exp(-k / 16))), saturating at 65535, and round(65536 * log(1 + exp(-k / 16))).
// Beyond the tables they count as 1 and 0.
#define RBM_TABLE_ENTRIES 190
static const uint16_t rbm_sigmoid_table[RBM_TABLE_ENTRIES] RBM_FLASH = {
    32768, 33792, 34813, 35831, 36843, 37847, 38841, 39824, 40793, 41748, 42687, 43608, 44511, 45393, 46254,
    47094, 47911, 48704, 49474, 50220, 50941, 51638, 52310, 52957, 53581, 54179, 54754, 55306, 55834, 56339,
    56822, 57284, 57724, 58144, 58544, 58925, 59287, 59632, 59959, 60270, 60565, 60844, 61109, 61360, 61598,
    61823, 62036, 62238, 62428, 62608, 62778, 62938, 63090, 63233, 63368, 63495, 63615, 63728, 63835, 63935,
    64030, 64119, 64203, 64283, 64357, 64427, 64494, 64556, 64614, 64669, 64721, 64770, 64816, 64859, 64900,
    64938, 64974, 65008, 65039, 65069, 65097, 65124, 65149, 65172, 65194, 65215, 65234, 65252, 65269, 65285,
    65300, 65315, 65328, 65341, 65352, 65364, 65374, 65384, 65393, 65402, 65410, 65417, 65425, 65431, 65438,
    65444, 65449, 65454, 65459, 65464, 65468, 65472, 65476, 65480, 65483, 65486, 65489, 65492, 65495, 65497,
    65500, 65502, 65504, 65506, 65508, 65509, 65511, 65513, 65514, 65515, 65517, 65518, 65519, 65520, 65521,
    65522, 65523, 65523, 65524, 65525, 65526, 65526, 65527, 65527, 65528, 65528, 65529, 65529, 65530, 65530,
    65530, 65531, 65531, 65531, 65532, 65532, 65532, 65532, 65533, 65533, 65533, 65533, 65533, 65534, 65534,
    65534, 65534, 65534, 65534, 65534, 65534, 65535, 65535, 65535, 65535, 65535, 65535, 65535, 65535, 65535,
    65535, 65535, 65535, 65535, 65535, 65535, 65535, 65535, 65535, 65535};
static const uint16_t rbm_softplus_table[RBM_TABLE_ENTRIES] RBM_FLASH = {
    45426, 43410, 41458, 39570, 37745, 35983, 34283, 32646, 31069, 29553, 28095, 26696, 25354, 24068, 22836,
    21657, 20530, 19453, 18425, 17445, 16510, 15620, 14773, 13966, 13200, 12471, 11780, 11123, 10500, 9910,
    9350,  8820,  8318,  7843,  7394,  6969,  6567,  6187,  5829,  5490,  5170,  4868,  4583,  4315,  4061,
    3822,  3597,  3384,  3184,  2996,  2818,  2651,  2493,  2345,  2205,  2074,  1950,  1833,  1724,  1620,
    1523,  1432,  1346,  1265,  1189,  1118,  1051,  988,   928,   872,   820,   770,   724,   680,   639,
    601,   565,   530,   498,   468,   440,   414,   389,   365,   343,   322,   303,   284,   267,   251,
    236,   222,   208,   196,   184,   173,   162,   152,   143,   135,   126,   119,   112,   105,   98,
    92,    87,    82,    77,    72,    68,    64,    60,    56,    53,    50,    47,    44,    41,    39,
    36,    34,    32,    30,    28,    27,    25,    23,    22,    21,    19,    18,    17,    16,    15,
    14,    13,    13,    12,    11,    10,    10,    9,     9,     8,     8,     7,     7,     6,     6,
    6,     5,     5,     5,     4,     4,     4,     4,     3,     3,     3,     3,     3,     2,     2,
    2,     2,     2,     2,     2,     2,     1,     1,     1,     1,     1,     1,     1,     1,     1,
    1,     1,     1,     1,     1,     1,     1,     1,     1,     0};

RBM_DEFINE_HALVES(rbm_sigmoid_table)
RBM_DEFINE_HALVES(rbm_softplus_table)

// Entries stand 1/16 nat apart, 2^shift steps of the model.
RBM_ALWAYS_INLINE unsigned rbm_table_shift(const rbm_quantized* model) {
  return model->fraction - 4u;
}

RBM_ALWAYS_INLINE uint32_t rbm_magnitude(int32_t sum) {
  return sum < 0 ? 0 - (uint32_t)sum : (uint32_t)sum;
}

// Linear interpolation between two entries, 2^shift steps apart, whose values differ by `difference`: what
// lies between the value of the first one and the value `part` steps further, rounded.
RBM_ALWAYS_INLINE uint32_t rbm_interpolate(uint32_t difference, uint32_t part, unsigned shift) {
  return (difference * part + ((uint32_t)1 << shift >> 1)) >> shift;
}

static inline uint16_t rbm_probability(const rbm_quantized* model, int32_t sum) {
  const unsigned shift = rbm_table_shift(model);
  const uint32_t magnitude = rbm_magnitude(sum), entry = magnitude >> shift;
  uint32_t probability = 65536;
  if (entry + 1 < RBM_TABLE_ENTRIES) {
    const uint32_t below = RBM_TABLE_16(RBM_HALVES(rbm_sigmoid_table), entry);
    const uint32_t above = RBM_TABLE_16(RBM_HALVES(rbm_sigmoid_table), entry + 1);
    probability = below + rbm_interpolate(above - below, magnitude & (((uint32_t)1 << shift) - 1), shift);
  }
  if (sum < 0) return (uint16_t)(65536 - probability);
  return (uint16_t)(probability < 65535 ? probability : 65535);
}

// Compares a random number with the entries on both sides of the probability first. Only where it falls
// between them, in at most one draw of 64, it interpolates, which takes a multiplication.
static inline int rbm_draw(const rbm_quantized* model, int32_t sum, rbm_random* random) {
  const unsigned shift = rbm_table_shift(model);
  const uint32_t magnitude = rbm_magnitude(sum), entry = magnitude >> shift;
  const int positive = sum >= 0;
  uint32_t number = rbm_random_next(random) >> 16;
  if (!positive) number = 65535 - number;
  if (entry + 1 >= RBM_TABLE_ENTRIES) return positive;
  const uint32_t below = RBM_TABLE_16(RBM_HALVES(rbm_sigmoid_table), entry);
  const uint32_t above = RBM_TABLE_16(RBM_HALVES(rbm_sigmoid_table), entry + 1);
  if (number < below) return positive;
  if (number >= above) return !positive;
  return number < below + rbm_interpolate(above - below, magnitude & (((uint32_t)1 << shift) - 1), shift)
             ? positive
             : !positive;
}
