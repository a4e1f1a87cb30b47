#include "tools/data/data_file.hpp"

#include <doctest/doctest.h>

#include <cmath>
#include <fstream>

#include "platform/desktop/files.hpp"
#include "tests/support/command.hpp"
#include "tests/support/open_bytes.hpp"
#include "tests/support/sample_files.hpp"
#include "tools/data/digits.hpp"

using namespace fixture;

TEST_CASE("files that are none of these are refused by what they are") {
  CHECK_REFUSED("", "data: is empty");
  CHECK_REFUSED("\x1f\x8b\x08", "data: is compressed: gzip -dc data | rbm ... -");
  CHECK_REFUSED("\x89PNG\r\n\x1a\n", "data: is neither an IDX, an NPY nor a CSV file");
  CHECK_REFUSED(small_model(), "data: is neither an IDX, an NPY nor a CSV file");
}

TEST_CASE("files that cannot be read are refused with the system's reason") {
  const Folder folder;
  const std::string missing = folder.path("missing"), itself = folder.path();
  CHECK_THROWS_WITH_AS(tool::open_dataset(missing, {}),
                       (missing + ": cannot open: No such file or directory").c_str(), platform::FileError);
  CHECK_THROWS_WITH_AS(tool::open_dataset(itself, {}), (itself + ": cannot read: Is a directory").c_str(),
                       platform::FileError);
}

TEST_CASE("the maximum is the value that means 1") {
  CHECK(all_intensities(open_bytes("0,4,8\n", {8.0f})) == std::vector<float>{0, 0.5f, 1});
  CHECK(all_intensities(open_bytes(idx(8, {1, 3}, {"\0\4\x08", 3}), {8.0f})) == std::vector<float>{0, 0.5f, 1});
  CHECK(all_intensities(open_bytes(npy("<f4", "(1, 3)", floats({0, 4, 8})), {8.0f})) ==
        std::vector<float>{0, 0.5f, 1});
  for (const float wrong : {0.0f, -1.0f, INFINITY, NAN})
    CHECK_THROWS_AS(tool::open_dataset("digits", {wrong}), tool::Misuse);
}

TEST_CASE("the digits that ship with the project: 1,500 to learn from, 297 held out") {
  const tool::Dataset train = tool::open_dataset("digits", {}),
                      held_out = tool::open_dataset("digits-test", {});
  CHECK(train.rows == 1500);
  CHECK(held_out.rows == 297);
  CHECK(train.columns == 64);
  CHECK(train.height == 8);
  CHECK(train.maximum == 16);

  // Against the table that they come from.
  std::ifstream table(Running::root() / "tools/data/digits.csv");
  const std::vector<float> shown[2] = {all_intensities(train), all_intensities(held_out)};
  std::size_t wrong = 0;
  for (std::size_t n = 0; n < 1797; ++n) {
    int value = 0;
    char comma = 0;
    for (std::size_t j = 0; j < 64; ++j) {
      table >> value >> comma;
      const float intensity = n < 1500 ? shown[0][n * 64 + j] : shown[1][(n - 1500) * 64 + j];
      wrong += intensity != static_cast<float>(value) / 16;
    }
    table >> value;
    wrong += tool::digit_label(n) != value;
  }
  CHECK(table.good());
  CHECK(wrong == 0);
}
