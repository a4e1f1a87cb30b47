#include "tools/data/column_roles.hpp"

#include <doctest/doctest.h>

#include "tests/support/open_bytes.hpp"
#include "tests/support/sample_files.hpp"

using namespace fixture;

namespace {

using Words = std::vector<std::string>;
using Classes = std::vector<std::int32_t>;

tool::Dataset labelled(const std::string& bytes, const std::string& labels) {
  tool::Reading reading;
  reading.kind.reset();
  reading.labels = labels;
  return open_bytes(bytes, reading);
}

/// What a model remembers of a table.
tool::Reading known(const tool::Dataset& data, bool with_labels = true) {
  tool::Reading reading;
  reading.kind = tool::DataKind::readings;
  reading.known_columns = data.taken;
  reading.known_label_column = data.label_name;
  if (with_labels) reading.known_labels = data.label_names;
  reading.model_name = "m";
  return reading;
}

constexpr const char* table = "x,y,kind\n1.5,2.5,walk\n3.5,4.5,rest\n5.5,6.5,walk\n";

}  // namespace

TEST_CASE("labels: a column of a table is no reading, by name or by number") {
  for (const char* said : {"kind", "3"}) {
    const tool::Dataset data = labelled(table, said);
    CHECK(data.columns == 2);
    CHECK(data.values == std::vector<float>{1.5f, 2.5f, 3.5f, 4.5f, 5.5f, 6.5f});
    CHECK(data.label_names == Words{"rest", "walk"});
    CHECK(data.classes == Classes{1, 0, 1});
    CHECK(data.label_name == "kind");
    CHECK(data.notes.empty());
  }
  const tool::Dataset headless = labelled("1.5,b\n2.5,a\n3.5,b\n", "2");
  CHECK(headless.label_name == "2");
  CHECK(headless.classes == Classes{1, 0, 1});
  const tool::Dataset array = labelled(npy("<f4", "(2, 3)", floats({7, 1, 2, 4, 3, 5})), "1");
  CHECK(array.values == std::vector<float>{1, 2, 3, 5});
  CHECK(array.label_names == Words{"4", "7"});
  CHECK(array.label_name == "1");
  // By number where a name is no way to find it again.
  CHECK(labelled("x,a,a\n1.5,0,1\n2.5,1,2\n", "3").label_name == "3");
}

TEST_CASE("labels: what is neither a column nor a file is refused") {
  CHECK_THROWS_WITH_AS(
      labelled(table, "kin"),
      "data: has no column 'kin', which --labels asks for; the nearest is 'kind'; nor is there "
      "a file of this name",
      tool::Failure);
  CHECK_THROWS_WITH_AS(
      labelled(table, "4"),
      "data: has no column 4, which --labels asks for: it has 3 columns; nor is there a file of "
      "this name",
      tool::Failure);
  CHECK_THROWS_WITH_AS(labelled("x,y\n1.5,2.5\n3.5,4.5\n", "x"),
                       "data: line 2, column 1 ('x'): 1.5 is no label: labels are names or whole numbers",
                       tool::Failure);
  tool::Reading reading;
  reading.kind.reset();
  reading.labels = reading.label_column = "kind";
  CHECK_THROWS_WITH_AS(
      open_bytes(table, reading),
      "data: column 3 ('kind') cannot hold both labels and what is odd: --labels and --label-column name it",
      tool::Failure);
  reading.label_column.clear();
  reading.time_column = "3";
  CHECK_THROWS_WITH_AS(
      open_bytes(table, reading),
      "data: column 3 ('kind') cannot hold both labels and times: --labels and --time-column name it",
      tool::Failure);
}

TEST_CASE("labels: a file of them stands beside DATA, and a column of its name wins") {
  const Folder folder;
  folder.write("kinds", "a\nb\na\n");
  CHECK(labelled("x,y\n1.5,2\n3.5,4\n5.5,6\n", folder.path("kinds")).classes == Classes{0, 1, 0});
  CHECK(labelled(idx(8, {3, 1, 2}, "123456"), folder.path("kinds")).classes == Classes{0, 1, 0});
  const std::string name = folder.path("kinds");
  const tool::Dataset both = labelled("x," + name + "\n1.5,2\n3.5,1\n5.5,2\n", name);
  CHECK(both.label_names == Words{"1", "2"});
  REQUIRE(both.notes.size() == 1);
  CHECK(both.notes[0].find("data: labels are those of its column 2 ('") == 0);
}

TEST_CASE("labels: of the shipped digits they are their own") {
  tool::Reading reading;
  reading.labels = "digits";
  const tool::Dataset digits = tool::open_dataset("digits", reading);
  CHECK(digits.label_names == Words{"0", "1", "2", "3", "4", "5", "6", "7", "8", "9"});
  CHECK(digits.classes.size() == 1500);
  CHECK(digits.classes[0] == 0);
  CHECK(digits.classes[9] == 9);
  const tool::Dataset test = tool::open_dataset("digits-test", known(digits));
  CHECK(test.classes.size() == 297);
  CHECK(test.label_names == digits.label_names);
  CHECK(tool::open_dataset("digits-test", known(digits, false)).classes.empty());
}

TEST_CASE("labels: a model finds its column of labels, or does without") {
  const tool::Reading reading = known(labelled(table, "kind"));
  const tool::Dataset other = open_bytes("kind,y,x\nwalk,2.5,1.5\n,4.5,3.5\n", reading);
  CHECK(other.values == std::vector<float>{1.5f, 2.5f, 3.5f, 4.5f});
  CHECK(other.classes == Classes{1, tool::no_label});
  CHECK(open_bytes("x,y\n1.5,2.5\n", reading).classes.empty());
  CHECK(open_bytes("1.5,2.5,rest\n3.5,4.5,walk\n", reading).classes == Classes{0, 1});
  CHECK(open_bytes("1.5,2.5\n3.5,4.5\n", reading).classes.empty());
  CHECK_THROWS_WITH_AS(open_bytes("x,y,kind\n1.5,2.5,run\n", reading),
                       "data: line 2, column 3 ('kind'): 'run' is none of the 2 labels of m: 'rest', 'walk'",
                       tool::Failure);
  CHECK_THROWS_WITH_AS(
      open_bytes("1,2,0,1\n3,4,1,0\n", reading),
      "data: has 4 columns, but m was trained on 2 of 3; --columns chooses, --labels takes labels",
      tool::Failure);
  tool::Reading moved = known(labelled("1.5,2.5,b\n3.5,4.5,a\n", "3"));
  CHECK(open_bytes("1.5,2.5,b\n", moved).classes == Classes{1});
  moved.labels = "1";
  const tool::Dataset first = open_bytes("a,1.5,2.5\nb,3.5,4.5\n", moved);
  CHECK(first.values == std::vector<float>{1.5f, 2.5f, 3.5f, 4.5f});
  CHECK(first.classes == Classes{0, 1});
}

TEST_CASE("labels: who asks for units alone has the column of labels left out and unread") {
  const tool::Reading reading = known(labelled(table, "kind"), false);
  const tool::Dataset data = open_bytes("x,y,kind\n1.5,2.5,run\n3.5,4.5,0.5\n", reading);
  CHECK(data.columns == 2);
  CHECK(data.classes.empty());
  CHECK(data.notes.empty());
}

TEST_CASE("labels: they are part of what data are") {
  CHECK(tool::checksum(labelled(table, "kind")) !=
        tool::checksum(labelled("x,y,kind\n1.5,2.5,walk\n3.5,4.5,rest\n5.5,6.5,rest\n", "kind")));
}
