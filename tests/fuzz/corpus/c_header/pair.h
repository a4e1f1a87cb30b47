// m: a restricted Boltzmann machine in integers.
#include "rbm/quantized.h"
#if RBM_QUANTIZED_FORMAT != 2
#define M_VISIBLE 3
#define M_HIDDEN 2
#define M_PICTURE_HEIGHT 1
#define M_PICTURE_WIDTH 3
#define M_BITS 4
#define M_FRACTION 4
#define M_CHECKSUM 0xc90ac51d
#ifdef __cplusplus
extern "C" {
extern const rbm_quantized m;
#ifdef __cplusplus
}
