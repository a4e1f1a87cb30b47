/// What golden.cpp prints: a hash for each stage.
#pragma once

#include "platform/console.h"
#include "rbm/rbm.hpp"

/// FNV-1a, 64 bits, over words in little-endian order.
struct Hash {
  uint64_t state = 0xcbf29ce484222325u;

  void add(uint32_t word) {
    for (int byte = 0; byte < 4; ++byte) state = (state ^ (word >> (8 * byte) & 255u)) * 0x100000001b3u;
  }
  // Which NaN an operation makes is the one thing that IEEE 754 leaves to the machine.
  void add(float x) { add(x == x ? rbm::to_bits(x) : 0x7fc00000u); }
  void add(rbm::VectorView<const float> x) {
    for (size_t n = 0; n < x.size; ++n) add(x[n]);
  }
  void add(rbm::ActiveUnits x) {
    add(static_cast<uint32_t>(x.count));
    for (size_t n = 0; n < x.count; ++n) {
      add(uint32_t{x.units[n]});
      add(x.factor(n));
    }
  }
  void add(rbm::ConstRbmView rbm) {
    for (size_t i = 0; i < rbm.hidden(); ++i) add(rbm.weights.row(i));
    add(rbm.visible_bias);
    add(rbm.hidden_bias);
  }
  template <class Integer>
  void add_integers(const Integer* values, size_t count) {
    for (size_t n = 0; n < count; ++n) add(static_cast<uint32_t>(values[n]));
  }
};

/// Prints a stage's hash as a line.
inline void report(const char* stage, Hash hash) {
  char text[18];
  for (int digit = 0; digit < 16; ++digit)
    text[digit] = "0123456789abcdef"[hash.state >> (60 - 4 * digit) & 15];
  text[16] = '\n';
  text[17] = 0;
  console_write("golden ");
  console_write(stage);
  console_write(" ");
  console_write(text);
}
