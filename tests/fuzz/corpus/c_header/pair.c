// m: a restricted Boltzmann machine in integers.
#include "m.h"
#if RBM_QUANTIZED_FORMAT != 2 || \
M_VISIBLE != 3 || M_HIDDEN != 2 || \
M_PICTURE_HEIGHT != 1 || M_PICTURE_WIDTH != 3 || \
M_BITS != 4 || M_FRACTION != 4 || \
M_CHECKSUM != 0xc90ac51d
static const uint32_t m_weights[] RBM_FLASH = {
0x000009f8,
0x00000f5b,
};
static const uint8_t m_shifts[] RBM_FLASH = {
1, 0,
};
static const int16_t m_visible_bias[] RBM_FLASH = {
-10,  21,   7,
};
static const int16_t m_hidden_bias[] RBM_FLASH = {
29, 31,
};
const rbm_quantized m = {
M_VISIBLE,
M_HIDDEN,
M_BITS,
M_FRACTION,
0,
1,
M_CHECKSUM,
m_weights,
m_shifts,
m_visible_bias,
m_hidden_bias,
};
