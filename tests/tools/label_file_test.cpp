#include "tools/data/label_file.hpp"

#include <doctest/doctest.h>

#include "tests/support/sample_files.hpp"
#include "tools/base/failure.hpp"

using namespace fixture;

namespace {

using Words = std::vector<std::string>;
using Classes = std::vector<std::int32_t>;

/// Data of this many rows with the labels of a file.
tool::Dataset labelled(const std::string& bytes, std::size_t rows) {
  tool::Dataset data;
  data.name = "data";
  data.rows = rows;
  tool::add_labels({bytes.begin(), bytes.end()}, "labels", {}, data);
  return data;
}

}  // namespace

#define CHECK_NO_LABELS(bytes, rows, message) \
  CHECK_THROWS_WITH_AS(labelled(bytes, rows), message, tool::Failure)

TEST_CASE("label files: IDX of bytes, as MNIST's") {
  const tool::Dataset data = labelled(idx(8, {4}, std::string("\x05\0\x04\x05", 4)), 4);
  CHECK(data.label_names == Words{"0", "4", "5"});
  CHECK(data.classes == Classes{2, 0, 1, 2});
  CHECK(data.label_name.empty());
  CHECK_NO_LABELS(idx(8, {4}, "1234"), 5, "labels: holds 4 labels, but data has 5 rows");
  CHECK_NO_LABELS(idx(8, {4}, "123"), 4, "labels: its header announces 4 x 1 bytes, 3 follow");
  CHECK_NO_LABELS(idx(8, {4, 1, 2}, "12345678"), 4,
                  "labels: has 3 dimensions: labels have one, of the 4 rows of data");
  CHECK_NO_LABELS(idx(8, {4}, "1234").substr(0, 7), 4, "labels: is cut short within its header");
  CHECK_NO_LABELS(idx(8, {}, "1"), 4, "labels: has 0 dimensions: labels have one, of the 4 rows of data");
}

TEST_CASE("label files: NumPy's integers, floats and booleans") {
  CHECK(labelled(npy("<i8", "(2,)", little(3, 8) + little(1, 8)), 2).classes == Classes{1, 0});
  CHECK(labelled(npy("<f4", "(2, 1)", floats({3, 1})), 2).label_names == Words{"1", "3"});
  CHECK(labelled(npy("|b1", "(3,)", std::string("\1\0\1", 3)), 3).label_names == Words{"false", "true"});
  CHECK_NO_LABELS(npy("<f4", "(2,)", floats({3, 1.5f})), 2,
                  "labels: row 2: 1.5 is no label: labels are names or whole numbers");
  CHECK_NO_LABELS(npy("<f4", "(1, 2)", floats({3, 1})), 2,
                  "labels: has 2 dimensions: labels have one, of the 2 rows of data");
  CHECK_NO_LABELS(npy("<f4", "(2,)", floats({3, 1, 2})), 2,
                  "labels: its header announces 2 x 4 bytes, 12 follow");
}

TEST_CASE("label files: a column of text, with a heading or without") {
  CHECK(labelled("b\na\nb\n", 3).classes == Classes{1, 0, 1});
  CHECK(labelled("kind\r\nb\r\na\r\nb\r\n", 3).classes == Classes{1, 0, 1});
  CHECK(labelled("kind\n2\n1.0\n1\n", 3).label_names == Words{"1", "2"});
  CHECK(labelled("\"a, b\"\nIris setosa\nNA\n", 3).label_names == Words{"Iris setosa", "a, b"});
  CHECK(labelled("\xef\xbb\xbf"
                 "a\nb",
                 2)
            .label_names == Words{"a", "b"});
  CHECK_NO_LABELS("a\nb\n", 3,
                  "labels: holds 2 labels, but data has 3 rows; NA stands for a label that is missing, an "
                  "empty line for nothing");
  CHECK_NO_LABELS("a\nb\na\n", 2,
                  "labels: holds 3 labels, but data has 2 rows; a heading is a word that is no label");
  CHECK_NO_LABELS("0\n1\n2\n", 2,
                  "labels: holds 3 labels, but data has 2 rows; a heading is a word that is no label");
  CHECK_NO_LABELS("a\nb\na\n", 1, "labels: holds 3 labels, but data has 1 row");
  for (const char* text : {"a\nb,c\n", "a\nb;c\n", "a\nb\tc\n"})
    CHECK_NO_LABELS(text, 2, "labels: line 2 has more than one column: a file of labels has just that one");
  CHECK_NO_LABELS("a\n0.5\n", 2, "labels: line 2: 0.5 is no label: labels are names or whole numbers");
  CHECK_NO_LABELS("a\na\n", 2, "labels has the one label 'a': there is nothing to tell apart");
  CHECK_NO_LABELS("#a\n#b\n", 2,
                  "labels: holds 0 labels, but data has 2 rows; NA stands for a label that is missing, an "
                  "empty line for nothing");
}

TEST_CASE("label files: what is none is refused") {
  CHECK_NO_LABELS("", 2, "labels: is empty");
  CHECK_NO_LABELS("\x01\x02\x03", 2, "labels: is neither an IDX, an NPY nor a text file of labels");
  CHECK_THROWS_AS(labelled(std::string("\x1f\x8b\x08\0\0", 5), 2), tool::Failure);
}
