#include "rbm/parallel.hpp"

#include <doctest/doctest.h>

#include <cstring>
#include <thread>

#include "tests/support/labelled.hpp"
#include "tests/support/meeting.hpp"
#include "tests/support/training.hpp"

namespace {

/// Workers of several memories, here threads that each train a model of their own and see nothing of the
/// others but what they exchange.
class Ranks {
 public:
  explicit Ranks(std::size_t count) : count_(count), arrays_(count), meeting_(count) {}

  /// One of them, with a memory of its own, in which `workers` share the work one after the other.
  class Rank {
   public:
    static constexpr bool is_one_memory = false;

    Rank(Ranks& all, std::size_t rank, std::size_t workers) : all_(all), rank_(rank), workers_(workers) {}

    template <class Body>
    void operator()(std::size_t count, const Body& body) const {
      for (std::size_t n = workers_; n-- > 0;) body(begin(count, n), begin(count, n + 1));
    }
    template <class Body>
    void in_each_memory(std::size_t count, const Body& body) const {
      fixture::Backwards{workers_}(count, body);
    }
    template <class Body>
    void in_each_memory(std::size_t count, std::size_t other, const Body& body) const {
      fixture::Backwards{workers_}(count, other, body);
    }
    rbm::Share here(std::size_t count) const { return {begin(count, 0), begin(count, workers_)}; }
    template <class... More>
    void exchange(const More&... parts) const {
      (exchange_one(parts), ...);
    }

   private:
    void exchange_one(const rbm::Parts& parts) const {
      all_.arrays_[rank_] = parts;
      all_.meeting_.come();
      for (std::size_t other = 0; other < all_.count_; ++other) {
        const rbm::Share things = Rank(all_, other, workers_).here(parts.count);
        const std::size_t from = std::min(things.begin * parts.each, parts.bytes),
                          to = std::min(things.end * parts.each, parts.bytes);
        for (std::size_t row = 0; other != rank_ && row < parts.rows; ++row)
          std::memcpy(parts.data + row * parts.stride + from,
                      all_.arrays_[other].data + row * parts.stride + from, to - from);
      }
      all_.meeting_.come();
    }
    std::size_t begin(std::size_t count, std::size_t worker) const {
      return rbm::share_begin(count, rank_ * workers_ + worker, all_.count_ * workers_);
    }

    Ranks& all_;
    std::size_t rank_, workers_;
  };

 private:
  std::size_t count_;
  std::vector<rbm::Parts> arrays_;
  fixture::Meeting meeting_;
};

/// A model that is trained: by one worker, or by several memories.
struct Case {
  fixture::Labelled model;
  rbm::TrainOptions options;
  bool learns_scales = false, learns_labels = true;
  std::size_t batch = 6;
  bool has_groups = true;  // else all units are bits, labels too

  rbm::TrainerShape shape() const {
    rbm::TrainerShape out = model.trainer_shape(batch);
    out.real = true;
    out.learns_scales = learns_scales;
    if (!learns_labels) out.labels = {};
    return out;
  }
};

/// Columns behind the last unit are 0, whoever has them.
void check_padding(const rbm::PanelView<float>& panels, std::size_t units) {
  for (std::size_t i = std::max(units, panels.begin); i < panels.end; ++i)
    for (std::size_t j = 0; j < panels.rows; ++j) CHECK_UNARY(panels.at(j, i) == 0);
}

/// All that a memory owns after some batches, and their losses.
template <class Parallel>
std::vector<float> learned(const Case& from, Parallel&& parallel, const rbm::OwnUnits& own) {
  fixture::Labelled model = from.model;
  rbm::TrainerShape shape = from.shape();
  if (!std::decay_t<Parallel>::is_one_memory) shape.own = own;
  fixture::Memory memory(rbm::trainer_bytes<rbm::Adam>(shape));
  rbm::RbmView view = model;
  if (!from.has_groups) view.layer = {};
  rbm::Trainer<rbm::Adam> trainer(view, memory, shape, from.options, {}, false);
  trainer.begin(parallel);
  if (shape.own.several) {
    // It has what it needs, and looks for no more.
    trainer.rbm.weights.data = nullptr;
    trainer.weights.rbm.weights.data = nullptr;
  }
  std::vector<float> results;
  for (std::uint32_t step = 0; step < 3; ++step) {
    const rbm::BatchReport report =
        rbm::train(trainer, from.model.random_data(step == 1 ? 2 : from.batch, step), parallel);
    results.insert(results.end(), {report.loss, report.reconstruction, report.label_loss});
  }
  for (std::size_t i = own.hidden.begin; i < own.hidden.end; ++i) {
    results.push_back(view.hidden_bias[i]);
    for (std::size_t j = 0; j < view.visible(); ++j) results.push_back(trainer.weights.transposed.at(j, i));
  }
  const rbm::MatrixView<float> columns = rbm::columns_of(view, trainer.weights, own.visible);
  for (std::size_t i = 0; i < view.hidden(); ++i)
    for (std::size_t n = 0; n < columns.columns; ++n) results.push_back(columns.row(i)[n]);
  for (std::size_t j = 0; j < view.visible(); ++j) results.push_back(view.visible_bias[j]);
  for (const rbm::VectorView<float>& kept :
       {trainer.activity, trainer.centring.hidden_offset, view.layer.scale})
    for (std::size_t n = 0; n < kept.size; ++n)
      results.push_back(
          kept.data == trainer.centring.hidden_offset.data && from.options.centring == 0 ? 0 : kept[n]);
  for (std::size_t s = 0; s < rbm::Adam::slot_count; ++s) {
    for (std::size_t i = own.hidden.begin; i < own.hidden.end; ++i)
      for (std::size_t j = 0; j < view.visible(); ++j) results.push_back(trainer.weight_slots[s].at(j, i));
    for (std::size_t n = 0; n < trainer.scale_slots[s].rows; ++n)
      for (std::size_t j = 0; j < view.visible(); ++j) results.push_back(trainer.scale_slots[s].row(n)[j]);
    check_padding(trainer.weight_slots[s], view.hidden());
  }
  check_padding(trainer.weights.transposed, view.hidden());
  return results;
}

void check_ranks(const Case& from, std::size_t ranks, std::size_t workers) {
  Ranks all(ranks);
  std::vector<std::vector<float>> results(ranks), expected(ranks);
  std::vector<std::thread> threads;
  const auto own = [&](std::size_t rank) {
    const auto units = [&](std::size_t all_units) {
      return Ranks::Rank(all, rank, workers).here(rbm::granules(all_units)).units(all_units);
    };
    return rbm::OwnUnits{ranks > 1, units(from.model.hidden()), units(from.model.visible())};
  };
  for (std::size_t rank = 0; rank < ranks; ++rank)
    threads.emplace_back(
        [&, rank] { results[rank] = learned(from, Ranks::Rank(all, rank, workers), own(rank)); });
  for (std::thread& thread : threads) thread.join();
  for (std::size_t rank = 0; rank < ranks; ++rank) {
    CAPTURE(rank);
    CHECK(fixture::same_bits(results[rank], learned(from, rbm::Serial{}, own(rank))));
  }
}

}  // namespace

TEST_CASE("shares follow each other and differ by one at most") {
  for (const std::size_t count : {0u, 1u, 7u, 16u, 100u})
    for (const std::size_t workers : {1u, 2u, 3u, 16u}) {
      CHECK(rbm::share_begin(count, 0, workers) == 0);
      CHECK(rbm::share_begin(count, workers, workers) == count);
      for (std::size_t worker = 0; worker < workers; ++worker) {
        const std::size_t size =
            rbm::share_begin(count, worker + 1, workers) - rbm::share_begin(count, worker, workers);
        CHECK(size >= count / workers);
        CHECK(size <= (count + workers - 1) / workers);
      }
    }
}

TEST_CASE("what lies within a share") {
  const rbm::Share share{3, 9};
  CHECK(share.size() == 6);
  CHECK(share.within({0, 20}) == share);
  CHECK(share.within({5, 7}) == rbm::Share{5, 7});
  CHECK(share.within({0, 4}) == rbm::Share{3, 4});
  CHECK(share.within({8, 20}) == rbm::Share{8, 9});
  for (const rbm::Share& other : {rbm::Share{0, 2}, {12, 20}, {4, 4}}) CHECK(share.within(other).size() == 0);
  CHECK_FALSE(share == rbm::Share{3, 8});
  CHECK_FALSE(share == rbm::Share{2, 9});
}

TEST_CASE("each of N memories has 2/N of the weights and of the optimizer's arrays") {
  const rbm::TrainerShape one{1024, 2048, 1};
  for (const std::size_t ranks : {2u, 4u, 16u}) {
    rbm::TrainerShape part = one;
    part.own = {true, {0, one.hidden / ranks}, {0, one.visible / ranks}};
    const std::size_t arrays = 1 + rbm::Adam::slot_count, weights = one.visible * one.hidden * sizeof(float);
    const auto bytes_of_arrays = [&](const rbm::TrainerShape& shape) {
      const rbm::Trainer<rbm::Adam> trainer({}, {}, shape);
      std::size_t floats = trainer.weights.transposed.size() +
                           trainer.weights.own_columns.rows * trainer.weights.own_columns.stride;
      for (std::size_t s = 0; s < rbm::Adam::slot_count; ++s)
        floats +=
            trainer.weight_slots[s].size() + trainer.column_slots[s].rows * trainer.column_slots[s].stride;
      return floats * sizeof(float);
    };
    CHECK(bytes_of_arrays(one) == arrays * weights);
    const std::size_t kept = one.visible * one.hidden / ranks +
                             one.hidden * (one.visible / ranks + rbm::vector_lanes);  // rows with gaps
    CHECK(bytes_of_arrays(part) <= arrays * kept * sizeof(float));
    CHECK(rbm::trainer_bytes<rbm::Adam>(part) < rbm::trainer_bytes<rbm::Adam>(one));
  }
}

TEST_CASE("workers of several memories learn the bits of one, whatever is learned and however") {
  using rbm::VisibleUnits;
  const auto bits = [] { return fixture::Labelled::of_bits(70, 4, 75, 1); };
  std::vector<Case> cases;
  for (const bool persistent : {false, true})
    for (const unsigned steps : {1u, 3u}) {
      cases.push_back({bits(), {9, VisibleUnits::thresholded, steps, persistent}, false, false});
      cases.push_back({bits(), {9, VisibleUnits::thresholded, steps, persistent}});
      cases.back().options.label_weight = 0.5f;
      cases.push_back(
          {fixture::Labelled::of_readings(5, 40, 2), {9, VisibleUnits::real, steps, persistent}, true});
      cases.back().options.label_weight = 0.25f;
    }
  cases.push_back({bits(), {9, VisibleUnits::means, 2, true, true, 0.1f, 0.5f}, false, false});
  for (const bool persistent : {false, true})
    cases.push_back({bits(), {9, VisibleUnits::thresholded, 2, persistent}, false, false, 6, false});
  cases.push_back({bits(), {9, VisibleUnits::thresholded}});
  cases.back().options.label_weight = 1;
  // Labels of which one memory owns the last ones, and batches of fewer examples than the layer has granules.
  cases.push_back({fixture::Labelled::of_bits(70, 30, 75, 1), {9, VisibleUnits::thresholded}});
  cases.back().options.label_weight = 0.5f;
  cases.back().batch = 2;
  for (const Case& each : cases)
    for (const std::size_t ranks : {1u, 2u, 3u, 5u}) {
      CAPTURE(ranks);
      CAPTURE(each.options.label_weight);
      CAPTURE(each.options.persistent);
      check_ranks(each, ranks, 1);
      if (ranks == 2) check_ranks(each, ranks, 2);
    }
}
