#include "rbm/scales.hpp"

#include <doctest/doctest.h>

#include <cmath>
#include <vector>

#include "rbm/trainer.hpp"
#include "tests/support/fixtures.hpp"

namespace {

constexpr std::size_t visible = 5, hidden = 3, factors = 2;

/// Three real units, one binary, one real, with two factors, in the readings' units: means given h are
/// bias + weights' h, and their covariance is scale^2 + loadings' loadings. W is what both imply.
struct Readings {
  std::vector<double> weights, bias, hidden_bias, scale,
      loadings;  // [hidden][visible], ..., [factor][visible]
};

constexpr bool is_real(std::size_t j) {
  return j != 3;
}
const rbm::VisibleGroup groups[] = {
    {rbm::VisibleKind::real, 0, 3}, {rbm::VisibleKind::binary, 3, 4}, {rbm::VisibleKind::real, 4, 5}};

Readings example() {
  Readings r{{},
             {0.5, -0.3, 0.8, -0.4, 0.2},
             {-0.2, 0.3, -0.1},
             {0.7, 1.3, 0.4, 1, 0.9},
             {0.5, 0.4, 0.3, 0, -0.6, -0.2, 0.9, 0.1, 0, 0.4}};
  for (std::size_t n = 0; n < hidden * visible; ++n)
    r.weights.push_back(0.9 * std::sin(3.0 * static_cast<double>(n) + 1));
  return r;
}

/// The inverse of the covariance of readings, 0 in rows and columns of binary units, and the logarithm of its
/// determinant, by elimination.
std::vector<double> precision(const Readings& r, double& log_determinant) {
  std::vector<double> a(visible * visible), inverse(visible * visible);
  for (std::size_t i = 0; i < visible; ++i)
    for (std::size_t j = 0; j < visible; ++j) {
      double covariance = i == j ? r.scale[i] * r.scale[i] : 0;
      for (std::size_t k = 0; k < factors; ++k)
        covariance += r.loadings[k * visible + i] * r.loadings[k * visible + j];
      a[i * visible + j] = is_real(i) && is_real(j) ? covariance : i == j ? 1 : 0;
      inverse[i * visible + j] = i == j ? 1 : 0;
    }
  log_determinant = 0;
  for (std::size_t p = 0; p < visible; ++p) {
    const double pivot = a[p * visible + p];
    log_determinant += std::log(pivot);
    for (std::size_t j = 0; j < visible; ++j) {
      a[p * visible + j] /= pivot;
      inverse[p * visible + j] /= pivot;
    }
    for (std::size_t i = 0; i < visible; ++i) {
      if (i == p) continue;
      const double factor = a[i * visible + p];
      for (std::size_t j = 0; j < visible; ++j) {
        a[i * visible + j] -= factor * a[p * visible + j];
        inverse[i * visible + j] -= factor * inverse[p * visible + j];
      }
    }
  }
  for (std::size_t j = 0; j < visible; ++j) inverse[3 * visible + j] = inverse[j * visible + 3] = 0;
  return inverse;
}

/// log p(v), exactly: sums over h, with the Gaussian integral in closed form.
double log_probability(const Readings& r, const std::vector<float>& v) {
  double log_determinant = 0;
  const std::vector<double> lambda = precision(r, log_determinant);
  const auto form = [&](const auto& x, const auto& y) {
    double sum = 0;
    for (std::size_t i = 0; i < visible; ++i)
      for (std::size_t j = 0; j < visible; ++j) sum += x[i] * lambda[i * visible + j] * y[j];
    return sum;
  };
  double joint = 0, all = 0;
  for (std::size_t state = 0; state < 1u << hidden; ++state) {
    std::vector<double> mean = r.bias;
    double bias = 0;
    for (std::size_t i = 0; i < hidden; ++i)
      if (state >> i & 1) {
        bias += r.hidden_bias[i];
        for (std::size_t j = 0; j < visible; ++j) mean[j] += r.weights[i * visible + j];
      }
    std::vector<double> x(v.begin(), v.end());
    joint += std::exp(bias + form(mean, x) - form(x, x) / 2 + mean[3] * x[3]);
    all += std::exp(bias + form(mean, mean) / 2) * (1 + std::exp(mean[3]));
  }
  const double two_pi = 8 * std::atan(1.0);
  return std::log(joint / all) - (log_determinant + 4 * std::log(two_pi)) / 2;
}

}  // namespace

TEST_CASE("the gradient of all parameters, scales and loadings too, is that of the exact log-likelihood") {
  const Readings r = example();
  constexpr std::size_t batch = 16384;
  // The model in units of its scales.
  std::vector<float> weights, bias, hidden_bias(r.hidden_bias.begin(), r.hidden_bias.end()), offset(visible),
      scale(r.scale.begin(), r.scale.end()), loadings;
  for (std::size_t n = 0; n < hidden * visible; ++n)
    weights.push_back(static_cast<float>(r.weights[n] / r.scale[n % visible]));
  for (std::size_t j = 0; j < visible; ++j) bias.push_back(static_cast<float>(r.bias[j] / r.scale[j]));
  for (std::size_t n = 0; n < factors * visible; ++n)
    loadings.push_back(static_cast<float>(r.loadings[n] / r.scale[n % visible]));
  const rbm::RbmView model{{weights.data(), hidden, visible, visible},
                           {bias.data(), visible},
                           {hidden_bias.data(), hidden},
                           {groups,
                            3,
                            {offset.data(), visible},
                            {scale.data(), visible},
                            {loadings.data(), factors, visible, visible}}};
  rbm::orthogonalize(model.layer.loadings, {});
  // Two examples in turn, so that the mean over the batch is over two.
  const std::vector<float> examples[] = {{1.1f, -0.4f, 0.9f, 1.0f, -0.7f}, {-0.6f, 0.8f, 0.1f, 0.0f, 1.5f}};
  std::vector<float> data;
  for (std::size_t n = 0; n < batch; ++n)
    data.insert(data.end(), examples[n % 2].begin(), examples[n % 2].end());

  const rbm::TrainerShape shape{visible, hidden, batch, true, factors, true};
  fixture::Memory memory(rbm::trainer_bytes<rbm::Sgd>(shape));
  rbm::TrainOptions options{7, rbm::VisibleUnits::real, 60, true};
  options.least_scale = 0.0f;
  // A rate so small that nothing moves; the velocity is then the gradient.
  rbm::Trainer<rbm::Sgd> trainer(model, memory, shape, options, rbm::Sgd{1e-12f});
  rbm::train(trainer, rbm::MatrixView<const float>{data.data(), batch, visible, visible});

  // Loadings have turned: their gradient is compared as that of the covariance that both forms share, along
  // each loading's direction.
  const auto likelihood = [&](const Readings& changed) {
    return (log_probability(changed, examples[0]) + log_probability(changed, examples[1])) / 2;
  };
  Readings turned = r;
  for (std::size_t n = 0; n < factors * visible; ++n)
    turned.loadings[n] = static_cast<double>(loadings[n]) * r.scale[n % visible];
  CHECK(likelihood(turned) == doctest::Approx(likelihood(r)).epsilon(1e-5));
  constexpr double step = 1e-4;
  for (std::size_t j = 0; j < visible; ++j) {
    const auto slope_along = [&](auto member, std::size_t n, double size) {
      Readings above = turned, below = turned;
      (above.*member)[n] += step * size;
      (below.*member)[n] -= step * size;
      return (likelihood(above) - likelihood(below)) / (2 * step);
    };
    CHECK(trainer.visible_slots[0][j] ==
          doctest::Approx(slope_along(&Readings::bias, j, r.scale[j])).epsilon(0.03).scale(1));
    for (std::size_t i = 0; i < hidden; ++i)
      CHECK(trainer.weight_slots[0].at(j, i) ==
            doctest::Approx(slope_along(&Readings::weights, i * visible + j, r.scale[j]))
                .epsilon(0.03)
                .scale(1));
    if (!is_real(j)) continue;
    Readings above = turned, below = turned;
    above.scale[j] *= std::exp(step);
    below.scale[j] *= std::exp(-step);
    const double exact = (likelihood(above) - likelihood(below)) / (2 * step);
    CHECK(trainer.scale_slots[0].row(0)[j] == doctest::Approx(exact).epsilon(0.03).scale(1));
    for (std::size_t k = 0; k < factors; ++k)
      CHECK(trainer.scale_slots[0].row(1 + k)[j] ==
            doctest::Approx(slope_along(&Readings::loadings, k * visible + j, r.scale[j]))
                .epsilon(0.03)
                .scale(1));
  }
}

TEST_CASE("the same readings in another unit give the same model, and scales in that unit") {
  std::mt19937 random(3);
  constexpr std::size_t examples = 32, units = 6;
  constexpr float unit = 1024;  // exact in floats, so that bits can be compared
  std::vector<float> volts;
  for (std::size_t n = 0; n < examples; ++n) {
    const float level = fixture::bell(random);
    for (std::size_t j = 0; j < units; ++j) volts.push_back(0.25f + level + 0.5f * fixture::bell(random));
  }
  std::vector<float> millivolts = volts;
  for (float& value : millivolts) value *= unit;

  struct Trained {
    rbm::RealRbm<units, 4, 1> model;
    explicit Trained(const std::vector<float>& readings, float size) {
      rbm::Xoshiro128 draws = rbm::Xoshiro128::seeded(5);
      rbm::initialize(model, draws);
      for (std::size_t j = 0; j < units; ++j) {
        model.offset.values[j] = 0.25f * size;
        model.scale.values[j] = size;
        model.loadings[j] = 0.1f;
      }
      const rbm::TrainerShape shape{units, 4, examples, true, 1, true};
      fixture::Memory memory(rbm::trainer_bytes<rbm::Adam>(shape));
      rbm::Trainer<rbm::Adam> trainer(model, memory, shape,
                                      rbm::TrainOptions{2, rbm::VisibleUnits::real, 2, true});
      for (int step = 0; step < 200; ++step)
        rbm::train(trainer, rbm::MatrixView<const float>{readings.data(), examples, units, units});
    }
  };
  const Trained in_volts(volts, 1), in_millivolts(millivolts, unit);
  CHECK(fixture::same_bits(fixture::all_parameters(in_volts.model),
                           fixture::all_parameters(in_millivolts.model)));
  for (std::size_t j = 0; j < units; ++j) {
    CHECK(in_millivolts.model.scale.values[j] == unit * in_volts.model.scale.values[j]);
    CHECK(in_volts.model.scale.values[j] < 0.9f);  // it was learned
    CHECK(in_millivolts.model.loadings[j] == in_volts.model.loadings[j]);
    CHECK(std::abs(in_volts.model.loadings[j]) > 0.2f);
  }
  const auto volume = [](rbm::ConstRbmView model) { return rbm::log_volume(model.layer); };
  CHECK(volume(in_millivolts.model) - volume(in_volts.model) ==
        doctest::Approx(units * std::log(unit)).epsilon(1e-5));
}

TEST_CASE("scales stay above their least, however little the readings vary") {
  rbm::RealRbm<3, 2> model;
  rbm::Xoshiro128 draws = rbm::Xoshiro128::seeded(1);
  rbm::initialize(model, draws);
  for (std::size_t j = 0; j < 3; ++j) {
    model.offset.values[j] = 5;
    model.scale.values[j] = 1;
  }
  const std::vector<float> constant(3 * 8, 5.0f);
  const rbm::TrainerShape shape{3, 2, 8, true, 0, true};
  fixture::Memory memory(rbm::trainer_bytes<rbm::Adam>(shape));
  rbm::Adam adam;
  adam.rate = 0.05f;
  rbm::Trainer<rbm::Adam> trainer(model, memory, shape, rbm::TrainOptions{2, rbm::VisibleUnits::real}, adam);
  for (int step = 0; step < 500; ++step)
    rbm::train(trainer, rbm::MatrixView<const float>{constant.data(), 8, 3, 3});
  for (const float scale : model.scale.values) CHECK(scale == trainer.options.least_scale);
}

TEST_CASE("loadings become orthogonal, also where a row is near 0") {
  for (const float small : {1.0f, 1e-8f, 1e-14f, 1e-19f, 0.0f}) {
    CAPTURE(small);
    std::vector<float> loadings{3, 1, -2, 0.5f, small, -2 * small, small, 3 * small};
    rbm::orthogonalize({loadings.data(), 2, 4, 4}, {});
    double product = 0, sizes[2] = {};
    for (std::size_t j = 0; j < 4; ++j) {
      const double x = static_cast<double>(loadings[j]), y = static_cast<double>(loadings[4 + j]);
      product += x * y, sizes[0] += x * x, sizes[1] += y * y;
    }
    CHECK(std::fabs(product) <= 1e-6 * std::sqrt(sizes[0] * sizes[1]));
    CHECK(sizes[0] + sizes[1] == doctest::Approx(14.25 + 15 * static_cast<double>(small * small)));
  }
}

TEST_CASE("many loadings become orthogonal at once, and their covariances stay") {
  std::mt19937 random(2);
  for (const std::size_t rows : {std::size_t{3}, std::size_t{8}, std::size_t{16}}) {
    CAPTURE(rows);
    constexpr std::size_t units = 18;
    std::vector<float> loadings(rows * units);
    for (float& loading : loadings) loading = 0.1f * fixture::bell(random);
    const auto products = [&](bool of_rows) {
      const std::size_t size = of_rows ? rows : units, terms = of_rows ? units : rows;
      std::vector<double> found(size * size);
      for (std::size_t i = 0; i < size; ++i)
        for (std::size_t j = 0; j < size; ++j)
          for (std::size_t n = 0; n < terms; ++n)
            found[i * size + j] += static_cast<double>(loadings[of_rows ? i * units + n : n * units + i]) *
                                   static_cast<double>(loadings[of_rows ? j * units + n : n * units + j]);
      return found;
    };
    const std::vector<double> before = products(false);
    rbm::orthogonalize({loadings.data(), rows, units, units}, {});
    const std::vector<double> after = products(false), pairs = products(true);
    for (std::size_t n = 0; n < before.size(); ++n)
      CHECK(after[n] == doctest::Approx(before[n]).epsilon(1e-5).scale(1));
    for (std::size_t k = 0; k < rows; ++k)
      for (std::size_t l = 0; l < k; ++l)
        CHECK(std::fabs(pairs[k * rows + l]) <= 1e-5 * std::sqrt(pairs[k * rows + k] * pairs[l * rows + l]));
  }
}

TEST_CASE("a sparsity target does not change the gradient of scales and loadings") {
  std::vector<float> moved[2];
  for (const bool sparse : {false, true}) {
    rbm::RealRbm<3, 2, 1> model;
    rbm::Xoshiro128 draws = rbm::Xoshiro128::seeded(4);
    rbm::initialize(model, draws);
    for (std::size_t i = 0; i < 2; ++i)
      for (std::size_t j = 0; j < 3; ++j) model.weights.values[i * 3 + j] = 0.5f;
    for (std::size_t j = 0; j < 3; ++j) {
      model.offset.values[j] = 0;
      model.scale.values[j] = 1;
      model.loadings[j] = 0.3f;
    }
    const std::vector<float> data{0.4f, -1.2f, 0.7f, 1.1f, 0.2f, -0.6f};
    const rbm::TrainerShape shape{3, 2, 2, true, 1, true};
    fixture::Memory memory(rbm::trainer_bytes<rbm::Sgd>(shape));
    rbm::TrainOptions options{2, rbm::VisibleUnits::real};
    options.sparsity_cost = sparse ? 5.0f : 0.0f;
    rbm::Trainer<rbm::Sgd> trainer(model, memory, shape, options, rbm::Sgd{});
    rbm::train(trainer, rbm::MatrixView<const float>{data.data(), 2, 3, 3});
    for (std::size_t r = 0; r < 2; ++r)
      for (std::size_t j = 0; j < 3; ++j) moved[sparse].push_back(trainer.scale_slots[0].row(r)[j]);
  }
  CHECK(fixture::same_bits(moved[0], moved[1]));
}

TEST_CASE("turning ends where a row is too small for floats to say that it is orthogonal") {
  // The square of the first row is so small that its share of 10^-12 is 0.
  std::mt19937 random(1);
  for (int round = 0; round < 50; ++round) {
    std::vector<float> loadings(8);
    for (std::size_t j = 0; j < 8; ++j) loadings[j] = (j < 4 ? 5e-18f : 1e4f) * fixture::bell(random);
    const std::vector<float> before = loadings;
    rbm::orthogonalize({loadings.data(), 2, 4, 4}, {});
    for (std::size_t j = 0; j < 4; ++j) {
      CHECK(std::abs(loadings[j]) < 1e-16f);
      CHECK(loadings[4 + j] == doctest::Approx(static_cast<double>(before[4 + j])).epsilon(1e-6));
    }
  }
}

TEST_CASE("velocities turn with the loadings: the covariance moves as it would have") {
  std::mt19937 random(5);
  constexpr std::size_t rows = 3, units = 7;
  std::vector<float> loadings(rows * units), velocities(rows * units);
  for (float& x : loadings) x = fixture::bell(random);
  for (float& x : velocities) x = fixture::bell(random);
  // L'V, of which the covariance L'L moves by the symmetric part.
  const auto moves = [&] {
    std::vector<double> products(units * units);
    for (std::size_t i = 0; i < units; ++i)
      for (std::size_t j = 0; j < units; ++j)
        for (std::size_t k = 0; k < rows; ++k)
          products[i * units + j] +=
              static_cast<double>(loadings[k * units + i]) * static_cast<double>(velocities[k * units + j]);
    return products;
  };
  const std::vector<double> before = moves();
  const std::vector<float> loadings_before = loadings;
  rbm::orthogonalize({loadings.data(), rows, units, units}, {velocities.data(), rows, units, units});
  CHECK_FALSE(fixture::same_bits(loadings, loadings_before));
  const std::vector<double> after = moves();
  for (std::size_t n = 0; n < before.size(); ++n)
    CHECK(after[n] == doctest::Approx(before[n]).epsilon(1e-5).scale(1));
}

TEST_CASE("a step of scales and loadings is at most 0.1, whatever the gradient") {
  const rbm::TrainerShape shape{3, 2, 1, true, 1, true};
  const auto bytes = [&] {
    rbm::Arena arena;
    (void)rbm::ScaleLearning(arena, shape);
    return arena.used;
  };
  fixture::Memory memory(bytes());
  rbm::Arena arena(memory);
  rbm::ScaleLearning scales(arena, shape);
  rbm::RealRbm<3, 2, 1> model{};
  for (std::size_t j = 0; j < 3; ++j) {
    model.scale.values[j] = 2;
    model.loadings[j] = 0.5f;
    for (std::size_t i = 0; i < 2; ++i) model.weights.values[i * 3 + j] = 1;
  }
  rbm::start_scales(scales, rbm::ConstRbmView(model), 0.01f);
  const double wanted[] = {-7, 0.03, 1e9}, made[] = {-0.1, 0.03, 0.1};
  for (std::size_t j = 0; j < 3; ++j)
    for (std::size_t r = 0; r < 2; ++r) scales.change.row(r)[j] = static_cast<float>(wanted[j]);
  fixture::Memory copies([] {
    rbm::Arena counted;
    (void)rbm::TwoWayWeights({}, counted, {3, 2});
    return counted.used;
  }());
  rbm::Arena copies_arena(copies);
  const rbm::TwoWayWeights weights(rbm::ConstRbmView(model), copies_arena, {3, 2});
  rbm::move_scales(scales, model, weights, {});
  for (std::size_t j = 0; j < 3; ++j) {
    const double factor = std::exp(-made[j]);  // what W, b and L are multiplied by
    CHECK(model.scale.values[j] == doctest::Approx(2 / factor).epsilon(1e-6));
    CHECK(model.loadings[j] == doctest::Approx((0.5 + made[j]) * factor).epsilon(1e-6));
    for (std::size_t i = 0; i < 2; ++i) {
      CHECK(model.weights.values[i * 3 + j] == doctest::Approx(factor).epsilon(1e-6));
      CHECK(weights.transposed.at(j, i) == doctest::Approx(factor).epsilon(1e-6));
    }
  }
}
