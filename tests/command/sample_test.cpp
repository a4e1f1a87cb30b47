// `rbm sample` as a user runs it: where chains start, what is clamped, and what is shown of them.
#include <doctest/doctest.h>

#include <array>

#include "tests/support/png_reader.hpp"
#include "tests/support/sample_files.hpp"
#include "tests/support/trained.hpp"
#include "tools/data/data_file.hpp"

using namespace fixture;

namespace {

constexpr int failed = 1, misuse = 2;

/// The pictures of a grid of cells of 48 x 48 pixels with gaps of 2, by column and row.
class Cells {
 public:
  Cells(const Folder& folder, const std::string& name)
      : png_(folder.read(name)), columns((png_.width - 2) / 50), rows((png_.height - 2) / 50) {
    CHECK(png_.width == 2 + 50 * columns);
    CHECK(png_.height == 2 + 50 * rows);
  }

  /// The levels of a square picture with so many pixels a side.
  std::vector<int> levels(std::size_t column, std::size_t row, std::size_t side) const {
    std::vector<int> all;
    for (std::size_t y = 0; y < side; ++y)
      for (std::size_t x = 0; x < side; ++x)
        all.push_back(png_.at(2 + 50 * column + x * (48 / side), 2 + 50 * row + y * (48 / side))[0]);
    return all;
  }

 private:
  Png png_;

 public:
  const std::size_t columns, rows;
};

using Levels = std::vector<int>;

}  // namespace

TEST_CASE("sample: chains start from the examples, clamped units stay as they were there") {
  const Folder folder;
  folder.write("model", diagonal_model());
  folder.write("data.csv", "0,1,1,0\n1,1,0,0\n");
  folder.write("mask.csv", "1,1,0,0\n");
  const Result result =
      run_well(folder, {"sample", "model", "--from", "data.csv", "--clamp", "mask.csv", "--count", "3",
                        "--steps", "25", "--every", "10", "--image", "s.png"});
  CHECK(result.errors ==
        "wrote s.png: 3 samples after 25 Gibbs steps from data.csv, 2 of 4 visible units clamped\n");
  const Cells cells(folder, "s.png");
  // The start, steps 10 and 20, and the end; the third chain begins at the first example again.
  REQUIRE(cells.columns == 4);
  REQUIRE(cells.rows == 3);
  CHECK(cells.levels(0, 0, 2) == Levels{0, 255, 255, 0});
  CHECK(cells.levels(0, 1, 2) == Levels{255, 255, 0, 0});
  CHECK(cells.levels(0, 2, 2) == Levels{0, 255, 255, 0});
  for (std::size_t column = 1; column < 4; ++column) {
    CHECK(cells.levels(column, 0, 2) == Levels{0, 255, 0, 255});
    CHECK(cells.levels(column, 1, 2) == Levels{255, 255, 0, 255});
    CHECK(cells.levels(column, 2, 2) == Levels{0, 255, 0, 255});
  }
}

TEST_CASE("sample: a mask may be an example or a picture, of any scale") {
  const Folder folder;
  folder.write("model", diagonal_model());
  folder.write("data.csv", "0,1,1,0\n");
  const auto picture_for = [&](const std::string& mask) {
    folder.write("mask", mask);
    run_well(folder, {"sample", "model", "--from", "data.csv", "--clamp", "mask", "--count", "1", "--steps",
                      "2", "--image", "s.png"});
    return Cells(folder, "s.png").levels(0, 0, 2);
  };
  const std::string dictionary = "{'descr': '|u1', 'fortran_order': False, 'shape': (2, 2), }";
  for (const std::string& mask :
       {std::string("1,1,0,0\n"), std::string("1,1\n0,0\n"), std::string("200,255,100,0\n"),
        std::string("0.001,0.001,0,0.0004\n"), npy_file(dictionary, std::string("\1\1\0\0", 4))}) {
    CAPTURE(mask);
    CHECK(picture_for(mask) == Levels{0, 255, 0, 255});
  }
  CHECK(picture_for("0,0,0,0\n") == Levels{255, 0, 0, 255});  // nothing is clamped
  CHECK(picture_for("1,1,1,1\n") == Levels{0, 255, 255, 0});  // everything is
}

TEST_CASE("sample: chains over time end where chains without --every do, on any number of threads") {
  const Trained trained;
  const Words words{"sample", "model",     "--from",      "digits-test", "--count", "7",      "--steps",
                    "23",     "--visible", "thresholded", "--seed",      "5",       "--image"};
  run_well(trained.folder, with(words, {"end.png", "--threads", "1"}));
  run_well(trained.folder, with(words, {"time.png", "--every", "10", "--threads", "3"}));
  run_well(trained.folder, with(words, {"again.png", "--every", "10", "--threads", "1"}));
  CHECK((trained.folder.read("time.png") == trained.folder.read("again.png")));
  const Cells end(trained.folder, "end.png"), time(trained.folder, "time.png");
  REQUIRE(time.columns == 4);
  REQUIRE(time.rows == 7);
  const tool::Dataset data = tool::open_dataset("digits-test", {});
  for (std::size_t n = 0; n < 7; ++n) {
    CHECK(time.levels(3, n, 8) == end.levels(n % end.columns, n / end.columns, 8));
    std::vector<float> row(64);
    data.row(n, row.data());
    Levels start;
    for (const float value : row) start.push_back(value >= 0.5f ? 255 : 0);
    CHECK(time.levels(0, n, 8) == start);
    CHECK(time.levels(1, n, 8) != time.levels(2, n, 8));
  }
}

TEST_CASE("sample: from noise, chains over time begin at states; from one example, chains part") {
  const Trained trained;
  run_well(trained.folder,
           {"sample", "model", "--count", "5", "--steps", "1", "--every", "1", "--image", "n.png"});
  const Cells noise(trained.folder, "n.png");
  REQUIRE(noise.columns == 2);
  for (std::size_t n = 0; n < 5; ++n) {
    std::size_t on = 0;
    for (const int level : noise.levels(0, n, 8)) {
      CHECK((level == 0 || level == 255));
      on += level == 255;
    }
    CHECK(on > 12);
    CHECK(on < 52);
  }
  std::string example = "0";
  for (int n = 1; n < 64; ++n) example += n % 3 == 0 ? ",1" : ",0";
  trained.folder.write("one.csv", example + "\n");
  run_well(trained.folder, {"sample", "model", "--from", "one.csv", "--maximum", "1", "--count", "2",
                            "--steps", "1", "--every", "1"});
  const Cells parted(trained.folder, "samples.png");
  CHECK(parted.levels(0, 0, 8) == parted.levels(0, 1, 8));
  CHECK(parted.levels(1, 0, 8) != parted.levels(1, 1, 8));
}

TEST_CASE("sample: what cannot be started from or clamped is told in a line") {
  const Folder folder;
  folder.write("model", diagonal_model());
  folder.write("data.csv", "0,1,1,0\n");
  folder.write("wide.csv", "0,1,1\n");
  folder.write("two.csv", "0,1,1,0\n0,1,1,0\n");
  folder.write("negative.csv", "0,-1,1,0\n");
  for (const Words& options :
       {Words{"--clamp", "data.csv"}, Words{"--visible", "thresholded"}, Words{"--maximum", "2"}})
    check_failure(folder, with({"sample", "model"}, options), misuse,
                  {"rbm: " + options[0] + ": needs data to start from: --from DATA\n"});
  check_failure(folder, {"sample", "-", "--from", "-"}, misuse,
                {"rbm: only one of MODEL, --from and --clamp can be standard input\n"});
  check_failure(folder, {"sample", "model", "--from", "-", "--clamp", "-"}, misuse,
                {"rbm: only one of MODEL, --from and --clamp can be standard input\n"});
  check_failure(folder, {"sample", "model", "--steps", "1000000", "--every", "1"}, misuse,
                {"rbm: --every: 64 chains at 1,000,001 moments are more than 20,000 pictures"});
  check_failure(folder, {"sample", "model", "--from", "wide.csv"}, failed,
                {"rbm: model: has 4 visible units, but an example of wide.csv has 3 values\n"});
  const auto check_mask = [&](const std::string& mask, const std::string& message) {
    check_failure(folder, {"sample", "model", "--from", "data.csv", "--clamp", mask}, failed, {message});
  };
  check_mask("wide.csv",
             "rbm: wide.csv: is no mask for this model: it holds 1 x 3 values, a mask 1 x 4 or 2 x 2\n");
  check_mask("two.csv",
             "rbm: two.csv: is no mask for this model: it holds 2 x 4 values, a mask 1 x 4 or 2 x 2\n");
  check_mask("negative.csv", "rbm: negative.csv: ");
  check_mask("missing.csv", "rbm: missing.csv: ");
}

TEST_CASE("sample: fantasies follow the model") {
  const Folder folder;
  folder.write("model", diagonal_model());
  run_well(folder, {"sample", "model", "--count", "4", "--steps", "3", "--image", "s.png"});
  constexpr std::array<int, 3> black{0, 0, 0}, white{255, 255, 255};
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
