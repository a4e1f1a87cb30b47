#include "rbm/partition.hpp"

#include <doctest/doctest.h>

#include <algorithm>
#include <cmath>
#include <vector>

#include "platform/desktop/threads.hpp"
#include "tests/support/fixtures.hpp"
#include "tests/support/reference.hpp"

namespace {

/// The layers changed places, which leaves Z as it is.
reference::Parameters turned(const reference::Parameters& model) {
  reference::Parameters out(model.hidden, model.visible);
  out.visible_bias = model.hidden_bias;
  out.hidden_bias = model.visible_bias;
  for (std::size_t i = 0; i < model.hidden; ++i)
    for (std::size_t j = 0; j < model.visible; ++j) out.weights[j * model.hidden + i] = model.weight(i, j);
  return out;
}

/// By enumeration of the visible states, or of the hidden ones.
double exact_log_partition(const fixture::Model& model, bool by_hidden) {
  const reference::Parameters parameters(model);
  return reference::log_partition(by_hidden ? turned(parameters) : parameters);
}

float log_partition(const fixture::Model& model, unsigned threads = 1) {
  const rbm::ConstRbmView view = model;
  fixture::Memory memory(rbm::enumeration_bytes({view.visible(), view.hidden()}));
  rbm::Enumeration enumeration(view, memory, {view.visible(), view.hidden()});
  CHECK(enumeration.bytes == rbm::enumeration_bytes({view.visible(), view.hidden()}));
  platform::Threads pool(threads);
  pool(enumeration.parts,
       [&](std::size_t begin, std::size_t end) { rbm::enumerate(enumeration, begin, end); });
  return rbm::log_partition(enumeration);
}

}  // namespace

TEST_CASE("log Z is that of enumeration in double precision, whichever layer is smaller") {
  struct Shape {
    std::size_t visible, hidden;
  };
  for (const Shape shape : {Shape{1, 1}, {1, 7}, {7, 1}, {3, 9}, {9, 3}, {8, 8}, {13, 14}, {14, 13}})
    for (const float deviation : {0.0f, 0.3f, 2.0f, 8.0f}) {
      CAPTURE(shape.visible);
      CAPTURE(shape.hidden);
      CAPTURE(deviation);
      const fixture::Model model(shape.visible, shape.hidden, deviation, 3, 2);
      const double exact = exact_log_partition(model, false);
      CHECK(exact == doctest::Approx(exact_log_partition(model, true)).epsilon(1e-12));
      CHECK(std::fabs(static_cast<double>(log_partition(model)) - exact) <
            0x1p-20 * std::max(1.0, std::fabs(exact)));
    }
}

TEST_CASE("log Z of models as wide as pictures") {
  for (const bool by_hidden : {false, true}) {
    CAPTURE(by_hidden);
    const fixture::Model model =
        by_hidden ? fixture::Model(784, 12, 0.4f, 4) : fixture::Model(12, 784, 0.4f, 4);
    const double exact = exact_log_partition(model, by_hidden);
    CHECK(exact > 500);
    CHECK(std::fabs(static_cast<double>(log_partition(model)) - exact) < 0x1p-20 * exact);
  }
}

TEST_CASE("log Z has the same bits for any number of threads") {
  const fixture::Model model(40, 15, 0.7f, 5);
  const float alone = log_partition(model);
  for (const unsigned threads : {2u, 3u, 7u})
    CHECK(rbm::to_bits(log_partition(model, threads)) == rbm::to_bits(alone));
}
