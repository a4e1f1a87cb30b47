/* Copyright (c) ACME. SPDX-License-Identifier: MIT */

#ifndef Q_H
#define Q_H

#include "rbm/quantized.h"

#if RBM_QUANTIZED_FORMAT != 2
#error "q: generate this header anew, by the rbm that your rbm/quantized.h comes from"
#endif
#if defined(RBM_BITS) && RBM_BITS != 8
#error "q: has weights of 8 bits, and RBM_BITS says otherwise"
#endif

#define Q_VISIBLE 16
#define Q_HIDDEN 8
#define Q_PICTURE_HEIGHT 4  // of the picture that a visible state is
#define Q_PICTURE_WIDTH 4
#define Q_BITS 8  // of a weight
#define Q_FRACTION 10
#define Q_NAT (1 << Q_FRACTION)  // one nat, in steps
#define Q_CHECKSUM 0x5613adca
#define Q_HIDDEN_SUM_BITS 16  // hold any sum of weights to a hidden unit, before shift and bias
#define Q_VISIBLE_SUM_BITS 16  // likewise to a visible unit

static const uint32_t q_weights[32] __attribute__((section(".model"))) KEEP = {
    // hidden unit 0
    0x4b646f74, 0x675c451a, 0xb69d918c, 0x99a4bae6u,
    // hidden unit 1
    0x8b868681, 0x3b17497c, 0x767a7b7f, 0xc6e8b682u,
    // hidden unit 2
    0x64747a7b, 0x5a49273e, 0x9d8d8786, 0xa5b8d8c0u,
    // hidden unit 3
    0xd2b9a498, 0x8e929eae, 0x2e465d67, 0x726f6352u,
    // hidden unit 4
    0xefb7a196, 0x8f94a4c0, 0x11486069, 0x716d5e40u,
    // hidden unit 5
    0x80a3c4ae, 0x7a767476, 0x805c3b54, 0x858b8c8au,
    // hidden unit 6
    0x72767a7b, 0x56442c5d, 0x8e8b8686, 0xaabdd2a0u,
    // hidden unit 7
    0xa8f0bdab, 0x86848991, 0x580f4357, 0x7a7d786fu,
};
typedef char q_weights_complete[sizeof q_weights == 4ul * Q_HIDDEN * RBM_ROW_WORDS(Q_VISIBLE, Q_BITS) ? 1 : -1];

static const uint8_t q_shifts[32] __attribute__((section(".model"))) KEEP = {
    5, 5, 5, 5, 5, 6, 5, 5u,
};
typedef char q_shifts_complete[sizeof q_shifts == Q_HIDDEN ? 1 : -1];

static const int16_t q_visible_bias[32] __attribute__((section(".model"))) KEEP = {
    -5729, -6277, -5539, -2879u,
     1900,  5112,  6093,  5633u,
     5646,  6241,  5635,  2864u,
    -1817, -4948, -6144, -5497u,
};
typedef char q_visible_bias_complete[sizeof q_visible_bias == 2ul * Q_VISIBLE ? 1 : -1];

static const int16_t q_hidden_bias[32] __attribute__((section(".model"))) KEEP = {
     482,  632,  459,   14, -311, 2727,  534,  636u,
};
typedef char q_hidden_bias_complete[sizeof q_hidden_bias == 2ul * Q_HIDDEN ? 1 : -1];

extern const rbm_quantized q;
const rbm_quantized KEEP q = {
    Q_VISIBLEu,
    Q_HIDDENu,
    Q_BITSu,
    Q_FRACTIONu,
    5u,
    6u,
    Q_CHECKSUMu,
    q_weightsu,
    q_shiftsu,
    q_visible_biasu,
    q_hidden_biasu,
};

#endif
