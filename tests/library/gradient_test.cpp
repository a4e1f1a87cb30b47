#include "rbm/gradient.hpp"

#include <doctest/doctest.h>

#include "rbm/batch_report.hpp"
#include "tests/support/mixed_model.hpp"
#include "tests/support/reference_learning.hpp"

namespace {

using fixture::view;
using rbm::VisibleUnits;

/// Both phases of a batch, with the weights in both orders.
struct Batch {
  fixture::Memory memory;
  rbm::Arena arena;
  rbm::Phases phases;
  rbm::TwoWayWeights weights;

  Batch(rbm::ConstRbmView model, std::size_t batch, bool real)
      : memory(bytes({model.visible(), model.hidden(), batch, real})),
        arena(memory),
        phases(arena, {model.visible(), model.hidden(), batch, real}),
        weights(model, arena, {model.visible(), model.hidden()}) {}

  void run(rbm::MatrixView<const float> intensities, const rbm::TrainOptions& options, std::uint64_t step) {
    rbm::Serial serial;
    rbm::contrastive_divergence(phases, weights, intensities, options, step, serial);
  }

 private:
  static std::size_t bytes(rbm::TrainerShape shape) {
    rbm::Arena arena;
    (void)rbm::Phases(arena, shape);
    (void)rbm::TwoWayWeights({}, arena, shape.model());
    return arena.used;
  }
};

}  // namespace

TEST_CASE("the squared error of a state against probabilities") {
  std::mt19937 random(1);
  for (std::size_t size : {1u, 15u, 16u, 17u, 100u})
    for (bool real : {false, true}) {
      std::vector<float> state = fixture::random_intensities(size, random);
      if (!real)
        for (float& value : state) value = value < 0.3f ? 1.0f : 0.0f;
      const std::vector<float> p = fixture::random_intensities(size, random);
      double expected = 0;
      for (std::size_t j = 0; j < size; ++j) expected += std::pow(static_cast<double>(state[j]) - p[j], 2);
      CHECK(rbm::squared_error(fixture::Listed(state, real), view(p)) ==
            doctest::Approx(expected).epsilon(1e-5));
    }
}

TEST_CASE(
    "the squared error of readings is that of their values, also where the last units are bits that are "
    "off") {
  std::mt19937 random(2);
  for (const std::size_t factors : {0u, 2u}) {
    std::vector<rbm::VisibleKind> kinds = fixture::mixed_kinds();
    kinds.insert(kinds.end(), 2, rbm::VisibleKind::binary);
    const fixture::MixedModel mixed(kinds, 2, factors, 0.5f, 4);
    const rbm::ConstVisibleLayer layer = rbm::ConstRbmView(mixed).layer;
    std::vector<float> readings = fixture::random_readings(mixed, random);
    readings[7] = readings[8] = 0;
    std::vector<rbm::Unit> units(kinds.size());
    std::vector<float> states(kinds.size());
    rbm::UnitList list{units.data(), states.data(), 0};
    rbm::list_readings(list, view(readings), layer);
    const std::vector<float> means = fixture::random_intensities(kinds.size(), random);
    double expected = 0;
    for (std::size_t j = 0; j < kinds.size(); ++j) {
      const double x =
          static_cast<double>(readings[j] - mixed.offset[j]) / static_cast<double>(mixed.scale[j]);
      expected += std::pow(x - static_cast<double>(means[j]), 2);
    }
    CHECK(rbm::squared_error(layer, list, view(means)) == doctest::Approx(expected).epsilon(1e-5));
  }
}

TEST_CASE("contrastive divergence draws, steps and measures as the double-precision reference") {
  constexpr std::size_t visible = 37, batch = 6, samples = 4;
  for (VisibleUnits kind : {VisibleUnits::sampled, VisibleUnits::thresholded, VisibleUnits::means})
    for (unsigned steps : {1u, 3u})
      for (std::size_t hidden : {1u, 16u, 21u}) {
        const bool real = kind == VisibleUnits::means;
        std::mt19937 random(2);
        const fixture::Model model(visible, hidden, 0.4f, 3, 2);
        const reference::Parameters exact(model);
        fixture::Matrix intensities(samples, visible, 3, 0, random);
        for (std::size_t n = 0; n < samples; ++n)
          for (std::size_t j = 0; j < visible; ++j)
            intensities.values[n * intensities.stride + j] = fixture::uniform(random);
        const rbm::TrainOptions options{77, kind, steps};
        Batch run(model, batch, real);
        run.run(intensities, options, 5);
        for (std::size_t n = samples; n < batch; ++n) {  // still as the memory was found
          CHECK(std::isnan(run.phases.visible_loss[n]));
          CHECK(std::isnan(run.phases.data_hidden().row(n)[0]));
          CHECK(std::isnan(run.phases.model_hidden().row(n)[0]));
          CHECK(std::isnan(run.phases.model_visible.row(n)[0]));
        }

        double loss = 0, reconstruction = 0;
        for (std::size_t n = 0; n < samples; ++n) {
          reference::State row(visible);
          for (std::size_t j = 0; j < visible; ++j) row[j] = intensities.at(n, j);
          const reference::Sample expected =
              reference::contrastive_divergence(exact, row, options, reference::OfBatch{77, 5, n});
          CHECK(fixture::to_values(run.phases.data.row(n), visible) == expected.data);
          CHECK(fixture::to_values(run.phases.hidden.row(n), hidden) == expected.hidden);
          const reference::State reached = fixture::to_values(run.phases.model.row(n), visible);
          for (std::size_t j = 0; j < visible; ++j)
            CHECK(reached[j] == doctest::Approx(expected.model[j]).epsilon(1e-5));
          const reference::State of_data = reference::hidden_probabilities(exact, expected.data);
          const reference::State of_model = reference::hidden_probabilities(exact, expected.model);
          for (std::size_t i = 0; i < hidden; ++i) {
            CHECK(run.phases.data_hidden().row(n)[i] == doctest::Approx(of_data[i]).epsilon(2e-5));
            CHECK(-run.phases.model_hidden().row(n)[i] == doctest::Approx(of_model[i]).epsilon(2e-5));
          }
          for (std::size_t i = hidden; i < run.phases.data_hidden().columns; ++i) {
            CHECK(run.phases.data_hidden().row(n)[i] == 0);  // padding stays out of every gradient
            CHECK(run.phases.model_hidden().row(n)[i] == 0);
          }
          loss += expected.loss;
          reconstruction += expected.reconstruction;
        }
        const rbm::BatchReport report = rbm::detail::report_of(run.phases, samples, visible);
        CHECK(std::abs(static_cast<double>(report.loss) - loss / samples) < 1e-4);
        CHECK(report.reconstruction == doctest::Approx(reconstruction / (samples * visible)).epsilon(1e-5));
      }
}

TEST_CASE("the gradient is that of F(vk) - F(v0) with both states held fixed") {
  // Central differences in double precision of the reference's free energy, itself checked by enumeration.
  constexpr std::size_t visible = 7, hidden = 5;
  const fixture::Model model(visible, hidden, 0.8f, 4);
  const std::vector<float> intensities{0.1f, 0.9f, 0.5f, 0.3f, 0.7f, 0.2f, 1};
  for (bool real : {false, true}) {
    Batch run(model, 1, real);
    run.run({intensities.data(), 1, visible, visible},
            {1, real ? VisibleUnits::means : VisibleUnits::sampled, 2}, 0);
    const reference::State v0 = fixture::to_values(run.phases.data.row(0), visible);
    const reference::State vk = fixture::to_values(run.phases.model.row(0), visible);
    reference::Parameters moved(model);
    const auto difference = [&](double& parameter) {
      const double before = parameter, step = 1e-5;
      parameter = before + step;
      const double above = reference::free_energy(moved, vk) - reference::free_energy(moved, v0);
      parameter = before - step;
      const double below = reference::free_energy(moved, vk) - reference::free_energy(moved, v0);
      parameter = before;
      return (above - below) / (2 * step);
    };
    const auto p0 = run.phases.data_hidden().row(0), minus_pk = run.phases.model_hidden().row(0);
    double worst = 0;
    for (std::size_t i = 0; i < hidden; ++i) {
      worst = std::fmax(worst, std::abs(p0[i] + minus_pk[i] - difference(moved.hidden_bias[i])));
      for (std::size_t j = 0; j < visible; ++j)
        worst = std::fmax(worst, std::abs(p0[i] * v0[j] + minus_pk[i] * vk[j] -
                                          difference(moved.weights[i * visible + j])));
    }
    for (std::size_t j = 0; j < visible; ++j)
      worst = std::fmax(worst, std::abs(v0[j] - vk[j] - difference(moved.visible_bias[j])));
    CHECK(worst < 0x1p-15);  // half a step of each of two probabilities
  }
}

TEST_CASE("the mean of CD-k over many draws is its exact expectation") {
  // E[p(h|v0) v0' - p(h|vk) vk'], with vk distributed as the k-th power of the transition matrix says.
  constexpr std::size_t visible = 3, hidden = 2, batch = 50, states = 8;
  constexpr int batches = 800;
  const fixture::Model model(visible, hidden, 1, 5);
  const reference::Parameters exact(model);
  const auto transition = reference::transition_matrix(exact);
  constexpr std::size_t start = 5;
  std::vector<float> rows(batch * visible);
  for (std::size_t n = 0; n < batch * visible; ++n) rows[n] = static_cast<float>(start >> n % visible & 1);
  for (unsigned steps : {1u, 3u}) {
    std::vector<double> reached(states), next;
    reached[start] = 1;
    for (unsigned k = 0; k < steps; ++k) {
      next.assign(states, 0);
      for (std::size_t v = 0; v < states; ++v)
        for (std::size_t w = 0; w < states; ++w) next[w] += reached[v] * transition[v][w];
      reached = next;
    }
    reference::Parameters expected(visible, hidden), squares(visible, hidden), sum(visible, hidden);
    for (std::size_t v = 0; v < states; ++v) {
      reference::Parameters of_state = reference::free_energy_descent(exact, reference::to_state(v, visible));
      expected.add(reached[v], of_state);
      of_state.for_each(of_state, [](double& value, double, bool) { value *= value; });
      squares.add(reached[v], of_state);
    }
    Batch run(model, batch, false);
    for (std::uint64_t step = 0; step < batches; ++step) {
      run.run({rows.data(), batch, visible, visible}, {6, VisibleUnits::sampled, steps}, step);
      for (std::size_t n = 0; n < batch; ++n) {
        const reference::State vk = fixture::to_values(run.phases.model.row(n), visible);
        for (std::size_t j = 0; j < visible; ++j) sum.visible_bias[j] += vk[j];
        for (std::size_t i = 0; i < hidden; ++i) {
          const double p = -run.phases.model_hidden().row(n)[i];
          sum.hidden_bias[i] += p;
          for (std::size_t j = 0; j < visible; ++j) sum.weights[i * visible + j] += p * vk[j];
        }
      }
    }
    constexpr double samples = batches * static_cast<double>(batch);
    std::vector<double> variances;
    squares.for_each(expected,
                     [&](double& square, double mean, bool) { variances.push_back(square - mean * mean); });
    std::size_t n = 0;
    sum.for_each(expected, [&](double& total, double mean, bool) {
      const double error = std::sqrt(variances[n++] / samples);
      CHECK(std::abs(total / samples - mean) < fixture::once_in_a_million * error);
    });
  }
}
