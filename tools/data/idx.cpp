#include "tools/data/idx.hpp"

#include <array>

#include "tools/base/bytes.hpp"
#include "tools/base/failure.hpp"
#include "tools/data/array_columns.hpp"
#include "tools/data/number_type.hpp"

namespace tool {
namespace {

/// What a type of elements is called in a header. All are big-endian.
struct KnownType {
  unsigned char code;
  NumberType type;
};
using Kind = NumberType::Kind;
constexpr std::array<KnownType, 6> known_types = {{{0x08, {Kind::unsigned_integer, 1, true}},
                                                   {0x09, {Kind::signed_integer, 1, true}},
                                                   {0x0b, {Kind::signed_integer, 2, true}},
                                                   {0x0c, {Kind::signed_integer, 4, true}},
                                                   {0x0d, {Kind::float_number, 4, true}},
                                                   {0x0e, {Kind::float_number, 8, true}}}};

NumberType find_type(unsigned char code, const std::string& name) {
  for (const KnownType& known : known_types)
    if (known.code == code) return known.type;
  throw Failure(name + ": holds IDX elements of type " + std::to_string(code) +
                ", of which 8, 9, 11, 12, 13 and 14 are known");
}

}  // namespace

// IDX: two zeros, the elements' type, the rank, an extent of 32 bits for each dimension, the elements; most
// significant bytes first.
Dataset read_idx(std::vector<unsigned char> file, const std::string& name, const Reading& reading) {
  constexpr std::size_t magic_size = 4;
  constexpr std::size_t extent_size = 4;
  if (file.size() < magic_size) throw Failure(name + ": is cut short within its header");
  const NumberType type = find_type(file[2], name);
  const std::size_t rank = file[3];
  const std::size_t header_size = magic_size + rank * extent_size;
  if (rank == 1) throw Failure(name + ": holds labels, not images");
  if (file.size() < header_size) throw Failure(name + ": is cut short within its header");

  std::vector<std::uint64_t> extents(rank);
  for (std::size_t i = 0; i < rank; ++i)
    extents[i] = load_big(&file[magic_size + i * extent_size], extent_size);
  Dataset dataset = shaped_dataset(name, extents, type.size, file.size() - header_size);
  std::size_t offset = header_size;
  keep_columns(dataset, reading, rank, type, file, offset);
  if (type.kind == Kind::unsigned_integer) {
    keep_bytes(dataset, std::move(file), offset, reading, 255);
  } else {
    keep_values(dataset, reading,
                [&](std::size_t index) { return type.decode(&file[offset + index * type.size]); });
  }
  return dataset;
}

}  // namespace tool
