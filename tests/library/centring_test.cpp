#include "rbm/centring.hpp"

#include <doctest/doctest.h>

#include "tests/support/training.hpp"

namespace {

using fixture::random_batch;
using fixture::Training;
using rbm::VisibleUnits;

constexpr std::size_t visible = 29, batch = 6;

rbm::TrainOptions centred(VisibleUnits kind, float share, unsigned gibbs_steps = 1) {
  rbm::TrainOptions options{9, kind, gibbs_steps};
  options.centring = share;
  return options;
}

bool flipped(std::size_t j) {
  return j % 3 == 1;
}

/// The model of the data with some visible units 1 - v instead of v: p(h | v) and p(v) stay what they were.
fixture::Model flip(fixture::Model model) {
  for (std::size_t i = 0; i < model.weights.rows; ++i)
    for (std::size_t j = 0; j < model.weights.columns; ++j) {
      float& weight = model.weights.values[i * model.weights.stride + j];
      if (!flipped(j)) continue;
      model.hidden_bias[i] += weight;
      weight = -weight;
    }
  for (std::size_t j = 0; j < model.weights.columns; ++j)
    if (flipped(j)) model.visible_bias[j] = -model.visible_bias[j];
  return model;
}

fixture::Matrix flip(fixture::Matrix rows) {
  for (std::size_t n = 0; n < rows.rows; ++n)
    for (std::size_t j = 0; j < rows.columns; ++j)
      if (float& value = rows.values[n * rows.stride + j]; flipped(j)) value = 1 - value;
  return rows;
}

/// How far the model of flipped data is from the flipped model of the data after some batches with momentum.
double difference_by_flipping(float share) {
  constexpr std::size_t hidden = 17;
  const rbm::TrainerShape shape{visible, hidden, batch, true};
  const rbm::TrainOptions options = centred(VisibleUnits::means, share, 2);
  const fixture::Model model(visible, hidden, 0.4f, 4);
  Training<rbm::Sgd> plain(model, shape, options), mirrored(flip(model), shape, options);
  // sigma(c) is no mean of a hidden unit whose bias depends on the flip, so that both start from one.
  for (std::size_t i = 0; i < hidden; ++i)
    mirrored.trainer.centring.hidden_offset[i] = plain.trainer.centring.hidden_offset[i];
  for (auto* training : {&plain, &mirrored}) training->trainer.optimizer = {0.1f, 0.5f, 0.0f};
  for (std::uint32_t step = 0; step < 20; ++step) {
    const fixture::Matrix rows = random_batch(batch, visible, step);
    (void)rbm::train(plain.trainer, rows);
    (void)rbm::train(mirrored.trainer, flip(rows));
  }
  return reference::Parameters(flip(plain.model)).worst_difference(reference::Parameters(mirrored.model));
}

}  // namespace

TEST_CASE("offsets start at the means of units without weights") {
  constexpr std::size_t hidden = 17;
  Training<rbm::Sgd> training(fixture::Model(visible, hidden, 0.4f, 1), {visible, hidden, batch});
  const rbm::Centring& centring = training.trainer.centring;
  for (std::size_t j = 0; j < visible; ++j)
    CHECK(centring.visible_offset[j] ==
          doctest::Approx(reference::sigmoid(training.model.visible_bias[j])).epsilon(1e-6));
  for (std::size_t i = 0; i < hidden; ++i)
    CHECK(centring.hidden_offset[i] ==
          doctest::Approx(reference::sigmoid(training.model.hidden_bias[i])).epsilon(1e-6));
  for (std::size_t i = hidden; i < centring.hidden_offset.size; ++i) CHECK(centring.hidden_offset[i] == 0);
}

TEST_CASE("centred batches with SGD follow <(h - lambda)(v - mu)> in double precision") {
  for (VisibleUnits kind : {VisibleUnits::sampled, VisibleUnits::thresholded, VisibleUnits::means})
    for (std::size_t hidden : {1u, 7u, 16u, 17u, 33u})
      for (float share : {0.01f, 0.3f, 1.0f})
        for (bool persistent : {false, true}) {
          CAPTURE(hidden);
          CAPTURE(share);
          rbm::TrainOptions options = centred(kind, share, 2);
          options.persistent = persistent;
          Training<rbm::Sgd> training(fixture::Model(visible, hidden, 0.4f, 2, 3),
                                      {visible, hidden, batch, kind == VisibleUnits::means}, options);
          training.trainer.optimizer = {0.1f, 0.8f, 0.05f};
          CHECK(fixture::worst_difference_after_batches<reference::Sgd>(training, batch) <
                fixture::rounding_moves);
        }
}

TEST_CASE("centred batches with Adam follow the same formula") {
  for (VisibleUnits kind : {VisibleUnits::sampled, VisibleUnits::means})
    for (std::size_t hidden : {1u, 7u, 16u, 17u, 33u}) {
      CAPTURE(hidden);
      Training<rbm::Adam> training(fixture::Model(visible, hidden, 0.4f, 3, 1),
                                   {visible, hidden, batch, kind == VisibleUnits::means},
                                   centred(kind, 0.1f));
      training.trainer.optimizer.epsilon = 1e-3f;
      training.trainer.optimizer.weight_decay = 0.05f;
      CHECK(fixture::worst_difference_after_batches<reference::Adam>(training, batch) < 1e-5);
    }
}

TEST_CASE("centred learning is the same for units that are mostly on as for those that are mostly off") {
  // The property for which it was published: flipping units in the data flips them in the model and changes
  // nothing else. Probabilities as states, since draws of v and of 1 - v differ.
  CHECK(difference_by_flipping(0.1f) < 1e-5);
  CHECK(difference_by_flipping(0) > 0.05);  // and is not so of the plain gradient
}

TEST_CASE("centring that is off reads no offset and changes no bit") {
  constexpr std::size_t hidden = 17;
  const fixture::Model model(visible, hidden, 0.4f, 5);
  Training<rbm::Adam> plain(model, {visible, hidden, batch}), off(model, {visible, hidden, batch});
  for (std::size_t j = 0; j < visible; ++j) off.trainer.centring.visible_offset[j] = fixture::nan;
  for (std::size_t i = 0; i < hidden; ++i) off.trainer.centring.hidden_offset[i] = fixture::nan;
  for (std::uint32_t step = 0; step < 4; ++step)
    CHECK(rbm::train(plain.trainer, random_batch(batch, visible, step)).loss ==
          rbm::train(off.trainer, random_batch(batch, visible, step)).loss);
  CHECK(fixture::same_bits(plain.parameters(), off.parameters()));
}

TEST_CASE("centring keeps padding 0 and moves no draw") {
  constexpr std::size_t hidden = 17;
  const fixture::Model model(visible, hidden, 0.4f, 6);
  Training<rbm::Adam> plain(model, {visible, hidden, batch}),
      moved(model, {visible, hidden, batch}, centred(VisibleUnits::sampled, 0.1f));
  const fixture::Matrix rows = random_batch(batch, visible, 0);
  CHECK(rbm::train(plain.trainer, rows).loss == rbm::train(moved.trainer, rows).loss);
  CHECK(!fixture::same_bits(plain.parameters(), moved.parameters()));
  for (std::uint32_t step = 1; step < 4; ++step)
    (void)rbm::train(moved.trainer, random_batch(batch, visible, step));
  const rbm::Trainer<rbm::Adam>& trainer = moved.trainer;
  for (std::size_t i = hidden; i < trainer.weights.transposed.end; ++i) {
    CHECK(trainer.weights.hidden_bias[i] == 0);
    CHECK(trainer.centring.hidden_offset[i] == 0);
    for (std::size_t j = 0; j < visible; ++j) CHECK_UNARY(trainer.weights.transposed.at(j, i) == 0);
  }
}

TEST_CASE(
    "centred learning raises the exact log-likelihood of bars and stripes, however pixels are flipped") {
  const std::vector<reference::State> pictures = reference::bars_and_stripes();
  std::vector<reference::State> some_flipped = pictures;
  for (reference::State& picture : some_flipped)
    for (std::size_t j = 0; j < 9; ++j)
      if (flipped(j)) picture[j] = 1 - picture[j];
  for (const auto& data : {pictures, some_flipped}) {
    Training<rbm::Sgd> training(fixture::Model(9, 16, 0.01f, 10), {9, 16, 14},
                                centred(VisibleUnits::sampled, 0.01f));
    training.trainer.optimizer.rate = 0.2f;
    const fixture::Matrix rows = fixture::to_matrix(data);
    for (int step = 0; step < 5000; ++step) (void)rbm::train(training.trainer, rows);
    CHECK(reference::log_likelihood(reference::Parameters(training.model), data) > -4);
  }
}
