// A model, its header, compiled as C and C++, run: the device's integers are the tool's.
#include <doctest/doctest.h>

#include <cstdio>
#include <string>
#include <vector>

#include "rbm/quantized.h"
#include "tests/support/command.hpp"
#include "tests/support/random_quantized.hpp"
#include "tests/support/runtime_outputs.h"
#include "tools/model/c_header_writer.hpp"

using namespace fixture;

namespace {

constexpr unsigned inputs = 3;

std::string own_line(const tool::QuantizedModel& model, const std::string& name) {
  const tool::PackedModel packed(model);
  const std::size_t larger = std::max(model.visible, model.hidden);
  std::vector<std::uint8_t> bytes(larger), out(larger), state(RBM_STATE_BYTES(model.visible)),
      clamped(state.size());
  std::vector<std::uint32_t> scratch(RBM_SCRATCH_WORDS(model.visible, model.hidden));
  const runtime_buffers buffers{bytes.data(), state.data(), clamped.data(), out.data(), scratch.data()};
  std::uint32_t hashes[runtime_output_kinds];
  hash_random_inputs(&packed.runtime(), inputs, &buffers, hashes);
  std::string line = name;
  for (const std::uint32_t hash : hashes) line += " " + std::to_string(hash);
  return line + " " + std::to_string(rbm_checksum(&packed.runtime())) + "\n";
}

// Programs of many models: main.c, and the sources of those that are pairs.
struct Programs {
  Folder folder;
  std::string includes, calls, sources = "main.c", expected;
  std::size_t models = 0;

  void add(std::size_t visible, std::size_t hidden, unsigned bits) {
    const std::string name = "model_" + std::to_string(models) + "_of_" + std::to_string(bits);
    const tool::QuantizedModel model =
        random_quantized(visible, hidden, bits, static_cast<std::uint32_t>(models));
    // Every kind of header, in turn.
    const tool::Runtime runtime = models % 2 == 0 ? tool::Runtime::included : tool::Runtime::inside;
    if (models % 8 < 6) {
      folder.write(name + ".h", tool::header_text(model, name, runtime));
    } else {
      const tool::HeaderPair pair = tool::header_pair(model, name, runtime, name + ".h");
      folder.write(name + ".h", pair.header);
      folder.write(name + ".c", pair.source);
      sources += " " + name + ".c";
    }
    includes += "#include \"" + name + ".h\"\n";
    calls += "  show(\"" + name + "\", &" + name + ");\n";
    expected += own_line(model, name);
    ++models;
  }

  void write() const {
    folder.write("main.c", includes +
                               "#include <stdio.h>\n#include \"tests/support/runtime_outputs.h\"\n"
                               "static uint8_t bytes[784], out[784], state[98], clamped[98];\n"
                               "static uint32_t scratch[RBM_SCRATCH_WORDS(784, 500)];\n"
                               "static void show(const char* name, const rbm_quantized* model) {\n"
                               "  const runtime_buffers buffers = {bytes, state, clamped, out, scratch};\n"
                               "  uint32_t hashes[runtime_output_kinds];\n"
                               "  hash_random_inputs(model, " +
                               std::to_string(inputs) +
                               ", &buffers, hashes);\n"
                               "  printf(\"%s\", name);\n"
                               "  for (int n = 0; n < runtime_output_kinds; ++n)\n"
                               "    printf(\" %lu\", (unsigned long)hashes[n]);\n"
                               "  printf(\" %lu\\n\", (unsigned long)rbm_checksum(model));\n"
                               "}\n"
                               "int main(void) {\n" +
                               calls + "  return 0;\n}\n");
  }
};

}  // namespace

TEST_CASE("models of random shapes compute on a device what they compute here") {
  Programs programs;
  std::mt19937 random(1);
  for (const unsigned bits : {8u, 4u, 2u, 1u}) {
    programs.add(1, 1, bits);
    for (int n = 0; n < 10; ++n) programs.add(1 + random() % 200, 1 + random() % 60, bits);
  }
  programs.add(784, 500, 4);
  programs.write();
  const std::string flags = " -O1 -Wundef $(cat '" + Running::root().string() +
                            "/platform/warnings.txt') -I'" + Running::root().string() + "' -I. ";
  for (const char* compiler : {"${CC:-cc} -x c -std=c99", "${CXX:-c++} -x c++ -std=c++11",
                               "clang -x c -std=c11", "clang -x c++ -std=c++17"}) {
    CAPTURE(compiler);
    const std::string name = std::string(compiler).substr(0, std::string(compiler).find(' '));
    if (run_shell(programs.folder, "command -v " + name).status != 0) continue;
    const Result built = run_shell(programs.folder, compiler + flags + programs.sources + " -o main");
    CAPTURE(built.errors);
    REQUIRE(built.status == 0);
    const Result ran = Running(programs.folder, {programs.folder.path("main")}).wait();
    CHECK(ran.status == 0);
    const Words lines = split_lines(ran.output), expected = split_lines(programs.expected);
    REQUIRE(lines.size() == programs.models);
    for (std::size_t n = 0; n < lines.size(); ++n) CHECK(lines[n] == expected[n]);
  }
}
