#include "tools/base/text.hpp"

#include <doctest/doctest.h>

TEST_CASE("whole numbers have commas between thousands, counts a noun") {
  CHECK(tool::grouped(0) == "0");
  CHECK(tool::grouped(999) == "999");
  CHECK(tool::grouped(1000) == "1,000");
  CHECK(tool::grouped(18446744073709551615u) == "18,446,744,073,709,551,615");
  CHECK(tool::counted(1, "example") == "1 example");
  CHECK(tool::counted(0, "example") == "0 examples");
  CHECK(tool::counted(60000, "example") == "60,000 examples");
  CHECK(tool::hexadecimal(0xbeef) == "0x0000beef");
}

TEST_CASE("numbers: digits after the point, significant digits, the shortest") {
  CHECK(tool::fixed(-0.5, 2) == "-0.50");
  CHECK(tool::fixed(-0.004, 2) == "0.00");
  CHECK(tool::fixed(1e300, 0).size() == 301);
  CHECK(tool::significant(0.020449, 3) == "0.0204");
  CHECK(tool::significant(1234567, 3) == "1.23e+06");
  CHECK(tool::shortest(0.1f) == "0.1");
  CHECK(tool::shortest(0.1 + 0.2) == "0.30000000000000004");
  CHECK(tool::shortest(std::uint64_t{7}) == "7");
  CHECK(tool::format("%5.1f", 2.25) == "  2.2");
}

TEST_CASE("files and words of a shell") {
  CHECK(tool::source("-") == "standard input");
  CHECK(tool::destination("-") == "standard output");
  CHECK(tool::source("a-") == "a-");
  CHECK(tool::shell_word("a/b.c=1:2-3_4") == "a/b.c=1:2-3_4");
  CHECK(tool::shell_word("") == "''");
  CHECK(tool::shell_word("two words") == "'two words'");
  CHECK(tool::shell_word("it's") == "'it'\\''s'");
}
