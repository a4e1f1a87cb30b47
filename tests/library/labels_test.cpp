#include "rbm/labels.hpp"

#include <doctest/doctest.h>

#include "rbm/choice.hpp"
#include "tests/support/labelled.hpp"
#include "tests/support/reference_choice.hpp"

using fixture::Labelled;
using fixture::view;

TEST_CASE("probabilities of labels, free energy and features of many samples are those of enumeration") {
  for (const Labelled& model : {Labelled::of_bits(6, 4, 5, 1), Labelled::of_readings(5, 7, 2)}) {
    constexpr std::size_t samples = 9;
    const fixture::Matrix data = model.random_data(samples, 3);
    const rbm::ModelShape shape{model.visible(), model.hidden()};
    fixture::Memory memory(100000);
    rbm::Arena arena = memory;
    const rbm::TwoWayWeights weights(model, arena, shape);
    const rbm::UnitLists rest = arena.lists(samples, model.visible(), true);
    const rbm::MatrixView<float> inputs = arena.matrix(samples, rbm::padded(model.hidden()));
    for (std::size_t n = 0; n < samples; ++n) rest.assign(n, fixture::Listed(model.rest_of(data, n), true));
    rbm::hidden_inputs(inputs, weights, rest, 0, samples);
    for (std::size_t n = 0; n < samples; ++n) {
      const std::vector<double> exact = reference::choice_probabilities(
          reference::Parameters(model.mixed.model), model.labels, model.rest_of(data, n));
      const rbm::VectorView<const float> o = inputs.row(n).part(0, model.hidden());
      std::vector<float> p(exact.size()), scratch(model.hidden()), features(model.hidden());
      const float sum = rbm::label_probabilities(view(p), view(scratch), weights, model.labels, o);
      for (std::size_t y = 0; y < p.size(); ++y)
        CHECK(static_cast<double>(p[y]) == doctest::Approx(exact[y]).epsilon(1e-5));

      std::vector<float> from_rows(exact.size()), row(model.hidden());
      rbm::choice_probabilities(view(from_rows), view(row), model, model.labels, rest.row(n));
      for (std::size_t y = 0; y < p.size(); ++y) CHECK(from_rows[y] == doctest::Approx(p[y]).epsilon(1e-5));

      reference::State v;
      for (std::size_t j = 0; j < model.labels.begin; ++j) v.push_back(data.at(n, j));
      double mass = 0;
      reference::State expected(model.hidden());
      for (std::size_t y = 0; y < p.size(); ++y) {
        const reference::MixedModel given = model.given(y);
        mass += std::exp(model.label_bias(y) - given.free_energy(v));
        const reference::State on = reference::hidden_probabilities(given.parameters, given.seen(v));
        for (std::size_t i = 0; i < on.size(); ++i) expected[i] += exact[y] * on[i];
      }
      CHECK(static_cast<double>(rbm::free_energy_of_all(model, rest.row(n), sum)) ==
            doctest::Approx(-std::log(mass)).epsilon(1e-5));
      rbm::hidden_probabilities_of_all(view(features), weights, model.labels, view(p), o);
      for (std::size_t i = 0; i < features.size(); ++i)
        CHECK(static_cast<double>(features[i]) == doctest::Approx(expected[i]).epsilon(1e-5));
    }
  }
}
