// `rbm features` against double precision.
#include <doctest/doctest.h>

#include <algorithm>
#include <cmath>
#include <vector>

#include "tests/support/reading_files.hpp"
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

TEST_CASE("features: CSV where the file's name ends in .csv, with the same numbers as NumPy's") {
  const Trained trained;
  for (const char* name : {"f.csv", "f.npy", "f"})
    run_well(trained.folder, {"features", "model", "digits-test", "--out", name});
  CHECK(trained.folder.read("f") == trained.folder.read("f.npy"));
  const auto rows = numbers_of(trained.folder.read("f.csv"), false);
  const tool::Dataset features = tool::open_dataset(trained.folder.path("f.npy"), {});
  REQUIRE(rows.size() == 297);
  for (std::size_t n = 0; n < 297; ++n) {
    REQUIRE(rows[n].size() == 32);
    for (std::size_t i = 0; i < 32; ++i) CHECK(static_cast<float>(rows[n][i]) == features.values[n * 32 + i]);
  }
}
