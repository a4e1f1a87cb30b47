// What ranks are dealt of weights, and what is collected from them, beside the whole.
#include "tools/training/weight_exchange.hpp"

#include <doctest/doctest.h>

#include <cstring>
#include <thread>
#include <vector>

#include "tests/support/fixtures.hpp"
#include "tests/support/meeting.hpp"

namespace {

/// Ranks that are threads here, and copy from each other while all of them wait.
class ThreadRanks {
 public:
  explicit ThreadRanks(std::size_t size) : size_(size), told_(size), meeting_(size) {}

  class Rank : public platform::Ranks {
   public:
    Rank(ThreadRanks& all, std::size_t rank) : all_(all), rank_(rank) {}
    std::size_t rank() const override { return rank_; }
    std::size_t size() const override { return all_.size_; }
    void exchange(const platform::RankArray* arrays, std::size_t count) override {
      REQUIRE(count == 1);
      all_.tell(rank_, {arrays->data, 0});
      for (std::size_t r = 0; r < size(); ++r)
        for (std::size_t row = 0; row < arrays->rows && r != rank_; ++row) {
          const std::size_t from = row * arrays->stride + arrays->starts[r];
          std::memcpy(arrays->data + from, all_.told_[r].data + from,
                      arrays->starts[r + 1] - arrays->starts[r]);
        }
      all_.meeting_.come();
    }
    void deal(const platform::RankArray& whole, unsigned char* own, std::size_t own_stride) override {
      all_.tell(rank_, {whole.data, whole.stride});
      const Told& first = all_.told_[0];
      for (std::size_t row = 0; row < whole.rows; ++row)
        std::memcpy(own + row * own_stride, first.data + row * first.stride + whole.starts[rank_],
                    whole.starts[rank_ + 1] - whole.starts[rank_]);
      all_.meeting_.come();
    }
    void collect(const unsigned char* own, std::size_t own_stride,
                 const platform::RankArray& whole) override {
      all_.tell(rank_, {whole.data, whole.stride});
      const Told& first = all_.told_[0];
      for (std::size_t row = 0; row < whole.rows; ++row)
        std::memcpy(first.data + row * first.stride + whole.starts[rank_], own + row * own_stride,
                    whole.starts[rank_ + 1] - whole.starts[rank_]);
      all_.meeting_.come();
    }

   private:
    ThreadRanks& all_;
    std::size_t rank_;
  };

 private:
  struct Told {
    unsigned char* data;
    std::size_t stride;
  };

  void tell(std::size_t rank, const Told& told) {
    told_[rank] = told;
    meeting_.come();
  }
  std::size_t size_;
  std::vector<Told> told_;
  fixture::Meeting meeting_;
};

constexpr std::size_t visible = 150, hidden = 100, labels = 4;

/// A number for each weight.
float weight(std::size_t i, std::size_t j) {
  return static_cast<float>(1 + i * visible + j);
}

struct Part {
  fixture::Memory memory;
  rbm::Trainer<rbm::Sgd> trainer;

  static rbm::RbmView without_weights(std::vector<float>& biases) {
    return {{nullptr, hidden, visible, visible}, {biases.data(), visible}, {biases.data(), hidden}};
  }
  static rbm::TrainerShape shape(platform::Team& team) {
    rbm::TrainerShape shape{visible, hidden, 1};
    shape.labels = {visible - labels, visible};
    shape.own = {!team.is_alone(), team.here(rbm::granules(hidden)).units(hidden),
                 team.here(rbm::granules(visible)).units(visible)};
    return shape;
  }

  Part(platform::Team& team, const rbm::RbmView& model)
      : memory(rbm::trainer_bytes<rbm::Sgd>(shape(team))), trainer(model, memory, shape(team)) {}
};

void check(const tool::KeptWeights& kept, const rbm::TwoWayWeights& own, bool every_row) {
  for (std::size_t j = 0; j < visible; ++j)
    for (std::size_t i = own.hidden.begin; i < own.hidden.end; ++i)
      CHECK_UNARY(kept.panels.at(j, i) == weight(i, j));
  std::size_t row = 0;
  for (std::size_t i = 0; i < hidden; ++i) {
    const bool is_own = i >= own.hidden.begin && i < own.hidden.end;
    if (is_own && !every_row) continue;
    for (std::size_t j = own.visible.begin; j < own.visible.end; ++j)
      CHECK_UNARY(kept.columns.row(row)[j - own.visible.begin] == weight(i, j));
    ++row;
    for (std::size_t y = 0; y < labels && !is_own; ++y)
      CHECK_UNARY(kept.labels[i < own.hidden.begin ? 0 : 1].at(y, i) == weight(i, visible - labels + y));
  }
  CHECK(row == kept.columns.rows);
}

void exchange(platform::Ranks& ranks, const std::vector<float>& by_hidden,
              const std::vector<float>& by_visible) {
  platform::Threads threads(1);
  platform::Team team(threads, &ranks);
  std::vector<float> biases(visible);
  rbm::VisibleGroup groups[] = {{rbm::VisibleKind::binary, 0, visible - labels},
                                {rbm::VisibleKind::choice, visible - labels, visible}};
  rbm::RbmView model = Part::without_weights(biases);
  model.layer.groups = groups, model.layer.group_count = 2;
  Part part(team, model);
  const bool first = ranks.rank() == 0;
  deal(team, {visible, hidden, first ? by_hidden.data() : nullptr, false}, tool::kept_weights(part.trainer));
  deal(team, {visible, hidden, first ? by_visible.data() : nullptr, true}, tool::kept_slot(part.trainer, 0));
  check(tool::kept_weights(part.trainer), part.trainer.weights, true);
  check(tool::kept_slot(part.trainer, 0), part.trainer.weights, false);

  std::size_t rows = 0;
  tool::collect(team, tool::kept_slot(part.trainer, 0), hidden,
                [&](std::size_t top, const rbm::MatrixView<const float>& taken) {
                  CHECK(first);
                  CHECK(top == rows);
                  rows += taken.rows;
                  for (std::size_t n = 0; n < taken.rows; ++n)
                    for (std::size_t i = 0; i < hidden; ++i)
                      CHECK_UNARY(taken.row(n)[i] == weight(i, top + n));
                });
  CHECK(rows == (first ? visible : 0));
}

}  // namespace

TEST_CASE(
    "ranks are dealt the weights of their own units and of labels, and the first one collects them all") {
  std::vector<float> by_hidden, by_visible;
  for (std::size_t i = 0; i < hidden; ++i)
    for (std::size_t j = 0; j < visible; ++j) by_hidden.push_back(weight(i, j));
  for (std::size_t j = 0; j < visible; ++j)
    for (std::size_t i = 0; i < hidden; ++i) by_visible.push_back(weight(i, j));
  for (const std::size_t size : {2u, 3u, 5u, 7u}) {  // of 4 and 5 granules: some have no units
    ThreadRanks all(size);
    std::vector<std::thread> threads;
    for (std::size_t rank = 0; rank < size; ++rank)
      threads.emplace_back([&, rank] {
        ThreadRanks::Rank own(all, rank);
        exchange(own, by_hidden, by_visible);
      });
    for (std::thread& thread : threads) thread.join();
  }
}

TEST_CASE("a rank alone is dealt all of the optimizer's array, and collects it") {
  platform::Threads threads(1);
  platform::Team team(threads);
  std::vector<float> biases(visible), weights(visible * hidden), values;
  for (std::size_t j = 0; j < visible; ++j)
    for (std::size_t i = 0; i < hidden; ++i) values.push_back(weight(i, j));
  rbm::RbmView model = Part::without_weights(biases);
  model.weights.data = weights.data();
  rbm::VisibleGroup groups[] = {{rbm::VisibleKind::binary, 0, visible - labels},
                                {rbm::VisibleKind::choice, visible - labels, visible}};
  model.layer.groups = groups, model.layer.group_count = 2;
  Part part(team, model);
  deal(team, {visible, hidden, values.data(), true}, tool::kept_slot(part.trainer, 0));
  std::vector<float> collected;
  tool::collect(team, tool::kept_slot(part.trainer, 0), hidden,
                [&](std::size_t, const rbm::MatrixView<const float>& rows) {
                  collected.insert(collected.end(), rows.data, rows.data + rows.rows * rows.columns);
                });
  CHECK(collected == values);
}
