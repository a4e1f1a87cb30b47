#include "rbm/trainer.hpp"

#include <doctest/doctest.h>

#include "tests/support/contracts.hpp"
#include "tests/support/training.hpp"

namespace {

using fixture::Backwards;
using fixture::first_rows;
using fixture::random_batch;
using fixture::Training;
using fixture::worst_difference_after_batches;
using rbm::VisibleUnits;

constexpr std::size_t visible = 29, batch = 6;

}  // namespace

TEST_CASE("batches with SGD, momentum and decay follow the double-precision reference") {
  for (VisibleUnits kind : {VisibleUnits::sampled, VisibleUnits::thresholded, VisibleUnits::means})
    for (std::size_t hidden : {1u, 7u, 16u, 17u, 33u})
      for (unsigned gibbs_steps : {1u, 3u}) {
        CAPTURE(hidden);
        Training<rbm::Sgd> training(fixture::Model(visible, hidden, 0.4f, 1, 3),
                                    {visible, hidden, batch, kind == VisibleUnits::means}, kind, gibbs_steps);
        training.trainer.optimizer.rate = 0.1f;
        training.trainer.optimizer.momentum = 0.8f;
        training.trainer.optimizer.weight_decay = 0.05f;
        CHECK(worst_difference_after_batches<reference::Sgd>(training, batch) < fixture::rounding_moves);
      }
}

TEST_CASE("batches with Adam follow the double-precision reference") {
  // With its small default epsilon Adam magnifies the rounding of gradients near 0, so here it is larger.
  for (VisibleUnits kind : {VisibleUnits::sampled, VisibleUnits::means})
    for (std::size_t hidden : {1u, 7u, 16u, 17u, 33u}) {
      CAPTURE(hidden);
      Training<rbm::Adam> training(fixture::Model(visible, hidden, 0.4f, 2, 1),
                                   {visible, hidden, batch, kind == VisibleUnits::means}, kind);
      training.trainer.optimizer.epsilon = 1e-3f;
      training.trainer.optimizer.weight_decay = 0.05f;
      CHECK(worst_difference_after_batches<reference::Adam>(training, batch) < 5e-6);
    }
}

TEST_CASE("threads change no bit, however a range is split") {
  for (std::size_t hidden : {7u, 33u})
    for (bool real : {false, true}) {
      const rbm::TrainerShape shape{visible, hidden, batch, real};
      const VisibleUnits kind = real ? VisibleUnits::means : VisibleUnits::sampled;
      const fixture::Model model(visible, hidden, 0.4f, 3);
      Training<rbm::Adam> serial(model, shape, kind, 2);
      std::vector<float> losses;
      for (std::uint32_t step = 0; step < 4; ++step)
        losses.push_back(rbm::train(serial.trainer, random_batch(batch, visible, step)).loss);
      for (std::size_t parts : {2u, 3u, 7u}) {
        Training<rbm::Adam> parallel(model, shape, kind, 2);
        for (std::uint32_t step = 0; step < 4; ++step)
          CHECK(rbm::train(parallel.trainer, random_batch(batch, visible, step), Backwards{parts}).loss ==
                losses[step]);
        CHECK(fixture::same_bits(parallel.parameters(), serial.parameters()));
      }
    }
}

TEST_CASE("threads change no bit of any way of learning") {
  std::vector<rbm::TrainOptions> ways(5);
  ways[0].persistent = true;
  ways[1].mean_reconstructions = true;
  ways[2].centring = 0.1f;
  ways[3].sparsity_cost = 0.5f;
  ways[4] = {9, VisibleUnits::means, 2, true, true, 0.1f, 0.5f, 0.2f};
  for (const rbm::TrainOptions& options : ways)
    for (std::size_t hidden : {7u, 33u, 150u}) {
      const rbm::TrainerShape shape{visible, hidden, batch, true};
      const fixture::Model model(visible, hidden, 0.4f, 3);
      const auto train = [&](auto parallel) {
        Training<rbm::Adam> training(model, shape, options);
        std::vector<float> results;
        for (std::uint32_t step = 0; step < 4; ++step) {
          const rbm::BatchReport report =
              rbm::train(training.trainer, random_batch(step == 2 ? 2 : batch, visible, step), parallel);
          results.push_back(report.loss);
          results.push_back(report.reconstruction);
        }
        for (float parameter : training.parameters()) results.push_back(parameter);
        const rbm::Centring& centring = training.trainer.centring;
        for (const auto& kept : {centring.visible_offset, centring.hidden_offset, training.trainer.activity})
          results.insert(results.end(), kept.data, kept.data + kept.size);
        return results;
      };
      const std::vector<float> serial = train(rbm::Serial{});
      for (std::size_t parts : {2u, 3u, 7u}) CHECK(fixture::same_bits(train(Backwards{parts}), serial));
    }
}

TEST_CASE("batches with probabilities for reconstructions follow the double-precision reference") {
  for (VisibleUnits kind : {VisibleUnits::sampled, VisibleUnits::thresholded, VisibleUnits::means})
    for (std::size_t hidden : {1u, 7u, 16u, 17u, 33u})
      for (unsigned gibbs_steps : {1u, 3u})
        for (bool persistent : {false, true}) {
          CAPTURE(hidden);
          Training<rbm::Sgd> training(fixture::Model(visible, hidden, 0.4f, 1, 3),
                                      {visible, hidden, batch, true},
                                      {9, kind, gibbs_steps, persistent, true});
          training.trainer.optimizer = {0.1f, 0.8f, 0.05f};
          CHECK(worst_difference_after_batches<reference::Sgd>(training, batch) < fixture::rounding_moves);
        }
}

#ifndef NDEBUG
TEST_CASE("probabilities for reconstructions need room for real states") {
  Training<rbm::Sgd> training(fixture::Model(visible, 7, 0.4f, 1), {visible, 7, batch});
  training.trainer.options.mean_reconstructions = true;
  const fixture::Matrix rows = random_batch(batch, visible, 0);
  CHECK(fixture::stops([&] { (void)rbm::train(training.trainer, rows); }));
}
#endif

TEST_CASE("fixed-size models and views of run-time sizes give the same bits") {
  constexpr std::size_t hidden = 17;
  const fixture::Model model(visible, hidden, 0.4f, 4, 5);
  Training<rbm::Adam> run_time(model, {visible, hidden, batch});
  static rbm::Rbm<visible, hidden> fixed;
  for (std::size_t i = 0; i < hidden; ++i)
    for (std::size_t j = 0; j < visible; ++j) fixed.weights.values[i * visible + j] = model.weights.at(i, j);
  for (std::size_t j = 0; j < visible; ++j) fixed.visible_bias.values[j] = model.visible_bias[j];
  for (std::size_t i = 0; i < hidden; ++i) fixed.hidden_bias.values[i] = model.hidden_bias[i];
  static rbm::Memory<rbm::trainer_bytes<rbm::Adam>({visible, hidden, batch})> memory;
  rbm::Trainer<rbm::Adam> trainer(fixed, memory, {visible, hidden, batch}, {9});
  for (std::uint32_t step = 0; step < 4; ++step) {
    const fixture::Matrix rows = random_batch(batch, visible, step);
    CHECK(rbm::train(trainer, rows).loss == rbm::train(run_time.trainer, rows).loss);
  }
  CHECK(fixture::same_bits(fixture::all_parameters(fixed), run_time.parameters()));
}

TEST_CASE("a batch smaller than the shape's is as one of a smaller shape") {
  constexpr std::size_t hidden = 17;
  const fixture::Model model(visible, hidden, 0.4f, 5);
  Training<rbm::Adam> large(model, {visible, hidden, 40}), small(model, {visible, hidden, 3});
  (void)rbm::train(large.trainer, random_batch(40, visible, 0));  // leaves its states behind
  large.model = model;
  large.trainer = {large.model, large.memory, {visible, hidden, 40}, {9}};
  for (std::uint32_t step = 1; step < 4; ++step) {
    const fixture::Matrix rows = random_batch(3, visible, step);
    CHECK(rbm::train(large.trainer, first_rows(rows, 3)).loss == rbm::train(small.trainer, rows).loss);
  }
  CHECK(fixture::same_bits(large.parameters(), small.parameters()));
}

TEST_CASE("room for real-valued states does not change binary ones") {
  for (VisibleUnits kind : {VisibleUnits::sampled, VisibleUnits::thresholded}) {
    const fixture::Model model(visible, 17, 0.4f, 12);
    Training<rbm::Sgd> plain(model, {visible, 17, batch}, kind),
        roomy(model, {visible, 17, batch, true}, kind);
    for (std::uint32_t step = 0; step < 3; ++step) {
      const fixture::Matrix rows = random_batch(batch, visible, step);
      CHECK(rbm::train(plain.trainer, rows).loss == rbm::train(roomy.trainer, rows).loss);
    }
    CHECK(fixture::same_bits(plain.parameters(), roomy.parameters()));
  }
}

TEST_CASE("padding stays 0") {
  constexpr std::size_t hidden = 17;
  Training<rbm::Adam> training(fixture::Model(visible, hidden, 0.4f, 11), {visible, hidden, batch});
  for (std::uint32_t step = 0; step < 3; ++step)
    (void)rbm::train(training.trainer, random_batch(batch, visible, step));
  const rbm::Trainer<rbm::Adam>& trainer = training.trainer;
  for (std::size_t i = hidden; i < trainer.weights.transposed.end; ++i) {
    CHECK(trainer.weights.hidden_bias[i] == 0);
    for (std::size_t j = 0; j < visible; ++j) {
      CHECK_UNARY(trainer.weights.transposed.at(j, i) == 0);
      for (const rbm::PanelView<float>& slot : trainer.weight_slots) CHECK_UNARY(slot.at(j, i) == 0);
    }
  }
}

TEST_CASE("the seed and the step decide the draws") {
  const fixture::Model model(visible, 8, 0.4f, 6);
  const fixture::Matrix rows = random_batch(batch, visible, 0);
  std::vector<std::vector<float>> results;
  for (int variant = 0; variant < 3; ++variant) {
    Training<rbm::Sgd> training(model, {visible, 8, batch});
    if (variant == 1) training.trainer.options.seed = 10;
    if (variant == 2) training.trainer.step = 1;
    (void)rbm::train(training.trainer, rows);
    results.push_back(training.parameters());
  }
  CHECK(!fixture::same_bits(results[0], results[1]));
  CHECK(!fixture::same_bits(results[0], results[2]));
}

TEST_CASE("training goes on from saved arrays, counters and step with the same bits") {
  constexpr std::size_t hidden = 17;
  const rbm::TrainerShape shape{visible, hidden, batch};
  Training<rbm::Adam> whole(fixture::Model(visible, hidden, 0.4f, 7), shape);
  for (std::uint32_t step = 0; step < 2; ++step)
    (void)rbm::train(whole.trainer, random_batch(batch, visible, step));

  Training<rbm::Adam> resumed(whole.model, shape);
  const auto copy = [](rbm::VectorView<float> to, rbm::VectorView<float> from) {
    for (std::size_t n = 0; n < from.size; ++n) to[n] = from[n];
  };
  for (std::size_t s = 0; s < rbm::Adam::slot_count; ++s) {
    const rbm::PanelView<float>& kept = whole.trainer.weight_slots[s];
    std::copy_n(kept.data, kept.size(), resumed.trainer.weight_slots[s].data);
    copy(resumed.trainer.visible_slots[s], whole.trainer.visible_slots[s]);
    copy(resumed.trainer.hidden_slots[s], whole.trainer.hidden_slots[s]);
  }
  resumed.trainer.counters = whole.trainer.counters;
  resumed.trainer.step = whole.trainer.step;
  for (std::uint32_t step = 2; step < 5; ++step) {
    (void)rbm::train(whole.trainer, random_batch(batch, visible, step));
    (void)rbm::train(resumed.trainer, random_batch(batch, visible, step));
  }
  CHECK(fixture::same_bits(resumed.parameters(), whole.parameters()));
}

TEST_CASE("a model changed from outside is taken over") {
  constexpr std::size_t hidden = 17;
  const fixture::Model other(visible, hidden, 0.3f, 8);
  Training<rbm::Sgd> changed(fixture::Model(visible, hidden, 0.4f, 9), {visible, hidden, batch});
  Training<rbm::Sgd> fresh(other, {visible, hidden, batch});
  (void)rbm::train(changed.trainer, random_batch(batch, visible, 1));
  changed.model.weights.values = other.weights.values;
  changed.model.visible_bias = other.visible_bias;
  changed.model.hidden_bias = other.hidden_bias;
  changed.trainer.weights.load();
  fresh.trainer.step = 1;
  for (auto* training : {&changed, &fresh}) {
    training->trainer.optimizer.momentum = 0;
    (void)rbm::train(training->trainer, random_batch(batch, visible, 2));
  }
  CHECK(fixture::same_bits(changed.parameters(), fresh.parameters()));
}

TEST_CASE("learning raises the exact log-likelihood of bars and stripes") {
  const std::vector<reference::State> pictures = reference::bars_and_stripes();
  REQUIRE(pictures.size() == 14);
  const fixture::Matrix rows = fixture::to_matrix(pictures);
  const fixture::Model start(9, 16, 0.01f, 10);
  // All pictures alike give -9 log 2 = -6.24 nats, which no model of single pixels can beat; -log 14 = -2.64
  // is perfect. -4 asks for 60% of that way.
  CHECK(reference::log_likelihood(reference::Parameters(start), pictures) ==
        doctest::Approx(-6.24).epsilon(0.01));

  Training<rbm::Sgd> sgd(start, {9, 16, 14});
  sgd.trainer.optimizer.rate = 0.2f;
  sgd.trainer.optimizer.momentum = 0.5f;
  for (int step = 0; step < 5000; ++step) (void)rbm::train(sgd.trainer, rows);
  CHECK(reference::log_likelihood(reference::Parameters(sgd.model), pictures) > -4);

  Training<rbm::Adam> adam(start, {9, 16, 14}, VisibleUnits::sampled, 3);
  for (int step = 0; step < 3000; ++step) (void)rbm::train(adam.trainer, rows);
  CHECK(reference::log_likelihood(reference::Parameters(adam.model), pictures) > -4);
}
