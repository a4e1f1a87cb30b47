// `rbm features` against double precision.
#include <doctest/doctest.h>

#include <algorithm>
#include <cmath>
#include <vector>

#include "tests/support/reference.hpp"
#include "tests/support/trained.hpp"
#include "tools/data/data_file.hpp"
#include "tools/data/dataset.hpp"

using namespace fixture;

TEST_CASE("features: p(h = 1 | v), a row an example") {
  const Trained trained;
  for (const bool thresholded : {false, true}) {
    run_well(trained.folder, {"features", "model", "digits-test", "--out", "features.npy", "--visible",
                              thresholded ? "thresholded" : "means"});
    const tool::Dataset features = tool::open_dataset(trained.folder.path("features.npy"), {});
    const tool::Dataset data = tool::open_dataset("digits-test", {});
    REQUIRE(features.rows == 297);
    REQUIRE(features.columns == 32);
    double worst = 0;
    for (std::size_t n = 0; n < data.rows; ++n) {
      const reference::State p = reference::hidden_probabilities(reference::Parameters(trained.model.view()),
                                                                 example(data, n, thresholded));
      for (std::size_t i = 0; i < p.size(); ++i)
        worst = std::max(worst, std::fabs(p[i] - static_cast<double>(features.values[n * 32 + i])));
    }
    CHECK(worst < 1e-6);
  }
}
