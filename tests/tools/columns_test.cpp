#include "tools/data/columns.hpp"

#include <doctest/doctest.h>

#include "tests/support/open_bytes.hpp"

using namespace fixture;

namespace {

using Numbers = std::vector<std::size_t>;
using Names = std::vector<std::string>;

tool::Table table_of(std::size_t total, Names names = {}) {
  return {"data", total, std::move(names), {}};
}

/// The columns, counted from 1, that a list takes of a table.
Numbers taken(const std::string& list, const tool::Table& table) {
  tool::Reading reading;
  reading.columns = list;
  std::vector<std::string> notes;
  const tool::Columns columns = tool::choose_columns(reading, table, notes);
  CHECK(notes.empty());
  CHECK(columns.total == table.total);
  Numbers numbers = columns.numbers;
  if (numbers.empty())
    for (std::size_t j = 0; j < table.total; ++j) numbers.push_back(j);
  for (std::size_t i = 0; i < numbers.size(); ++i) {
    if (!table.names.empty()) CHECK(columns.names.at(i) == table.names[numbers[i]]);
    ++numbers[i];
  }
  return numbers;
}

struct Found {
  Numbers numbers;  // from 0; empty: all
  std::vector<std::string> notes;
};

Found found_again(const tool::Columns& known, const tool::Table& table) {
  tool::Reading reading;
  reading.known_columns = known;
  reading.model_name = "model";
  Found found;
  found.numbers = tool::choose_columns(reading, table, found.notes).numbers;
  return found;
}

std::string refusal(const tool::Columns& known, const tool::Table& table) {
  try {
    found_again(known, table);
  } catch (const tool::Failure& failure) {
    return failure.what();
  }
  return "taken";
}

}  // namespace

TEST_CASE("columns: numbers from 1, ranges and names, in the order of the list") {
  const tool::Table plain = table_of(5), named = table_of(4, {"left", "right hand", "0", "a,b\"c"});
  CHECK(taken("3", plain) == Numbers{3});
  CHECK(taken("5,1", plain) == Numbers{5, 1});
  CHECK(taken("2-4", plain) == Numbers{2, 3, 4});
  CHECK(taken("4-, 1 - 2", plain) == Numbers{4, 5, 1, 2});
  CHECK(taken("1-", plain) == Numbers{1, 2, 3, 4, 5});
  CHECK(taken("right hand,left", named) == Numbers{2, 1});
  CHECK(taken("\"0\" , \"a,b\"\"c\",1", named) == Numbers{3, 4, 1});
}

TEST_CASE("columns: what is no list, and what the table lacks, is refused") {
  const auto refuse = [](const std::string& list, const tool::Table& table) -> std::string {
    tool::Reading reading;
    reading.columns = list;
    std::vector<std::string> notes;
    try {
      tool::choose_columns(reading, table, notes);
    } catch (const tool::Misuse& misuse) {
      return "2 " + std::string(misuse.what());
    } catch (const tool::Failure& failure) {
      return failure.what();
    }
    return "taken";
  };
  const std::string like = "; a list is like 2-17, 20 or left,right";
  const tool::Table plain = table_of(3), named = table_of(3, {"left", "right", "left"});
  CHECK(refuse("1,,2", plain) == "2 --columns: a column is empty" + like);
  CHECK(refuse(",", plain) == "2 --columns: a column is empty" + like);
  CHECK(refuse("1,", plain) == "2 --columns: a column is empty" + like);
  CHECK(refuse("0", plain) == "2 --columns: columns are counted from 1" + like);
  CHECK(refuse("3-2", plain) == "2 --columns: '3-2' ends before it begins" + like);
  CHECK(refuse("99999999999999999999", plain) == "2 --columns: '99999999999999999999' is too large" + like);
  CHECK(refuse("\"left", plain) == "2 --columns: a quotation mark is never closed" + like);
  CHECK(refuse("\"left\"right", plain) == "2 --columns: no comma follows 'left'" + like);
  CHECK(refuse("1-2,2", plain) == "2 --columns: column 2 is listed twice");
  CHECK(refuse("right,2", named) == "2 --columns: column 2 ('right') is listed twice");
  CHECK(refuse("4", plain) == "data: has no column 4, which --columns lists: it has 3 columns");
  CHECK(refuse("2-9", plain) == "data: has no column 9, which --columns lists: it has 3 columns");
  CHECK(refuse("4-", plain) == "data: has no column 4, which --columns lists: it has 3 columns");
  CHECK(refuse("left", plain) == "data: has no column 'left': it has no heading");
  CHECK(refuse("rihgt", named) == "data: has no column 'rihgt'; the nearest is 'right'");
  CHECK(refuse("pressure", named) == "data: has no column 'pressure'");
  CHECK(refuse("left", named) ==
        "data: columns 1 and 3 are both called 'left': choose by number, as in --columns 1");
}

TEST_CASE("columns: those that hold no readings are left out, with a line, unless they are asked for") {
  tool::Table table = table_of(3, {"t", "left", "right"});
  table.left_out = {{0, "holds times"}};
  std::vector<std::string> notes;
  const tool::Columns columns = tool::choose_columns({}, table, notes);
  CHECK(columns.numbers == Numbers{1, 2});
  CHECK(columns.names == Names{"left", "right"});
  CHECK(notes == Names{"data: column 1 ('t') holds times and is left out; --columns takes it"});
  CHECK(taken("1-", table) == Numbers{1, 2, 3});
}

TEST_CASE("columns: those that a model was trained on are found again") {
  const tool::Columns by_name{3, {1, 2}, {"left", "right"}};
  CHECK(found_again(by_name, table_of(3, {"t", "left", "right"})).numbers == Numbers{1, 2});
  CHECK(found_again(by_name, table_of(3, {"t", "left", "right"})).notes.empty());
  CHECK(found_again(by_name, table_of(3)).numbers == Numbers{1, 2});
  CHECK(found_again(by_name, table_of(2)).numbers.empty());

  Found found = found_again(by_name, table_of(4, {"right", "t", "left", "x"}));
  CHECK(found.numbers == Numbers{2, 0});
  CHECK(found.notes ==
        Names{"data: its columns stand in another order than model was trained on; they are taken by name",
              "data: 2 columns that model was not trained on are left out"});
  // Only names are known: a list that to_text() wrote.
  CHECK(found_again({3, {}, {"right", "left"}}, table_of(3, {"left", "right", "t"})).numbers ==
        Numbers{1, 0});
  CHECK(refusal({3, {}, {"right", "left"}}, table_of(3)) ==
        "data: has 3 columns, but model was trained on 2 of 3; --columns chooses");

  // Two columns of one name are no obstacle where all stand as they stood.
  CHECK(found_again({2, {}, {"s", "s"}}, table_of(2, {"s", "s"})).numbers.empty());
  CHECK(found_again({3, {0, 2}, {"s", "s"}}, table_of(3, {"s", "t", "s"})).numbers == Numbers{0, 2});

  const tool::Columns by_number{17, {16, 3}, {}};
  CHECK(found_again(by_number, table_of(17)).numbers == Numbers{16, 3});
  CHECK(found_again(by_number, table_of(2)).numbers.empty());
  CHECK(found_again({2, {}, {}}, table_of(2)).numbers.empty());

  CHECK(refusal(by_name, table_of(2, {"left", "rigth"})) ==
        "data: has no column 'right', which model was trained on; the nearest is 'rigth'");
  CHECK(refusal(by_number, table_of(3)) ==
        "data: has 3 columns, but model was trained on 2 of 17; --columns chooses");
  CHECK(refusal({2, {}, {}}, table_of(3)) ==
        "data: has 3 columns, but model was trained on 2; --columns chooses");
}

TEST_CASE("columns: where a model's data had none that count, one that counts is left out or told of") {
  tool::Table table = table_of(3);
  table.left_out = {{0, "counts the rows"}};
  CHECK(found_again({2, {}, {}}, table).numbers == Numbers{1, 2});
  const Found found = found_again({3, {}, {}}, table);
  CHECK(found.numbers.empty());
  CHECK(found.notes ==
        Names{"data: column 1 counts the rows, but is taken, since model was trained on as many columns; "
              "--columns chooses"});
}

TEST_CASE("columns: the list that stands for some is read back as the same") {
  for (const Names& names :
       {Names{"left", "right"}, Names{"0", "2-3", "2-", "a,b", "say \"x\"", " blank ", "", "a-b", "-1"}}) {
    const std::string text = tool::to_text({names.size(), {}, names});
    CAPTURE(text);
    CHECK(tool::columns_from_text(text, names.size()).names == names);
  }
  CHECK(tool::to_text({9, {}, {"left", "0"}}) == "left,\"0\"");
  for (const Numbers& numbers : {Numbers{0}, Numbers{1, 2, 3}, Numbers{8, 7, 6}, Numbers{0, 1, 4, 6, 7}})
    CHECK(tool::columns_from_text(tool::to_text(tool::Columns{9, numbers, {}}), 9).numbers == numbers);
  CHECK(tool::to_text({9, {0, 1, 4, 6, 7}, {}}) == "1-2,5,7-8");
  CHECK(tool::to_text(tool::Columns{9, {}, {}}) == "1-9");
  CHECK(tool::columns_from_text("1-9", 9).numbers.empty());
  CHECK(tool::to_text({9, {1, 3}, {"s", "s"}}) == "2,4");
  CHECK(tool::to_text(tool::Columns{}) == "");
  for (const char* wrong : {"10", "9-10", "a,1", "1,1", "", "2-99999999999"})
    CHECK_THROWS_AS(tool::columns_from_text(wrong, 9), tool::Failure);
}
