#include "tools/output/markup.hpp"

#include <doctest/doctest.h>

#include <string>

TEST_CASE("markup: what HTML would take for its own is escaped") {
  CHECK(tool::escaped("a<b>&\"c\" 'd'\n\t−é") == "a&lt;b&gt;&amp;&quot;c&quot; 'd'\n\t−é");
  CHECK(tool::escaped("&amp;") == "&amp;amp;");
  CHECK(tool::escaped(std::string("\0\x1b\x7f", 3)) == "\xef\xbf\xbd\xef\xbf\xbd\xef\xbf\xbd");
  CHECK(tool::escaped("a\xff") == "a\xef\xbf\xbd");
}

TEST_CASE("base64: the vectors of RFC 4648, and every byte") {
  const auto encoded = [](const std::string& text) { return tool::base64({text.begin(), text.end()}); };
  CHECK(encoded("") == "");
  CHECK(encoded("f") == "Zg==");
  CHECK(encoded("fo") == "Zm8=");
  CHECK(encoded("foo") == "Zm9v");
  CHECK(encoded("foob") == "Zm9vYg==");
  CHECK(encoded("fooba") == "Zm9vYmE=");
  CHECK(encoded("foobar") == "Zm9vYmFy");
  CHECK(tool::base64({0xfb, 0xff, 0xbf}) == "+/+/");
  CHECK(tool::base64({0, 0, 0, 0xff}) == "AAAA/w==");
}
