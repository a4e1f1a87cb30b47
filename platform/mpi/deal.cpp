#include "platform/mpi/deal.hpp"

#include <algorithm>
#include <utility>
#include <vector>

namespace platform {
namespace {

// What this rank sends to another one, or receives from it: `width` bytes of each row.
template <class Byte>
struct Part {
  std::size_t other, width;
  Byte* data;
  std::size_t stride;
};

// The first rank has to do with all others.
template <class Byte>
std::vector<Part<Byte>> parts_of_others(const Connection& connection, const RankArray& whole) {
  std::vector<Part<Byte>> parts;
  for (std::size_t r = 1; r < connection.size(); ++r)
    parts.push_back({r, whole.starts[r + 1] - whole.starts[r], whole.data + whole.starts[r], whole.stride});
  return parts;
}

// Each of the others has to do with the first one.
template <class Byte>
std::vector<Part<Byte>> own_part(const Connection& connection, const RankArray& whole, Byte* own,
                                 std::size_t own_stride) {
  const std::size_t* const start = whole.starts + connection.rank();
  return {{0, start[1] - start[0], own, own_stride}};
}

// The parts travel in blocks of rows, as many to all ranks. Two blocks take turns: one is packed, or
// unpacked, while the other one travels.
template <class Byte>
class Blocks {
 public:
  Blocks(Connection& connection, const RankArray& whole, std::vector<Part<Byte>> parts)
      : connection_(connection), parts_(std::move(parts)), rows_(whole.rows) {
    constexpr std::size_t most_bytes = std::size_t{4} << 20;
    const std::size_t row_bytes = whole.starts[connection.size()] - whole.starts[1];
    block_rows_ = std::max<std::size_t>(1, std::min(rows_, most_bytes / std::max<std::size_t>(1, row_bytes)));
    for (const Part<Byte>& part : parts_) block_bytes_ += block_rows_ * part.width;
    memory_.resize(2 * block_bytes_);
  }

  void send() {
    for (std::size_t block = 0; block < count(); ++block) {
      in_rows(block, [](unsigned char* packed, const unsigned char* data, std::size_t width) {
        std::copy_n(data, width, packed);
      });
      connection_.wait();
      in_parts(block, [&](const Part<Byte>& part, const unsigned char* packed, std::size_t bytes) {
        connection_.hand_over(packed, bytes, part.other);
      });
    }
    connection_.wait();
  }

  void receive() {
    const auto unpack = [&](std::size_t block) {
      in_rows(block, [](const unsigned char* packed, unsigned char* data, std::size_t width) {
        std::copy_n(packed, width, data);
      });
    };
    for (std::size_t block = 0; block < count(); ++block) {
      in_parts(block, [&](const Part<Byte>& part, unsigned char* packed, std::size_t bytes) {
        connection_.receive(packed, bytes, part.other);
      });
      if (block > 0) unpack(block - 1);
      connection_.wait();
    }
    if (count() > 0) unpack(count() - 1);
  }

 private:
  std::size_t count() const { return (rows_ + block_rows_ - 1) / block_rows_; }
  std::size_t begin(std::size_t block) const { return std::min(rows_, block * block_rows_); }

  // What a block has of each part: use(part, packed, bytes).
  template <class Use>
  void in_parts(std::size_t block, const Use& use) {
    unsigned char* packed = memory_.data() + block % 2 * block_bytes_;
    for (const Part<Byte>& part : parts_) {
      const std::size_t bytes = (begin(block + 1) - begin(block)) * part.width;
      use(part, packed, bytes);
      packed += bytes;
    }
  }

  template <class Copy>
  void in_rows(std::size_t block, const Copy& copy_row) {
    in_parts(block, [&](const Part<Byte>& part, unsigned char* packed, std::size_t) {
      for (std::size_t row = begin(block); row < begin(block + 1); ++row, packed += part.width)
        copy_row(packed, part.data + row * part.stride, part.width);
    });
  }

  Connection& connection_;
  std::vector<Part<Byte>> parts_;
  std::size_t rows_, block_rows_ = 0, block_bytes_ = 0;
  std::vector<unsigned char> memory_;
};

}  // namespace

void deal(Connection& connection, const RankArray& whole, unsigned char* own, std::size_t own_stride) {
  if (connection.rank() == 0)
    Blocks(connection, whole, parts_of_others<const unsigned char>(connection, whole)).send();
  else
    Blocks(connection, whole, own_part(connection, whole, own, own_stride)).receive();
}

void collect(Connection& connection, const unsigned char* own, std::size_t own_stride,
             const RankArray& whole) {
  if (connection.rank() == 0)
    Blocks(connection, whole, parts_of_others<unsigned char>(connection, whole)).receive();
  else
    Blocks(connection, whole, own_part(connection, whole, own, own_stride)).send();
}

}  // namespace platform
