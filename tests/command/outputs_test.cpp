// An output never takes the place of what the same command reads, or writes beside it.
#include <doctest/doctest.h>

#include "tests/support/sample_files.hpp"
#include "tests/support/trained.hpp"

using namespace fixture;

TEST_CASE("an output that is an input too, or another output, is refused before the work") {
  const Folder folder;
  folder.write("model", small_model());
  folder.write("data.csv", "0,1,0\n1,1,0\n");
  folder.write("features.npy", npy("<f4", "(1, 3)", floats({0, 1, 0})));
  run_well(folder, {"quantize", "model", "--out", "m.c"});
  std::filesystem::create_symlink("model", folder.path("link"));
  const auto refused = [&](const Words& words, const std::string& output, const std::string& other) {
    check_failure(folder, words, 2,
                  {"rbm: " + output + ": cannot write: it is the same file as the " + other + "\n"});
  };
  for (const std::string& out :
       {std::string("model"), std::string("./model"), folder.path("model"), std::string("link")}) {
    refused({"reconstruct", "model", "data.csv", "--image", out}, out, "input model");
    refused({"reconstruct", "model", "data.csv", "--out", out}, out, "input model");
    refused({"sample", "model", "--steps", "1000000000", "--image", out}, out, "input model");
    refused({"filters", "model", "--image", out}, out, "input model");
    refused({"features", "model", "data.csv", "--out", out}, out, "input model");
    refused({"score", "model", "data.csv", "--out", out}, out, "input model");
    refused({"fill", "model", "data.csv", "--out", out}, out, "input model");
    refused({"sample", "model", "--out", out}, out, "input model");
    refused({"quantize", "model", "--name", "m", "--out", out}, out, "input model");
    refused({"filters", "link", "--image", out}, out, "input link");
  }
  const std::string data = "data.csv";
  refused({"features", "model", data, "--out", data}, data, "input data.csv");
  refused({"features", "model", "features.npy"}, "features.npy", "input features.npy");
  refused({"reconstruct", "model", data, "--image", data}, data, "input data.csv");
  refused({"sample", "model", "--from", data, "--image", data}, data, "input data.csv");
  refused({"sample", "model", "--from", "features.npy", "--clamp", data, "--image", data}, data,
          "input data.csv");
  for (const char* option : {"--data", "--tune"})
    refused({"quantize", "model", "--name", "m", option, data, "--out", data}, data, "input data.csv");
  refused({"quantize", "m.c", "--out", "m.c"}, "m.c", "input m.c");
  refused({"quantize", "m.h", "--out", "m.c"}, "m.h", "input m.h");
  for (const char* option : {"--out", "--report"}) {
    refused({"train", data, option, data}, data, "input data.csv");
    refused({"train", "features.npy", "--validation", data, option, data}, data, "input data.csv");
    refused({"train", data, "--resume", "model", option, "link"}, "link", "input model");
  }
  refused({"reconstruct", "model", data, "--image", "new", "--out", "./new"}, "./new", "output new");
  // What is missing is told as missing.
  check_failure(folder, {"filters", "nowhere", "--image", "nowhere"}, 1, {"rbm: nowhere: "});
  const Result piped = run_shell(folder, "\"$RBM\" features model - --out data.csv <data.csv");
  CHECK(piped.status == 2);
  CHECK(piped.errors == "rbm: data.csv: cannot write: it is the same file as standard input\n");
}

TEST_CASE("outputs that only look like inputs, or like each other, are written") {
  const Folder folder;
  folder.write("model", small_model());
  folder.write("data.csv", "0,1,0\n1,1,0\n");
  // The shipped digits are no file, whatever lies there by their name.
  for (int n = 0; n < 2; ++n)
    run_well(folder, {"train", "digits", "--hidden", "2", "--epochs", "1", "--out", "digits"});
  run_well(folder, {"reconstruct", "model", "data.csv", "--image", "/dev/null", "--out", "/dev/null"});
  // A run may replace the checkpoint that it goes on from, however that is spelled: only what it holds is
  // wrong with this one.
  folder.write("new.checkpoint", small_model());
  std::filesystem::create_symlink("new.checkpoint", folder.path("link"));
  for (const std::string checkpoint : {"new.checkpoint", "./new.checkpoint", "link"})
    check_failure(folder, {"train", "data.csv", "--resume", checkpoint, "--out", "new"}, 1,
                  {"rbm: " + checkpoint + ": is no checkpoint"});
}
