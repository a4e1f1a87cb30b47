#include "rbm/parallel.hpp"

#include <doctest/doctest.h>

#include <condition_variable>
#include <cstring>
#include <mutex>
#include <thread>

#include "tests/support/labelled.hpp"
#include "tests/support/training.hpp"

namespace {

/// Workers of several memories, here threads that each train a model of their own and see nothing of the
/// others but what they exchange.
class Ranks {
 public:
  explicit Ranks(std::size_t count) : count_(count), arrays_(count) {}

  /// One of them, with a memory of its own, in which `workers` share the work one after the other.
  class Rank {
   public:
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
      all_.meet();
      for (std::size_t other = 0; other < all_.count_; ++other) {
        const rbm::Share things = Rank(all_, other, workers_).here(parts.count);
        const std::size_t from = std::min(things.begin * parts.each, parts.bytes),
                          to = std::min(things.end * parts.each, parts.bytes);
        for (std::size_t row = 0; other != rank_ && row < parts.rows; ++row)
          std::memcpy(parts.data + row * parts.stride + from,
                      all_.arrays_[other].data + row * parts.stride + from, to - from);
      }
      all_.meet();
    }
    std::size_t begin(std::size_t count, std::size_t worker) const {
      return rbm::share_begin(count, rank_ * workers_ + worker, all_.count_ * workers_);
    }

    Ranks& all_;
    std::size_t rank_, workers_;
  };

 private:
  void meet() {
    std::unique_lock<std::mutex> lock(mutex_);
    const std::size_t round = round_;
    if (++waiting_ == count_) {
      waiting_ = 0;
      ++round_;
      met_.notify_all();
    }
    met_.wait(lock, [&] { return round != round_; });
  }

  std::size_t count_, waiting_ = 0, round_ = 0;
  std::vector<rbm::Parts> arrays_;
  std::mutex mutex_;
  std::condition_variable met_;
};

/// A model that is trained: by one worker, or by several memories.
struct Case {
  fixture::Labelled model;
  rbm::TrainOptions options;
  bool learns_scales = false, learns_labels = true;
  std::size_t batch = 6;

  rbm::TrainerShape shape(bool several) const {
    rbm::TrainerShape out = model.trainer_shape(batch);
    out.real = true;
    out.learns_scales = learns_scales;
    if (!learns_labels) out.labels = {};
    out.several_memories = several;
    return out;
  }
};

/// All that a memory owns after some batches, and their losses.
template <class Parallel>
std::vector<float> learned(const Case& from, Parallel&& parallel, rbm::Share hidden_granules,
                           rbm::Share visible_granules, bool several) {
  fixture::Labelled model = from.model;
  const rbm::TrainerShape shape = from.shape(several);
  fixture::Memory memory(rbm::trainer_bytes<rbm::Adam>(shape));
  rbm::Trainer<rbm::Adam> trainer(model, memory, shape, from.options);
  std::vector<float> results;
  for (std::uint32_t step = 0; step < 3; ++step) {
    const rbm::BatchReport report =
        rbm::train(trainer, from.model.random_data(step == 1 ? 2 : from.batch, step), parallel);
    results.insert(results.end(), {report.loss, report.reconstruction, report.label_loss});
  }
  const rbm::RbmView view = model;
  const rbm::Share hidden = hidden_granules.units(view.hidden()),
                   visible = visible_granules.units(view.visible());
  for (std::size_t i = hidden.begin; i < hidden.end; ++i) {
    results.push_back(view.hidden_bias[i]);
    for (std::size_t j = 0; j < view.visible(); ++j) results.push_back(trainer.weights.transposed.row(j)[i]);
  }
  for (std::size_t i = 0; i < view.hidden(); ++i)
    for (std::size_t j = visible.begin; j < visible.end; ++j) results.push_back(view.weights.row(i)[j]);
  for (std::size_t j = 0; j < view.visible(); ++j) results.push_back(view.visible_bias[j]);
  for (const rbm::VectorView<float>& kept :
       {trainer.activity, trainer.centring.hidden_offset, view.layer.scale})
    for (std::size_t n = 0; n < kept.size; ++n)
      results.push_back(
          kept.data == trainer.centring.hidden_offset.data && from.options.centring == 0 ? 0 : kept[n]);
  return results;
}

void check_ranks(const Case& from, std::size_t ranks, std::size_t workers) {
  Ranks all(ranks);
  std::vector<std::vector<float>> results(ranks), expected(ranks);
  std::vector<std::thread> threads;
  const auto share = [&](std::size_t rank, std::size_t units) {
    return Ranks::Rank(all, rank, workers).here(rbm::granules(units));
  };
  for (std::size_t rank = 0; rank < ranks; ++rank)
    threads.emplace_back([&, rank] {
      results[rank] = learned(from, Ranks::Rank(all, rank, workers), share(rank, from.model.hidden()),
                              share(rank, from.model.visible()), true);
    });
  for (std::thread& thread : threads) thread.join();
  for (std::size_t rank = 0; rank < ranks; ++rank) {
    CAPTURE(rank);
    CHECK(fixture::same_bits(results[rank], learned(from, rbm::Serial{}, share(rank, from.model.hidden()),
                                                    share(rank, from.model.visible()), false)));
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
  cases.push_back({bits(), {9, VisibleUnits::thresholded}});
  cases.back().options.label_weight = 1;
  // Labels of which one memory owns the last ones, and batches of fewer examples than the layer has granules.
  cases.push_back({fixture::Labelled::of_bits(70, 30, 75, 1), {9, VisibleUnits::thresholded}});
  cases.back().options.label_weight = 0.5f;
  cases.back().batch = 2;
  for (const Case& each : cases)
    for (const std::size_t ranks : {2u, 3u, 5u}) {
      CAPTURE(ranks);
      CAPTURE(each.options.label_weight);
      CAPTURE(each.options.persistent);
      check_ranks(each, ranks, 1);
      if (ranks == 2) check_ranks(each, ranks, 2);
    }
}
