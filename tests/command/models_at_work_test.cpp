// What the commands that use a model make of it, against double precision and the definitions.
#include <doctest/doctest.h>

#include <algorithm>
#include <array>
#include <cmath>
#include <vector>

#include "tests/support/png_reader.hpp"
#include "tests/support/reference.hpp"
#include "tests/support/sample_files.hpp"
#include "tests/support/trained.hpp"
#include "tools/data/data_file.hpp"
#include "tools/data/dataset.hpp"

using namespace fixture;

namespace {

/// A row of the digits; thresholded at 1/2 if asked for.
std::vector<double> example(const tool::Dataset& data, std::size_t index, bool thresholded = false) {
  std::vector<float> row(data.columns);
  data.row(index, row.data());
  std::vector<double> values(row.begin(), row.end());
  if (thresholded)
    for (double& value : values) value = value >= 0.5 ? 1 : 0;
  return values;
}

// 2 x 2 pictures: no weights, so that visible units are on the diagonal whatever the hidden unit does.
std::string diagonal_model() {
  return safetensors_file("{\"__metadata__\":{\"height\":\"2\",\"width\":\"2\"}," +
                              tensor("W", "1,4", 0, 16) + "," + tensor("v_bias", "4", 16, 32) + "," +
                              tensor("h_bias", "1", 32, 36) + "}",
                          floats({0, 0, 0, 0, 100, -100, -100, 100, 0}));
}

constexpr std::array<int, 3> black{0, 0, 0}, white{255, 255, 255};

}  // namespace

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

TEST_CASE("features: p(h = 1 | v), a row an example") {
  const Trained trained;
  for (const bool thresholded : {false, true}) {
    run_well(trained.folder, {"features", "model", "digits-test", "--out", "features.npy", "--visible",
                              thresholded ? "thresholded" : "real"});
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

TEST_CASE("sample: fantasies follow the model") {
  const Folder folder;
  folder.write("model", diagonal_model());
  run_well(folder, {"sample", "model", "--count", "4", "--steps", "3", "--image", "s.png"});
  const Png png(folder.read("s.png"));
  CHECK(png.channels == 1);
  std::size_t whites = 0, blacks = 0;
  for (std::size_t y = 0; y < png.height; ++y)
    for (std::size_t x = 0; x < png.width; ++x)
      whites += png.at(x, y) == white, blacks += png.at(x, y) == black;
  CHECK(whites == 4 * 48 * 48 / 2);
  CHECK(blacks == whites);
  // From the corner: the gap, then white above black.
  CHECK(png.at(2, 2) == white);
  CHECK(png.at(2 + 24, 2) == black);
  CHECK(png.at(2, 2 + 24) == black);
  CHECK(png.at(2 + 24, 2 + 24) == white);
}

TEST_CASE("filters: a picture of each hidden unit's weights") {
  const Folder folder;
  folder.write("model", safetensors_file("{\"__metadata__\":{\"height\":\"2\",\"width\":\"2\"}," +
                                             tensor("W", "2,4", 0, 32) + "," + tensor("v_bias", "4", 32, 48) +
                                             "," + tensor("h_bias", "2", 48, 56) + "}",
                                         floats({1, 0, 0, -1, 0, 0, 0, 0, 9, 9, 9, 9, 9, 9})));
  run_well(folder, {"filters", "model", "--image", "f.png"});
  const Png png(folder.read("f.png"));
  REQUIRE(png.channels == 3);
  const auto red = png.at(10, 10), blue = png.at(40, 40), neutral = png.at(40, 10);
  CHECK(red[0] > red[2] + 50);
  CHECK(blue[2] > blue[0] + 50);
  CHECK(neutral[0] == neutral[2]);
}

TEST_CASE("sample, filters and features: JSON tells what prose does, and changes no file") {
  const Folder folder;
  folder.write("model", diagonal_model());
  folder.write("data.csv", "0,1,1,0\n1,1,0,0\n");
  folder.write("mask.csv", "1,0,0,0\n");
  const auto check = [&](const Words& words, const std::string& json, const std::string& prose) {
    const std::string& out = words.back();
    const Result told = run_well(folder, words);
    CHECK(told.output.empty());
    CHECK(told.errors == prose + "\n");
    const std::string bytes = folder.read(out);
    std::filesystem::remove(folder.path(out));
    for (const Words& quiet : {Words{}, Words{"--quiet"}}) {
      const Result line = run_well(folder, with(with(words, {"--json"}), quiet));
      CHECK(line.output == json + "\n");
      CHECK(line.errors.empty());
      CHECK(Json(line.output.substr(0, line.output.size() - 1)).complete());
      CHECK((folder.read(out) == bytes));
    }
  };
  check({"sample", "model", "--count", "2", "--steps", "3", "--image", "s.png"},
        R"({"model": "model", "seed": 1, "image": "s.png", "samples": 2, "steps": 3, "clamped_units": 0})",
        "wrote s.png: 2 samples after 3 Gibbs steps");
  check({"sample", "model", "--from", "data.csv", "--clamp", "mask.csv", "--count", "2", "--steps", "1",
         "--image", "s.png"},
        R"({"model": "model", "data": "data.csv", "visible_units": "sampled", "seed": 1, "image": "s.png", )"
        R"("samples": 2, "steps": 1, "clamped_units": 1})",
        "wrote s.png: 2 samples after 1 Gibbs step from data.csv, 1 of 4 visible units clamped");
  check({"filters", "model", "--image", "f.png"},
        R"({"model": "model", "image": "f.png", "filters": 1, "height": 2, "width": 2})",
        "wrote f.png: 1 filter of 2 x 2 pixels");
  check({"features", "model", "data.csv", "--out", "f.npy"},
        R"({"model": "model", "data": "data.csv", "visible_units": "real", "seed": 1, "out": "f.npy", )"
        R"("examples": 2, "features": 1})",
        "wrote f.npy: 2 examples, 1 feature each");
}

TEST_CASE("pictures of a trained model can be read") {
  const Trained trained;
  run_well(trained.folder, {"filters", "model"});
  run_well(trained.folder, {"sample", "model", "--steps", "20"});
  CHECK(Png(trained.folder.read("filters.png")).channels == 3);
  CHECK(Png(trained.folder.read("samples.png")).channels == 1);
}
