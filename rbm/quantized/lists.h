// What the kernels read and write. Lists and masks lie in scratch.
#pragma once

#include "interface.h"
#include "machine.h"

// A 16-bit number in scratch, which is an array of uint32_t.
#ifdef __GNUC__
typedef uint16_t __attribute__((__may_alias__)) rbm_index;
#else
typedef uint16_t rbm_index;
#endif

// A state of visible units, made ready for adding codes of rows.
typedef struct rbm_prepared_input {
  const uint8_t* bytes;  // the input's bytes, which need no list, or NULL
  // Words of a row in which a unit is on, each with a mask of the codes to these units; or, with RBM_PIECES
  // and codes of 8 bits, the first units of pieces, which take no masks (thumb.h).
  uint32_t* masks;
  rbm_index* positions;
  size_t ends[4];  // where words end, in [0]; or where the pieces of length 4, 3, 2 and 1 end
  uint32_t total;  // number of units that are on; or the sum of the bytes, in 256ths
} rbm_prepared_input;

// Hidden units that are on, by falling shift. Shifts have numbers here: 0 is the highest, 1 the next lower.
typedef struct rbm_hidden_list {
  const rbm_index* rows;
  uint16_t ends[RBM_MOST_SHIFTS];  // where the units of each shift end in `rows`
  unsigned shifts;                 // how many
  uint32_t total;                  // the sum of 2^(shift - lowest shift)
} rbm_hidden_list;

// The part of scratch behind the prepared input: half a word a hidden unit, then a bit for each.
RBM_ALWAYS_INLINE rbm_index* rbm_rows_scratch(const rbm_quantized* model, uint32_t* scratch) {
  const size_t words = RBM_ROW_WORDS(model->visible, 8);
  return (rbm_index*)(scratch + words + (words + 1) / 2);
}

// Sums of the codes of one word, or of a part of it, over rows: see words.h.
typedef struct rbm_lanes {
  uint32_t all, odd;
} rbm_lanes;

// The most rows whose codes lanes hold, at the lowest shift among them: lanes have 16 bits for codes of 8
// bits, else 8 bits, and
//     257 * 255 = 2^16 - 1      17 * 15 = 85 * 3 = 255 * 1 = 2^8 - 1
// for codes of 8, and of 4, 2 and 1 bits.
#define RBM_MOST_ROWS(bits) ((bits) == 8 ? 257u : (bits) == 4 ? 17u : (bits) == 2 ? 85u : 255u)

// Rows that lanes hold without overflow, as pointers into a list of rows: where the first one is, where the
// rows of its shift end, where those of the next lower shift end, ..., NULL. A kernel starts lanes at 0 and
// doubles them before the rows of each shift, so that at last every code counts 2^(its shift - the lowest).
// Shifts 5, 4 and 3 with 2, 1 and 3 rows:
//
//     rows      a  b  c  d  e  f
//     bounds    ^     ^  ^        ^  then NULL
//     lanes     2 (2 (a + b) + c) + d + e + f
typedef const rbm_index* rbm_bounds[RBM_MOST_SHIFTS + 2];
