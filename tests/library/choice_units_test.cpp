// A choice in the visible layer, beside bits or readings: states, draws, energies, partition functions and
// learning, against the mixture of the models given each label.
#include <doctest/doctest.h>

#include "rbm/annealing.hpp"
#include "rbm/choice.hpp"
#include "rbm/online.hpp"
#include "rbm/partition.hpp"
#include "rbm/partition_ratio.hpp"
#include "rbm/pseudo_likelihood.hpp"
#include "tests/support/contracts.hpp"
#include "tests/support/labelled.hpp"
#include "tests/support/online_step.hpp"
#include "tests/support/training.hpp"

using fixture::Labelled;
using fixture::once_in_a_million;
using fixture::view;
using rbm::VisibleUnits;

namespace {

std::vector<Labelled> models(std::uint32_t seed = 1) {
  return {Labelled::of_bits(4, 3, 5, seed), Labelled::of_readings(5, 6, seed)};
}

float log_partition(const Labelled& model) {
  const rbm::ModelShape shape{model.visible(), model.hidden()};
  fixture::Memory memory(rbm::enumeration_bytes(shape, true));
  rbm::Enumeration enumeration(model, memory, shape, true);
  rbm::enumerate(enumeration, 0, enumeration.parts);
  return rbm::log_partition(enumeration);
}

/// A state of a model: its units and their values.
struct State {
  std::vector<rbm::Unit> units;
  std::vector<float> factors;
  rbm::UnitList list;

  State(const Labelled& model, bool with_factors)
      : units(model.visible()),
        factors(model.visible()),
        list{units.data(), with_factors ? factors.data() : nullptr, 0} {}
  State(const Labelled& model, const std::vector<float>& data, VisibleUnits kind)
      : State(model, model.mixed.has_real() || kind == VisibleUnits::means) {
    rbm::RandomStream random = rbm::RandomStream::keyed(1);
    rbm::set_visible(list, view(data), rbm::ConstRbmView(model).layer, kind, random);
  }
  std::vector<double> values() const { return fixture::to_values(list, units.size()); }
};

std::vector<float> row_of(const fixture::Matrix& data, std::size_t n) {
  const auto first = data.values.begin() + static_cast<std::ptrdiff_t>(n * data.stride);
  return {first, first + static_cast<std::ptrdiff_t>(data.columns)};
}

/// The label of a state, and that no other is on.
std::size_t label_in(const Labelled& model, rbm::ActiveUnits state) {
  REQUIRE(state.count >= 1);
  const std::size_t unit = state.units[state.count - 1];
  REQUIRE(unit >= model.labels.begin);
  CHECK(state.factor(state.count - 1) == 1.0f);
  if (state.count > 1) CHECK(state.units[state.count - 2] < model.labels.begin);
  return unit - model.labels.begin;
}

}  // namespace

TEST_CASE("choices: a label is read as it is, whatever intensities mean") {
  const Labelled model = Labelled::of_bits(3, 4, 2, 1);
  for (const VisibleUnits kind : {VisibleUnits::sampled, VisibleUnits::thresholded, VisibleUnits::means}) {
    CHECK(State(model, {1, 0, 1, 0, 0, 1, 0}, kind).values() == std::vector<double>{1, 0, 1, 0, 0, 1, 0});
    CHECK(State(model, {0, 1, 0, 0, 0, 0, 0}, kind).values() == std::vector<double>{0, 1, 0, 0, 0, 0, 0});
  }
  CHECK(State(model, {0.25f, 0.75f, 0, 0, 0, 0, 1}, VisibleUnits::means).values() ==
        std::vector<double>{0.25, 0.75, 0, 0, 0, 0, 1});
  CHECK(State(model, {0.25f, 0.75f, 0, 0, 0, 0, 1}, VisibleUnits::thresholded).values() ==
        std::vector<double>{0, 1, 0, 0, 0, 0, 1});
}

TEST_CASE("choices: a layer knows the kinds of its units, and the labels at its end") {
  const Labelled model = Labelled::of_readings(5, 2, 1);
  const rbm::ConstVisibleLayer layer = rbm::ConstRbmView(model).layer;
  const rbm::Choice labels = model.labels;
  for (std::size_t j = 0; j < model.visible(); ++j)
    CHECK(rbm::kind_of(layer, j) ==
          (j < labels.begin ? fixture::mixed_kinds()[j] : rbm::VisibleKind::choice));
  CHECK(rbm::kind_of({}, 3) == rbm::VisibleKind::binary);
  CHECK(rbm::ends_with(layer, labels));
  CHECK(!rbm::ends_with(layer, {labels.begin + 1, labels.end}));
  CHECK(!rbm::ends_with(layer, {labels.begin, labels.end - 1}));
  CHECK(!rbm::ends_with(rbm::ConstVisibleLayer{}, labels));
  rbm::ConstVisibleLayer without = layer;
  --without.group_count;
  CHECK(!rbm::ends_with(without, {5, 7}));
}

TEST_CASE("choices: energies and free energies are those of the models given each label") {
  for (const Labelled& model : models()) {
    fixture::Matrix data = model.random_data(6, 2);
    std::mt19937 random(5);
    for (std::size_t n = 0; n < data.rows; ++n) {
      const std::size_t y = n % model.labels.size();
      for (std::size_t z = 0; z < model.labels.size(); ++z)
        data.values[n * data.stride + model.labels.begin + z] = z == y ? 1.0f : 0.0f;
      const std::vector<float> row = row_of(data, n);
      const State state(model, row, VisibleUnits::thresholded);
      const reference::State v(row.begin(), row.begin() + static_cast<std::ptrdiff_t>(model.labels.begin));
      std::vector<float> scratch(model.hidden());
      CHECK(static_cast<double>(rbm::free_energy(view(scratch), model, state.list)) ==
            doctest::Approx(model.given(y).free_energy(v) - model.label_bias(y)).epsilon(1e-5));
      const reference::State h = reference::to_state(random() % 16, model.hidden());
      CHECK(static_cast<double>(rbm::energy(model, state.list, fixture::Listed(h))) ==
            doctest::Approx(model.given(y).energy(v, h) - model.label_bias(y)).epsilon(1e-5));
    }
  }
}

TEST_CASE("choices: draws pick one unit each, with its probability") {
  for (const Labelled& model : models()) {
    std::mt19937 random(3);
    const rbm::ConstRbmView rbm = model;
    rbm::RandomStream stream = rbm::RandomStream::keyed(2);
    for (int n = 0; n < 3; ++n) {
      const reference::State h = reference::to_state(random() % 16, model.hidden());
      std::vector<float> means(model.visible());
      rbm::visible_probabilities(view(means), rbm, fixture::Listed(h));
      const reference::State m = model.mixed.exact().visible_inputs(h);
      double sum = 0;
      for (std::size_t j = model.labels.begin; j < model.labels.end; ++j) sum += std::exp(m[j]);
      constexpr int draws = 3000;
      std::vector<double> counts(model.labels.size()), expected;
      for (std::size_t j = model.labels.begin; j < model.labels.end; ++j) {
        CHECK(static_cast<double>(means[j]) == doctest::Approx(std::exp(m[j]) / sum).epsilon(1e-5));
        expected.push_back(draws * std::exp(m[j]) / sum);
      }
      State state(model, model.mixed.has_real());
      for (int draw = 0; draw < draws; ++draw) {
        rbm::draw_visible(state.list, view(means), rbm.layer, stream);
        ++counts[label_in(model, state.list)];
      }
      CHECK(fixture::chi_square_deviation(counts, expected) < once_in_a_million);
      State of_means(model, true);
      rbm::list_means(of_means.list, view(means), rbm.layer);
      for (std::size_t j = model.labels.begin; j < model.labels.end; ++j)
        CHECK(of_means.values()[j] == static_cast<double>(means[j]));
    }
  }
}

TEST_CASE("choices: numbers in proportion to probabilities will do, and none where all are 0") {
  rbm::RandomStream random = rbm::RandomStream::keyed(1);
  const std::vector<float> none(3), one{0, 0, 1e-30f, 0}, two{0, 3, 0, 9};
  CHECK(rbm::draw_choice(view(none), random) == 3);
  std::vector<double> counts(2);
  for (int n = 0; n < 2000; ++n) {
    CHECK(rbm::draw_choice(view(one), random) == 2);
    const std::size_t chosen = rbm::draw_choice(view(two), random);
    REQUIRE(chosen % 2 == 1);
    ++counts[chosen / 2];
  }
  CHECK(fixture::chi_square_deviation(counts, {500, 1500}) < once_in_a_million);
}

TEST_CASE("choices: chains keep a clamped label, and leave out labels that are clamped off") {
  for (const Labelled& model : models()) {
    const rbm::ModelShape shape{model.visible(), model.hidden()};
    fixture::Memory memory(rbm::chain_bytes(shape, model.mixed.has_real()));
    rbm::Chain chain(memory, shape, model.mixed.has_real());
    chain.visible.count = 0;
    rbm::RandomStream random = rbm::RandomStream::keyed(4);
    const auto unit = static_cast<rbm::Unit>(model.labels.begin + 1);
    for (int step = 0; step < 50; ++step) {
      rbm::gibbs_step(chain, model, {{&unit, nullptr, 1}, {}}, random);
      CHECK(label_in(model, chain.visible) == 1);
    }
    for (int step = 0; step < 50; ++step) {
      rbm::gibbs_step(chain, model, {{}, {&unit, nullptr, 1}}, random);
      CHECK(label_in(model, chain.visible) != 1);
    }
    std::vector<rbm::Unit> all;
    for (std::size_t j = model.labels.begin; j < model.labels.end; ++j)
      all.push_back(static_cast<rbm::Unit>(j));
    rbm::gibbs_step(chain, model, {{}, {all.data(), nullptr, all.size()}}, random);
    for (std::size_t n = 0; n < chain.visible.count; ++n) CHECK(chain.visible.units[n] < model.labels.begin);
  }
}

TEST_CASE("choices: chains follow the joint distribution") {
  const Labelled model = Labelled::of_bits(4, 3, 5, 6);
  const rbm::ModelShape shape{model.visible(), model.hidden()};
  fixture::Memory memory(rbm::chain_bytes(shape));
  rbm::Chain chain(memory, shape);
  constexpr int chains = 3000, steps = 30;
  std::vector<double> counts(model.labels.size()), expected;
  for (std::size_t y = 0; y < model.labels.size(); ++y)
    expected.push_back(chains * std::exp(model.log_weight(y) - model.log_partition()));
  for (int n = 0; n < chains; ++n) {
    rbm::RandomStream random = rbm::RandomStream::keyed(7, static_cast<std::uint64_t>(n));
    chain.visible.count = 0;
    for (int step = 0; step < steps; ++step) rbm::gibbs_step(chain, model, random);
    ++counts[label_in(model, chain.visible)];
  }
  CHECK(fixture::chi_square_deviation(counts, expected) < once_in_a_million);
}

TEST_CASE("choices: log Z is exact by enumeration") {
  for (std::uint32_t seed = 1; seed < 4; ++seed)
    for (const Labelled& model : models(seed))
      CHECK(std::abs(static_cast<double>(log_partition(model)) - model.log_partition()) < 1e-4);
}

TEST_CASE("choices: annealing in both directions, and between two models, finds log Z") {
  for (const Labelled& model : models()) {
    constexpr std::size_t chains = 300;
    const rbm::AnnealingShape shape{model.visible(), model.hidden(), chains};
    const bool real = model.mixed.has_real();
    fixture::Memory memory(rbm::annealing_bytes(shape, real));
    const auto make_means = [&](const fixture::Matrix& data) {
      std::vector<float> means(model.visible());
      for (std::size_t n = 0; n < data.rows; ++n)
        for (std::size_t j = 0; j < model.visible(); ++j)
          means[j] += data.at(n, j) / static_cast<float>(data.rows);
      return means;
    };
    rbm::Annealing annealing(model, memory, shape, {1, 300}, real);
    rbm::set_base(annealing,
                  view(static_cast<const std::vector<float>&>(make_means(model.random_data(90, 3)))), 90);
    rbm::start_forward(annealing, 0, chains);
    rbm::anneal_forward(annealing, 0, 300, 0, chains);
    const rbm::Estimate forward = rbm::forward_log_partition(annealing);
    CHECK(std::abs(static_cast<double>(forward.value) - model.log_partition()) <
          once_in_a_million * static_cast<double>(forward.standard_error) + 1e-3);
    for (std::size_t n = 0; n < chains; ++n) CHECK(label_in(model, annealing.visible.row(n)) < 5);

    Labelled changed = model;
    for (float& weight : changed.mixed.model.weights.values) weight *= 1.1f;
    changed.mixed.model.visible_bias[model.labels.begin] += 0.3f;
    fixture::Memory ratio_memory(rbm::partition_ratio_bytes(shape, real));
    rbm::PartitionRatio ratio(annealing, changed, ratio_memory, shape, {1, 100}, real);
    rbm::start(ratio, 0, 0, chains);
    rbm::anneal(ratio, 0, 100, 0, chains);
    const rbm::Estimate change = rbm::log_partition_change(ratio);
    CHECK(std::abs(static_cast<double>(change.value) - (changed.log_partition() - model.log_partition())) <
          once_in_a_million * static_cast<double>(change.standard_error) + 1e-3);

    // From exact samples of the model, where forward annealing left its chains.
    std::vector<State> samples;
    for (std::size_t n = 0; n < chains; ++n) {
      samples.emplace_back(model, real);
      const rbm::ActiveUnits from = annealing.visible.row(n);
      for (std::size_t m = 0; m < from.count; ++m) {
        samples[n].list.add(from.units[m]);
        if (real) samples[n].list.factors[m] = from.factor(m);
      }
    }
    for (std::size_t n = 0; n < chains; ++n) rbm::start_reverse(annealing, n, samples[n].list);
    rbm::anneal_reverse(annealing, 0, 300, 0, chains);
    const rbm::Estimate reverse = rbm::reverse_log_partition(annealing);
    CHECK(std::abs(static_cast<double>(reverse.value) - model.log_partition()) < 0.2);
  }
}

TEST_CASE("choices: the pseudo-likelihood of bits is that given the label") {
  const Labelled model = Labelled::of_bits(4, 3, 5, 6);
  const std::vector<float> row{1, 0, 0, 1, 0, 1, 0};
  const State state(model, row, VisibleUnits::thresholded);
  std::vector<float> inputs(model.hidden()), scratch(model.hidden());
  (void)rbm::free_energy(view(inputs), model, state.list);
  const std::vector<float> known = inputs;
  const reference::Parameters given = model.given(1).parameters;
  for (std::size_t j = 0; j < 4; ++j) {
    reference::State v(row.begin(), row.begin() + 4), flipped = v;
    flipped[j] = 1 - v[j];
    const double change = reference::free_energy(given, v) - reference::free_energy(given, flipped);
    CHECK(static_cast<double>(rbm::log_conditional(view(scratch), model, view(known), j, row[j] == 1)) ==
          doctest::Approx(-reference::softplus(change)).epsilon(1e-5));
  }
}

TEST_CASE("choices: a step of online learning moves every parameter by the states that it saw") {
  for (const Labelled& from : {Labelled::of_bits(6, 4, 9, 1), Labelled::of_readings(5, 7, 2)})
    for (const VisibleUnits kind : {VisibleUnits::sampled, VisibleUnits::means}) {
      Labelled model = from;
      const bool factors = from.mixed.has_real() || kind == VisibleUnits::means;
      const rbm::OnlineShape shape{from.visible(), from.hidden(), factors};
      fixture::Memory memory(rbm::online_bytes(shape));
      rbm::Online online(model, memory, shape, {0.02f, kind, 2, 5});
      fixture::Matrix data = from.random_data(10, 3);
      for (std::size_t n = 0; n < data.rows; ++n) {
        const std::vector<float> row = row_of(data, n);
        const Labelled before = model;
        const float loss = rbm::learn(online, view(row));
        fixture::check_online_step(before, rbm::RbmView(model), online, loss);
      }
    }
}
TEST_CASE("choices: contrastive divergence learns a small joint distribution, alone or with labels") {
  // The label tells whether the first bit is 0, or else the second one; the third bit says nothing.
  const auto label_of = [](double first, double second) { return first < 0.5 ? 0u : second < 0.5 ? 1u : 2u; };
  for (const float weight : {0.0f, 0.5f}) {
    Labelled start = Labelled::of_bits(3, 3, 6, 1);
    for (float& value : start.mixed.model.weights.values) value *= 0.1f;
    rbm::TrainOptions options{3, VisibleUnits::thresholded, 5};
    options.label_weight = weight;
    fixture::LabelTraining training(start, 32, options, true, 0.1f);
    std::mt19937 random(4);
    fixture::Matrix data(32, 6, 0, 0, random);
    for (int step = 0; step < 3000; ++step) {
      for (std::size_t n = 0; n < data.rows; ++n) {
        float* const row = data.values.data() + n * data.stride;
        for (std::size_t j = 0; j < 3; ++j) row[j] = static_cast<float>(random() >> 31);
        for (std::size_t y = 0; y < 3; ++y)
          row[3 + y] =
              static_cast<float>(label_of(static_cast<double>(row[0]), static_cast<double>(row[1])) == y);
      }
      rbm::train(training.trainer, data);
    }
    const Labelled& model = training.model;
    double divergence = 0;
    for (std::size_t v = 0; v < 8; ++v) {
      const reference::State bits = reference::to_state(v, 3);
      const unsigned y = label_of(bits[0], bits[1]);
      const double log_p = model.label_bias(y) - model.given(y).free_energy(bits) - model.log_partition();
      divergence += (std::log(0.125) - log_p) / 8;
    }
    CHECK(divergence >= 0);
    CHECK(divergence < 0.1);
  }
}

#ifndef NDEBUG
TEST_CASE("choices: what a layer of choices cannot do stops") {
  const Labelled model = Labelled::of_bits(4, 3, 2, 1);
  const rbm::ModelShape shape{model.visible(), model.hidden()};
  CHECK(fixture::stops([&] {
    fixture::Memory memory(rbm::enumeration_bytes(shape));
    const rbm::Enumeration enumeration(model, memory, shape);
  }));
  std::vector<float> scratch(2);
  const std::vector<float> inputs(2);
  CHECK(fixture::stops([&] { (void)rbm::log_conditional(view(scratch), model, view(inputs), 5, true); }));
}
#endif
