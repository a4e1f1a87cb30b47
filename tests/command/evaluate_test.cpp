// `rbm evaluate` against double precision.
#include <doctest/doctest.h>

#include <cmath>
#include <vector>

#include "tests/support/reference.hpp"
#include "tests/support/trained.hpp"
#include "tools/data/data_file.hpp"
#include "tools/data/dataset.hpp"

using namespace fixture;

TEST_CASE("evaluate: the mean free energy and its standard error") {
  const Trained trained;
  const reference::Parameters exact(trained.model.view());
  const tool::Dataset data = tool::open_dataset("digits-test", {});
  const Json line = report(trained.folder, {"evaluate", "model", "digits-test", "--visible", "thresholded"});
  std::vector<double> energies;
  double sum = 0, squares = 0;
  for (std::size_t n = 0; n < data.rows; ++n)
    energies.push_back(reference::free_energy(exact, example(data, n, true)));
  for (const double energy : energies) sum += energy;
  const auto count = static_cast<double>(data.rows);
  for (const double energy : energies) squares += std::pow(energy - sum / count, 2);
  CHECK(line.number("examples") == count);
  CHECK(line.number("free_energy") == doctest::Approx(sum / count).epsilon(1e-6));
  CHECK(line.number("free_energy_standard_error") ==
        doctest::Approx(std::sqrt(squares / (count - 1) / count)).epsilon(1e-5));
}

TEST_CASE("evaluate: the pseudo-likelihood is estimated without bias") {
  const Trained trained;
  const reference::Parameters model(trained.model.view());
  const tool::Dataset data = tool::open_dataset("digits-test", {});
  double exact = 0;
  for (std::size_t n = 0; n < data.rows; ++n) {
    std::vector<double> state = example(data, n, true);
    const double energy = reference::free_energy(model, state);
    for (double& value : state) {
      value = 1 - value;
      exact -= reference::softplus(energy - reference::free_energy(model, state));
      value = 1 - value;
    }
  }
  exact /= static_cast<double>(data.rows);
  // Over some seeds the standard error is near half a nat.
  double sum = 0, squares = 0;
  constexpr int seeds = 10;
  for (int seed = 1; seed <= seeds; ++seed) {
    const Json line = report(trained.folder, {"evaluate", "model", "digits-test", "--visible", "thresholded",
                                              "--temperatures", "0", "--seed", std::to_string(seed)});
    sum += line.number("pseudo_likelihood");
    squares += std::pow(line.number("pseudo_likelihood_standard_error"), 2);
  }
  CHECK(std::fabs(sum / seeds - exact) < 4.75 * std::sqrt(squares) / seeds);
  CHECK(std::sqrt(squares) / seeds < 1);
}
