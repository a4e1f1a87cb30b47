// `rbm reconstruct`: its table, picture and error.
#include <doctest/doctest.h>

#include <vector>

#include "tests/support/png_reader.hpp"
#include "tests/support/sample_files.hpp"
#include "tests/support/trained.hpp"
#include "tools/data/data_file.hpp"
#include "tools/data/dataset.hpp"

using namespace fixture;

TEST_CASE("reconstruct: the table and the picture of all reconstructions") {
  const Folder folder;
  folder.write("model", diagonal_model());
  folder.write("data.csv", "0,1,1,0\n1,0.2,0,0\n");
  const Json line = report(folder, {"reconstruct", "model", "data.csv", "--image", "p.png", "--out", "t.npy",
                                    "--visible", "thresholded"});
  CHECK(line.number("examples") == 2);
  CHECK(line.number("reconstruction_error") == doctest::Approx((4 + 1) / 8.0));
  const tool::Dataset table = tool::open_dataset(folder.path("t.npy"), {});
  CHECK(table.rows == 2);
  for (std::size_t n = 0; n < 8; ++n)
    CHECK(table.values[n] == doctest::Approx(n % 4 == 0 || n % 4 == 3 ? 1.0 : 0.0));

  // The first pair's upper half, from the left: the example 0 1, then its reconstruction 1 0.
  const Png png(folder.read("p.png"));
  REQUIRE(png.channels == 1);
  const auto line_levels = [&](std::size_t y) {
    std::vector<int> levels;
    for (std::size_t x = 0; x < png.width; ++x) {
      const int level = png.at(x, y)[0];
      if (levels.empty() || levels.back() != level) levels.push_back(level);
    }
    return levels;
  };
  std::size_t top = 0;
  while (line_levels(top).size() == 1) ++top;
  const int gap = png.at(0, 0)[0];
  const std::vector<int> levels = line_levels(top);
  REQUIRE(levels.size() >= 7);
  CHECK(std::vector<int>(levels.begin(), levels.begin() + 7) ==
        std::vector<int>{gap, 0, 255, gap, 255, 0, gap});

  run_well(folder, {"reconstruct", "model", "data.csv", "--count", "1", "--out", "one.npy"});
  CHECK(tool::open_dataset(folder.path("one.npy"), {}).rows == 1);
}

TEST_CASE("reconstruct: the error is near what evaluate finds, on digits it has never seen") {
  const Trained trained;
  const Json reconstructed =
      report(trained.folder, {"reconstruct", "model", "digits-test", "--image", "p.png"});
  const Json evaluated = report(trained.folder, {"evaluate", "model", "digits-test"});
  CHECK(reconstructed.number("reconstruction_error") ==
        doctest::Approx(evaluated.number("reconstruction_error")).epsilon(1e-6));
  const Png png(trained.folder.read("p.png"));
  CHECK(png.width > 100);
}
