#include "tools/base/nearest.hpp"

#include <doctest/doctest.h>

#include <string>
#include <string_view>
#include <vector>

TEST_CASE("the nearest word") {
  const std::vector<std::string_view> words{"train", "evaluate", "sample", "help"};
  CHECK(tool::nearest("trian", words) == "train");    // letters swapped
  CHECK(tool::nearest("tran", words) == "train");     // one left out
  CHECK(tool::nearest("trrain", words) == "train");   // one too many
  CHECK(tool::nearest("semple", words) == "sample");  // one wrong
  CHECK(tool::nearest("eval", words) == "evaluate");  // a part of it
  CHECK(tool::nearest("evalaute", words) == "evaluate");
  CHECK(tool::nearest("quantize", words).empty());
  CHECK(tool::nearest("x", words).empty());
  CHECK(tool::nearest("", words).empty());
  CHECK(tool::nearest(std::string(100000, 't'), words).empty());
}
