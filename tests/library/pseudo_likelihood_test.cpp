#include "rbm/pseudo_likelihood.hpp"

#include <doctest/doctest.h>

#include "tests/support/fixtures.hpp"
#include "tests/support/reference.hpp"

using fixture::Listed;
using fixture::view;

TEST_CASE("log p(v_j | the other units) agrees with enumeration, whichever unit and state") {
  constexpr std::size_t visible = 5, hidden = 4;
  const fixture::Model model(visible, hidden, 1.5f, 1, 2);
  const auto joint = reference::joint_probabilities(reference::Parameters(model));
  std::vector<double> p(joint.size());
  for (std::size_t v = 0; v < joint.size(); ++v)
    for (double of_state : joint[v]) p[v] += of_state;
  for (std::size_t v = 0; v < joint.size(); ++v) {
    const reference::State on = reference::to_state(v, visible);
    std::vector<float> inputs(hidden), scratch(hidden);
    (void)rbm::free_energy(view(inputs), model, Listed(on));
    const std::vector<float> before = inputs;
    for (std::size_t j = 0; j < visible; ++j) {
      const std::size_t flipped = v ^ (std::size_t{1} << j);
      const rbm::VectorView<const float> reading = view(before);
      CHECK(rbm::free_energy_of_flip(view(scratch), model, reading, j, on[j] != 0) ==
            doctest::Approx(std::log(p[v] / p[flipped])).epsilon(1e-5));
      CHECK(rbm::log_conditional(view(scratch), model, reading, j, on[j] != 0) ==
            doctest::Approx(std::log(p[v] / (p[v] + p[flipped]))).epsilon(1e-5));
    }
  }
}

TEST_CASE("log p(v_j | the other units) stays finite where the unit is all but impossible") {
  fixture::Model model(2, 3, 0, 2);
  model.visible_bias[0] = 1e4f;
  const std::vector<float> inputs(3);
  std::vector<float> scratch(3);
  CHECK(rbm::log_conditional(view(scratch), model, view(inputs), 0, false) == -1e4f);
  CHECK(rbm::log_conditional(view(scratch), model, view(inputs), 0, true) == 0);
}
