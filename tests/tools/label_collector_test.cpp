#include "tools/data/label_collector.hpp"

#include <doctest/doctest.h>

#include <algorithm>
#include <limits>

#include "tools/base/failure.hpp"

namespace {

using Words = std::vector<std::string>;

/// What a file of these labels, of this many rows, becomes.
tool::Dataset collected(const Words& texts, const Words& known = {}) {
  tool::Reading reading;
  reading.known_labels = known;
  reading.model_name = "m.safetensors";
  tool::LabelCollector labels({"data", "column 3 ('kind')"}, reading);
  for (std::size_t n = 0; n < texts.size(); ++n) labels.add(texts[n], false, "line", n + 2);
  tool::Dataset data;
  labels.finish(data);
  return data;
}

}  // namespace

TEST_CASE("labels: spellings of a whole number, and of true and false, are one label") {
  for (const char* text : {"7", "7.0", "+7", "07", "0.7e1"}) CHECK(tool::label_name(text, false) == "7");
  CHECK(tool::label_name("7,0", true) == "7");
  CHECK(tool::label_name("-0", false) == "0");
  CHECK(tool::label_name("-1", false) == "-1");
  for (const char* text : {"True", "TRUE", "true"}) CHECK(tool::label_name(text, false) == "true");
  CHECK(tool::label_name("False", false) == "false");
  for (const char* text : {"", "NA", "nan", "?", "-", "null"}) CHECK_FALSE(tool::label_name(text, false));
  for (const char* text : {"setosa", "Iris setosa", "10:30", "<5", "3rd", "k\xc3\xa4se"})
    CHECK(tool::label_name(text, false) == text);
}

TEST_CASE("labels: fractions and control characters are no labels") {
  for (const char* text : {"0.5", "1e300", "inf"})
    CHECK_THROWS_AS(tool::label_name(text, false), tool::Failure);
  CHECK_THROWS_WITH_AS(tool::label_name("0.5", false), "0.5 is no label: labels are names or whole numbers",
                       tool::Failure);
  CHECK_THROWS_WITH_AS(tool::label_name("a\tb", false), "'a?b' is no label: it has a control character",
                       tool::Failure);
  CHECK_THROWS_WITH_AS(collected({"1", "2.5"}),
                       "data: line 3, column 3 ('kind'): 2.5 is no label: labels are names or whole numbers",
                       tool::Failure);
}

TEST_CASE("labels: numbers stand by size before words, and digits in words by size") {
  const Words ordered{"-3",    "-1",  "2",  "10",  "Zebra", "a",       "a1b2",
                      "a1b10", "a02", "a2", "a10", "b",     "\xc3\xa4"};
  for (std::size_t i = 0; i < ordered.size(); ++i)
    for (std::size_t j = 0; j < ordered.size(); ++j) {
      CAPTURE(ordered[i] + " " + ordered[j]);
      CHECK(tool::stands_before(ordered[i], ordered[j]) == (i < j));
    }
}

TEST_CASE("labels: those of a table are in order, and rows may lack one") {
  const tool::Dataset data = collected({"walk10", "walk2", "NA", "walk2", "rest"});
  CHECK(data.label_names == Words{"rest", "walk2", "walk10"});
  CHECK(data.classes == std::vector<std::int32_t>{2, 1, tool::no_label, 1, 0});
  CHECK(data.notes == Words{"data: 1 row has no label"});
  CHECK(tool::label_counts(data) == std::vector<std::size_t>{1, 2, 1});
}

TEST_CASE("labels: whole numbers that none has are told") {
  CHECK(collected({"1", "2", "5", "7"}).notes ==
        Words{"data: its labels go from 1 to 7, but no row has 3, 4, 6"});
  CHECK(collected({"2", "1"}).notes.empty());
  CHECK(collected({"1", "2", "x", "9"}).notes.empty());
  CHECK(collected({"10", "200"}).notes.empty());  // no numbers in turn
  CHECK(collected({"1", "9007199254740992"}).notes.empty());
}

TEST_CASE("labels: a model's are found by name, whatever their order") {
  const tool::Dataset data = collected({"b", "a", "", "b"}, {"b", "c", "a"});
  CHECK(data.label_names == Words{"b", "c", "a"});
  CHECK(data.classes == std::vector<std::int32_t>{0, 2, tool::no_label, 0});
  CHECK(collected({"a"}, {"b", "a"}).classes == std::vector<std::int32_t>{1});
  CHECK(collected({""}, {"b", "a"}).classes == std::vector<std::int32_t>{tool::no_label});
  CHECK_THROWS_WITH_AS(
      collected({"b", "d"}, {"b", "a"}),
      "data: line 3, column 3 ('kind'): 'd' is none of the 2 labels of m.safetensors: 'b', 'a'",
      tool::Failure);
  CHECK_THROWS_WITH_AS(collected({"9"}, {"0", "1", "2", "3", "4", "5", "6"}),
                       "data: line 2, column 3 ('kind'): '9' is none of the 7 labels of m.safetensors: '0', "
                       "'1', '2', '3', '4', '5', ...",
                       tool::Failure);
}

TEST_CASE("labels: none, one and more than 256 are refused") {
  CHECK_THROWS_WITH_AS(collected({"", "NA"}), "data: column 3 ('kind') has no label in any row",
                       tool::Failure);
  CHECK_THROWS_WITH_AS(collected({"1", "1.0"}),
                       "data: column 3 ('kind') has the one label '1': there is nothing to tell apart",
                       tool::Failure);
  Words many;
  for (int n = 0; n < 256; ++n) many.push_back(std::to_string(n));
  CHECK(collected(many).label_names == many);
  many.emplace_back("256");
  CHECK_THROWS_WITH_AS(
      collected(many),
      "data: line 258, column 3 ('kind'): the label '256' is one more than the 256 that can be "
      "told apart: are these readings, or names of rows?",
      tool::Failure);
}

TEST_CASE("labels: as numbers they are the same as in text") {
  tool::LabelCollector labels({"data"}, {});
  for (const double value : {3.0, std::numeric_limits<double>::quiet_NaN(), -1.0}) labels.add(value, 1);
  CHECK_THROWS_WITH_AS(labels.add(0.25, 4),
                       "data: row 4: 0.25 is no label: labels are names or whole numbers", tool::Failure);
  tool::LabelCollector two({"data"}, {});
  for (const double value : {3.0, std::numeric_limits<double>::quiet_NaN(), 2.0}) two.add(value, 1);
  tool::Dataset data;
  two.finish(data);
  CHECK(data.label_names == Words{"2", "3"});
  CHECK(data.classes == std::vector<std::int32_t>{1, tool::no_label, 0});
}
