#include "tools/data/idx.hpp"

#include <array>
#include <utility>

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
IdxArray parse_idx(const unsigned char* file, std::size_t size, const std::string& name) {
  constexpr std::size_t magic_size = 4;
  constexpr std::size_t extent_size = 4;
  if (size < magic_size) throw Failure(name + ": is cut short within its header");
  IdxArray array{find_type(file[2], name), std::vector<std::uint64_t>(file[3]), 0};
  array.offset = magic_size + array.extents.size() * extent_size;
  if (size < array.offset) throw Failure(name + ": is cut short within its header");
  for (std::size_t i = 0; i < array.extents.size(); ++i)
    array.extents[i] = load_big(file + magic_size + i * extent_size, extent_size);
  return array;
}

Dataset read_idx(platform::FileBytes file, const std::string& name, const Reading& reading) {
  const IdxArray array = parse_idx(file.data(), file.size(), name);
  const std::size_t rank = array.extents.size();
  if (rank == 1)
    throw Failure(name + ": has one dimension, as files of labels have, which --labels takes beside DATA");
  Dataset dataset = shaped_dataset(name, array.extents, array.type.size, file.size() - array.offset);
  Elements elements{std::move(file), array.offset, array.type, dataset.columns};
  keep_columns(dataset, reading, rank, elements);
  keep_elements(dataset, std::move(elements), reading, array.type.is_byte() ? 255.0f : 1.0f);
  return dataset;
}

}  // namespace tool
