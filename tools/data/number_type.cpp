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
  if (size == 1) return static_cast<std::int8_t>(bits);
  if (size == 2) return static_cast<std::int16_t>(bits);
  if (size == 4) return static_cast<std::int32_t>(bits);
  return static_cast<double>(static_cast<std::int64_t>(bits));
}

}  // namespace tool
