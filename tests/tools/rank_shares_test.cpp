// Ranks share out rows and chains: each thing belongs to one of them, in order, and whole blocks stay
// together.
#include <doctest/doctest.h>

#include <cstring>
#include <vector>

#include "tools/base/workers.hpp"

namespace {

/// One of several ranks, whose others have all written 9 by the time of an exchange.
class Scripted : public platform::Ranks {
 public:
  Scripted(std::size_t rank, std::size_t size) : rank_(rank), size_(size) {}
  std::size_t rank() const override { return rank_; }
  std::size_t size() const override { return size_; }
  void exchange(const platform::RankArray* arrays, std::size_t count) override {
    for (const platform::RankArray* array = arrays; array != arrays + count; ++array)
      for (std::size_t row = 0; row < array->rows; ++row)
        for (std::size_t r = 0; r < size_; ++r)
          if (r != rank_)
            std::memset(array->data + row * array->stride + array->starts[r], 9,
                        array->starts[r + 1] - array->starts[r]);
  }

 private:
  std::size_t rank_, size_;
};

}  // namespace

TEST_CASE("shares of ranks cover all things in whole blocks, as equal as these allow") {
  for (const std::size_t size : {1, 2, 3, 7, 16})
    for (const std::size_t count : {0, 1, 5, 100, 297})
      for (const std::size_t block : {1, 2, 64}) {
        std::size_t next = 0, blocks = (count + block - 1) / block;
        for (std::size_t rank = 0; rank < size; ++rank) {
          Scripted ranks(rank, size);
          const tool::RankShares shares = tool::RankShares::equal(&ranks, count, block);
          CHECK(shares.begin() == next);
          next = shares.end();
          CHECK((next % block == 0 || next == count));
          CHECK(shares.count() <= (blocks / size + 1) * block);
          CHECK(shares.begins().size() == size + 1);
        }
        CHECK(next == count);
      }
}

TEST_CASE("an exchange replaces what others have, and nothing of one's own") {
  Scripted ranks(1, 3);
  std::vector<unsigned char> array(14, 4);
  tool::RankShares::equal(&ranks, 7).exchange(array.data(), 2);
  CHECK(array == std::vector<unsigned char>{9, 9, 9, 9, 9, 9, 4, 4, 4, 4, 9, 9, 9, 9});
  std::vector<unsigned char> alone(14, 4);
  tool::RankShares::equal(nullptr, 7).exchange(alone.data(), 2);
  CHECK(alone == std::vector<unsigned char>(14, 4));
}

TEST_CASE("any rank's word counts for all") {
  Scripted ranks(0, 2);
  CHECK(ranks.any(true));
  platform::Ranks alone;
  CHECK(alone.any(true));
  CHECK_FALSE(alone.any(false));
  int number = 7, told = 0;
  CHECK(alone.meet(&number, sizeof number, &told, 0));
  CHECK(told == 7);
}

TEST_CASE("a rank alone is dealt its part of each row, and gives it back") {
  platform::Ranks alone;
  std::vector<unsigned char> whole = {9, 1, 2, 9, 9, 3, 4, 9}, own(6, 7);
  const std::vector<std::size_t> starts = {1, 3};
  const platform::RankArray array{whole.data(), 2, 4, starts.data()};
  alone.deal(array, own.data(), 3);
  CHECK(own == std::vector<unsigned char>{1, 2, 7, 3, 4, 7});
  own = {5, 6, 7, 7, 8, 7};
  alone.collect(own.data(), 3, array);
  CHECK(whole == std::vector<unsigned char>{9, 5, 6, 9, 9, 7, 8, 9});
}
