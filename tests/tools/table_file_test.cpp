// Tables as CSV and as NumPy's float32, against their bytes.
#include "tools/output/table_file.hpp"

#include <doctest/doctest.h>

#include "tests/support/folder.hpp"
#include "tools/data/data_file.hpp"
#include "tools/data/dataset.hpp"

using fixture::Folder;
using tool::TableFormat;

TEST_CASE("tables: the name decides the format, else the command") {
  CHECK(tool::table_format("a.npy", TableFormat::text) == TableFormat::numpy);
  CHECK(tool::table_format("a.csv", TableFormat::numpy) == TableFormat::text);
  for (const TableFormat usual : {TableFormat::text, TableFormat::numpy})
    for (const char* name : {"-", "csv", "a.txt", "npy"}) CHECK(tool::table_format(name, usual) == usual);
}

TEST_CASE("tables: text has a heading where there are names, and the shortest numbers") {
  const Folder folder;
  const auto write = [&](const std::vector<std::string>& names) {
    tool::TableFile table(folder.path("t.csv"), TableFormat::numpy, 2, 2, names);
    table.add(std::vector<float>{0.1f, -1e30f}.data());
    table.add(std::vector<float>{1013.25f, 0}.data());
    table.commit();
    return folder.read("t.csv");
  };
  CHECK(write({}) == "0.1,-1e+30\n1013.25,0\n");
  CHECK(write({"left, mm", "a \"b\""}) == "\"left, mm\",\"a \"\"b\"\"\"\n0.1,-1e+30\n1013.25,0\n");
  CHECK(write({"x", "y"}) == "x,y\n0.1,-1e+30\n1013.25,0\n");
}

TEST_CASE("tables: rows are numbered in text where asked for; numbers have no exponent unless far from 1") {
  const Folder folder;
  tool::TableFile table(folder.path("t.csv"), TableFormat::text, 3, 1, {"score"}, true);
  for (const float value : {100000.0f, 101325.37f, 2.5e-7f}) table.add(&value);
  table.commit();
  CHECK(folder.read("t.csv") == "row,score\n1,100000\n2,101325.37\n3,2.5e-07\n");
}

TEST_CASE("tables: NumPy's") {
  const Folder folder;
  tool::TableFile table(folder.path("t.npy"), TableFormat::text, 1, 3, {"a", "b", "c"});
  table.add(std::vector<float>{0.25f, 0.5f, 1}.data());
  table.commit();
  const tool::Dataset data = tool::open_dataset(folder.path("t.npy"), {});
  CHECK(data.rows == 1);
  CHECK(data.values == std::vector<float>{0.25f, 0.5f, 1});
}

TEST_CASE("tables: nothing appears before the end") {
  const Folder folder;
  {
    tool::TableFile table(folder.path("t.csv"), TableFormat::text, 2, 1, {});
    table.add(std::vector<float>{1}.data());
  }
  CHECK_FALSE(folder.has("t.csv"));
}
