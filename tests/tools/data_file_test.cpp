#include "tools/data/data_file.hpp"

#include <doctest/doctest.h>

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
  CHECK_REFUSED("\x89PNG\r\n\x1a\n", "data: is a PNG picture: save one array by numpy.save");
  CHECK_REFUSED(std::string("\xfd"
                            "7zXZ\0",
                            6),
                "data: is compressed: xz -dc data | rbm ... -");
  CHECK_REFUSED("BZh91AY&SY", "data: is compressed: bzip2 -dc data | rbm ... -");
  CHECK_REFUSED("\x89HDF\r\n\x1a\n",
                "data: is an HDF5 file, as Keras and MATLAB 7.3 write: save one array by numpy.save");
  CHECK_REFUSED("PAR1", "data: is a Parquet file: save one array by numpy.save");
  CHECK_REFUSED(std::string(257, '0') + "ustar", "data: is a tar archive: save one array by numpy.save");
  CHECK_REFUSED("version https://git-lfs.github.com/spec/v1\noid sha256:4d\nsize 1\n",
                "data: is a pointer of Git LFS, not the file: git lfs pull brings that");
  CHECK_REFUSED("\n<!DOCTYPE HTML>\n<html>",
                "data: is a page (HTML), not the file that a download should bring");
  CHECK_REFUSED("@RELATION iris\n@DATA\n1,2\n", "data: is an ARFF file: only the lines below @data are CSV");
  CHECK_REFUSED("[[0, 1], [1, 0]]",
                "data: is JSON or what Python prints of an array: save it by numpy.save or numpy.savetxt");
  CHECK_REFUSED("\x01\x02\x03", "data: is neither an IDX, an NPY, a WAV nor a CSV file");
  CHECK_REFUSED(small_model(), "data: is neither an IDX, an NPY, a WAV nor a CSV file");
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
  CHECK(all_intensities(open_bytes(idx(8, {1, 3}, {"\0\4\x08", 3}), {8.0f})) ==
        std::vector<float>{0, 0.5f, 1});
  CHECK(all_intensities(open_bytes(npy("<f4", "(1, 3)", floats({0, 4, 8})), {8.0f})) ==
        std::vector<float>{0, 0.5f, 1});
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

TEST_CASE("bytes of 0 and 1 only are binary, unless the user says otherwise") {
  const std::string pixels("\0\1\1\0", 4);
  for (const std::string& file : {npy("|u1", "(2, 2)", pixels), idx(8, {2, 2}, pixels)}) {
    CHECK(all_intensities(open_bytes(file)) == std::vector<float>{0, 1, 1, 0});
    CHECK(all_intensities(open_bytes(file, {255.0f}))[1] == 1.0f / 255);
    CHECK(open_bytes(file).notes.empty());
  }
  // All 0 says nothing; a 2 among them says that they are not binary.
  CHECK(open_bytes(idx(8, {1, 2}, {"\0\0", 2})).maximum == 255);
  CHECK(open_bytes(idx(8, {1, 2}, {"\1\2", 2})).maximum == 255);
}

TEST_CASE("a largest value far below what means 1 is noted, with the option that cures it") {
  const auto notes = [](const std::string& bytes, const tool::Reading& reading = {}) {
    std::string text;
    for (const std::string& note : open_bytes(bytes, reading).notes) text += note.substr(note.find(": ") + 2);
    return text;
  };
  const std::string cure = ": --maximum sets the value that means 1";
  CHECK(notes(npy("|u1", "(1, 3)", "\3\x10\2")) == "the largest value is 16, but 255 means 1" + cure);
  CHECK(notes(npy("<f4", "(1, 2)", floats({0, 0.25f}))) == "the largest value is 0.25, but 1 means 1" + cure);
  CHECK(notes("0.1,0.2\n") == "the largest value is 0.2, but 1 means 1" + cure);
  CHECK(notes(npy("|u1", "(1, 2)", "\3\x80")).empty());
  CHECK(notes("0.1,0.5\n").empty());
  CHECK(notes("0,0\n").empty());
  CHECK(notes(npy("|u1", "(1, 3)", "\3\x10\2"), {255.0f}).empty());
}

TEST_CASE("columns of arrays are taken before their values are looked at; pictures have none") {
  tool::Reading reading;
  reading.columns = "3,1";
  const std::vector<float> expected{0.75f, 0.25f, 0, 1};
  // The second column holds what no intensity can be.
  CHECK(all_intensities(open_bytes(npy("<f4", "(2, 3)", floats({0.25f, 9, 0.75f, 1, -9, 0})), reading)) ==
        expected);
  CHECK(all_intensities(open_bytes(idx(13, {2, 3}, big_floats({0.25f, 9, 0.75f, 1, -9, 0})), reading)) ==
        expected);
  CHECK(all_intensities(open_bytes(idx(8, {2, 3}, "\1\2" + std::string("\0\0\3\1", 4)), reading)) ==
        std::vector<float>{0, 1, 1, 0});
  const std::string refused = "data: holds pictures: --columns takes columns of tables";
  CHECK_THROWS_WITH_AS(open_bytes(idx(8, {1, 1, 2}, "ab"), reading), refused.c_str(), tool::Failure);
  CHECK_THROWS_AS(tool::open_dataset("digits", reading), tool::Failure);
}

TEST_CASE("what is a few roundings beyond the limits is the limit, in every reader") {
  // A full scale of 3.6 is 3.5999999 in single precision; scaled data may end a rounding beyond 0 and 1.
  const auto doubles = [](double first, double second) {
    return npy("<f8", "(1, 2)", little(double_bits(first), 8) + little(double_bits(second), 8));
  };
  const std::vector<float> limits{0, 1}, beyond{-0x1p-24f, 1 + 0x1p-23f};
  CHECK(all_intensities(open_bytes("0,3.6\n", {3.6f})) == limits);
  CHECK(all_intensities(open_bytes("0,5.1\n", {5.1f})) == limits);
  CHECK(all_intensities(open_bytes("-1e-16,1.0000000000000002\n")) == limits);
  CHECK(all_intensities(open_bytes(doubles(0, 3.6), {3.6f})) == limits);
  CHECK(all_intensities(open_bytes(doubles(-1e-16, 1 + 2.3e-16))) == limits);
  CHECK(all_intensities(open_bytes(npy("<f4", "(1, 2)", floats(beyond)))) == limits);
  CHECK(all_intensities(open_bytes(idx(13, {1, 2}, big_floats(beyond)))) == limits);
  CHECK(all_intensities(open_bytes(idx(8, {1, 2}, {"\0\3", 2}), {2.9999998f})) == limits);
  // 5.1 is 5.1015625 in half precision, 0x451a.
  CHECK(all_intensities(open_bytes(npy("<f2", "(1, 2)", little(0, 2) + little(0x451a, 2)), {5.1f})) ==
        limits);
  // Near, but far beyond roundings.
  CHECK_THROWS_AS(open_bytes("0,1.00001\n"), tool::Failure);
  CHECK_THROWS_AS(open_bytes("0,-0.00001\n"), tool::Failure);
}
