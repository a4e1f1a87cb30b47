#include "tools/data/number_type.hpp"

#include <cstdint>

#include "tools/base/bytes.hpp"

namespace tool {

double NumberType::decode(const unsigned char* element) const {
  const std::uint64_t bits = big_endian ? load_big(element, size) : load_little(element, size);
  if (kind == Kind::float_number)
    return size == 2   ? half_from_bits(bits)
           : size == 4 ? static_cast<double>(float_from_bits(bits))
                       : double_from_bits(bits);
  if (kind != Kind::signed_integer) return static_cast<double>(bits);
  const std::uint64_t sign = std::uint64_t{1} << (8 * size - 1);
  return static_cast<double>(static_cast<std::int64_t>((bits ^ sign) - sign));
}

}  // namespace tool
