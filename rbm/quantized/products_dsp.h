// Products of rows of codes with states for the DSP extension: Cortex-M4, M7 and M33, and for codes of 4 bits
// the M55. Its smlad adds two products of halves of a word to a sum. The codes of a word, and states of the
// same units in halves, the right one first:
//
//     codes            | c3 | c2 | c1 | c0 |          states        | a1 | a0 |   | a3 | a2 |
//     uxtb16           |   c2    |   c0    |          even units    | a2 | a0 |
//     uxtb16, ror #8   |   c3    |   c1    |          odd units     | a3 | a1 |
//
// Where RBM_PAIRED is 1, the kernels find states in that order, each two words of four units as `even units`
// and `odd units`, so that no row need bring them there.
#pragma once

#include "lists.h"
#include "words.h"

#if RBM_DSP && !RBM_VECTOR
#define RBM_PAIRED 1
#else
#define RBM_PAIRED 0
#endif

// The number of the half at which a unit's state stands in the kernels' order.
#define RBM_KERNEL_UNIT(unit) (RBM_PAIRED ? (unit) / 4 * 4 + (unit) % 2 * 2 + (unit) / 2 % 2 : (unit))

#if RBM_DSP
RBM_ALWAYS_INLINE uint32_t rbm_smlad(uint32_t codes, uint32_t states, uint32_t sum) {
  __asm__("smlad %0, %1, %2, %3" : "=r"(sum) : "r"(codes), "r"(states), "r"(sum));
  return sum;
}
RBM_ALWAYS_INLINE uint32_t rbm_low_halves(uint32_t first, uint32_t second) {
  __asm__("pkhbt %0, %1, %2, lsl #16" : "=r"(first) : "r"(first), "r"(second));
  return first;
}
RBM_ALWAYS_INLINE uint32_t rbm_high_halves(uint32_t first, uint32_t second) {
  __asm__("pkhtb %0, %1, %2, asr #16" : "=r"(first) : "r"(second), "r"(first));
  return first;
}

// sum + a half of `first` times a half of `second`; which ones `halves` says, "bb" the right ones of both.
#define RBM_MULTIPLY_HALVES(halves, first, second, sum)                                          \
  __extension__({                                                                                \
    uint32_t result;                                                                             \
    __asm__("smla" halves " %0, %1, %2, %3" : "=r"(result) : "r"(first), "r"(second), "r"(sum)); \
    result;                                                                                      \
  })

// Two numbers of 16 bits, the first one in the lower half.
RBM_ALWAYS_INLINE uint32_t rbm_load_2_halves(const uint16_t* halves) {
#if RBM_UNALIGNED_LOADS
  typedef uint32_t __attribute__((__aligned__(2), __may_alias__)) both;
  return *(const both*)halves;
#else
  return rbm_low_halves(halves[0], halves[1]);
#endif
}
#endif

// Brings states to the kernels' order, and back.
RBM_ALWAYS_INLINE void rbm_reorder_states(uint32_t* words, size_t visible) {
#if RBM_PAIRED
  for (size_t word = 0; word < (visible + 3) / 4 * 2; word += 2) {
    const uint32_t first = words[word], second = words[word + 1];
    words[word] = rbm_low_halves(first, second);
    words[word + 1] = rbm_high_halves(first, second);
  }
#else
  (void)words;
  (void)visible;
#endif
}

#if RBM_PAIRED
// Eight units of two rows, and four. The registers:
//
//     r0 states    r1, r2 the two rows    r3 end of the states that are taken by eights    lr words of a row
//     r4, r5 sums    r6 to r9 states    r10, r11, r12 codes
#define RBM_MULTIPLY_4_UNITS(sum, codes, even, odd)                                        \
  "uxtb16 r12, " codes "; smlad " sum ", r12, " even ", " sum "; uxtb16 " codes ", " codes \
  ", ror #8; smlad " sum ", " codes ", " odd ", " sum "\n"
#define RBM_MULTIPLY_8_UNITS                                                                             \
  "ldmia r0!, {r6, r7, r8, r9}\n"                                                                        \
  "ldrd r10, r11, [r1], #8\n" RBM_MULTIPLY_4_UNITS("r4", "r10", "r6", "r7") RBM_MULTIPLY_4_UNITS(        \
      "r4", "r11", "r8", "r9") "ldrd r10, r11, [r2], #8\n" RBM_MULTIPLY_4_UNITS("r5", "r10", "r6", "r7") \
      RBM_MULTIPLY_4_UNITS("r5", "r11", "r8", "r9")

// Of two rows at a time, the second `stride` bytes behind the first; further rows follow the second. Writes
// sums up to `end`. In assembly, because it needs every register, and to step into the middle of a loop that
// takes 32 units a round: all instructions of eight units have four bytes, 76 together.
__attribute__((__naked__, __noinline__, __unused__)) static void rbm_multiply_2_rows_dsp_8(
    const uint32_t* states __attribute__((__unused__)), const uint32_t* row __attribute__((__unused__)),
    size_t row_words __attribute__((__unused__)), size_t stride __attribute__((__unused__)),
    uint32_t* sums __attribute__((__unused__)), const uint32_t* end __attribute__((__unused__))) {
  __asm__(
      "push {r4-r11, lr}\n"
      "mov lr, r2\n"
      "add r2, r1, r3\n"
      "bic r12, lr, #1\n"
      "add r3, r0, r12, lsl #3\n"
      "rsb r4, lr, #1\n" /* where to step in: 76 bytes further for each of the eights that are missing */
      "ubfx r4, r4, #1, #2\n"
      "mov r5, #76\n"
      "adr.w r6, 2f\n"
      "mla r4, r4, r5, r6\n"
      "cmp r12, #0\n"
      "bne 1f\n"
      "adr.w r4, 3f\n"
      "1: orr r4, r4, #1\n" /* Thumb */
      "push {r4}\n"
      "b 7f\n"
      "6: sub r0, r0, lr, lsl #3\n"
      "mov r1, r2\n"
      "add r2, r1, lr, lsl #2\n"
      "7: mov r4, #0\n"
      "mov r5, #0\n"
      "ldr pc, [sp]\n"
      "2:\n" RBM_MULTIPLY_8_UNITS RBM_MULTIPLY_8_UNITS RBM_MULTIPLY_8_UNITS RBM_MULTIPLY_8_UNITS
      "cmp r0, r3\n"
      "bne 2b\n"
      "3: lsls r12, lr, #31\n"
      "bne 5f\n"
      "4: ldrd r6, r7, [sp, #40]\n"
      "stmia r6!, {r4, r5}\n"
      "str r6, [sp, #40]\n"
      "cmp r6, r7\n"
      "bne 6b\n"
      "add sp, sp, #4\n"
      "pop {r4-r11, pc}\n"
      "5: ldmia r0!, {r6, r7}\n"
      "ldr r10, [r1], #4\n"
      "ldr r11, [r2], #4\n" RBM_MULTIPLY_4_UNITS("r4", "r10", "r6", "r7")
          RBM_MULTIPLY_4_UNITS("r5", "r11", "r6", "r7") "b 4b");
}
#endif

#if RBM_DSP
// Word of a row that begins `stride` * `factor` bytes behind. In assembly, as a compiler would keep a pointer
// for each row, and has no registers for them.
#define RBM_LOAD_ROW(row, stride, factor)                                                           \
  __extension__({                                                                                   \
    uint32_t loaded;                                                                                \
    __asm__("ldr %0, [%1, %2, lsl #" factor "]" : "=r"(loaded) : "r"(row), "r"(stride) : "memory"); \
    loaded;                                                                                         \
  })

#define RBM_MULTIPLY_4(sum, word)                        \
  codes = (word);                                        \
  sum = rbm_smlad(codes & 0x000f000f, pair_0, sum);      \
  sum = rbm_smlad(codes >> 4 & 0x000f000f, pair_1, sum); \
  sum = rbm_smlad(codes >> 8 & 0x000f000f, pair_2, sum); \
  sum = rbm_smlad(codes >> 12 & 0x000f000f, pair_3, sum);

// Eight codes of 4 bits are masked, 0x000f000f, after shifts by 0, 4, 8 and 12: c0 and c4, c1 and c5, ...
// In `rows` rows, 4 or 2, `stride` bytes apart.
RBM_ALWAYS_INLINE void rbm_multiply_rows_dsp(const uint32_t* states, const uint32_t* row, size_t stride,
                                             size_t row_words, unsigned rows, uint32_t* sums) {
  const size_t thrice = 3 * stride;
  uint32_t sum_0 = 0, sum_1 = 0, sum_2 = 0, sum_3 = 0, codes;
  for (const uint32_t* const end = row + row_words; row != end; ++row) {
    // The halves in which units 0 and 4, 1 and 5, 2 and 6, 3 and 7 stand.
    const uint32_t pair_0 = rbm_low_halves(states[0], states[2]);
    const uint32_t pair_1 =
        RBM_PAIRED ? rbm_low_halves(states[1], states[3]) : rbm_high_halves(states[0], states[2]);
    const uint32_t pair_2 =
        RBM_PAIRED ? rbm_high_halves(states[0], states[2]) : rbm_low_halves(states[1], states[3]);
    const uint32_t pair_3 = rbm_high_halves(states[1], states[3]);
    states += 4;
    RBM_MULTIPLY_4(sum_0, row[0])
    RBM_MULTIPLY_4(sum_1, RBM_LOAD_ROW(row, stride, "0"))
    if (rows == 2) continue;
    RBM_MULTIPLY_4(sum_2, RBM_LOAD_ROW(row, stride, "1"))
    RBM_MULTIPLY_4(sum_3, RBM_LOAD_ROW(row, thrice, "0"))
  }
  sums[0] = sum_0;
  sums[1] = sum_1;
  if (rows == 2) return;
  sums[2] = sum_2;
  sums[3] = sum_3;
}

RBM_ONCE void rbm_multiply_2_rows_dsp_4(const uint32_t* states, const uint32_t* row, size_t stride,
                                        size_t row_words, uint32_t* sums) {
  rbm_multiply_rows_dsp(states, row, stride, row_words, 2, sums);
}
RBM_ONCE void rbm_multiply_4_rows_dsp_4(const uint32_t* states, const uint32_t* row, size_t stride,
                                        size_t row_words, uint32_t* sums) {
  rbm_multiply_rows_dsp(states, row, stride, row_words, 4, sums);
}
#endif
