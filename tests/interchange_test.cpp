// What the command exchanges with other programs: headers, reports, pipes, Python.
#include <doctest/doctest.h>

#include <algorithm>
#include <cstdlib>
#include <string>
#include <vector>

#include "tools/dataset.hpp"
#include "trained.hpp"

using namespace fixture;

TEST_CASE("no thread, no quiet and no terminal changes what is written") {
  const Trained trained;
  const Folder& folder = trained.folder;
  const std::vector<Words> commands{{"evaluate", "model", "digits", "--json"},
                                    {"features", "model", "digits", "--visible", "sampled", "--out", "-"},
                                    {"reconstruct", "model", "digits", "--out", "-"},
                                    {"sample", "model", "--count", "9", "--steps", "25", "--image", "-"}};
  for (const Words& words : commands) {
    std::string first;
    for (const char* threads : {"1", "2", "3"})
      for (const bool watched : {false, true}) {
        Words more = words;
        more.insert(more.end(), {"--threads", threads});
        if (!watched) more.emplace_back("--quiet");
        Setting setting;
        setting.terminal = watched;
        const std::string output = run_well(folder, more, setting).output;
        if (first.empty()) first = output;
        INFO(shown(more));
        CHECK((output == first));
      }
    Words reseeded = words;
    reseeded.insert(reseeded.end(), {"--seed", "2"});
    CHECK((run_well(folder, reseeded).output != first));
  }
}

TEST_CASE("quantize: the header compiles as C99 and C++11 and holds the model") {
  const Trained trained;
  const Folder& folder = trained.folder;
  const Json line = report(folder, {"quantize", "model", "--bits", "8", "--out", "digits_rbm.h"});
  CHECK(line.text("name") == "digits_rbm");
  CHECK(line.number("visible") == 64);
  CHECK(line.number("largest_rounding_error") <= line.number("scale") * 0.51);
  folder.write("main.c",
               "#include \"digits_rbm.h\"\n"
               "int main(void) {\n"
               "  static uint8_t seen[RBM_STATE_BYTES(DIGITS_RBM_VISIBLE)], means[DIGITS_RBM_VISIBLE];\n"
               "  static int32_t scratch[RBM_SCRATCH_WORDS(DIGITS_RBM_VISIBLE, DIGITS_RBM_HIDDEN)];\n"
               "  rbm_reconstruct(&digits_rbm, RBM_MEAN, 0, seen, means, scratch);\n"
               "  return DIGITS_RBM_VISIBLE == 64 && DIGITS_RBM_HIDDEN == 32 ? 0 : 1;\n"
               "}\n");
  const std::string flags = " -Wall -Wextra -Wpedantic -Wconversion -Wshadow -Werror -I'" +
                            Running::root().string() + "' -I. main.c -o main && ./main";
  for (const char* language : {"-x c -std=c99", "-x c++ -std=c++11"}) {
    const Result result = run_shell(folder, "${CXX:-c++} " + (language + flags));
    CAPTURE(result.errors);
    CHECK(result.status == 0);
  }
  const std::string header = folder.read("digits_rbm.h");
  run_well(folder, {"quantize", "model", "--name", "digits_rbm", "--out", "again.h"});
  CHECK((folder.read("again.h") == header));
  CHECK((run_well(folder, {"quantize", "model", "--name", "digits_rbm", "--out", "-"}).output == header));
  CHECK(header.find(folder.path()) == std::string::npos);
}

TEST_CASE("info: what a model, a header and data hold") {
  const Trained trained;
  const Folder& folder = trained.folder;
  const Json model = report(folder, {"info", "model"});
  CHECK(model.text("kind") == "model");
  CHECK(model.number("visible") == 64);
  CHECK(model.number("hidden") == 32);
  CHECK(model.number("height") == 8);
  const auto [smallest, largest] =
      std::minmax_element(trained.model.weights.begin(), trained.model.weights.end());
  CHECK(model.number("W_minimum") == doctest::Approx(static_cast<double>(*smallest)));
  CHECK(model.number("W_maximum") == doctest::Approx(static_cast<double>(*largest)));

  run_well(folder, {"quantize", "model", "--out", "digits_rbm.h"});
  const Json header = report(folder, {"info", "digits_rbm.h"});
  CHECK(header.text("kind") == "header");
  CHECK(header.text("name") == "digits_rbm");
  CHECK(header.number("visible") == 64);
  CHECK(header.number("hidden") == 32);

  folder.write("data.csv", "0,1,1\n1,0.5,0\n");
  const Json data = report(folder, {"info", "data.csv"});
  CHECK(data.text("kind") == "data");
  CHECK(data.number("examples") == 2);
  CHECK(data.number("columns") == 3);
  CHECK(data.number("mean_intensity") == doctest::Approx(3.5 / 6));
  for (const char* name : {"model", "digits_rbm.h", "data.csv", "digits"})
    CHECK(run_well(folder, {"info", name}).output.find(name) != std::string::npos);
}

TEST_CASE("a model and data from standard input are those of a file") {
  const Trained trained;
  const Folder& folder = trained.folder;
  const std::string table = run_well(folder, {"features", "model", "digits-test", "--out", "-"}).output;
  CHECK(
      (run_well(folder, {"features", "-", "digits-test", "--out", "-"}, {trained_model()}).output == table));
  std::string csv;
  const tool::Dataset data = tool::open_dataset("digits-test", {});
  std::vector<float> row(data.columns);
  for (std::size_t n = 0; n < data.rows; ++n) {
    data.row(n, row.data());
    for (const float value : row) csv += std::to_string(value) + ",";
    csv.back() = '\n';
  }
  CHECK((run_well(folder, {"features", "model", "-", "--out", "-"}, {csv}).output == table));
  CHECK(run_well(folder, {"info", "-"}, {csv}).output.find("297") != std::string::npos);
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
