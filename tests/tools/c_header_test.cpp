// Generated headers: their text, and reading it back.
#include <doctest/doctest.h>

#include <algorithm>
#include <optional>
#include <string>
#include <vector>

#include "tests/support/command.hpp"
#include "tests/support/random_quantized.hpp"
#include "tools/base/failure.hpp"
#include "tools/model/c_header_reader.hpp"
#include "tools/model/c_header_writer.hpp"
#include "tools/model/c_name.hpp"
#include "tools/model/c_tokens.hpp"
#include "tools/model/quantized_faults.hpp"

using namespace fixture;

namespace {

constexpr tool::Runtime included = tool::Runtime::included, inside = tool::Runtime::inside;

std::string message(const std::string& text) {
  try {
    tool::read_c_header(text, "m.h");
  } catch (const tool::Failure& failure) {
    return failure.what();
  }
  return {};
}

void replace(std::string& text, const std::string& from, const std::string& to) {
  const std::size_t found = text.find(from);
  CAPTURE(from);
  REQUIRE(found != text.npos);
  text.replace(found, from.size(), to);
}

/// The message about a header in which something is replaced.
std::string message_with(std::string text, const std::string& from, const std::string& to) {
  replace(text, from, to);
  return message(text);
}

/// Whether a text is refused in one line, or is read as exactly this model.
bool harmless(const std::string& text, const tool::QuantizedModel& model) {
  if (!tool::is_header(text)) return true;
  try {
    return same(tool::read_c_header(text, "m.h").model, model);
  } catch (const tool::Failure& failure) {
    const std::string line = failure.what();
    return line.substr(0, 5) == "m.h: " && line.find('\n') == line.npos && line.size() < 300;
  }
}

}  // namespace

TEST_CASE("headers of every kind and width are read back as the model they were made of") {
  std::mt19937 random(1);
  for (const unsigned bits : {8u, 4u, 2u, 1u})
    for (int n = 0; n < 10; ++n) {
      const std::size_t visible = n == 0 ? 1 : 1 + random() % 120, hidden = n == 0 ? 1 : 1 + random() % 40;
      const tool::QuantizedModel model =
          random_quantized(visible, hidden, bits, static_cast<std::uint32_t>(n));
      const std::string header = tool::header_text(model, "m", included);
      CHECK(header == tool::header_text(model, "m", included));
      const tool::HeaderPair pair = tool::header_pair(model, "m", included, "m.h");
      for (const std::string& text : {header, tool::header_text(model, "m", inside), pair.source,
                                      tool::header_pair(model, "m", inside, "m.h").source}) {
        REQUIRE(tool::is_header(text));
        const tool::HeaderContent content = tool::read_c_header(text, "m.h");
        CHECK(content.name == "m");
        CHECK(same(content.model, model));
        CHECK(content.checksum == tool::PackedModel(model).runtime().checksum);
      }
      CHECK(tool::read_c_header(header, "").included == "rbm/quantized.h");
      CHECK(tool::read_c_header(pair.source, "").included == "m.h");
      CHECK(tool::read_c_header(tool::header_text(model, "m", inside), "").included == "");
      CHECK(message(pair.header) == "m.h: only declares m; its numbers are in the .c file beside it");
    }
}

TEST_CASE("layout does not matter to the reader") {
  const tool::QuantizedModel model = random_quantized(13, 5, 4, 1);
  std::string lines, spaced;
  for (const char letter : tool::header_text(model, "m", inside))
    lines += letter == '\n' ? "\r\n" : std::string(1, letter);
  CHECK(same(tool::read_c_header(lines, "m.h").model, model));
  for (const char letter : tool::header_text(model, "m", included))
    spaced += letter == ',' ? " /* , 1 */\n,\n" : std::string(1, letter);
  CHECK(same(tool::read_c_header(spaced, "m.h").model, model));
}

TEST_CASE("what others do to a header, and a compiler does not mind, does not matter to the reader") {
  const tool::QuantizedModel model = random_quantized(13, 5, 4, 1);
  const std::string header = tool::header_text(model, "m", included),
                    source = tool::header_pair(model, "m", included, "m.h").source;
  const auto all = [](std::string text, const std::string& from, const std::string& to) {
    REQUIRE(text.find(from) != text.npos);
    for (std::size_t at = 0; (at = text.find(from, at)) != text.npos; at += to.size())
      text.replace(at, from.size(), to);
    return text;
  };
  const auto without_comments = [](const std::string& text) {
    std::string code;
    for (std::size_t at = 0; at < text.size();) {
      const std::size_t end = text.find('\n', at), comment = text.find("//", at);
      code += text.substr(at, std::min(end, comment) - at) + "\n";
      at = end + 1;
    }
    return code;
  };
  const std::string definition = "rbm_quantized m = {";
  for (const std::string& text : {header, source}) {
    const bool pair = text == source;
    const std::string exported = pair ? "" : "static ";
    const std::vector<std::string> touched{
        // A licence and a byte order mark above, an editor's line below.
        "/* Copyright \xc2\xa9 somebody's\n * SPDX-License-Identifier: MIT\n */\n\n" + text,
        "// Copyright (c): don't ask\r\n//\r\n" + text, "\xef\xbb\xbf" + text,
        "\xef\xbb\xbf/* one */ #pragma once\n" + text + "/* vim: set ts=4: */",
        // Other ends of lines, tabs, trailing spaces and comments, no comments.
        all(text, "\n", "\r"), all(text, "\n", " \t// NOLINT\r\n"), all(text, "    ", "\t"),
        without_comments(text),
        // Where a linker puts a table: attributes of compilers, macros, IAR's place; C++11's and C23's.
        all(text, "[] RBM_FLASH =", "[] __attribute__((section(\".model\"), aligned(4))) RBM_FLASH ="),
        all(text, "[] RBM_FLASH =", "[] PROGMEM ="), all(text, "[] RBM_FLASH =", "[] ="),
        all(text, "[] RBM_FLASH =", "[] @ \".model; = {\" ="),
        all(text, "[] RBM_FLASH =", "[] [[gnu::section(\".model\")]] ="),
        all(text, "[] RBM_FLASH = {", "[M_VISIBLE * (2)] RBM_FLASH\n=\n{"),
        all(text, "static const ", "alignas(4) FLASH_BANK(2) const "),
        all(text, "static const ", "__declspec(allocate(\".model\")) static const "),
        all(text, definition, "rbm_quantized m __attribute__((section(\".model\"))) = {"),
        all(text, definition, "rbm_quantized __attribute__((used)) m = {"),
        all(text, definition, "rbm_quantized KEEP m PROGMEM = {"),
        // Linkage, and other declarations beside it.
        all(text, exported + "const rbm_quantized",
            "extern \"C\" {\nextern const rbm_quantized m;\n}\nconst rbm_quantized"),
        text +
            "extern const rbm_quantized* models[];\nconst rbm_quantized *best(const rbm_quantized *, int);\n",
        "void use(const rbm_quantized& model);\nstatic rbm_quantized copy;\n" + text,
        // What formatters and checkers change in numbers and lists.
        all(text, "    m_hidden_bias,\n", "m_hidden_bias"), all(text, ",\n};", "};"),
        all(text, std::string(pair ? "M_HIDDEN != " : "M_HIDDEN ") + "5",
            std::string(pair ? "M_HIDDEN != " : "M_HIDDEN ") + "(5U)")};
    for (const std::string& one : touched) {
      CAPTURE(one);
      REQUIRE(tool::is_header(one));
      const tool::HeaderContent content = tool::read_c_header(one, "m.h");
      CHECK(content.name == "m");
      CHECK(content.included == (pair ? "m.h" : "rbm/quantized.h"));
      CHECK(same(content.model, model));
    }
  }
  const auto file = [&](const std::string& lines) {
    return tool::read_c_header(all(header, "#include \"rbm/quantized.h\"", lines), "m.h").included;
  };
  CHECK(file("#include <vendor/rbm/quantized.h>") == "vendor/rbm/quantized.h");
  CHECK(file("#include \"board.h\"\n#include <stdint.h>\n#include \"../quantized.h\"") == "../quantized.h");

  // Suffixes of words, and of the shifts of the definition.
  std::string suffixes = all(header, ",\n", "u,\n");
  for (const char* name : {"M_VISIBLE", "M_HIDDEN", "M_BITS", "M_FRACTION", "M_CHECKSUM", "m_weights",
                           "m_shifts", "m_visible_bias", "m_hidden_bias", "m_banks"})
    suffixes = all(suffixes, "    " + std::string(name) + "u,", "    " + std::string(name) + ",");
  CHECK(same(tool::read_c_header(suffixes, "m.h").model, model));
}

TEST_CASE("what others do to a header that a compiler minds too is told as such") {
  const std::string one = tool::header_text(random_quantized(9, 3, 4, 1), "one", included),
                    two = tool::header_text(random_quantized(9, 3, 4, 2), "two", included);
  CHECK(message(one + two) == "m.h: holds several models, 'one' and 'two'; keep one a file");
  std::string wide("\xff\xfe");
  for (const char letter : one) wide.append({letter, '\0'});
  REQUIRE(tool::is_header(wide));
  const char* const message_of_wide =
      "m.h: is a header in UTF-16, which compilers do not read: save it as UTF-8";
  CHECK(message(wide) == message_of_wide);
  std::string big_endian("\xfe\xff");
  for (const char letter : one) big_endian.append({'\0', letter});
  REQUIRE(tool::is_header(big_endian));
  CHECK(message(big_endian) == message_of_wide);
  CHECK(message_with(one, "\n#define ONE_HIDDEN", "\n<<<<<<< ours\n#define ONE_HIDDEN")
            .find(": a merge left two versions here: keep one, or generate the header anew") !=
        std::string::npos);
  CHECK(message("#define RBM_QUANTIZED_FORMAT 2\ntypedef struct rbm_quantized {\n} rbm_quantized;\n") ==
        "m.h: defines no model, which is an rbm_quantized");
  CHECK_FALSE(tool::is_header("a,b\n1,2\n"));
}

TEST_CASE("what the header says of itself") {
  tool::QuantizedModel model = random_quantized(12, 3, 8, 2);
  model.shape = {3, 4};
  model.fraction = 8;
  model.shifts = {0, 1, 1};
  for (std::uint8_t& code : model.codes) code = 128;
  model.codes[0] = 130;   //  2 of hidden unit 0
  model.codes[12] = 0;    // -128 * 2 of hidden unit 1, same visible unit
  model.codes[13] = 255;  //  127 * 2 of hidden unit 1
  model.visible_bias.assign(12, 1000);
  model.hidden_bias.assign(3, -5);
  const std::string text = tool::header_text(model, "Digits", included);
  for (const char* line :
       {"#define DIGITS_VISIBLE 12\n", "#define DIGITS_HIDDEN 3\n", "#define DIGITS_PICTURE_WIDTH 4\n",
        "#define DIGITS_BITS 8 ", "#define DIGITS_FRACTION 8\n", "12, as a picture 3 x 4\n",
        // 3 rows of 3 words and their shifts, 15 biases.
        "// flash                   69 bytes,",
        // 3 words and 2 for lists, 2 and 1 for hidden units, 2 bytes, 12 bytes.
        "// RAM                     46 bytes:",
        "-261 to 249 steps; accumulated before shift and bias, -128 to 127, 16 ",
        "744 to 1,254 steps; accumulated before shift and bias, -256 to 254, 16 bits"}) {
    CAPTURE(line);
    CHECK(text.find(line) != text.npos);
  }
  CHECK(text.find("#ifdef __AVR__") == text.npos);
  // 32,768 bytes of weights, which an AVR cannot address.
  CHECK(tool::header_text(random_quantized(64, 512, 8, 1), "m", included).find("#ifdef __AVR__\n#error") !=
        text.npos);
}

TEST_CASE("models that the runtime cannot work with are told") {
  const tool::QuantizedModel good = random_quantized(9, 4, 4, 1);
  const auto fault = [&](auto change) {
    tool::QuantizedModel model = good;
    change(model);
    return tool::find_fault(model);
  };
  using Model = tool::QuantizedModel;
  CHECK(fault([](Model&) {}) == "");
  CHECK(fault([](Model& model) { model.fraction = 3; }) == "has steps of 2^-3 nat, not 2^-4 to 2^-14");
  CHECK(fault([](Model& model) { model.fraction = 15; }) != "");
  CHECK(fault([](Model& model) { model.bits = 3; }) == "has weights of 3 bits, not 8, 4, 2 or 1");
  CHECK(fault([](Model& model) { model.shifts = {1, 2, 9, 3}; }).substr(0, 24) == "has shifts from 1 to 9: ");
  CHECK(fault([](Model& model) { model.shifts = {23, 23, 23, 23}; }) != "");
  CHECK(fault([](Model& model) { model.shifts = {22, 22, 22, 22}; }).find("overflow") != std::string::npos);
  CHECK(fault([](Model& model) { model.hidden = 0; }) != "");

  // Each sum is below 2^23 steps, but 258 of 127 * 2^16, of a pair of units each, add up to a free energy
  // beyond 2^31; units that are never on take nothing off.
  const auto units = [](std::size_t on, std::size_t off) {
    Model model;
    model.fraction = 14;
    model.visible = model.hidden = on + off;
    model.shape = {1, on + off};
    model.codes.assign(model.visible * model.hidden, 128);
    for (std::size_t i = 0; i < model.hidden; ++i) model.codes[i * model.visible + i] = i < on ? 255 : 1;
    model.shifts.assign(on + off, 16);
    model.visible_bias.assign(on + off, 0);
    model.hidden_bias.assign(on, 0);
    model.hidden_bias.resize(on + off, -32767);
    return tool::find_fault(model);
  };
  CHECK(units(200, 0) == "");
  CHECK(units(200, 300) == "");
  CHECK(units(258, 0).find("overflow") != std::string::npos);
  CHECK(units(258, 300).find("overflow") != std::string::npos);
}

TEST_CASE("a damaged header is refused in one line that says what is wrong") {
  const tool::QuantizedModel model = random_quantized(9, 3, 4, 1);
  const std::string text = tool::header_text(model, "m", included);
  CHECK(message(text) == "");
  const std::string damaged = "m.h: is a damaged header: ";
  const auto damaged_at = [&](const std::string& part) {
    const auto place = text.begin() + static_cast<std::ptrdiff_t>(text.find(part));
    return "m.h: line " + std::to_string(1 + std::count(text.begin(), place, '\n')) +
           ": is a damaged header: ";
  };
  CHECK(message_with(text, "M_HIDDEN 3", "M_HIDDEN 4") == damaged + "m_weights has 6 numbers, not 8");
  CHECK(message_with(text, "M_HIDDEN 3", "M_HIDDEN 70000") == damaged + "M_HIDDEN is 70000, not 1 to 65535");
  CHECK(message_with(text, "M_HIDDEN 3", "M_HIDDEN") == damaged + "no number follows M_HIDDEN");
  CHECK(message_with(text, "M_HIDDEN 3", "M_HIDDEN 03") == damaged + "no number follows M_HIDDEN");
  CHECK(message_with(text, "M_BITS 4", "M_BITS 3") == damaged + "M_BITS is 3, not 8, 4, 2 or 1");
  CHECK(message_with(text, "M_PICTURE_WIDTH 3", "M_PICTURE_WIDTH 2") ==
        damaged + "a picture of 3 x 2 has not 9 units");
  CHECK(message_with(text, "uint32_t m_weights", "uint32_t n_weights") ==
        damaged + "it has no table m_weights");
  CHECK(message_with(text, "m_shifts,", "n_shifts,") ==
        damaged_at("    m_shifts,") + "the definition of m does not list what it should");
  CHECK(message_with(text, "QUANTIZED_FORMAT != 2", "QUANTIZED_FORMAT != 1") ==
        "m.h: is a header of format 1, not 2: generate it anew from its model");
  CHECK(message_with(text, "M_CHECKSUM 0x", "M_CHECKSUM 0x1").substr(0, damaged.size()) == damaged);
  CHECK(message_with(text, "#define M_FRACTION", "#define M_VISIBLE 8\n#define M_FRACTION") ==
        damaged + "two numbers follow M_VISIBLE");
  CHECK(message(text.substr(0, text.find("static const rbm_quantized"))) == damaged + "it does not define m");
  CHECK(message("// while: a restricted Boltzmann machine in integers.\n") ==
        damaged + "its name 'while' is a word that C or C++ has taken");
  CHECK(message("// m: a restricted Boltzmann machine in integers.\n") ==
        damaged + "it does not say for which RBM_QUANTIZED_FORMAT it is");

  // A changed number is found by the checksum. Nine units fill a word of eight and four bits of the next.
  const std::size_t first = text.find("0x", text.find("m_weights[]"));
  const std::string words = text.substr(first, 22), word = words.substr(0, 10), next = words.substr(12);
  CHECK(message_with(text, words, word + ", 0x0000001" + next[9]) ==
        damaged + "a row of m_weights has bits beyond its last unit");
  CHECK(message_with(text, words, word.substr(0, 9) + (word[9] == '0' ? "1" : "0") + ", " + next) ==
        damaged + "the numbers are not those of its checksum, M_CHECKSUM");
  CHECK(message_with(text, word + ", ", word + ", -") ==
        damaged_at(words) + "'-' is among the numbers of m_weights, after 1");
  CHECK(message_with(text, word + ", ", word + " ") ==
        damaged_at(words) + "no comma follows number 1 of m_weights");
}

TEST_CASE("a header cut short anywhere, or with a byte changed anywhere, is refused or means the same") {
  const tool::QuantizedModel model = random_quantized(9, 3, 4, 1);
  const std::string header = tool::header_text(model, "m", included),
                    source = tool::header_pair(model, "m", included, "m.h").source;
  for (const std::string& text : {header, source})
    for (std::size_t size = 0; size < text.size(); ++size) {
      CAPTURE(size);
      CHECK(harmless(text.substr(0, size), model));
    }
  std::mt19937 random(1);
  for (const std::string& text : {header, source, tool::header_text(model, "m", inside)})
    for (int n = 0; n < 4000; ++n) {
      std::string changed = text;
      for (std::size_t changes = 1 + random() % 3; changes > 0; --changes) {
        const std::size_t place = random() % changed.size();
        switch (random() % 4) {
          case 0:
            changed[place] = static_cast<char>(random());
            break;
          case 1:
            changed[place] = static_cast<char>('0' + random() % 10);
            break;
          case 2:
            changed.erase(place, 1 + random() % 8);
            break;
          default:
            changed.insert(place, changed.substr(random() % changed.size(), 1 + random() % 8));
        }
      }
      CAPTURE(n);
      CHECK(harmless(changed, model));
    }
}

TEST_CASE("sizes that a header announces are not believed before its numbers are there") {
  // 65,535 x 65,535 weights of 8 bits would be 4 GB.
  const std::string macros =
      "// m: a restricted Boltzmann machine in integers.\n#if RBM_QUANTIZED_FORMAT != 2\n"
      "#define M_VISIBLE 65535\n#define M_HIDDEN 65535\n#define M_PICTURE_HEIGHT 1\n#define M_PICTURE_WIDTH "
      "65535\n"
      "#define M_BITS 8\n#define M_FRACTION 8\n#define M_CHECKSUM 1\nm_weights[] = {1, 2};\n"
      "rbm_quantized m = {M_VISIBLE, M_HIDDEN, M_BITS, M_FRACTION, 1, 1, M_CHECKSUM, m_weights, m_shifts,"
      " m_visible_bias, m_hidden_bias,};";
  CHECK(message(macros) == "m.h: is a damaged header: m_weights has 2 numbers, not 1,073,725,440");
}

TEST_CASE("strings of C say what was quoted, whatever it was") {
  for (const std::string& text :
       {std::string(), std::string("plain"), std::string("a \"quote\", a back\\slash\\"),
        std::string("?"
                    "?/"),
        std::string("line\nend\ttab\r\x01 \x1f"), std::string("\n0"), std::string("\xc3\xa9")}) {
    const std::string quoted = tool::quoted_in_c(text);
    CAPTURE(quoted);
    CHECK(quoted.find("?"
                      "?/") == quoted.npos);
    for (const char letter : quoted) CHECK((static_cast<unsigned char>(letter) >= ' '));
    const std::string source = quoted + " \"more\" end";
    tool::CTokens tokens(source);
    CHECK(tokens.take_value() == text + "more");
    CHECK(tokens.token() == "end");
  }
}
