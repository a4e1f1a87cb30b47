// What other programs take from the command: compilers its headers, Python its models, tables and pictures.
#include <doctest/doctest.h>

#include <cstdlib>
#include <string>

#include "tests/support/trained.hpp"

using namespace fixture;

TEST_CASE("quantize: headers of every kind compile as C99 and C++11 and hold the model") {
  const Trained trained;
  const Folder& folder = trained.folder;
  const Json line = report(folder, {"quantize", "model", "--bits", "8", "--out", "digits_rbm.h"});
  CHECK(line.text("name") == "digits_rbm");
  run_well(folder, {"quantize", "model", "--bits", "2", "--standalone", "--out", "alone.h"});
  run_well(folder, {"quantize", "model", "--bits", "4", "--out", "pair.c"});
  run_well(folder, {"quantize", "model", "--bits", "1", "--standalone", "--out", "pair_alone.c"});
  folder.write(
      "main.c",
      "#include \"digits_rbm.h\"\n#include \"alone.h\"\n#include \"pair.h\"\n#include \"pair_alone.h\"\n"
      "int elsewhere(void);\n"
      "int main(void) {\n"
      "  static uint8_t seen[RBM_STATE_BYTES(DIGITS_RBM_VISIBLE)], means[DIGITS_RBM_VISIBLE];\n"
      "  static uint32_t scratch[RBM_SCRATCH_WORDS(DIGITS_RBM_VISIBLE, DIGITS_RBM_HIDDEN)];\n"
      "  const rbm_quantized* const models[] = {&digits_rbm, &alone, &pair, &pair_alone};\n"
      "  int damaged = 0;\n"
      "  for (int n = 0; n < 4; ++n) {\n"
      "    rbm_reconstruct(models[n], rbm_from_bits(seen), RBM_MEAN, NULL, means, scratch);\n"
      "    damaged |= models[n]->checksum != rbm_checksum(models[n]);\n"
      "  }\n"
      "  return damaged || elsewhere() || DIGITS_RBM_VISIBLE != 64 || DIGITS_RBM_HIDDEN != 32;\n"
      "}\n");
  folder.write("elsewhere.c",
               "#include \"pair.h\"\n#include \"pair_alone.h\"\n"
               "int elsewhere(void);\n"
               "int elsewhere(void) { return pair.checksum != PAIR_CHECKSUM || pair_alone.bits != "
               "PAIR_ALONE_BITS; }\n");
  folder.write("only.c", "#include \"alone.h\"\nint main(void) { return alone.bits != 2; }\n");
  const std::string flags = " $(cat '" + Running::root().string() + "/platform/warnings.txt') -o main ",
                    library = "-I'" + Running::root().string() + "' -I. ";
  for (const std::string language : {"${CC:-cc} -std=c99", "${CXX:-c++} -x c++ -std=c++11"})
    for (const std::string& sources :
         {library + "main.c elsewhere.c pair.c pair_alone.c", std::string("only.c")}) {
      const Result result = run_shell(folder, language + flags + sources + " && ./main");
      CAPTURE(result.errors);
      CHECK(result.status == 0);
    }

  // What does not fit together is told by the compiler.
  const auto compile = [&](const std::string& text) {
    folder.write("wrong.c", text);
    const Result result = run_shell(folder, "${CC:-cc} -std=c99 " + library + "-c wrong.c");
    CHECK(result.status != 0);
    return result.errors;
  };
  CHECK(compile("#define RBM_BITS 4\n#include \"alone.h\"\n").find("alone: has weights of 2 bits") !=
        std::string::npos);
  std::string old = folder.read("digits_rbm.h");
  old.replace(old.find("FORMAT != 2"), 11, "FORMAT != 1");
  CHECK(compile(old).find("digits_rbm: generate this header anew") != std::string::npos);
  std::string short_table = folder.read("digits_rbm.h");
  short_table.erase(short_table.find("0x", short_table.find("_weights[]")), 11);
  CHECK(compile(short_table).find("digits_rbm_weights_complete") != std::string::npos);
  std::string other = folder.read("pair.c");
  other.replace(other.find("PAIR_CHECKSUM != 0x"), 19, "PAIR_CHECKSUM != 1 + 0x");
  CHECK(compile(other).find("pair: this file and pair.h are of different models") != std::string::npos);

  const std::string header = folder.read("digits_rbm.h");
  run_well(folder, {"quantize", "model", "--name", "digits_rbm", "--out", "again.h"});
  CHECK((folder.read("again.h") == header));
  CHECK((run_well(folder, {"quantize", "model", "--name", "digits_rbm", "--out", "-"}).output == header));
  CHECK(header.find(folder.path()) == std::string::npos);
}

TEST_CASE("Python reads what we write, with no help from us") {
  if (run_shell(Folder(), "python3 -c ''").status != 0) return;
  const Trained trained;
  const Folder& folder = trained.folder;
  run_well(folder, {"features", "model", "digits-test"});
  run_well(folder, {"filters", "model"});
  folder.write("read.py",
               "import json, struct, zlib\n"
               "model = open('model', 'rb').read()\n"
               "size = struct.unpack('<Q', model[:8])[0]\n"
               "assert size % 8 == 0\n"
               "header = json.loads(model[8:8 + size])\n"
               "assert set(header) == {'__metadata__', 'W', 'v_bias', 'h_bias'}\n"
               "assert header['W']['shape'] == [32, 64] and header['W']['dtype'] == 'F32'\n"
               "begin, end = (8 + size + offset for offset in header['W']['data_offsets'])\n"
               "print(*struct.unpack('<%df' % (32 * 64), model[begin:end]))\n"
               "picture = open('filters.png', 'rb').read()\n"
               "width, height = struct.unpack('>II', picture[16:24])\n"
               "length = struct.unpack('>I', picture[33:37])[0]\n"
               "assert zlib.crc32(picture[37:41 + length]) == struct.unpack('>I', picture[41 + length:45 + "
               "length])[0]\n"
               "assert len(zlib.decompress(picture[41:41 + length])) == height * (1 + 3 * width)\n"
               "try:\n"
               "    import numpy\n"
               "except ImportError:\n"
               "    numpy = None\n"
               "if numpy:\n"
               "    features = numpy.load('features.npy')\n"
               "    assert features.shape == (297, 32) and features.dtype == numpy.float32\n"
               "    assert 0 < features.min() and features.max() < 1\n");
  const Result result = run_shell(folder, "python3 read.py");
  CAPTURE(result.errors);
  REQUIRE(result.status == 0);
  const char* text = result.output.c_str();
  for (const float weight : trained.model.weights) {
    char* end = nullptr;
    if (static_cast<float>(std::strtod(text, &end)) != weight) FAIL("a weight differs");
    text = end;
  }
}
