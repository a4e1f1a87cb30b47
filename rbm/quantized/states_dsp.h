// From readings to states for the DSP extension, four units a round.
#pragma once

#include "products_dsp.h"
#include "sigmoid.h"

#if RBM_PAIRED
// What the kernel works with. The first nine members are loaded into registers at once.
typedef struct rbm_state_reader {
  const int16_t *readings, *offsets;
  const uint16_t* scales;
  uint32_t *states, *end;  // of the states, in the kernels' order
  uint32_t total;          // so far, 0
  uint32_t limits;         // the limit of a state in both halves
  uint32_t twice;          // 2 * limits
  uint32_t ones;           // 1 in both halves
  uint32_t one;            // the state of a binary unit that is on
  uint32_t on;             // number of binary units that are on so far
} rbm_state_reader;

// Unit `n` of four to a register: (reading - offset) * multiplier / 2^shift, as far as 16 bits hold it. The
// multiplier of a binary unit is 0: RBM_READ_BINARY, behind the loop, goes on with it.
#define RBM_READ_REAL(n, state) \
  "ldrsh r11, [r0], #2\n"       \
  "ldrsh r12, [r1], #2\n"       \
  "ldrh r3, [r2], #2\n"         \
  "sub r11, r11, r12\n"         \
  "lsrs r12, r3, #5\n"          \
  "beq.w 1" n                   \
  "f; mul r11, r11, r12\n"      \
  "and r3, r3, #31\n"           \
  "asr r11, r11, r3\n"          \
  "ssat " state ", #16, r11; 2" n ":\n"
#define RBM_READ_BINARY(n, state)      \
  "1" n                                \
  ": ldrsh r11, [r0, #-2]\n"           \
  "cmp r11, #0\n"                      \
  "mov " state ", #0; beq.w 2" n       \
  "b; ldr r12, [sp]\n"                 \
  "ldrd " state                        \
  ", r3, [r12, #36]; add r3, r3, #1\n" \
  "str r3, [r12, #40]; b 2" n "b\n"

// Two states in a register, bounded: sel takes halves in which the difference or sum before is not negative
// from its first word.
#define RBM_BOUND_HALVES(states)                                                                        \
  "ssub16 r11, " states ", r7; sel " states ", r7, " states "; sadd16 r11, " states ", r7; sel " states \
  ", " states ", r12\n"

// States up to `end`, which is 2 words a round further. Returns their sum. In assembly, because it needs
// every register:
//
//     r0 readings    r1 offsets    r2 scales    r4 states    r5 end    r6 total    r7 limits    r8 twice
//     lr ones    r9 units 0 and 2    r10 units 1 and 3    r3, r11, r12 a unit's numbers
__attribute__((__naked__, __noinline__, __unused__)) static uint32_t rbm_read_states_dsp(
    rbm_state_reader* reader __attribute__((__unused__))) {
  __asm__(
      "push {r0, r4-r11, lr}\n"
      "ldm r0, {r0, r1, r2, r4, r5, r6, r7, r8, lr}\n"
      "1:\n"
      RBM_READ_REAL("0", "r9")
      RBM_READ_REAL("1", "r10")
      RBM_READ_REAL("2", "r11")
      "pkhbt r9, r9, r11, lsl #16\n"
      RBM_READ_REAL("3", "r11")
      "pkhbt r10, r10, r11, lsl #16\n"
      "sadd16 r11, r9, r7\n"  // 0 to twice the limit, as a number without sign
      "uqsub16 r11, r11, r8\n"
      "sadd16 r12, r10, r7\n"
      "uqsub16 r12, r12, r8\n"
      "orrs r11, r11, r12\n"
      "bne 3f\n"
      "2: strd r9, r10, [r4], #8\n"
      "smlad r6, r9, lr, r6\n"
      "smlad r6, r10, lr, r6\n"
      "cmp r4, r5\n"
      "bne 1b\n"
      "mov r0, r6\n"
      "pop {r1, r4-r11, pc}\n"
      "3: mov r12, #0\n"
      "ssub16 r12, r12, r7\n"
      RBM_BOUND_HALVES("r9")
      RBM_BOUND_HALVES("r10")
      "b 2b\n"
      RBM_READ_BINARY("0", "r9")
      RBM_READ_BINARY("1", "r10")
      RBM_READ_BINARY("2", "r11")
      RBM_READ_BINARY("3", "r11"));
}
#endif

#if RBM_DSP
// number + x / 2^shift, rounded to the nearest, halves up; `shift` is not 0. The last bit that is shifted out
// is the carry.
RBM_ALWAYS_INLINE int32_t rbm_add_rounded_dsp(int32_t number, int32_t x, unsigned shift) {
  __asm__("asrs %0, %1, %2\n\tadc %0, %0, %3" : "=&r"(x) : "0"(x), "r"(shift), "r"(number) : "cc");
  return x;
}

// What rbm_add_softplus does, with one load for both entries of the table.
RBM_ALWAYS_INLINE void rbm_add_softplus_dsp(const rbm_quantized* model, int32_t sum, int32_t* linear,
                                            uint32_t* curved) {
  const unsigned shift = rbm_table_shift(model);
  const uint32_t half = (uint32_t)1 << shift >> 1, mask = ((uint32_t)1 << shift) - 1;
  int32_t magnitude, positive;
  __asm__("eor %0, %1, %1, asr #31\n\tsub %0, %0, %1, asr #31" : "=&r"(magnitude) : "r"(sum));
  __asm__("bic %0, %1, %1, asr #31" : "=r"(positive) : "r"(sum));
  *linear += positive;
  const uint32_t entry = (uint32_t)magnitude >> shift;
  if (entry < RBM_TABLE_ENTRIES - 1) {
    const uint32_t both = rbm_load_2_halves(rbm_softplus_table + entry), above = both & 0xffff;
    uint32_t product;
    __asm__("mla %0, %1, %2, %3"
            : "=r"(product)
            : "r"(above - (both >> 16)), "r"((uint32_t)magnitude & mask), "r"(half));
    *curved += above - (product >> shift);
  }
}
#endif
