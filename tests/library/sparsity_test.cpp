#include "rbm/sparsity.hpp"

#include <doctest/doctest.h>

#include "tests/support/training.hpp"

namespace {

using fixture::Training;
using rbm::VisibleUnits;

constexpr std::size_t visible = 29, batch = 6;

rbm::TrainOptions sparse(VisibleUnits kind, float cost, float target, float centring = 0) {
  rbm::TrainOptions options{9, kind};
  options.sparsity_cost = cost;
  options.sparsity_target = target;
  options.centring = centring;
  return options;
}

/// The mean of p(h_i = 1 | v) over the data, of each hidden unit.
reference::State activities(rbm::ConstRbmView model, const std::vector<reference::State>& data) {
  const reference::Parameters exact(model);
  reference::State mean(exact.hidden);
  for (const reference::State& v : data) {
    const reference::State p = reference::hidden_probabilities(exact, v);
    for (std::size_t i = 0; i < exact.hidden; ++i) mean[i] += p[i] / static_cast<double>(data.size());
  }
  return mean;
}

}  // namespace

TEST_CASE("batches with a sparsity target follow the double-precision reference") {
  for (VisibleUnits kind : {VisibleUnits::sampled, VisibleUnits::means})
    for (std::size_t hidden : {1u, 7u, 16u, 17u, 33u})
      for (float centring : {0.0f, 0.1f}) {
        CAPTURE(hidden);
        const rbm::TrainerShape shape{visible, hidden, batch, kind == VisibleUnits::means};
        const fixture::Model model(visible, hidden, 0.4f, 1, 3);
        Training<rbm::Sgd> sgd(model, shape, sparse(kind, 0.5f, 0.2f, centring));
        sgd.trainer.optimizer = {0.1f, 0.8f, 0.05f};
        CHECK(fixture::worst_difference_after_batches<reference::Sgd>(sgd, batch) < fixture::rounding_moves);
        Training<rbm::Adam> adam(model, shape, sparse(kind, 0.5f, 0.2f, centring));
        adam.trainer.optimizer.epsilon = 1e-3f;
        CHECK(fixture::worst_difference_after_batches<reference::Adam>(adam, batch) < 1e-5);
      }
}

TEST_CASE("the pull alone is cost times what is missing, in every sample of the data's phase") {
  constexpr std::size_t samples = 3, hidden = 5;
  rbm::Arena measured;
  (void)rbm::Phases(measured, {4, hidden, batch});
  fixture::Memory memory(measured.used);
  rbm::Arena arena = memory;
  rbm::Phases phases(arena, {4, hidden, batch});
  for (std::size_t n = 0; n < batch; ++n)
    for (std::size_t i = 0; i < hidden; ++i) {
      phases.data_hidden().row(n)[i] = 0.1f * static_cast<float>(n + i);
      phases.model_hidden().row(n)[i] = -1;
    }
  std::vector<float> activity{0.5f, 0.5f, 0.5f, 0.5f, 0.5f};
  rbm::pull_to_sparsity(phases, fixture::view(activity), sparse(VisibleUnits::sampled, 2, 0.1f), samples, 1,
                        4);
  for (std::size_t i = 0; i < hidden; ++i) {
    const bool asked_for = i >= 1 && i < 4;
    const double mean = 0.1 * static_cast<double>(1 + i), moved = asked_for ? 0.45 + 0.1 * mean : 0.5;
    CHECK(activity[i] == doctest::Approx(moved).epsilon(1e-6));
    for (std::size_t n = 0; n < batch; ++n) {
      const double pull = asked_for && n < samples ? 2 * (0.1 - moved) : 0;
      CHECK(std::abs(phases.data_hidden().row(n)[i] - (0.1 * static_cast<double>(n + i) + pull)) < 1e-6);
      CHECK(phases.model_hidden().row(n)[i] == -1);
    }
  }
}

TEST_CASE("activities start at the target, so that nothing is pulled by a start from elsewhere") {
  Training<rbm::Sgd> training(fixture::Model(visible, 7, 0.4f, 2), {visible, 7, batch},
                              sparse(VisibleUnits::sampled, 1, 0.3f));
  for (std::size_t i = 0; i < 7; ++i) CHECK(training.trainer.activity[i] == 0.3f);
}

TEST_CASE("learning with a sparsity target brings the mean activity of every hidden unit to it") {
  const std::vector<reference::State> pictures = reference::bars_and_stripes();
  const fixture::Matrix rows = fixture::to_matrix(pictures);
  for (float target : {0.1f, 0.3f}) {
    double furthest_without = 0;
    for (float cost : {0.0f, 3.0f}) {
      Training<rbm::Sgd> training(fixture::Model(9, 8, 0.1f, 3), {9, 8, 14},
                                  sparse(VisibleUnits::sampled, cost, target));
      training.trainer.optimizer.rate = 0.05f;
      for (int step = 0; step < 3000; ++step) (void)rbm::train(training.trainer, rows);
      for (double mean : activities(training.model, pictures)) {
        const double off = std::abs(mean - static_cast<double>(target));
        if (cost == 0) furthest_without = std::fmax(furthest_without, off);
        if (cost != 0) CHECK(off < 0.05);
      }
    }
    CHECK(furthest_without > 0.15);
  }
}
