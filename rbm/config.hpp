/// Version, the one assertion, and what the library needs to know of the compiler.
#pragma once

#if !defined(__cplusplus) || (__cplusplus < 201703L && (!defined(_MSVC_LANG) || _MSVC_LANG < 201703L))
#error "rbm needs C++17 (-std=c++17); for older compilers use the C99 runtime rbm/quantized.h"
#endif

#define RBM_VERSION_MAJOR 0
#define RBM_VERSION_MINOR 7
#define RBM_VERSION_PATCH 0
#define RBM_TEXT_OF_(x) #x
#define RBM_TEXT_OF(x) RBM_TEXT_OF_(x)
/// The version as text, "major.minor.patch".
#define RBM_VERSION \
  RBM_TEXT_OF(RBM_VERSION_MAJOR) "." RBM_TEXT_OF(RBM_VERSION_MINOR) "." RBM_TEXT_OF(RBM_VERSION_PATCH)

// The same bits everywhere rest on plain IEEE 754 single precision, rounded after each operation.
#if defined(__FAST_MATH__) || defined(__ASSOCIATIVE_MATH__) || defined(__RECIPROCAL_MATH__) || \
    (defined(__FINITE_MATH_ONLY__) && __FINITE_MATH_ONLY__)
#error "rbm promises the same bits on every machine: compile without -ffast-math and its parts"
#endif
#if defined(__FLT_EVAL_METHOD__) && __FLT_EVAL_METHOD__ != 0
#error "rbm promises the same bits on every machine: compile with -msse2 -mfpmath=sse (no x87 arithmetic)"
#endif
#if defined(__ARM_FEATURE_MVE) && (__ARM_FEATURE_MVE & 2)
#error \
    "rbm promises the same bits on every machine: compile with -mcpu=...+nomve.fp (MVE floats flush subnormals)"
#endif

/// States a contract of the library. Define it before the first include to report failures in your own way,
/// or as ((void)0) to leave the checks out, as NDEBUG does.
#ifndef RBM_ASSERT
#ifdef NDEBUG
#define RBM_ASSERT(condition) ((void)0)
#else
#define RBM_ASSERT(condition) ((condition) ? (void)0 : __builtin_trap())
#endif
#endif

/// A program of bits alone may define this as 0, in all of its files: it then has no code for real units and
/// for groups such as labels (but for choice.hpp, which needs none), which takes about 1.2 KB and 0.6 KB of
/// stack on a Cortex-M.
#ifndef RBM_REAL_UNITS
#define RBM_REAL_UNITS 1
#endif

#define RBM_RESTRICT __restrict__
#define RBM_INLINE inline __attribute__((__always_inline__))

namespace rbm {

/// Floats in one vector register: the length of the blocks that kernels keep in registers, and the alignment
/// of rows in working memory. 1 on parts without such registers. It never changes a result, because no sum is
/// split among the lanes of a register. But it changes the layout of types: compile a whole program for one
/// vector unit.
#if defined(__AVX512F__)
inline constexpr unsigned vector_lanes = 16;
#elif defined(__AVX__)
inline constexpr unsigned vector_lanes = 8;
#elif defined(__SSE2__) || defined(__aarch64__)
inline constexpr unsigned vector_lanes = 4;
#else
inline constexpr unsigned vector_lanes = 1;
#endif

}  // namespace rbm
