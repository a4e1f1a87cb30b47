// Which kernels a processor has, by the compiler's own macros: Thumb-2, loads from any address, the DSP
// extension, the vector extension (MVE). All give the bits of plain C.
//
// The kernels of each machine, without the rbm_ of their names. Where a machine's place is empty, it takes
// the kernel to the left.
//
// clang-format off
//     kernel             bits     plain.h          thumb.h               dsp.h               vector.h
//
//     to hidden units, for each row the sum of the codes of units that are on:
//     list these units   8        words            list_pieces_thumb *                       words, masks of 1
//                        4, 2, 1  words
//     add their codes    8        add_words_plain  add_pieces_thumb *    add_pieces_dsp *    add_words_vector
//                        4, 2, 1  add_words_plain                        add_words_dsp
//     rows at once                2                                      4
//
//     to visible units, the sums of all rows of hidden units that are on:
//     add rows to lanes  8        add_to_lanes     add_to_3_lanes_thumb  add_to_3_lanes_dsp  add_to_14_lanes_vector
//                        4        add_to_lanes     add_to_3_lanes_thumb
//                        2, 1     add_to_lanes
//     words at once      8        1                3                                         14
//                        4        1                3
// clang-format on
//
// A * loads words from any address. Where RBM_UNALIGNED_LOADS is 0, the kernels of the next line take its
// place. Where a row has fewer words than a kernel takes at once, add_to_lanes serves on every machine.
#pragma once

#include "flash.h"

// Whether the kernels may load a word from any address; the compiler's own loads it does not concern.
#ifndef RBM_UNALIGNED_LOADS
#ifdef __ARM_FEATURE_UNALIGNED
#define RBM_UNALIGNED_LOADS 1
#else
#define RBM_UNALIGNED_LOADS 0
#endif
#endif

#if defined RBM_FLAT && defined __GNUC__ && defined __thumb2__ && !defined __ARM_BIG_ENDIAN
#define RBM_THUMB 1
#else
#define RBM_THUMB 0
#endif
#if RBM_THUMB && defined __ARM_FEATURE_DSP
#define RBM_DSP 1
#else
#define RBM_DSP 0
#endif
#if RBM_DSP && defined __ARM_FEATURE_MVE
#define RBM_VECTOR (__ARM_FEATURE_MVE & 1)
#else
#define RBM_VECTOR 0
#endif

// Whether inputs for 8-bit codes are listed as pieces (thumb.h).
#define RBM_PIECES (RBM_THUMB && RBM_UNALIGNED_LOADS && !RBM_VECTOR)

// Rows of hidden units whose sums are made at once, so that the list of units is read once for them.
#define RBM_ROWS_AT_ONCE (RBM_DSP ? 4 : 2)

// Words whose sums a kernel makes at once, if a row has as many; else a kernel takes 1.
#if RBM_VECTOR
#define RBM_WORDS_AT_ONCE(bits) ((bits) == 8 ? 14u : (bits) == 4 ? 3u : 1u)
#elif RBM_THUMB
#define RBM_WORDS_AT_ONCE(bits) ((bits) >= 4 ? 3u : 1u)
#else
#define RBM_WORDS_AT_ONCE(bits) 1u
#endif

// RBM_ALWAYS_INLINE marks functions that are small, or that constants of the caller make small; RBM_ONCE
// marks large ones, of which a program holds one copy.
#ifdef __GNUC__
#define RBM_ALWAYS_INLINE static inline __attribute__((__always_inline__))
#define RBM_ONCE static __attribute__((__noinline__, __unused__))
#else
#define RBM_ALWAYS_INLINE static inline
#define RBM_ONCE static inline
#endif
