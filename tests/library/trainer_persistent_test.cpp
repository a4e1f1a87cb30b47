// Persistent chains: contrastive divergence of which the model's phase goes on from batch to batch.

#include <doctest/doctest.h>

#include <algorithm>

#include "tests/support/training.hpp"

namespace {

using fixture::random_batch;
using fixture::Training;
using rbm::VisibleUnits;

/// The model with its layers changed over.
reference::Parameters upside_down(const reference::Parameters& rbm) {
  reference::Parameters out(rbm.hidden, rbm.visible);
  out.visible_bias = rbm.hidden_bias;
  out.hidden_bias = rbm.visible_bias;
  for (std::size_t i = 0; i < rbm.hidden; ++i)
    for (std::size_t j = 0; j < rbm.visible; ++j) out.weights[j * out.visible + i] = rbm.weight(i, j);
  return out;
}

/// The exact mean of each visible unit of a tiny model, and the standard error of the mean over `chains`
/// stationary chains of `steps` steps of `gibbs_steps` Gibbs steps: neighbours in a chain are not
/// independent.
struct Expected {
  reference::State mean, error;

  Expected(const reference::Parameters& rbm, unsigned gibbs_steps, int steps, double chains)
      : mean(rbm.visible), error(rbm.visible) {
    const std::vector<reference::State> joint = reference::joint_probabilities(rbm);
    const std::vector<reference::State> transition = reference::transition_matrix(rbm);
    const std::size_t states = joint.size();
    for (std::size_t j = 0; j < rbm.visible; ++j) {
      reference::State stationary(states), on(states), later;
      for (std::size_t v = 0; v < states; ++v) {
        for (double p : joint[v]) stationary[v] += p;
        on[v] = static_cast<double>(v >> j & 1);
        mean[j] += stationary[v] * on[v];
      }
      later = on;  // the chance of unit j being on after some steps from each state
      double sum = 0;
      for (int lag = 0; lag < steps; ++lag) {
        double product = 0;
        for (std::size_t v = 0; v < states; ++v) product += stationary[v] * on[v] * later[v];
        sum += (lag == 0 ? 1 : 2) * (1 - static_cast<double>(lag) / steps) * (product - mean[j] * mean[j]);
        for (unsigned k = 0; k < gibbs_steps; ++k) {
          reference::State next(states);
          for (std::size_t v = 0; v < states; ++v)
            for (std::size_t w = 0; w < states; ++w) next[v] += transition[v][w] * later[w];
          later = next;
        }
      }
      error[j] = std::sqrt(sum / (steps * chains));
    }
  }
};

constexpr std::size_t visible = 29, batch = 6;

}  // namespace

TEST_CASE("persistent chains go on, step and learn as the double-precision reference") {
  for (VisibleUnits kind : {VisibleUnits::sampled, VisibleUnits::thresholded, VisibleUnits::means})
    for (std::size_t hidden : {1u, 7u, 16u, 17u, 33u})
      for (unsigned gibbs_steps : {1u, 3u}) {
        CAPTURE(hidden);
        const rbm::TrainerShape shape{visible, hidden, batch, kind == VisibleUnits::means};
        const rbm::TrainOptions options{9, kind, gibbs_steps, true};
        const fixture::Model model(visible, hidden, 0.4f, 1, 3);
        Training<rbm::Sgd> sgd(model, shape, options);
        sgd.trainer.optimizer = {0.1f, 0.8f, 0.05f};
        CHECK(fixture::worst_difference_after_batches<reference::Sgd>(sgd, batch) < fixture::rounding_moves);
        Training<rbm::Adam> adam(model, shape, options);
        adam.trainer.optimizer.epsilon = 1e-3f;
        CHECK(fixture::worst_difference_after_batches<reference::Adam>(adam, batch) < 5e-6);
      }
}

TEST_CASE("persistent chains start with every hidden unit off") {
  constexpr std::size_t hidden = 17;
  const rbm::TrainOptions options{9, VisibleUnits::sampled, 1, true};
  const fixture::Model model(visible, hidden, 0.4f, 2);
  Training<rbm::Sgd> training(model, {visible, hidden, batch}, options);
  for (std::size_t n = 0; n < batch; ++n) CHECK(training.trainer.phases.hidden.counts[n] == 0);
  (void)rbm::train(training.trainer, random_batch(batch, visible, 0));
  for (std::size_t n = 0; n < batch; ++n)
    for (std::size_t j = 0; j < visible; ++j)
      CHECK(training.trainer.phases.model_visible.row(n)[j] == rbm::sigmoid(model.visible_bias[j]));
}

TEST_CASE("a chain is its hidden state: given to another trainer, it goes on with the same bits") {
  constexpr std::size_t hidden = 33;
  const rbm::TrainOptions options{9, VisibleUnits::sampled, 2, true};
  Training<rbm::Sgd> whole(fixture::Model(visible, hidden, 0.4f, 3), {visible, hidden, batch}, options);
  (void)rbm::train(whole.trainer, random_batch(batch, visible, 0));
  Training<rbm::Sgd> resumed(whole.model, {visible, hidden, batch}, options);
  resumed.trainer.step = whole.trainer.step;
  const rbm::UnitLists from = whole.trainer.phases.hidden, to = resumed.trainer.phases.hidden;
  for (std::size_t n = 0; n < batch; ++n) to.assign(n, from.row(n));
  for (std::uint32_t step = 1; step < 4; ++step)
    CHECK(rbm::train(whole.trainer, random_batch(batch, visible, step)).loss ==
          rbm::train(resumed.trainer, random_batch(batch, visible, step)).loss);
  CHECK(fixture::same_bits(whole.parameters(), resumed.parameters()));
}

TEST_CASE("the means of persistent chains of a fixed model are the model's, whatever the data") {
  constexpr std::size_t seen = 4, hidden = 3, chains = 50;
  constexpr int burn_in = 100, steps = 1000;
  const fixture::Model model(seen, hidden, 1, 5);
  const reference::Parameters exact(model);
  const std::vector<float> before = fixture::all_parameters(model);
  std::vector<float> data(chains * seen);
  for (std::size_t n = 0; n < data.size(); ++n) data[n] = n % 3 == 0 ? 1.0f : 0.0f;
  for (unsigned gibbs_steps : {1u, 3u}) {
    Training<rbm::Sgd> training(model, {seen, hidden, chains}, {6, VisibleUnits::sampled, gibbs_steps, true});
    training.trainer.optimizer.rate = 0;
    const rbm::Phases& phases = training.trainer.phases;
    reference::State of_visible(seen), of_hidden(hidden);
    const auto add = [](reference::State& sum, rbm::ActiveUnits state) {
      for (std::size_t n = 0; n < state.count; ++n) sum[state.units[n]] += 1;
    };
    for (int step = 0; step < burn_in + steps; ++step) {
      (void)rbm::train(training.trainer, {data.data(), chains, seen, seen});
      for (std::size_t n = 0; step >= burn_in && n < chains; ++n) {
        add(of_visible, phases.model.row(n));
        add(of_hidden, phases.hidden.row(n));
      }
    }
    CHECK(fixture::same_bits(training.parameters(), before));
    const auto check = [](const reference::State& sum, const Expected& expected) {
      for (std::size_t u = 0; u < sum.size(); ++u) {
        CHECK(expected.error[u] < 0.01);
        CHECK(std::abs(sum[u] / (steps * static_cast<double>(chains)) - expected.mean[u]) <
              fixture::once_in_a_million * expected.error[u]);
      }
    };
    check(of_visible, Expected(exact, gibbs_steps, steps, chains));
    check(of_hidden, Expected(upside_down(exact), gibbs_steps, steps, chains));
  }
}

TEST_CASE("learning with persistent chains raises the exact log-likelihood of bars and stripes") {
  const std::vector<reference::State> pictures = reference::bars_and_stripes();
  const fixture::Matrix rows = fixture::to_matrix(pictures);
  Training<rbm::Sgd> training(fixture::Model(9, 16, 0.01f, 10), {9, 16, 14},
                              {9, VisibleUnits::sampled, 1, true});
  for (int step = 0; step < 5000; ++step) (void)rbm::train(training.trainer, rows);
  // From -6.24 nats; -log 14 = -2.64 is perfect.
  CHECK(reference::log_likelihood(reference::Parameters(training.model), pictures) > -4);
}
