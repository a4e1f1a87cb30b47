// What ranks exchange arrives whole: parts of rows of every width, none too, several arrays at once, words
// that any says, records of a meeting. Prints nothing where all is well.
#include <cstdio>
#include <cstring>
#include <memory>
#include <string>
#include <vector>

#include "platform/desktop/ranks.hpp"

namespace {

int failures = 0;

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

template <class... Each>
void exchange(platform::Ranks& ranks, Each&&... marked) {
  const platform::RankArray arrays[] = {marked.array()...};
  ranks.exchange(arrays, sizeof...(marked));
  expect((marked.is_whole() && ...), "an exchange is not whole", ranks.rank());
}

}  // namespace

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

  for (std::size_t from = 0; from < size; ++from)
    expect(ranks->any(rank == from), "what one rank says is not heard", rank);
  expect(!ranks->any(false), "what no rank says is heard", rank);

  std::vector<std::size_t> all(size);
  expect(ranks->meet(&rank, sizeof rank, all.data(), 0), "a meeting fails", rank);
  for (std::size_t r = 0; r < size; ++r) expect(all[r] == r, "a meeting's records are others", rank);
  return failures != 0;
}
