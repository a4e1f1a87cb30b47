/// Logarithm and exponential without floating point, in units of 2^-16 nat, by tables that the compiler
/// makes.
#pragma once

#include <stddef.h>
#include <stdint.h>

#include "config.hpp"

namespace rbm {

namespace detail {

/// 65536 log(1 + k / 64), and 65535 * 2^(-k / 64), for k = 0 to 64.
struct LogTables {
  static constexpr unsigned shift = 10;  ///< of a fraction of 16 bits, to the number of an entry
  static constexpr size_t entries = (1u << (16 - shift)) + 1;
  uint16_t log[entries] = {}, power[entries] = {};

  constexpr LogTables() {
    double fraction = 1.0;  // 2^(-k / 64)
    for (size_t k = 0; k < entries; ++k, fraction *= 0.98922801319397548) {
      const double x = static_cast<double>(k) / 64.0, z = x / (2.0 + x);  // log(1 + x) = 2 artanh(z)
      double term = z, sum = 0.0;
      for (int n = 1; n < 40; n += 2, term *= z * z) sum += term / n;
      log[k] = static_cast<uint16_t>(2.0 * 65536.0 * sum + 0.5);
      power[k] = static_cast<uint16_t>(65535.0 * fraction + 0.5);
    }
  }
};
inline constexpr LogTables log_tables{};

/// The entry at a fraction of 16 bits, by linear interpolation.
constexpr uint32_t interpolate(const uint16_t* table, uint32_t fraction) {
  const uint32_t entry = fraction >> LogTables::shift, part = fraction & ((1u << LogTables::shift) - 1);
  return (table[entry] * ((1u << LogTables::shift) - part) + table[entry + 1] * part) >> LogTables::shift;
}

}  // namespace detail

/// 65536 log(x) for x from 1 on, within 5 (less than 2^-13 nats).
constexpr uint32_t fixed_point_log(uint32_t x) {
  RBM_ASSERT(x >= 1);
  constexpr uint32_t log_2 = 2977044472u;  // 2^32 log 2
  uint32_t octaves = 31;
  for (; x < (1u << 31); x <<= 1) --octaves;
  const uint32_t whole = (octaves * (log_2 >> 8) + (1u << 7)) >> 8;
  return whole + detail::interpolate(detail::log_tables.log, (x >> 15) & 0xffffu);
}

/// 65535 e^-x for x in units of 2^-16 nat, within 4.
constexpr uint32_t fixed_point_exp_of_minus(uint32_t x) {
  if (x >= 12u << 16) return 0;
  // x / log 2, of which 16 bits are a fraction; in two parts, as the product has more than 32 bits.
  const uint32_t exponent = ((x >> 4) * 47274u + (((x & 15u) * 47274u) >> 4)) >> 11;
  return detail::interpolate(detail::log_tables.power, exponent & 0xffffu) >> (exponent >> 16);
}

}  // namespace rbm
