#include "tools/data/idx.hpp"

#include "tools/base/bytes.hpp"
#include "tools/base/failure.hpp"
#include "tools/data/columns.hpp"

namespace tool {

// IDX: two zeros, the elements' type, the rank, an extent of 32 bits for each dimension, the elements; most
// significant bytes first.
Dataset read_idx(std::vector<unsigned char> file, const std::string& name, const Reading& reading) {
  constexpr unsigned char unsigned_byte_type = 0x08;
  constexpr unsigned char float_type = 0x0d;
  constexpr std::size_t magic_size = 4;
  constexpr std::size_t extent_size = 4;
  if (file.size() < magic_size) throw Failure(name + ": is cut short within its header");
  const unsigned char type = file[2];
  const std::size_t rank = file[3];
  const std::size_t header_size = magic_size + rank * extent_size;
  if (type != unsigned_byte_type && type != float_type) {
    throw Failure(name + ": holds IDX elements of type " + std::to_string(type) +
                  ": 8 (bytes) and 13 (floats) can be read");
  }
  if (rank == 1) throw Failure(name + ": holds labels, not images");
  if (file.size() < header_size) throw Failure(name + ": is cut short within its header");

  std::vector<std::uint64_t> extents(rank);
  for (std::size_t i = 0; i < rank; ++i)
    extents[i] = load_big(&file[magic_size + i * extent_size], extent_size);
  const std::size_t element_size = type == float_type ? sizeof(float) : 1;
  Dataset dataset = shaped_dataset(name, extents, element_size, file.size() - header_size);
  std::size_t offset = header_size;
  keep_columns(dataset, reading, rank, element_size, file, offset);
  if (type == unsigned_byte_type) {
    keep_bytes(dataset, std::move(file), offset, reading, 255);
  } else {
    keep_values(dataset, reading, [&](std::size_t index) {
      return static_cast<double>(
          float_from_bits(load_big(&file[offset + index * sizeof(float)], sizeof(float))));
    });
  }
  return dataset;
}

}  // namespace tool
