#include "tools/data/number_type.hpp"

#include <cstdint>
#include <cstring>
#include <type_traits>

#include "tools/base/bytes.hpp"

namespace tool {
namespace {

/// Elements of this many bytes, the bits of each of which `value` makes a number of. With a size that is
/// known when this is compiled, an element is loaded at once.
template <std::size_t Size, class Value>
void decode_all(bool big_endian, const unsigned char* elements, std::size_t count, double* out,
                const Value& value) {
  if (big_endian) {
    for (std::size_t i = 0; i < count; ++i) out[i] = value(load_big(elements + i * Size, Size));
  } else {
    for (std::size_t i = 0; i < count; ++i) out[i] = value(load_little(elements + i * Size, Size));
  }
}

}  // namespace

double NumberType::decode(const unsigned char* element) const {
  double value;
  decode(element, 1, &value);
  return value;
}

void NumberType::decode(const unsigned char* elements, std::size_t count, double* out) const {
  const auto as = [&](auto bytes, const auto& value) {
    decode_all<bytes>(big_endian, elements, count, out, value);
  };
  const std::integral_constant<std::size_t, 1> one;
  const std::integral_constant<std::size_t, 2> two;
  const std::integral_constant<std::size_t, 4> four;
  const std::integral_constant<std::size_t, 8> eight;
  if (kind == Kind::float_number) {
    if (size == 2) return as(two, half_from_bits);
    if (size == 4) return as(four, [](std::uint64_t bits) -> double { return float_from_bits(bits); });
    return as(eight, double_from_bits);
  }
  if (kind == Kind::signed_integer) {
    if (size == 1)
      return as(one, [](std::uint64_t bits) -> double { return static_cast<std::int8_t>(bits); });
    if (size == 2)
      return as(two, [](std::uint64_t bits) -> double { return static_cast<std::int16_t>(bits); });
    if (size == 4)
      return as(four, [](std::uint64_t bits) -> double { return static_cast<std::int32_t>(bits); });
    return as(eight, [](std::uint64_t bits) { return static_cast<double>(static_cast<std::int64_t>(bits)); });
  }
  const auto whole = [](std::uint64_t bits) { return static_cast<double>(bits); };
  if (size == 1) return as(one, whole);
  if (size == 2) return as(two, whole);
  if (size == 4) return as(four, whole);
  return as(eight, whole);
}

bool NumberType::is_native_float() const {
  const std::uint16_t one = 1;
  unsigned char first;
  std::memcpy(&first, &one, 1);
  return kind == Kind::float_number && size == sizeof(float) && big_endian == (first == 0);
}

}  // namespace tool
