// From visible units to the inputs of hidden units, c_i + W_i v, and to the list of hidden units that are on.
// The visible units that are on are listed once; along this list the codes of each row are added.
#pragma once

#include "kernels.h"
#include "sigmoid.h"
#include "steps.h"

// Lists the words in which a unit is on, with their masks.
RBM_ALWAYS_INLINE void rbm_list_words(rbm_prepared_input* input, const uint8_t* state, size_t visible,
                                      unsigned bits) {
  size_t count = 0;
  for (size_t word = 0; word < RBM_ROW_WORDS(visible, bits); ++word) {
    const uint32_t on = rbm_read_units(state, visible, word * (32 / bits), 32 / bits);
    if (on == 0) continue;
    for (uint32_t rest = on; rest != 0; rest &= rest - 1) ++input->total;
    input->masks[count] = rbm_mask_codes(on, bits);
#if RBM_VECTOR
    if (bits == 8) input->masks[count] &= RBM_LOWEST_BITS;  // factors
#endif
    input->positions[count++] = (uint16_t)word;
  }
  input->ends[0] = count;
}

RBM_ONCE rbm_prepared_input rbm_prepare_input(const rbm_quantized* model, rbm_input input,
                                              uint32_t* scratch) {
  const unsigned bits = rbm_bits(model);
  rbm_prepared_input prepared;
  prepared.bytes = input.bytes;
  prepared.masks = scratch;
  prepared.positions = (rbm_index*)(scratch + RBM_ROW_WORDS(model->visible, 8));
  prepared.total = 0;
  if (input.bytes != NULL) {
    for (size_t unit = 0; unit < model->visible; ++unit) prepared.total += rbm_byte_to_256(input.bytes[unit]);
#if RBM_PIECES
  } else if (bits == 8) {
    prepared.positions = (rbm_index*)scratch;
    rbm_list_pieces_thumb(&prepared, input.bits, model->visible);
#endif
  } else {
    rbm_list_words(&prepared, input.bits, model->visible, bits);
  }
  return prepared;
}

// The sum of the codes of a row, each times its byte, in 256ths.
RBM_ONCE uint32_t rbm_add_codes_by_bytes(const rbm_quantized* model, const uint8_t* bytes, rbm_words row) {
  const unsigned bits = rbm_bits(model), units = 32 / bits;
  const uint32_t mask = ((uint32_t)1 << bits) - 1;
  uint32_t codes = 0, sum = 0;
  for (size_t unit = 0; unit < model->visible; ++unit) {
    codes = unit % units == 0 ? RBM_TABLE_32(row, unit / units) : codes >> bits;
    sum += rbm_byte_to_256(bytes[unit]) * (codes & mask);
  }
  return sum;
}

#define RBM_MOST_HIDDEN_SUMS (4 * RBM_ROWS_AT_ONCE)

// The inputs of hidden units from `first` on. Returns how many it has made, at most RBM_MOST_HIDDEN_SUMS.
RBM_ONCE size_t rbm_hidden_sums(const rbm_quantized* model, const rbm_prepared_input* input, size_t first,
                                int32_t* sums_out) {
  const unsigned bits = rbm_bits(model);
  const size_t row_words = RBM_ROW_WORDS(model->visible, bits);
  const rbm_words weights = rbm_words_from(rbm_weights(model), first * row_words);
  const rbm_bytes shifts = rbm_shifts(model) + first;
  const rbm_biases biases = rbm_biases_from(rbm_hidden_bias(model), first);
  uint32_t codes[RBM_MOST_HIDDEN_SUMS];
  size_t count = model->hidden - first;
  if (count > RBM_MOST_HIDDEN_SUMS)
    count = RBM_MOST_HIDDEN_SUMS;
  else if (count >= RBM_ROWS_AT_ONCE)
    count -= count % RBM_ROWS_AT_ONCE;
  else
    count = 1;  // too few for a kernel, which takes the same row RBM_ROWS_AT_ONCE times
  if (input->bytes != NULL) {
    const uint32_t sum = rbm_add_codes_by_bytes(model, input->bytes, weights);
    sums_out[0] = rbm_bias(biases, 0) +
                  rbm_round_256ths(rbm_codes_to_steps(bits, sum, input->total, RBM_TABLE_8(shifts, 0)));
    return 1;
  }
  for (size_t n = 0; n < count; n += RBM_ROWS_AT_ONCE)
    rbm_add_codes(input, rbm_words_from(weights, n * row_words), count == 1 ? 0 : row_words, bits, codes + n);
  for (size_t n = 0; n < count; ++n)
    sums_out[n] = rbm_bias(biases, n) +
                  rbm_to_signed(rbm_codes_to_steps(bits, codes[n], input->total, RBM_TABLE_8(shifts, n)));
  return count;
}

// The hidden units that are on, from their bits, `state`, and from how many of each shift there are, the
// highest first. `rows` gets them.
RBM_ALWAYS_INLINE void rbm_list_hidden(const rbm_quantized* model, const uint8_t* state,
                                       const uint16_t* counts, rbm_index* rows, rbm_hidden_list* list) {
  list->rows = rows;
  list->shifts = (unsigned)(model->highest_shift - model->lowest_shift) + 1;
  list->total = 0;
  for (unsigned shift = 0, begin = 0; shift < list->shifts; ++shift) {
    list->total = 2 * list->total + counts[shift];
    list->ends[shift] = (uint16_t)begin;  // grows with each row that is listed
    begin += counts[shift];
  }
  for (size_t first = 0; first < model->hidden; first += 8) {
    size_t unit = first;
    for (unsigned on = state[first / 8]; on != 0; on >>= 1, ++unit)
      if (on & 1)
        rows[list->ends[model->highest_shift - RBM_TABLE_8(rbm_shifts(model), unit)]++] = (uint16_t)unit;
  }
}

// Decides a hidden unit by its input: draws it with its probability, or, if `random` is NULL, it is on where
// that is likelier than off. Notes it for rbm_list_hidden.
RBM_ALWAYS_INLINE void rbm_decide_unit(const rbm_quantized* model, size_t unit, int32_t sum,
                                       rbm_random* random, uint8_t* state, uint16_t* counts) {
  if (!(random == NULL ? sum > 0 : rbm_draw(model, sum, random))) return;
  state[unit / 8] = (uint8_t)(state[unit / 8] | 1u << unit % 8);
  ++counts[model->highest_shift - RBM_TABLE_8(rbm_shifts(model), unit)];
}

// Decides the hidden units and lists those that are on, both in scratch.
RBM_ONCE rbm_hidden_list rbm_decide_hidden(const rbm_quantized* model, rbm_input input, rbm_random* random,
                                           uint32_t* scratch) {
  const rbm_prepared_input prepared = rbm_prepare_input(model, input, scratch);
  rbm_index* const rows = rbm_rows_scratch(model, scratch);
  uint8_t* const state = (uint8_t*)(rows + model->hidden + model->hidden % 2);
  uint16_t counts[RBM_MOST_SHIFTS] = {0};  // units that are on, of each shift from the highest on
  int32_t sums[RBM_MOST_HIDDEN_SUMS];
  for (size_t byte = 0; byte < RBM_STATE_BYTES((size_t)model->hidden); ++byte) state[byte] = 0;
  for (size_t unit = 0; unit < model->hidden;) {
    const size_t count = rbm_hidden_sums(model, &prepared, unit, sums);
    for (size_t n = 0; n < count; ++n, ++unit) rbm_decide_unit(model, unit, sums[n], random, state, counts);
  }
  rbm_hidden_list list;
  rbm_list_hidden(model, state, counts, rows, &list);
  return list;
}
