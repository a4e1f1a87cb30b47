// Models of readings: what the library takes for their density, against mixtures of Gaussians in double
// precision.
#include <doctest/doctest.h>

#include <cmath>
#include <vector>

#include "platform/desktop/threads.hpp"
#include "rbm/annealing.hpp"
#include "rbm/energy.hpp"
#include "rbm/partition.hpp"
#include "rbm/partition_ratio.hpp"
#include "tests/support/fixtures.hpp"
#include "tests/support/mixed_model.hpp"

using fixture::all_real;
using fixture::mixed_kinds;
using fixture::once_in_a_million;

namespace {

float log_partition(rbm::ConstRbmView view, unsigned threads = 1) {
  const rbm::ModelShape shape{view.visible(), view.hidden()};
  fixture::Memory memory(rbm::enumeration_bytes(shape, true));
  rbm::Enumeration enumeration(view, memory, shape, true);
  CHECK(enumeration.bytes == rbm::enumeration_bytes(shape, true));
  platform::Threads pool(threads);
  pool(enumeration.parts,
       [&](std::size_t begin, std::size_t end) { rbm::enumerate(enumeration, begin, end); });
  return rbm::log_partition(enumeration);
}

/// A state of readings, as kernels read it.
struct Seen {
  std::vector<rbm::Unit> units;
  std::vector<float> factors;
  rbm::UnitList list;

  Seen(rbm::ConstRbmView view, const std::vector<float>& readings)
      : units(readings.size()), factors(readings.size()), list{units.data(), factors.data(), 0} {
    rbm::RandomStream random = rbm::RandomStream::keyed(1);
    rbm::set_visible(list, fixture::view(readings), view.layer, rbm::VisibleUnits::real, random);
  }
};

float free_energy(rbm::ConstRbmView view, const std::vector<float>& readings) {
  std::vector<float> scratch(view.hidden());
  return rbm::free_energy(fixture::view(scratch), view, Seen(view, readings).list);
}

/// The sum of p over a grid of cells in two readings, 300 x 300 of them, from `first` on.
template <class Density>
double integral(const reference::MixedModel& model, const Density& density) {
  constexpr int cells = 300;
  double sum = 0;
  const auto from = [&](std::size_t j) { return model.offset[j] - 15 * model.scale[j]; };
  const auto cell = [&](std::size_t j) { return 30 * model.scale[j] / cells; };
  for (int a = 0; a < cells; ++a)
    for (int b = 0; b < (model.visible() > 1 ? cells : 1); ++b) {
      std::vector<float> readings{static_cast<float>(from(0) + (a + 0.5) * cell(0))};
      if (model.visible() > 1) readings.push_back(static_cast<float>(from(1) + (b + 0.5) * cell(1)));
      sum += density(readings) * cell(0) * (model.visible() > 1 ? cell(1) : 1);
    }
  return sum;
}

}  // namespace

TEST_CASE("readings: states, energies and free energies are those of dense covariances") {
  for (const std::size_t factors : {0u, 1u, 3u}) {
    CAPTURE(factors);
    const fixture::MixedModel mixed(mixed_kinds(), 4, factors, 0.7f, 3);
    const rbm::ConstRbmView view = mixed;
    const reference::MixedModel exact = mixed.exact();
    std::mt19937 random(8);
    for (int n = 0; n < 20; ++n) {
      const std::vector<float> readings = fixture::random_readings(mixed, random);
      const reference::State state = fixture::to_state(readings);
      const Seen seen(view, readings);
      const std::vector<double> values = fixture::to_values(seen.list, view.visible());
      for (std::size_t j = 0; j < view.visible(); ++j)
        CHECK(values[j] == doctest::Approx(exact.seen(state)[j]).epsilon(1e-4));
      CHECK(rbm::visible_quadratic(view.layer, seen.list) ==
            doctest::Approx(exact.quadratic(state)).epsilon(1e-5));
      CHECK(free_energy(view, readings) == doctest::Approx(exact.free_energy(state)).epsilon(1e-5));
      const reference::State h = reference::to_state(random() % 16, 4);
      CHECK(rbm::energy(view, seen.list, fixture::Listed(h)) ==
            doctest::Approx(exact.energy(state, h)).epsilon(1e-5));
    }
  }
}

TEST_CASE("readings: log Z is that of a mixture of Gaussians, by enumeration of the hidden units") {
  for (const std::size_t factors : {0u, 2u})
    for (const std::size_t hidden : {1u, 5u, 11u})
      for (const bool all : {false, true}) {
        CAPTURE(factors);
        CAPTURE(hidden);
        const fixture::MixedModel mixed(all ? all_real(3) : mixed_kinds(), hidden, factors, 0.6f, 5);
        const double exact = mixed.exact().log_partition();
        CHECK(std::fabs(static_cast<double>(log_partition(mixed)) - exact) < 0x1p-19 * std::max(1.0, exact));
      }
}

TEST_CASE("readings: log Z has the same bits for any number of threads") {
  const fixture::MixedModel mixed(all_real(20), 13, 2, 0.4f, 6);
  const float alone = log_partition(mixed);
  for (const unsigned threads : {2u, 5u})
    CHECK(rbm::to_bits(log_partition(mixed, threads)) == rbm::to_bits(alone));
}

TEST_CASE("readings: p integrates to 1 over one and two readings, in the readings' own units") {
  for (const std::size_t visible : {1u, 2u})
    for (const std::size_t factors : {0u, 1u}) {
      CAPTURE(visible);
      CAPTURE(factors);
      const fixture::MixedModel mixed(all_real(visible), 3, factors, 1, 7);
      const float log_z = log_partition(mixed);
      CHECK(integral(mixed.exact(), [&](const std::vector<float>& readings) {
              return std::exp(static_cast<double>(-free_energy(mixed, readings) - log_z));
            }) == doctest::Approx(1).epsilon(1e-4));
    }
}

TEST_CASE("readings: a mixture of four Gaussians written as a model of two hidden units has its density") {
  // x = m + noise of covariance Sigma, and each hidden unit moves m by W_i. W_1 and W_2 are orthogonal under
  // Sigma^-1, so that the units are independent, on with the probabilities p.
  fixture::MixedModel mixed(all_real(2), 2, 1, 1, 1);
  mixed.offset = {10, -200};
  mixed.scale = {0.5f, 30};
  mixed.loadings.values = {0.6f, 0.8f};  // Sigma = 1 + L'L has variance 2 along L, 1 across
  mixed.model.weights.values = {1.2f, 1.6f, -2.4f, 1.8f};
  mixed.model.visible_bias = {-0.5f, 0.25f};
  const double p[] = {0.3, 0.8}, moves[] = {4.0 / 2, 9}, bias[] = {(-0.5 * 1.2 + 0.25 * 1.6) / 2, 1.65};
  for (std::size_t i = 0; i < 2; ++i)  // c_i + W_i'Lambda b + W_i'Lambda W_i / 2 = log(p / (1 - p))
    mixed.model.hidden_bias[i] = static_cast<float>(std::log(p[i] / (1 - p[i])) - bias[i] - moves[i] / 2);
  const float log_z = log_partition(mixed);
  for (const double first : {9.0, 10.0, 11.5})
    for (const double second : {-260.0, -200.0, -130.0}) {
      double density = 0;
      for (int h = 0; h < 4; ++h) {
        const double x = (first - 10) / 0.5 - (-0.5 + (h & 1) * 1.2 + (h >> 1) * -2.4);
        const double y = (second + 200) / 30 - (0.25 + (h & 1) * 1.6 + (h >> 1) * 1.8);
        const double along = 0.6 * x + 0.8 * y, across = 0.8 * x - 0.6 * y;
        density += (h & 1 ? p[0] : 1 - p[0]) * (h >> 1 ? p[1] : 1 - p[1]) *
                   std::exp(-along * along / 4 - across * across / 2) /
                   (2 * std::acos(-1.0) * std::sqrt(2.0));
      }
      const float log_p =
          -free_energy(mixed, {static_cast<float>(first), static_cast<float>(second)}) - log_z;
      CHECK(log_p == doctest::Approx(std::log(density / (0.5 * 30))).epsilon(1e-5));
    }
}

namespace {

/// Annealing with its memory.
struct Run {
  rbm::AnnealingShape shape;
  fixture::Memory memory;
  rbm::Annealing annealing;

  Run(const fixture::MixedModel& mixed, std::size_t chains, std::size_t temperatures)
      : shape{mixed.offset.size(), mixed.model.hidden_bias.size(), chains},
        memory(rbm::annealing_bytes(shape, true)),
        annealing(mixed, memory, shape, {1, temperatures}, true) {
    CHECK(annealing.bytes == rbm::annealing_bytes(shape, true));
    std::vector<float> means;
    for (std::size_t j = 0; j < mixed.offset.size(); ++j)
      means.push_back(mixed.exact().is_real[j] ? mixed.offset[j] + 0.5f * mixed.scale[j] : 0.3f);
    rbm::set_base(annealing, fixture::view(means), 100);
  }

  rbm::Estimate forward() {
    rbm::start_forward(annealing, 0, shape.chains);
    rbm::anneal_forward(annealing, 0, annealing.options.temperatures, 0, shape.chains);
    return rbm::forward_log_partition(annealing);
  }
};

}  // namespace

TEST_CASE("readings: the base of annealing stands at the data's means, with a known Z") {
  fixture::MixedModel mixed(mixed_kinds(), 3, 2, 0.5f, 9);
  Run run(mixed, 1, 1);
  for (std::size_t j = 0; j < 7; ++j)
    CHECK(run.annealing.base_bias[j] == doctest::Approx(j == 3 || j == 4 ? std::log(30.5 / 70.5) : 0.5));
  for (std::size_t j = 0; j < 7; ++j) mixed.model.visible_bias[j] = run.annealing.base_bias[j];
  for (float& weight : mixed.model.weights.values) weight = 0;
  for (float& bias : mixed.model.hidden_bias) bias = 0;
  CHECK(rbm::base_log_partition(run.annealing) ==
        doctest::Approx(mixed.exact().log_partition()).epsilon(1e-6));
}

TEST_CASE("readings: annealing finds log Z within its error, forward and back from its own states") {
  for (const bool all : {false, true}) {
    CAPTURE(all);
    const fixture::MixedModel mixed(all ? all_real(5) : mixed_kinds(), 6, 2, 0.5f, 10);
    const double exact = mixed.exact().log_partition();
    Run run(mixed, 400, 400);
    const rbm::Estimate forward = run.forward();
    CHECK(forward.standard_error < 0.03f);
    CHECK(std::fabs(static_cast<double>(forward.value) - exact) <
          once_in_a_million * static_cast<double>(forward.standard_error));
    Run back(mixed, 400, 400);
    for (std::size_t n = 0; n < 400; ++n) rbm::start_reverse(back.annealing, n, run.annealing.visible.row(n));
    rbm::anneal_reverse(back.annealing, 0, 400, 0, 400);
    const rbm::Estimate reverse = rbm::reverse_log_partition(back.annealing);
    CHECK(std::fabs(static_cast<double>(reverse.value) - exact) <
          once_in_a_million * static_cast<double>(reverse.standard_error) + 0.02);
  }
}

TEST_CASE("readings: with few temperatures the forward weight is still an unbiased estimate of Z") {
  const fixture::MixedModel mixed(mixed_kinds(), 3, 1, 0.3f, 11);
  const double exact = mixed.exact().log_partition();
  Run run(mixed, 40000, 3);
  const rbm::Estimate forward = run.forward();
  CHECK(forward.standard_error < 0.05f);
  CHECK(std::fabs(static_cast<double>(forward.value) - exact) <
        once_in_a_million * static_cast<double>(forward.standard_error));
}

TEST_CASE("readings: from one model to another, log Z and the divergence change as integrals say") {
  const fixture::MixedModel a(all_real(2), 3, 1, 0.7f, 12);
  fixture::MixedModel b = a;
  for (float& weight : b.model.weights.values) weight *= 0.9f;
  b.model.visible_bias[0] += 0.1f;
  const reference::MixedModel exact_a = a.exact(), exact_b = b.exact();
  const double change = exact_b.log_partition() - exact_a.log_partition();
  const double log_z = exact_a.log_partition();
  const double divergence = integral(exact_a, [&](const std::vector<float>& readings) {
    const reference::State state = fixture::to_state(readings);
    const double energy = exact_a.free_energy(state);
    return std::exp(-energy - log_z) * (exact_b.free_energy(state) - energy + change);
  });
  Run run(a, 2000, 100);
  run.forward();
  fixture::Memory memory(rbm::partition_ratio_bytes(run.shape, true));
  rbm::PartitionRatio ratio(run.annealing, b, memory, run.shape, {1, 20}, true);
  CHECK(ratio.bytes == rbm::partition_ratio_bytes(run.shape, true));
  rbm::start(ratio, 50, 0, 2000);
  rbm::anneal(ratio, 0, 20, 0, 2000);
  const rbm::Estimate found = rbm::log_partition_change(ratio), lost = rbm::divergence(ratio);
  CHECK(found.standard_error < 0.02f);
  CHECK(std::fabs(static_cast<double>(found.value) - change) <
        once_in_a_million * static_cast<double>(found.standard_error));
  CHECK(lost.standard_error < 0.01f);
  CHECK(std::fabs(static_cast<double>(lost.value) - divergence) <
        once_in_a_million * static_cast<double>(lost.standard_error));
}

TEST_CASE("readings: models agree in their units where offsets, scales, loadings and kinds do") {
  const fixture::MixedModel a(mixed_kinds(), 2, 2, 1, 13);
  const auto same = [&](const fixture::MixedModel& other) {
    return rbm::same_units(rbm::ConstRbmView(a).layer, rbm::ConstRbmView(other).layer);
  };
  fixture::MixedModel b = a;
  b.model.weights.values[0] = 9;
  CHECK(same(b));
  for (auto* const values : {&b.offset, &b.scale, &b.loadings.values}) {
    const float before = values->back();
    values->back() += 1;
    CHECK_FALSE(same(b));
    values->back() = before;
    CHECK(same(b));
  }
  rbm::ConstVisibleLayer fewer = rbm::ConstRbmView(b).layer;
  fewer.loadings.rows = 1;
  CHECK_FALSE(rbm::same_units(rbm::ConstRbmView(a).layer, fewer));
  b.groups[0].end = b.groups[1].begin = 2;
  CHECK_FALSE(same(b));
  b = a;
  b.groups[0].kind = rbm::VisibleKind::binary;
  CHECK_FALSE(same(b));
  const fixture::Model bits(7, 2, 1, 13);
  CHECK(rbm::same_units({}, {}));
  CHECK_FALSE(rbm::same_units(rbm::ConstRbmView(a).layer, rbm::ConstRbmView(bits).layer));
}

TEST_CASE("the energy of a broken reading is a number, however small the scale, and far above all others") {
  rbm::RealRbm<3, 2, 1> model{};
  for (std::size_t j = 0; j < 3; ++j) {
    model.scale.values[j] = 1e-30f;
    model.loadings[j] = 2;
    for (std::size_t i = 0; i < 2; ++i) model.weights.values[i * 3 + j] = i == 0 ? 1.0f : -1.0f;
  }
  const float far = free_energy(model, {1e-28f, 1e-28f, -1e-28f});
  for (const float broken : {1e30f, -1e30f}) {
    const float energy = free_energy(model, {0.0f, broken, 0.0f});
    CHECK(std::isfinite(energy));
    CHECK(energy > 1e10f * far);
  }
}
