// m: a restricted Boltzmann machine in integers.
#include "rbm/quantized.h"
#if RBM_QUANTIZED_FORMAT != 2
#define M_VISIBLE 3
#define M_HIDDEN 2
#define M_PICTURE_HEIGHT 1
#define M_PICTURE_WIDTH 3
#define M_BITS 2
#define M_FRACTION 4
#define M_CHECKSUM 0xb9dee8c8
static const uint32_t m_weights[] RBM_FLASH = {
0x0000001c,
0x00000037,
};
static const uint8_t m_shifts[] RBM_FLASH = {
3, 1,
};
static const int16_t m_visible_bias[] RBM_FLASH = {
-10,  21,   7,
};
static const int16_t m_hidden_bias[] RBM_FLASH = {
29, 31,
};
static const rbm_quantized m = {
M_VISIBLE,
M_HIDDEN,
M_BITS,
M_FRACTION,
1,
3,
M_CHECKSUM,
m_weights,
m_shifts,
m_visible_bias,
m_hidden_bias,
};
