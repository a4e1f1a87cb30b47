#include "tools/data/odd_rows.hpp"

#include <doctest/doctest.h>

#include "tests/support/open_bytes.hpp"

using namespace fixture;

namespace {

tool::Dataset open_labelled(const std::string& text, const std::string& label_column,
                            const std::string& columns = "") {
  tool::Reading reading;
  reading.kind.reset();
  reading.label_column = label_column;
  reading.columns = columns;
  return open_bytes(text, reading);
}

}  // namespace

TEST_CASE("labels: 0, false, normal and nothing are normal, all else is odd") {
  for (const char* label : {"0", "0.0", "-0", "false", "FALSE", "normal", "Normal", "", "NA", "nan", "-"})
    CHECK_FALSE(tool::means_odd(label, false));
  for (const char* label : {"1", "2", "-1", "0.5", "true", "odd", "anomaly", "normally", "norma", "x"})
    CHECK(tool::means_odd(label, false));
  CHECK_FALSE(tool::means_odd("0,0", true));
}

TEST_CASE("labels: a column of them is no reading, by number or by name") {
  const std::string text = "left,state,right\n5,normal,1.5\n3,steam,2.5\n4,,3.5\n";
  for (const char* said : {"state", "2"}) {
    const tool::Dataset data = open_labelled(text, said);
    CHECK(data.values == std::vector<float>{5, 1.5f, 3, 2.5f, 4, 3.5f});
    CHECK(data.taken.names == std::vector<std::string>{"left", "right"});
    CHECK(data.labels == std::vector<std::uint8_t>{0, 1, 0});
    CHECK(data.notes.empty());
  }
  const tool::Dataset open_range = open_labelled("5,1.5,0\n3,2.5,1\n4,3.5,0\n", "3", "2-");
  CHECK(open_range.taken.numbers == std::vector<std::size_t>{1});
  CHECK(open_range.labels == std::vector<std::uint8_t>{0, 1, 0});
  CHECK(open_labelled("left,label\n5,0\n3,1\n", "label").notes.empty());
}

TEST_CASE("labels: what cannot be a column of them is refused") {
  const std::string text = "left,label\n5,0\n3,1\n";
  CHECK_THROWS_WITH_AS(open_labelled(text, "lable"),
                       "data: has no column 'lable', which --label-column asks for; the nearest is 'label'",
                       tool::Failure);
  CHECK_THROWS_WITH_AS(open_labelled(text, "0"),
                       "data: has no column 0, which --label-column asks for: it has 2 columns",
                       tool::Failure);
  CHECK_THROWS_WITH_AS(
      open_labelled(text, "99999999999999999999"),
      "data: has no column 99999999999999999999, which --label-column asks for: it has 2 columns",
      tool::Failure);
  CHECK_THROWS_WITH_AS(open_labelled(text, "label", "label"),
                       "data: --columns lists no column but the labels", tool::Failure);
  CHECK_THROWS_WITH_AS(open_labelled("a,a,b\n5,0,1\n3,1,2\n", "a"),
                       "data: columns 1 and 2 are both called 'a': choose by number, as in --label-column 1",
                       tool::Failure);
  tool::Reading reading;
  reading.known_columns.names = {"left", "label"};
  reading.known_columns.total = 2;
  reading.model_name = "m.safetensors";
  reading.label_column = "2";
  CHECK_THROWS_WITH_AS(open_bytes(text, reading),
                       "data: column 2 ('label') holds labels, as --label-column says, but m.safetensors was "
                       "trained on it; --columns chooses",
                       tool::Failure);
}

TEST_CASE("labels: rows that are all alike are told") {
  const std::string mine = "data: column 2 ('label') says of ";
  CHECK(open_labelled("left,label\n5,0\n3,0\n", "label").notes ==
        std::vector<std::string>{mine + "no row that it is odd"});
  CHECK(open_labelled("left,label\n5,1\n3,-1\n", "label").notes ==
        std::vector<std::string>{mine + "each row that it is odd: 0, false, normal and empty cells are not"});
}
