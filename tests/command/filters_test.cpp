// `rbm filters`, and pictures of a trained model.
#include <doctest/doctest.h>

#include "tests/support/png_reader.hpp"
#include "tests/support/sample_files.hpp"
#include "tests/support/trained.hpp"

using namespace fixture;

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

TEST_CASE("pictures of a trained model can be read") {
  const Trained trained;
  run_well(trained.folder, {"filters", "model"});
  run_well(trained.folder, {"sample", "model", "--steps", "20"});
  CHECK(Png(trained.folder.read("filters.png")).channels == 3);
  CHECK(Png(trained.folder.read("samples.png")).channels == 1);
}
