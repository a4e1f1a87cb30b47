// How near integers come to floats, against definitions.
#include "tools/quantization/fidelity.hpp"

#include <doctest/doctest.h>

#include <cmath>
#include <limits>
#include <vector>

#include "tests/support/fixtures.hpp"
#include "tests/support/reference.hpp"
#include "tests/support/trained.hpp"
#include "tools/data/data_file.hpp"
#include "tools/model/c_header_reader.hpp"

using namespace fixture;

namespace {

/// Spearman's coefficient: Pearson's, of ranks that are counted value by value.
double spearman(const std::vector<double>& x, const std::vector<double>& y) {
  const auto ranks = [](const std::vector<double>& values) {
    std::vector<double> result;
    for (const double value : values) {
      double rank = 0.5;
      for (const double other : values) rank += other < value ? 1 : other > value ? 0 : 0.5;
      result.push_back(rank);
    }
    return result;
  };
  const std::vector<double> a = ranks(x), b = ranks(y);
  const auto count = static_cast<double>(a.size());
  double sum_a = 0, sum_b = 0, aa = 0, bb = 0, ab = 0;
  for (std::size_t n = 0; n < a.size(); ++n) {
    sum_a += a[n], sum_b += b[n];
    aa += a[n] * a[n], bb += b[n] * b[n], ab += a[n] * b[n];
  }
  return (count * ab - sum_a * sum_b) /
         std::sqrt((count * aa - sum_a * sum_a) * (count * bb - sum_b * sum_b));
}

std::vector<float> to_floats(const std::vector<double>& values) {
  return {values.begin(), values.end()};
}

}  // namespace

TEST_CASE("rank correlation is Spearman's, ties and all") {
  CHECK(tool::rank_correlation({1, 2, 3, 9}, {-5, 0, 0.5f, 100}) == doctest::Approx(1));
  CHECK(tool::rank_correlation({1, 2, 3, 9}, {4, 3, 2, 1}) == doctest::Approx(-1));
  // Ranks 1, 2.5, 2.5, 4 and 1, 2, 3, 4.
  CHECK(tool::rank_correlation({1, 2, 2, 3}, {1, 2, 3, 4}) == doctest::Approx(4.5 / std::sqrt(4.5 * 5)));
  CHECK(std::isnan(tool::rank_correlation({1, 1, 1}, {1, 2, 3})));
  CHECK(std::isnan(tool::rank_correlation({1}, {2})));
  std::mt19937 random(1);
  for (int n = 0; n < 50; ++n) {
    // Of 40 values among 10, most are equal to others.
    std::vector<double> x, y;
    for (int m = 0; m < 40; ++m) {
      x.push_back(static_cast<double>(random() % 10));
      y.push_back(x.back() + static_cast<double>(random() % 10));
    }
    CHECK(tool::rank_correlation(to_floats(x), to_floats(y)) == doctest::Approx(spearman(x, y)));
  }
}

TEST_CASE("quantize --data: what it says of the integers is what both models do, example by example") {
  const Trained trained;
  for (const char* bits : {"8", "2"}) {
    const Json line = report(trained.folder, {"quantize", "model", "--bits", bits, "--out", "m.h", "--data",
                                              "digits-test", "--visible", "thresholded", "--quiet"});
    const tool::QuantizedModel integers = tool::read_c_header(trained.folder.read("m.h"), "m.h").model;
    const tool::PackedModel packed(integers);
    const reference::Parameters exact(trained.model.view());
    const tool::Dataset data = tool::open_dataset("digits-test", {});
    std::vector<float> row(64);
    std::vector<double> energies, integer_energies;
    std::vector<std::uint8_t> state(RBM_STATE_BYTES(64)), features(32);
    std::vector<std::uint32_t> scratch(RBM_SCRATCH_WORDS(64, 32));
    double differing = 0;
    for (std::size_t n = 0; n < data.rows; ++n) {
      data.row(n, row.data());
      reference::State v(64);
      for (std::size_t j = 0; j < 64; ++j) {
        v[j] = row[j] >= 0.5f;
        rbm_set_unit(state.data(), j, v[j] != 0);
      }
      const rbm_input input = rbm_from_bits(state.data());
      energies.push_back(reference::free_energy(exact, v));
      integer_energies.push_back(rbm_free_energy(&packed.runtime(), input, scratch.data()));
      rbm_features(&packed.runtime(), input, features.data(), scratch.data());
      const reference::State p = reference::hidden_probabilities(exact, v);
      for (std::size_t i = 0; i < 32; ++i) differing += (p[i] >= 0.5) != (features[i] >= 128);
    }
    CHECK(std::fabs(line.number("hidden_disagreement") - differing / static_cast<double>(32 * data.rows)) <
          1e-6);
    CHECK(std::fabs(line.number("free_energy_rank_correlation") - spearman(energies, integer_energies)) <
          1e-5);
    if (bits[0] == '8') CHECK(line.number("free_energy_rank_correlation") > 0.999);

    // The errors are those that evaluate finds.
    for (const auto& [model, name] : {std::make_pair("model", "float"), std::make_pair("m.h", "integer")}) {
      const Json alone = report(trained.folder, {"evaluate", model, "digits-test", "--visible", "thresholded",
                                                 "--temperatures", "0", "--quiet"});
      const std::string error = std::string(name) + "_reconstruction_error";
      CHECK(line.number(error) == alone.number("reconstruction_error"));
      CHECK(line.number(error + "_standard_error") == alone.number("reconstruction_error_standard_error"));
    }
  }
}
