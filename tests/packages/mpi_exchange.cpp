// What ranks exchange arrives whole: parts of rows of every width, none too, words that any says, records
// of a meeting. Prints nothing where all is well.
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

// Rank r has `width(r)` bytes of a row; bytes behind the last part belong to nobody.
template <class Width>
void exchange(platform::Ranks& ranks, std::size_t rows, const Width& width) {
  std::vector<std::size_t> starts{3};
  for (std::size_t r = 0; r < ranks.size(); ++r) starts.push_back(starts[r] + width(r));
  const std::size_t stride = starts.back() + 5;
  std::vector<unsigned char> data(rows * stride), wanted(rows * stride);
  for (std::size_t row = 0; row < rows; ++row)
    for (std::size_t r = 0; r < ranks.size(); ++r)
      for (std::size_t byte = starts[r]; byte < starts[r + 1]; ++byte) {
        wanted[row * stride + byte] = mark(r, row, byte);
        if (r == ranks.rank()) data[row * stride + byte] = mark(r, row, byte);
      }
  ranks.exchange(data.data(), rows, stride, starts.data());
  expect(data == wanted, "an exchange is not whole", ranks.rank());
}

}  // namespace

int main(int count, char** words) {
  const std::unique_ptr<platform::Ranks> ranks = platform::start_ranks(&count, &words);
  const std::size_t size = ranks->size(), rank = ranks->rank();
  if (count != 2 || std::to_string(size) != words[1])
    expect(false, "another number of ranks than asked for", rank);

  exchange(*ranks, 64, [](std::size_t) { return std::size_t{4}; });
  exchange(*ranks, 3, [](std::size_t r) { return 1 + r % 3; });
  exchange(*ranks, 5, [](std::size_t r) { return r % 2 == 0 ? std::size_t{0} : std::size_t{9}; });
  exchange(*ranks, 7, [](std::size_t) { return std::size_t{0}; });
  exchange(*ranks, 1, [](std::size_t r) { return 300000 + 1000 * r; });

  for (std::size_t from = 0; from < size; ++from)
    expect(ranks->any(rank == from), "what one rank says is not heard", rank);
  expect(!ranks->any(false), "what no rank says is heard", rank);

  std::vector<std::size_t> all(size);
  expect(ranks->meet(&rank, sizeof rank, all.data(), 0), "a meeting fails", rank);
  for (std::size_t r = 0; r < size; ++r) expect(all[r] == r, "a meeting's records are others", rank);
  return failures != 0;
}
