// Whatever is wrong with what the command is given: one line that says so, the right exit status, no trace.
#include <doctest/doctest.h>

#include <cmath>

#include "tests/support/sample_files.hpp"
#include "tests/support/trained.hpp"

using namespace fixture;

namespace {

constexpr int failed = 1, misuse = 2;

/// A file, and what is said of it after its name.
struct Fault {
  std::string bytes, message;
  bool of_intensities = false;
};

/// Every command that takes a model, given this one.
std::vector<Words> commands_with_model(const std::string& model) {
  return {{"evaluate", model, "digits-test"},
          {"score", model, "digits-test"},
          {"fill", model, "digits-test"},
          {"reconstruct", model, "digits-test", "--image", "p.png", "--out", "t.npy"},
          {"sample", model, "--count", "1", "--steps", "1"},
          {"filters", model},
          {"features", model, "digits-test"},
          {"quantize", model, "--out", "m.h"}};
}

/// Every command that takes data besides a model, given these.
std::vector<Words> commands_with_both(const std::string& model, const std::string& data) {
  return {{"evaluate", model, data},
          {"score", model, data},
          {"reconstruct", model, data, "--image", "p.png", "--out", "t.npy"},
          {"features", model, data}};
}

std::vector<Words> commands_with_data(const std::string& data) {
  std::vector<Words> all = commands_with_both("model", data);
  all.push_back({"train", data, "--hidden", "2", "--epochs", "2", "--visible", "sampled", "--out", "new"});
  all.push_back({"info", data});
  return all;
}

const std::vector<Fault>& bad_models() {
  const std::string good = small_model();
  static const std::vector<Fault> faults{
      {"", "is no safetensors file"},
      {"0,1\n", "is no safetensors file"},
      {"\x89PNG\r\n\x1a\n picture",
       "is a PNG picture: save W, v_bias and h_bias as safetensors or by numpy.savez"},
      {"\x80\x02\x8a\nl\xfc\x9c", "is a Python pickle, as torch.save once wrote: save W, v_bias"},
      {"version https://git-lfs.github.com/spec/v1\noid sha256:4d\nsize 1\n",
       "is a pointer of Git LFS, not the file: git lfs pull brings that"},
      {good.substr(0, 60), "is cut short within its header"},
      {good.substr(0, good.size() - 1), "is cut short: its tensors are longer than the file"},
      {good + "1", "is longer than its tensors"},
      {"PK\3\4 and more", "is a ZIP archive that is cut short or damaged"},
      {safetensors_file("{" + tensor("W", "4294967296,4294967296", 0, 0) + "}", ""),
       "tensor 'W': its offsets do not fit its shape"},
      {safetensors_file("{" + tensor("W", "0,3", 0, 0) + "," + tensor("v_bias", "3", 0, 12) + "," +
                            tensor("h_bias", "0", 12, 12) + "}",
                        floats({0, 0, 0})),
       "W is 0 x 3; each layer must have from 1 to 65535 units"},
      {safetensors_file("{" + tensor("W", "1,2", 0, 8) + "," + tensor("v_bias", "1", 8, 12) + "," +
                            tensor("h_bias", "1", 12, 16) + "}",
                        floats({0, 0, 0, 0})),
       "W is 1 x 2, but v_bias has 1 and h_bias 1 values"},
      {safetensors_file("{" + tensor("X", "1", 0, 4) + "}", floats({1})), "holds no tensor 'W'"},
      {small_model({0, 0, NAN, 0, 0, 0, 0, 0, 0, 0, 0}), "tensor 'W': holds NaN or infinity"},
      {small_model({0, 0, 0, 0, 0, 0, 0, 0, 0, 0, INFINITY}), "tensor 'h_bias': holds NaN or infinity"}};
  return faults;
}

const std::vector<Fault>& bad_data() {
  static const std::vector<Fault> faults{
      {"", "is empty"},
      {"\x89PNG\r\n\x1a\n picture", "is a PNG picture: save one array by numpy.save"},
      {"version https://git-lfs.github.com/spec/v1\noid sha256:4d\nsize 1\n",
       "is a pointer of Git LFS, not the file: git lfs pull brings that"},
      {small_model(), "is neither an IDX, an NPY, a WAV nor a CSV file"},
      {"\x1f\x8b\x08 and more", "is compressed: "},
      {idx(8, {9}, "012345678"), "has one dimension, as files of labels have, which --labels takes beside DATA"},
      {idx(8, {2, 3}, "01234"), "is cut short: its header announces 2 x 3 bytes, 5 follow"},
      {idx(8, {2, 3}, "0123456"), "is too long: its header announces 2 x 3 bytes, 7 follow"},
      {idx(8, {2, 3}, "").substr(0, 9), "is cut short within its header"},
      {idx(8, {0, 3}, ""), "holds no rows"},
      {idx(8, {1, 0xffffffff, 0xffffffff}, "0"), "has 4294967295 columns"},
      {idx(13, {1, 3}, big_floats({0, NAN, 0})), "row 1, column 2: nan is no finite number"},
      {npy("<f4", "(4611686018427387904, 3)", ""), "is cut short"},
      {npy("<f4", "(1, 3)", floats({0, 0})), "is cut short: its header announces 1 x 12 bytes, 8 follow"},
      {npy("<f4", "(1, 3)", floats({0, 0, INFINITY})), "row 1, column 3: inf is no finite number"},
      {npy("<c8", "(1, 3)", std::string(24, '\0')), "holds elements of type '<c8'"},
      {"0,1,0\n0,nan,0\n", "line 2, column 2: 'nan' is missing"},
      {"0,1,0\n0,1\n", "line 2: number of columns is 2, in the lines before 3"},
      {"0,1,0\n0,-1,0\n", "line 2, column 2: -1 is below 0", true},
      {"0,1,7\n", "line 1, column 3: 7 is above 1: --maximum sets the value that means 1", true}};
  return faults;
}

}  // namespace

TEST_CASE("a bad model file: every command names it and its fault") {
  for (const Fault& fault : bad_models()) {
    const Folder folder;
    folder.write("bad", fault.bytes);
    for (const Words& words : commands_with_model("bad"))
      check_failure(folder, words, failed, {"rbm: bad: " + fault.message});
    for (const Words& words : commands_with_model("-"))
      check_failure(folder, words, failed, {"rbm: standard input: " + fault.message}, {fault.bytes});
    // What does not begin like a model, info takes for data.
    if (fault.bytes.size() > 8 && fault.bytes[8] == '{')
      check_failure(folder, {"info", "bad"}, failed, {"rbm: bad: " + fault.message});
  }
}

TEST_CASE("a bad data file: every command names it and its fault") {
  for (const Fault& fault : bad_data()) {
    const Folder folder;
    folder.write("model", small_model());
    folder.write("bad", fault.bytes);
    for (const auto& [path, name] : {std::make_pair("bad", "bad"), std::make_pair("-", "standard input")})
      for (const Words& words : commands_with_data(path)) {
        // Info tells of models, and of readings beyond intensities.
        const bool for_info = words[0] == "info" && (fault.bytes == small_model() || fault.of_intensities);
        if (!for_info)
          check_failure(folder, words, failed, {std::string("rbm: ") + name + ": " + fault.message},
                        {fault.bytes});
      }
  }
}

TEST_CASE("a file that is missing, a folder, or named oddly") {
  const Folder folder;
  folder.write("model", small_model());
  for (const auto& [path, message] :
       {std::make_pair("missing", "rbm: missing: cannot open: No such file or directory\n"),
        std::make_pair(".", "rbm: .: cannot read: Is a directory\n"),
        std::make_pair("a\nb\x1b[1m", "rbm: a?b?[1m: cannot open: No such file or directory\n")}) {
    for (const Words& words : commands_with_model(path)) check_failure(folder, words, failed, {message});
    for (const Words& words : commands_with_data(path)) check_failure(folder, words, failed, {message});
    check_failure(folder, {"train", "digits", "--resume", path}, failed, {message});
  }
}

TEST_CASE("a model whose shape does not fit the data: both are named") {
  const Folder folder;
  folder.write("model", small_model());
  folder.write("data.csv", "0,1\n");
  for (const Words& words : commands_with_both("model", "data.csv"))
    check_failure(folder, words, failed,
                  {"rbm: model: has 3 visible units, but an example of data.csv has 2 values\n"});
}

TEST_CASE("a header's name that is no C identifier of ours to take") {
  const Folder folder;
  folder.write("model", small_model());
  for (const char* name :
       {"int",   "while",     "class",   "restrict",
        "main",  "1st",       "_digits", "a-b",
        "a b",   "a\nb",      "a.b",     "\xc3\xa9t\xc3\xa9",
        "a__b",  "rbm_model", "RBM_x",   "a;int b",
        "a/b",   "a_",        "errno",   "byte_t",
        "index", "gamma",     "sinf",    "a_name_that_is_longer_than_C99_compilers_tell_apart"}) {
    CAPTURE(name);
    check_failure(folder, {"quantize", "model", "--name", name, "--out", "m.h"}, misuse,
                  {"rbm: --name: '", "' cannot name a model in C: it "});
  }
  check_failure(folder, {"quantize", "model", "--name", "", "--out", "m.h"}, misuse,
                {"--name: the value is empty"});
  check_failure(folder, {"quantize", "model", "--out", "8x8-digits.h"}, misuse,
                {"8x8-digits.h: '8x8-digits' cannot name a model in C: it has other characters than"});
  for (const char* file : {"aux.h", "Com1.c", "nul.h"})
    check_failure(folder, {"quantize", "model", "--name", "m", "--out", file}, misuse,
                  {"is a device on Windows, where no file can have this name; give another, as --out model_" +
                   std::string(file)});
  for (const char* file : {"time.h", "String.h", "signal.c"})
    check_failure(folder, {"quantize", "model", "--name", "m", "--out", file}, misuse,
                  {"is the name of a header of C, in whose place programs would get this one"});
  for (const char* file : {"while.h", "a\nb.h", "int.c", "a\nb.c", ".h"})
    check_failure(folder, {"quantize", "model", "--out", file}, misuse, {"rbm: "});
  check_failure(folder, {"quantize", "model", "--out", "-"}, misuse, {"--name"});
  check_failure(folder, {"quantize", "model"}, misuse, {"--out", "--name"});
}

TEST_CASE("a model that integers cannot stand for is refused by quantize, whatever the width") {
  const std::string diverged = " that integers are made for: did training diverge?\n";
  const Fault faults[] = {
      {small_model({0, 0, 0, 0, 0, 0, 1, 1, 1, 1, 1}), "all weights are 0: was the model trained?\n"},
      {small_model({1e-9f, 0, 0, 0, 0, 0, 1, 1, 1, 1, 1}),
       "1 hidden unit without weights, such as unit 1, counted from 0: it would take flash and do nothing\n"},
      {small_model({1, 0, 0, 2, 0, 0, 1, 1, 1, 1, 1e30f}),
       "has a hidden bias of 1e+30, beyond the 1,000" + diverged},
      {small_model({1, 0, 0, 2, 0, 0, 1, -1001, 1, 1, 1}),
       "has a visible bias of -1e+03, beyond the 1,000" + diverged},
      {small_model({1, 0, -1e30f, 2, 0, 0, 1, 1, 1, 1, 1}),
       "has a weight of -1e+30, beyond the 200" + diverged},
      {small_model({0.1f, 0.2f, -0.1f, 900, 0.1f, 0, 1, 1, 1, 1, 1}),
       "has a weight of 900, beyond the 200" + diverged},
      {small_model({0.1f, 0.2f, -0.1f, 201, 0.1f, 0, 1, 1, 1, 1, 1}),
       "has a weight of 201, beyond the 200" + diverged},
      {small_model({NAN, 0, 0, 2, 0, 0, 1, 1, 1, 1, 1}), "tensor 'W': holds NaN or infinity\n"},
      {small_model({1, 0, 0, 2, 0, 0, 1, -INFINITY, 1, 1, 1}), "tensor 'v_bias': holds NaN or infinity\n"}};
  for (const Fault& fault : faults) {
    const Folder folder;
    folder.write("bad", fault.bytes);
    folder.write("data.csv", "0,1,0\n1,1,0\n");
    for (const char* bits : {"8", "1"})
      for (const Words& more : {Words{}, Words{"--tune", "data.csv"}, Words{"--budget", "5000"}})
        check_failure(folder, with({"quantize", "bad", "--bits", bits, "--out", "m.h", "--quiet"}, more),
                      failed, {"rbm: bad: " + fault.message});
  }
}

TEST_CASE("a weight far beyond the others is refused, or costs little at 8 bits") {
  const Folder folder;
  folder.write("data.csv", "0,1,0\n1,1,0\n0,0,1\n");
  for (const float outlier : {5.0f, 30.0f, -90.0f, 200.0f}) {
    folder.write("model", small_model({outlier, -1, 0.5f, -0.5f, 2, 0.3f, 0.1f, 0.2f, -0.3f, 0.4f, -0.5f}));
    const Json line = report(folder, {"quantize", "model", "--out", "m.h", "--data", "data.csv", "--quiet"});
    CHECK(line.number("nats_lost") < 0.2);
  }
}

TEST_CASE("data for quantize that do not fit, a budget that holds nothing, an output that cannot be") {
  const Folder folder;
  folder.write("model", small_model());
  folder.write("wide.csv", "0,1,0,1\n");
  folder.write("nan.csv", "0,nan,0\n");
  folder.write("data.csv", "0,1,0\n1,1,0\n");
  for (const char* option : {"--data", "--tune"}) {
    check_failure(folder, {"quantize", "model", "--out", "m.h", option, "wide.csv"}, failed,
                  {"rbm: model: has 3 visible units, but an example of wide.csv has 4 values\n"});
    check_failure(
        folder, {"quantize", "model", "--out", "m.h", option, "nan.csv"}, failed,
        {"rbm: nan.csv: line 1, column 2: 'nan' is missing: leave the row out, or fill a value in\n"});
    check_failure(folder, {"quantize", "model", "--out", "m.h", option, "missing"}, failed,
                  {"rbm: missing: cannot open: No such file or directory\n"});
  }
  // Of one hidden unit: 4 bytes of weights, a shift, 8 of biases, the runtime's 760.
  for (const char* bytes : {"1", "772"})
    check_failure(
        folder, {"quantize", "model", "--out", "m.h", "--budget", bytes}, failed,
        {"rbm: model: ", " of flash hold no hidden unit of it: one, with 1 bit a weight, takes 773\n"});
  check_failure(folder, {"quantize", "model", "--out", "m.h", "--budget", "772", "--bits", "8"}, failed,
                {"one, with 8 bits a weight, takes 773\n"});
  CHECK(
      report(folder, {"quantize", "model", "--out", "m.h", "--budget", "773", "--quiet"}).number("hidden") ==
      1);

  // Known before the work, of which there is more here than a test waits for.
  std::filesystem::remove(folder.path("m.h"));
  for (const char* out : {"no/m.h", "no/m.c"})
    check_failure(folder,
                  {"quantize", "model", "--out", out, "--tune", "data.csv", "--epochs", "1000000", "--quiet"},
                  failed, {"rbm: no/m.h: cannot write: No such file or directory\n"});
}

TEST_CASE("a full disk, seen at once") {
  const FullDisk disk;
  if (!disk.exists()) return;
  const Folder folder;
  folder.write("model", trained_model());
  const std::string full = "rbm: " + disk.path() + ": cannot write: No space left on device\n";
  for (const Words& words :
       {Words{"train", "digits", "--hidden", "2", "--epochs", "1", "--quiet", "--out", disk.path()},
        Words{"reconstruct", "model", "digits-test", "--image", disk.path()},
        Words{"reconstruct", "model", "digits-test", "--image", disk.path(), "--out", "t.npy"},
        Words{"reconstruct", "model", "digits-test", "--image", "p.png", "--out", disk.path()},
        Words{"sample", "model", "--steps", "1", "--image", disk.path()},
        Words{"filters", "model", "--image", disk.path()},
        Words{"features", "model", "digits-test", "--out", disk.path()},
        Words{"quantize", "model", "--name", "digits", "--out", disk.path()}})
    check_failure(folder, words, failed, {full});

  Setting to_full_disk;
  to_full_disk.output_file = disk.path();
  for (const Words& words :
       {Words{"train", "digits", "--hidden", "2", "--epochs", "2", "--quiet", "--out", "-"},
        Words{"train", "digits", "--hidden", "2", "--epochs", "2", "--quiet", "--json", "--out", "new"},
        Words{"evaluate", "model", "digits-test"}, Words{"evaluate", "model", "digits-test", "--json"},
        Words{"reconstruct", "model", "digits-test", "--out", "-"}, Words{"sample", "model", "--image", "-"},
        Words{"filters", "model", "--image", "-"}, Words{"features", "model", "digits-test", "--out", "-"},
        Words{"quantize", "model", "--name", "digits", "--out", "-"}, Words{"info", "model"},
        Words{"info", "model", "--json"}, Words{"help"}, Words{"help", "train"}, Words{"--version"}})
    check_failure(folder, words, failed, {"rbm: standard output: ", "No space left on device\n"},
                  to_full_disk);
}

TEST_CASE("a disk that fills up on the way: no partial file, and the old one as it was") {
  const Folder folder;
  folder.write("model", trained_model());
  Setting small_disk;
  small_disk.largest_file = 1000;
  for (const std::string& out : {std::string("new"), std::string("old")}) {
    folder.write("old", "what was there before");
    const std::string message = "rbm: " + out + ": cannot write: File too large\n";
    for (const Words& words :
         {Words{"reconstruct", "model", "digits-test", "--image", out},
          Words{"reconstruct", "model", "digits-test", "--out", out},
          Words{"sample", "model", "--steps", "1", "--image", out}, Words{"filters", "model", "--image", out},
          Words{"features", "model", "digits-test", "--out", out},
          Words{"quantize", "model", "--name", "digits", "--out", out}})
      check_failure(folder, words, failed, {message}, small_disk);
    check_failure(folder, {"train", "digits", "--hidden", "9", "--epochs", "2", "--quiet", "--out", out},
                  failed, {"rbm: " + out, ": cannot write: File too large\n"}, small_disk);
  }
}

TEST_CASE("outputs that cannot be written are known before the work") {
  const Folder folder;
  folder.write("model", trained_model());
  const std::string message = "rbm: no/x: cannot write: No such file or directory\n";
  for (const Words& words :
       {Words{"reconstruct", "model", "digits-test", "--image", "no/x"},
        Words{"reconstruct", "model", "digits-test", "--out", "no/x", "--image", "p.png"},
        Words{"sample", "model", "--steps", "1000000000", "--image", "no/x"},
        Words{"filters", "model", "--image", "no/x"},
        Words{"features", "model", "digits-test", "--out", "no/x"},
        Words{"quantize", "model", "--name", "digits", "--out", "no/x"}})
    check_failure(folder, words, failed, {message});
}
