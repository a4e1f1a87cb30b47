// Kernels for the vector extension (MVE): Cortex-M55, for codes of 8 bits; fewer bits take the kernels of
// dsp.h and thumb.h. A vector has 16 bytes.
#pragma once

#include "lists.h"
#include "words.h"

#if RBM_VECTOR
// Adds the codes to units that are on, in four rows. Gathers four words of a row at a time, by their numbers
// in the list. Masks are factors here, 1 or 0 for a code, so that one instruction multiplies 16 codes by them
// and adds up the products:
//
//     q0      16 masks, of 4 words                  vmladava.u8    sum += q2[0] q0[0] + ... + q2[15] q0[15]
//     q1      4 numbers of words
//     q2      16 codes, of these words of a row
//
// dlstp and letp switch off the lanes beyond the end of the list.
RBM_ONCE void rbm_add_words_vector(const rbm_prepared_input* input, const uint32_t* weights, size_t row_words,
                                   uint32_t* sums) {
  uint32_t sum_0 = 0, sum_1 = 0, sum_2 = 0, sum_3 = 0;
  const uint32_t* masks = input->masks;
  const rbm_index* words = input->positions;
  if (input->ends[0] != 0) {
    __asm__ volatile(
        "dlstp.32 lr, %[count]\n"
        "1: vldrw.u32 q0, [%[masks]], #16\n"
        "vldrh.u32 q1, [%[words]], #8\n"
        "vldrw.u32 q2, [%[row_0], q1, uxtw #2]\n"
        "vmladava.u8 %[sum_0], q2, q0\n"
        "vldrw.u32 q2, [%[row_1], q1, uxtw #2]\n"
        "vmladava.u8 %[sum_1], q2, q0\n"
        "vldrw.u32 q2, [%[row_2], q1, uxtw #2]\n"
        "vmladava.u8 %[sum_2], q2, q0\n"
        "vldrw.u32 q2, [%[row_3], q1, uxtw #2]\n"
        "vmladava.u8 %[sum_3], q2, q0\n"
        "letp lr, 1b"
        : [sum_0] "+Te"(sum_0), [sum_1] "+Te"(sum_1), [sum_2] "+Te"(sum_2), [sum_3] "+Te"(sum_3),
          [masks] "+r"(masks), [words] "+r"(words)
        : [row_0] "r"(weights), [row_1] "r"(weights + row_words), [row_2] "r"(weights + 2 * row_words),
          [row_3] "r"(weights + 3 * row_words), [count] "r"(input->ends[0])
        : "memory", "lr", "d0", "d1", "d2", "d3", "d4", "d5");
  }
  sums[0] = sum_0;
  sums[1] = sum_1;
  sums[2] = sum_2;
  sums[3] = sum_3;
}

// Adds the rows between `bounds` to the sums of 14 words, 56 codes: 7 vectors of 8 lanes of 16 bits, which a
// load widens codes to. The sums stand in order, `all` has those of codes 0 and 1, `odd` those of 2 and 3.
// `stride` is the length of a row in bytes.
RBM_ONCE void rbm_add_to_14_lanes_vector(const uint32_t* weights, size_t stride,
                                         const rbm_index* const* bounds, rbm_lanes* lanes) {
  typedef uint16_t eight __attribute__((__vector_size__(16)));
  eight sum_0 = {0}, sum_1 = {0}, sum_2 = {0}, sum_3 = {0}, sum_4 = {0}, sum_5 = {0}, sum_6 = {0}, codes;
  const rbm_index* rows = *bounds++;
  const uint8_t* row;
  for (const rbm_index* end; (end = *bounds++) != NULL;) {
    sum_0 += sum_0;
    sum_1 += sum_1;
    sum_2 += sum_2;
    sum_3 += sum_3;
    sum_4 += sum_4;
    sum_5 += sum_5;
    sum_6 += sum_6;
    if (rows != end) {
      __asm__ volatile(
          "dls lr, %[count]\n"
          "1: ldrh %[row], [%[rows]], #2\n"
          "mla %[row], %[row], %[stride], %[weights]\n"
          "vldrb.u16 %q[codes], [%[row]]\nvadd.i16 %q[sum_0], %q[sum_0], %q[codes]\n"
          "vldrb.u16 %q[codes], [%[row], #8]\nvadd.i16 %q[sum_1], %q[sum_1], %q[codes]\n"
          "vldrb.u16 %q[codes], [%[row], #16]\nvadd.i16 %q[sum_2], %q[sum_2], %q[codes]\n"
          "vldrb.u16 %q[codes], [%[row], #24]\nvadd.i16 %q[sum_3], %q[sum_3], %q[codes]\n"
          "vldrb.u16 %q[codes], [%[row], #32]\nvadd.i16 %q[sum_4], %q[sum_4], %q[codes]\n"
          "vldrb.u16 %q[codes], [%[row], #40]\nvadd.i16 %q[sum_5], %q[sum_5], %q[codes]\n"
          "vldrb.u16 %q[codes], [%[row], #48]\nvadd.i16 %q[sum_6], %q[sum_6], %q[codes]\n"
          "le lr, 1b"
          : [rows] "+r"(rows), [row] "=&l"(row), [codes] "=&w"(codes), [sum_0] "+w"(sum_0),
            [sum_1] "+w"(sum_1), [sum_2] "+w"(sum_2), [sum_3] "+w"(sum_3), [sum_4] "+w"(sum_4),
            [sum_5] "+w"(sum_5), [sum_6] "+w"(sum_6)
          : [count] "r"(end - rows), [stride] "r"(stride), [weights] "r"(weights)
          : "memory", "lr");
    }
  }
  eight* const out = (eight*)(void*)lanes;
  out[0] = sum_0;
  out[1] = sum_1;
  out[2] = sum_2;
  out[3] = sum_3;
  out[4] = sum_4;
  out[5] = sum_5;
  out[6] = sum_6;
}
#endif
