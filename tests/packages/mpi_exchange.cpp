// What ranks exchange, deal out and collect arrives whole: parts of rows of every width, none too, several
// arrays at once, more rows than travel at once, words that any says, records of a meeting. Prints nothing
// where all is well.
#define OMPI_SKIP_MPICXX 1
#define MPICH_SKIP_MPICXX 1
#include <mpi.h>

#include <algorithm>
#include <cstdio>
#include <cstring>
#include <memory>
#include <string>
#include <vector>

#include "platform/desktop/ranks.hpp"

namespace {

int failures = 0;
int handed_over = 0, longest = 0;  // messages since both were set to 0, and the bytes of the longest

void expect(bool holds, const char* what, std::size_t rank) {
  if (holds) return;
  std::printf("rank %zu: %s\n", rank, what);
  ++failures;
}

// What rank r writes into a row's byte.
unsigned char mark(std::size_t rank, std::size_t row, std::size_t byte) {
  return static_cast<unsigned char>(1 + 31 * rank + 7 * row + byte);
}

// An array of which rank r has `width(r)` bytes of each row; bytes behind the last part belong to nobody.
class Marked {
 public:
  template <class Width>
  Marked(const platform::Ranks& ranks, std::size_t rows, const Width& width) : rows_(rows) {
    for (std::size_t r = 0; r < ranks.size(); ++r) starts_.push_back(starts_[r] + width(r));
    stride_ = starts_.back() + 5;
    data_.resize(rows * stride_);
    wanted_.resize(rows * stride_);
    for (std::size_t row = 0; row < rows; ++row)
      for (std::size_t r = 0; r < ranks.size(); ++r)
        for (std::size_t byte = starts_[r]; byte < starts_[r + 1]; ++byte) {
          wanted_[row * stride_ + byte] = mark(r, row, byte);
          if (r == ranks.rank()) data_[row * stride_ + byte] = mark(r, row, byte);
        }
  }

  platform::RankArray array() { return {data_.data(), rows_, stride_, starts_.data()}; }
  bool is_whole() const { return data_ == wanted_; }

 private:
  std::size_t rows_, stride_ = 0;
  std::vector<std::size_t> starts_{3};
  std::vector<unsigned char> data_, wanted_;
};

// Deals out an array of which the first rank alone has anything, then collects other bytes. Each rank has its
// own part in longer rows, whose rest stays as it is.
template <class Width>
void deal_and_collect(platform::Ranks& ranks, std::size_t rows, const Width& width) {
  const std::size_t rank = ranks.rank(), gap = 4;
  std::vector<std::size_t> starts{3};
  for (std::size_t r = 0; r < ranks.size(); ++r) starts.push_back(starts[r] + width(r));
  const std::size_t own_width = width(rank), own_stride = own_width + gap, stride = starts.back() + 5;
  const auto own_with = [&](std::size_t first) {
    std::vector<unsigned char> own(rows * own_stride, 99);
    for (std::size_t row = 0; row < rows; ++row)
      for (std::size_t byte = 0; byte < own_width; ++byte)
        own[row * own_stride + byte] = mark(first + rank, row, byte);
    return own;
  };
  const auto whole_with = [&](std::size_t first) {
    std::vector<unsigned char> whole(rows * stride, 98);
    for (std::size_t row = 0; row < rows; ++row)
      for (std::size_t r = 0; r < ranks.size(); ++r)
        for (std::size_t byte = 0; byte < width(r); ++byte)
          whole[row * stride + starts[r] + byte] = mark(first + r, row, byte);
    return whole;
  };
  std::vector<unsigned char> whole = rank == 0 ? whole_with(0) : std::vector<unsigned char>();
  const platform::RankArray array{rank == 0 ? whole.data() : nullptr, rows, rank == 0 ? stride : 0,
                                  starts.data()};
  std::vector<unsigned char> own(rows * own_stride, 99);
  ranks.deal(array, own.data(), own_stride);
  expect(own == own_with(0), "another part than the first rank's is dealt out", rank);
  if (rank == 0) expect(whole == whole_with(0), "dealing changes the array", rank);
  own = own_with(5);
  ranks.collect(own.data(), own_stride, array);
  expect(own == own_with(5), "collecting changes a part", rank);
  if (rank == 0) expect(whole == whole_with(5), "what is collected is not whole", rank);
}

template <class... Each>
void exchange(platform::Ranks& ranks, Each&&... marked) {
  const platform::RankArray arrays[] = {marked.array()...};
  ranks.exchange(arrays, sizeof...(marked));
  expect((marked.is_whole() && ...), "an exchange is not whole", ranks.rank());
}

}  // namespace

int MPI_Issend(const void* data, int count, MPI_Datatype type, int to, int tag, MPI_Comm ranks,
               MPI_Request* request) {
  ++handed_over;
  longest = std::max(longest, count);
  return PMPI_Issend(data, count, type, to, tag, ranks, request);
}

int main(int count, char** words) {
  const std::unique_ptr<platform::Ranks> ranks = platform::start_ranks(&count, &words);
  const std::size_t size = ranks->size(), rank = ranks->rank();
  if (count != 2 || std::to_string(size) != words[1])
    expect(false, "another number of ranks than asked for", rank);

  const auto four = [](std::size_t) { return std::size_t{4}; };
  const auto some = [](std::size_t r) { return 1 + r % 3; };
  const auto every_other = [](std::size_t r) { return r % 2 == 0 ? std::size_t{0} : std::size_t{9}; };
  const auto none = [](std::size_t) { return std::size_t{0}; };
  const auto long_ones = [](std::size_t r) { return 300000 + 1000 * r; };
  exchange(*ranks, Marked(*ranks, 64, four));
  exchange(*ranks, Marked(*ranks, 5, every_other));
  exchange(*ranks, Marked(*ranks, 7, none));
  exchange(*ranks, Marked(*ranks, 1, long_ones));
  exchange(*ranks, Marked(*ranks, 3, some), Marked(*ranks, 2, none), Marked(*ranks, 1, every_other));

  deal_and_collect(*ranks, 64, four);
  deal_and_collect(*ranks, 5, every_other);
  deal_and_collect(*ranks, 7, none);
  deal_and_collect(*ranks, 0, some);

  // 8 MB may be packed at once, in two blocks, or two rows of what goes to others. Here these are ten million
  // bytes, so that the memory of a block serves for another one too, and three rows of five million.
  const auto to_others = [&](std::size_t bytes) {
    return [=](std::size_t r) { return bytes / std::max<std::size_t>(1, size - 1) + r % 3; };
  };
  const int in_a_block = rank == 0 ? static_cast<int>(size) - 1 : 1;
  handed_over = longest = 0;
  deal_and_collect(*ranks, 3000, to_others(3300));
  expect(handed_over >= 3 * in_a_block, "too few blocks travel", rank);
  expect(longest * in_a_block < 4.3e6, "a block is too large", rank);
  handed_over = 0;
  deal_and_collect(*ranks, 3, to_others(5000000));
  expect(handed_over == 3 * in_a_block, "long rows do not travel one by one", rank);

  for (std::size_t from = 0; from < size; ++from)
    expect(ranks->any(rank == from), "what one rank says is not heard", rank);
  expect(!ranks->any(false), "what no rank says is heard", rank);

  std::vector<std::size_t> all(size);
  expect(ranks->meet(&rank, sizeof rank, all.data(), 0), "a meeting fails", rank);
  for (std::size_t r = 0; r < size; ++r) expect(all[r] == r, "a meeting's records are others", rank);
  return failures != 0;
}
