#include "rbm/choice_online.hpp"

#include <doctest/doctest.h>

#include <cmath>

#include "tests/support/fixed_point_models.hpp"
#include "tests/support/fixtures.hpp"
#include "tests/support/reference_choice.hpp"

using fixture::FixedPointModel;
using rbm::Parameter;

namespace {

constexpr std::size_t visible = 15, hidden = 5;
constexpr rbm::ChoiceShape shape{visible, hidden, {4, 10}};

std::vector<double> some_rest(bool real) {
  std::vector<double> rest(visible);
  for (const std::size_t j : {0u, 3u, 11u, 14u}) rest[j] = real ? 0.25 * static_cast<double>(j) - 1 : 1;
  return rest;
}

/// How far each parameter moves at a rate, by the exact gradient.
reference::Parameters exact_change(const reference::Parameters& model, const std::vector<double>& rest,
                                   std::size_t chosen, double rate) {
  reference::Parameters change(visible, hidden);
  change.add(rate, reference::choice_gradient(model, shape.choice, rest, chosen));
  return change;
}

/// A model with its learner, of floats or in fixed point, for streams.
struct Floats {
  fixture::Model model;
  fixture::Memory memory;
  rbm::ChoiceOnline online;

  Floats(rbm::ChoiceShape sizes, float rate)
      : model(sizes.visible, sizes.hidden, 0.1f, 1),
        memory(rbm::choice_online_bytes<float>(sizes)),
        online(model, memory, sizes, {rate}) {}
  static double nats(float surprise) { return static_cast<double>(surprise); }
};
struct Integers {
  FixedPointModel model;
  fixture::Memory memory;
  rbm::FixedPointChoiceOnline online;

  Integers(rbm::ChoiceShape sizes, float rate)
      : model(fixture::random_fixed_point_model(sizes.visible, sizes.hidden, 0.1f, 1)),
        memory(rbm::choice_online_bytes<Parameter>(sizes)),
        online(model, memory, sizes) {
    online.step.rate = static_cast<std::uint16_t>(rate * 65536);
  }
  static double nats(std::int32_t surprise) { return surprise / 65536.0; }
};

std::size_t draw(const std::vector<double>& probabilities, std::mt19937& random) {
  double left = static_cast<double>(fixture::uniform(random));
  for (std::size_t n = 0; n + 1 < probabilities.size(); ++n) {
    if (left < probabilities[n]) return n;
    left -= probabilities[n];
  }
  return probabilities.size() - 1;
}

}  // namespace

TEST_CASE("an example moves the floats by the rate times the gradient of log p") {
  for (const bool real : {false, true})
    for (const std::size_t chosen : {0u, 2u, 5u}) {
      fixture::Model model(visible, hidden, 0.8f, 7, 2);
      const reference::Parameters before{rbm::ConstRbmView(model)};
      const std::vector<double> rest = some_rest(real);
      fixture::Memory memory(rbm::choice_online_bytes<float>(shape));
      rbm::ChoiceOnline online(model, memory, shape, {0.5f});
      const float surprise = rbm::learn(online, fixture::Listed(rest, real), chosen);
      const double p = reference::choice_probabilities(before, shape.choice, rest)[chosen];
      CHECK(static_cast<double>(surprise) == doctest::Approx(-std::log(p)).epsilon(1e-5));
      reference::Parameters change{rbm::ConstRbmView(model)};
      change.add(-1, before);
      CHECK(change.worst_difference(exact_change(before, rest, chosen, 0.5)) < 2e-6);
    }
}

TEST_CASE("in fixed point it does so but for rounding, and leaves all other parameters alone") {
  for (const std::uint16_t rate : {std::uint16_t{13107}, std::uint16_t{32767}})
    for (const std::size_t chosen : {0u, 3u, 5u}) {
      FixedPointModel model = fixture::random_fixed_point_model(visible, hidden, 0.8f, 7, 2);
      const reference::Parameters before = fixture::exact(model);
      const std::vector<double> rest = some_rest(false);
      fixture::Memory memory(rbm::choice_online_bytes<Parameter>(shape));
      rbm::FixedPointChoiceOnline online(model, memory, shape, {rate});
      (void)rbm::learn(online, fixture::Listed(rest), chosen);
      reference::Parameters change = fixture::exact(model);
      change.add(-1, before);
      const reference::Parameters exact = exact_change(before, rest, chosen, rate / 65536.0);
      const double step = 1.0 / 2048;
      CHECK(change.worst_difference(exact) < 2 * step);
      change.for_each(exact, [&](double& mine, double its, bool) {
        if (std::abs(its) < 1e-9) CHECK(mine == 0);
      });
      for (std::size_t i = 0; i < hidden; ++i)
        for (std::size_t n = 0; n < model.gap; ++n)
          CHECK(model.weights[i * (visible + model.gap) + visible + n] == FixedPointModel::untouched);
    }
}

TEST_CASE("rounding at random keeps small changes on the mean") {
  // Each change is a small part of a step: what 4,000 learners do is the gradient on the mean.
  constexpr std::uint16_t rate = 20;
  constexpr int learners = 4000;
  const FixedPointModel start = fixture::random_fixed_point_model(visible, hidden, 0.8f, 9);
  const std::vector<double> rest = some_rest(false);
  fixture::Memory memory(rbm::choice_online_bytes<Parameter>(shape));
  FixedPointModel model = start;
  const reference::Parameters before = fixture::exact(model);
  reference::Parameters mean(visible, hidden);
  rbm::ChoiceStep<Parameter> step{rate};
  for (int n = 0; n < learners; ++n) {
    model = start;
    rbm::FixedPointChoiceOnline online(model, memory, shape, step);
    (void)rbm::learn(online, fixture::Listed(rest), 1);
    step = online.step;
    reference::Parameters change = fixture::exact(model);
    change.add(-1, before);
    mean.add(1.0 / learners, change);
  }
  // The deviation of a rounded change is at most half a step.
  const double deviation = 0.5 / 2048 / std::sqrt(static_cast<double>(learners));
  CHECK(mean.worst_difference(exact_change(before, rest, 1, rate / 65536.0)) <
        fixture::once_in_a_million * deviation);
}

namespace {

/// Labels behind nine readings, whose states are some numbers up to three deviations.
constexpr rbm::ChoiceShape of_readings{visible, hidden, {9, visible}};

std::vector<rbm::RealState> some_states() {
  std::vector<rbm::RealState> states(of_readings.choice.begin);
  for (std::size_t j = 0; j < states.size(); ++j)
    states[j] = static_cast<rbm::RealState>(static_cast<int>(191 * j % 1537) - 768);
  return states;
}
std::vector<double> values_of(const std::vector<rbm::RealState>& states) {
  std::vector<double> values(visible);
  for (std::size_t j = 0; j < states.size(); ++j) values[j] = states[j] / 256.0;
  return values;
}
reference::Parameters exact_change(const reference::Parameters& model,
                                   const std::vector<rbm::RealState>& states, std::size_t chosen,
                                   double rate) {
  reference::Parameters change(visible, hidden);
  change.add(rate, reference::choice_gradient(model, of_readings.choice, values_of(states), chosen));
  return change;
}

}  // namespace

TEST_CASE("given readings, fixed point follows the same gradient") {
  const std::vector<rbm::RealState> states = some_states();
  const std::vector<double> values = values_of(states);
  for (const std::uint16_t rate : {std::uint16_t{3277}, std::uint16_t{32767}})
    for (const std::size_t chosen : {0u, 3u, 5u}) {
      FixedPointModel model = fixture::random_fixed_point_model(visible, hidden, 0.5f, 7, 2);
      const reference::Parameters before = fixture::exact(model);
      fixture::Memory memory(rbm::choice_online_bytes<Parameter>(of_readings));
      rbm::FixedPointChoiceOnline online(model, memory, of_readings, {rate});
      const std::int32_t surprise = rbm::learn(online, {states.data(), states.size()}, chosen);
      const double p = reference::choice_probabilities(before, of_readings.choice, values)[chosen];
      CHECK(std::abs(surprise / 65536.0 + std::log(p)) < 0.002);
      reference::Parameters change = fixture::exact(model);
      change.add(-1, before);
      const double step = 1.0 / 2048;
      CHECK(change.worst_difference(exact_change(before, states, chosen, rate / 65536.0)) <
            2 * step + 3 * rate / 65536.0 / 2000);
      for (std::size_t i = 0; i < hidden; ++i)
        for (std::size_t n = 0; n < model.gap; ++n)
          CHECK(model.weights[i * (visible + model.gap) + visible + n] == FixedPointModel::untouched);
      std::vector<std::int32_t> probability(6), inputs(hidden);
      rbm::choice_probabilities({probability.data(), 6}, {inputs.data(), hidden}, model, of_readings.choice,
                                {states.data(), states.size()});
      const reference::State exact =
          reference::choice_probabilities(fixture::exact(model), of_readings.choice, values);
      for (std::size_t y = 0; y < 6; ++y) CHECK(std::abs(probability[y] / 65536.0 - exact[y]) < 0.002);
      const std::int32_t again =
          rbm::choice_surprise({probability.data(), 6}, {inputs.data(), hidden}, model, of_readings.choice,
                               {states.data(), states.size()}, chosen);
      CHECK(std::abs(again / 65536.0 + std::log(exact[chosen])) < 0.002);
    }
}

TEST_CASE("given readings, rounding at random keeps small changes on the mean") {
  constexpr std::uint16_t rate = 20;
  constexpr int learners = 4000;
  const FixedPointModel start = fixture::random_fixed_point_model(visible, hidden, 0.05f, 9);
  std::vector<rbm::RealState> states = some_states();
  for (rbm::RealState& x : states) x = static_cast<rbm::RealState>(8 * x);  // where the first rounding shows
  fixture::Memory memory(rbm::choice_online_bytes<Parameter>(of_readings));
  FixedPointModel model = start;
  const reference::Parameters before = fixture::exact(model);
  reference::Parameters mean(visible, hidden);
  rbm::ChoiceStep<Parameter> step{rate};
  for (int n = 0; n < learners; ++n) {
    model = start;
    rbm::FixedPointChoiceOnline online(model, memory, of_readings, step);
    (void)rbm::learn(online, {states.data(), states.size()}, 1);
    step = online.step;
    reference::Parameters change = fixture::exact(model);
    change.add(-1, before);
    mean.add(1.0 / learners, change);
  }
  const double deviation = 0.5 / 2048 / std::sqrt(static_cast<double>(learners));
  CHECK(mean.worst_difference(exact_change(before, states, 1, rate / 65536.0)) <
        fixture::once_in_a_million * deviation);
}

TEST_CASE("given readings, what no reading tells alone is learned as well as in floats") {
  constexpr rbm::ChoiceShape sizes{4, 8, {2, 4}};
  Floats floats(sizes, 0.1f);
  Integers integers(sizes, 0.1f);
  std::mt19937 random(15);
  double of_floats = 0, of_integers = 0;
  for (int n = 0; n < 20000; ++n) {
    const bool a = random() >> 31, b = random() >> 31;
    const auto reading = [&](bool on) {
      return static_cast<rbm::RealState>((on ? 384 : -384) + 64 * static_cast<double>(fixture::bell(random)));
    };
    const rbm::RealState states[] = {reading(a), reading(b)};
    const rbm::Unit units[] = {0, 1};
    const float factors[] = {static_cast<float>(states[0]) / 256, static_cast<float>(states[1]) / 256};
    const double by_floats = Floats::nats(rbm::learn(floats.online, {units, factors, 2}, a != b));
    const double by_integers =
        Integers::nats(rbm::learn(integers.online, rbm::VectorView<const rbm::RealState>{states, 2}, a != b));
    if (n < 19000) continue;
    of_floats += by_floats / 1000;
    of_integers += by_integers / 1000;
  }
  CHECK(of_floats < 0.05);
  CHECK(of_integers < of_floats + 0.01);
}

TEST_CASE("given readings at their bounds, nothing overflows at the largest rate") {
  const std::vector<rbm::RealState> highest(9, rbm::largest_state), lowest(9, -rbm::largest_state);
  for (const Parameter value : {Parameter{32767}, Parameter{-32767}}) {
    FixedPointModel model(visible, hidden);
    model.set_all(value);
    fixture::Memory memory(rbm::choice_online_bytes<Parameter>(of_readings));
    rbm::FixedPointChoiceOnline online(model, memory, of_readings, {32767});
    for (std::size_t n = 0; n < 100; ++n) {
      const auto& states = n % 3 == 0 ? lowest : highest;
      const std::int32_t surprise = rbm::learn(online, {states.data(), 9}, n % 6);
      CHECK(surprise >= -32 * static_cast<std::int32_t>(hidden));
      for (std::size_t i = 0; i < hidden; ++i)
        CHECK(std::abs(online.inputs[i]) <= 32 << rbm::parameter_fraction);
    }
    for (const Parameter parameter : model.weights) CHECK(std::abs(int{parameter}) <= 32767);
  }
}

TEST_CASE_TEMPLATE("a Markov chain is learned to its entropy rate", Learner, Floats, Integers) {
  constexpr std::size_t states = 6;
  std::mt19937 random(11);
  std::vector<std::vector<double>> transition(states, std::vector<double>(states));
  for (auto& row : transition) {
    double sum = 0;
    for (double& p : row) sum += p = std::exp(1.5 * static_cast<double>(fixture::bell(random)));
    for (double& p : row) p /= sum;
  }
  Learner learner({2 * states, 8, {0, states}}, 0.1f);
  constexpr int learned = 40000, judged = 20000;
  std::size_t state = 0;
  double surprise = 0, entropy = 0;
  for (int n = 0; n < learned + judged; ++n) {
    if (n == learned) learner.online.step.rate = 0;  // judged as it is
    const std::size_t next = draw(transition[state], random);
    const rbm::Unit unit = static_cast<rbm::Unit>(states + state);
    const double nats = Learner::nats(rbm::learn(learner.online, {&unit, nullptr, 1}, next));
    if (n >= learned) {
      surprise += nats;
      entropy -= std::log(transition[state][next]);
    }
    state = next;
  }
  // Of the same states, so that only what the model lacks is left.
  CHECK((surprise - entropy) / judged < 0.03);
  CHECK((surprise - entropy) / judged > -0.001);
}

TEST_CASE_TEMPLATE("what no unit tells alone is learned by hidden units", Learner, Floats, Integers) {
  Learner learner({4, 8, {2, 4}}, 0.3f);
  std::mt19937 random(13);
  double surprise = 0;
  for (int n = 0; n < 20000; ++n) {
    const bool a = random() >> 31, b = random() >> 31;
    rbm::Unit units[2];
    rbm::UnitList rest{units, nullptr, 0};
    if (a) rest.add(0);
    if (b) rest.add(1);
    const double nats = Learner::nats(rbm::learn(learner.online, rest, a != b));
    if (n >= 19000) surprise += nats / 1000;
  }
  CHECK(surprise < 0.05);  // log 2 where only sums are seen
}

TEST_CASE("parameters at their bounds stay within them at the largest rate") {
  for (const Parameter value : {Parameter{32767}, Parameter{-32767}}) {
    FixedPointModel model(visible, hidden);
    model.set_all(value);
    fixture::Memory memory(rbm::choice_online_bytes<Parameter>(shape));
    rbm::FixedPointChoiceOnline online(model, memory, shape, {32767});
    for (std::size_t n = 0; n < 100; ++n) {
      const std::int32_t surprise = rbm::learn(online, fixture::Listed(some_rest(false)), n % 6);
      CHECK(surprise >= -32 * static_cast<std::int32_t>(hidden));
    }
    for (const Parameter parameter : model.weights) CHECK(std::abs(int{parameter}) <= 32767);
  }
}
