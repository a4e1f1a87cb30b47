#include "platform/mpi/exchange.hpp"

#include <algorithm>

namespace platform {

// Packs the parts of this rank, gathers those of the others behind them in the order of the ring, unpacks
// them.
void Exchange::operator()(const RankArray* arrays, std::size_t count) {
  const auto copy = [&](std::size_t rank, std::size_t place, const auto& copy_row) {
    unsigned char* block = blocks_.data() + begins_[place];
    for (std::size_t a = 0; a < count; ++a) {
      const std::size_t start = arrays[a].starts[rank], width = arrays[a].starts[rank + 1] - start;
      for (std::size_t row = 0; row < arrays[a].rows; ++row, block += width)
        copy_row(block, arrays[a].data + row * arrays[a].stride + start, width);
    }
  };
  const std::size_t size = connection_.size();
  begins_.assign(size + 1, 0);
  for (std::size_t n = 0; n < size; ++n) {
    std::size_t bytes = 0;
    for (std::size_t a = 0; a < count; ++a)
      bytes += arrays[a].rows * (arrays[a].starts[after(n) + 1] - arrays[a].starts[after(n)]);
    begins_[n + 1] = begins_[n] + bytes;
  }
  if (blocks_.size() < begins_[size]) blocks_.resize(begins_[size]);
  copy(connection_.rank(), 0, [](unsigned char* block, const unsigned char* data, std::size_t width) {
    std::copy_n(data, width, block);
  });
  exchange_blocks();
  for (std::size_t n = 1; n < size; ++n)
    copy(after(n), n, [](const unsigned char* block, unsigned char* data, std::size_t width) {
      std::copy_n(block, width, data);
    });
}

// Each round doubles the blocks that a rank has (Bruck and others 1997): log2(ranks) rounds, rounded up, in
// which each block travels to each rank once.
void Exchange::exchange_blocks() {
  const std::size_t size = connection_.size();
  for (std::size_t have = 1; have < size; have *= 2) {
    const std::size_t wanted = std::min(have, size - have), to = after(size - have), from = after(have);
    // What the other sends begins with its own block, which is `have` places behind this rank's.
    connection_.receive(blocks_.data() + begins_[have], begins_[have + wanted] - begins_[have], from);
    connection_.send(blocks_.data(), begins_[wanted], to);
    connection_.wait();
  }
}

}  // namespace platform
