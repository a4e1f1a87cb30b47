/* What an Arduino library is found by: the device runtime, which runs models that `rbm quantize` made, in
   C99 and C++11. The whole library, for learning too, is <rbm/rbm.hpp>, which needs C++17. */
#ifndef RBM_H
#define RBM_H
#include "rbm/quantized.h"
#endif
