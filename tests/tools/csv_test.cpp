#include "tools/data/csv.hpp"

#include <doctest/doctest.h>

#include "tests/support/open_bytes.hpp"
#include "tests/support/sample_files.hpp"

using namespace fixture;

TEST_CASE("CSV: separators, headings, blank lines and line ends") {
  const std::vector<float> expected{0, 1, 0.5f, 0.25f};
  for (const char* text : {"0,1\n.5,2.5e-1\n", "0,1\r\n0.5,0.25\r\n", "0;1\n0.5;0.25", "0\t1\n0.5\t0.25\n",
                           "0 1\n0.5   0.25\n", " 0 , 1 \n\n 0.5,0.25\n\n", "left,right\n0,1\n0.5,0.25\n",
                           "\xef\xbb\xbf"
                           "0,1\n0.5,0.25\n"}) {
    CAPTURE(text);
    const tool::Dataset data = open_bytes(text);
    CHECK(data.rows == 2);
    CHECK(data.columns == 2);
    CHECK(all_intensities(data) == expected);
  }
}

TEST_CASE("CSV: rows that fill a square are pictures, others lines") {
  CHECK(open_bytes("0,0,0,0,0,0,0,0,0\n").height == 3);
  CHECK(open_bytes("0,0,0,0,0,0,0,0,0\n").width == 3);
  CHECK(open_bytes("0,0,0,0,0,0,0,0\n").height == 1);
  CHECK(open_bytes("0,0,0,0,0,0,0,0\n").width == 8);
}

TEST_CASE("CSV: what is wrong is refused, with its line") {
  CHECK_REFUSED("0,1\n0\n", "data: line 2: number of columns is 1, in the lines before 2");
  CHECK_REFUSED("0,1\n\n0,1,1\n", "data: line 3: number of columns is 3, in the lines before 2");
  CHECK_REFUSED("0,1\n0,x\n", "data: line 2, column 2: 'x' is no number");
  CHECK_REFUSED("0,1\n0,\n", "data: line 2, column 2: is empty");
  CHECK_REFUSED("0,1\n0,1x\n", "data: line 2, column 2: '1x' is no number");
  CHECK_REFUSED("0,5;1\n", "data: line 1, column 1: '0,5' is no number; decimals take a point");
  CHECK_REFUSED("0.5;x,y\n1;0\n1;x,y\n", "data: line 1, column 2: 'x,y' is no number");
  CHECK_REFUSED("0,nan\n", "data: line 1, column 2: nan is no finite number");
  CHECK_REFUSED("0,inf\n", "data: line 1, column 2: inf is no finite number");
  CHECK_REFUSED("0,-1\n",
                "data: line 1, column 2: -1 is below 0: values go from 0 to --maximum. Readings with a sign "
                "need real-valued (Gaussian) units, which rbm does not have yet");
  CHECK_REFUSED("0,2\n", "data: line 1, column 2: 2 is above 1: --maximum sets the value that means 1");
  CHECK_REFUSED("a,b\n", "data: holds no rows of numbers");
  CHECK_REFUSED("\n\n", "data: holds no rows of numbers");
  CHECK_REFUSED("a,b\nc,d\n", "data: line 2, column 1: 'c' is no number");
  std::string wide = "0";
  for (int n = 1; n < 65536; ++n) wide += ",0";
  CHECK_REFUSED(wide, "data: has 65536 columns, of which at most 65535 can be read");
  CHECK(open_bytes(wide.substr(2)).columns == 65535);
}
