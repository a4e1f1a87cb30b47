// Wrong usage of the built command: one line that names the fault, the nearest right word, exit status 2; and
// the help that prevents it.
#include <doctest/doctest.h>

#include "tests/support/sample_files.hpp"
#include "tests/support/trained.hpp"

using namespace fixture;

namespace {

/// A command line, and what is said of it.
struct Misuse {
  Words words;
  std::string message;
};

void check_misuses(const Folder& folder, const std::vector<Misuse>& misuses) {
  for (const Misuse& misuse : misuses)
    check_failure(folder, misuse.words, 2, {"rbm: " + misuse.message + "\n"});
}

std::string between(const std::string& option, const std::string& value, const std::string& limits) {
  return "--" + option + ": " + value + " is not between " + limits;
}

}  // namespace

TEST_CASE("options out of range") {
  const Folder folder;
  folder.write("model", small_model());
  const std::vector<std::string> before = folder.names();
  check_misuses(
      folder,
      {{{"train", "digits", "--hidden", "0"}, between("hidden", "0", "1 and 65535")},
       {{"train", "digits", "--learning-rate", "nan"}, between("learning-rate", "nan", "1e-09 and 1000")},
       {{"train", "digits", "--hold-out", "1"}, between("hold-out", "1", "0.001 and 0.9")},
       {{"evaluate", "model", "digits", "--maximum", "0"}, between("maximum", "0", "1e-30 and 1e+30")},
       {{"evaluate", "model", "digits", "--seed", "1.5"}, "--seed: '1.5' is not a whole number"},
       {{"sample", "model", "--seed", "x"}, "--seed: 'x' is not a whole number"},
       {{"features", "model", "digits", "--threads", "-2"}, between("threads", "-2", "1 and 1024")},
       {{"quantize", "model", "--out", "m.h", "--bits", "7"}, "--bits: '7' is not one of 8, 4, 2, 1"},
       {{"info", "digits", "--window", "auto"},
        "--window auto: rbm train chooses windows; say how long they are"}});
  CHECK(folder.names() == before);
}

TEST_CASE("unknown options and words: the nearest right one is suggested") {
  const Folder folder;
  folder.write("model", small_model());
  const auto unknown = [](const std::string& option, const std::string& nearest) {
    return "unknown option --" + option + "; did you mean --" + nearest + "?";
  };
  check_misuses(
      folder,
      {{{"train", "digits", "--hiden", "5"}, unknown("hiden", "hidden")},
       {{"train", "digits", "--learning_rate=1"}, unknown("learning_rate", "learning-rate")},
       {{"train", "digits", "--learn-rate", "1"}, unknown("learn-rate", "learning-rate")},
       {{"evaluate", "model", "digits", "--jsn"}, unknown("jsn", "json")},
       {{"reconstruct", "model", "digits", "--images", "p"}, unknown("images", "image")},
       {{"sample", "model", "--step", "5"}, unknown("step", "steps")},
       {{"filters", "model", "--imgae", "p"}, unknown("imgae", "image")},
       {{"features", "model", "digits", "--output", "p"}, unknown("output", "out")},
       {{"quantize", "model", "--nme", "p"}, unknown("nme", "name")},
       {{"info", "model", "--maxmum", "1"}, unknown("maxmum", "maximum")},
       {{"help", "--hepl"}, unknown("hepl", "help")},
       {{"info", "model", "--zzzzzz"}, "unknown option --zzzzzz; 'rbm help info' lists the options"},
       {{"train", "digits", "--optimizer", "adm"},
        "--optimizer: 'adm' is not one of adam, sgd; did you mean adam?"},
       {{"train", "digits", "--recipe", "likelyhood"},
        "--recipe: 'likelyhood' is not one of tutorial, likelihood, labels; did you mean likelihood?"},
       {{"train", "digits", "--method", "pdc"}, "--method: 'pdc' is not one of cd, pcd; did you mean pcd?"},
       {{"evaluate", "model", "digits", "--visible", "meanss"},
        "--visible: 'meanss' is not one of sampled, thresholded, means; did you mean means?"},
       {{"trian"}, "unknown command 'trian'; did you mean train?"},
       {{"quantise", "model"}, "unknown command 'quantise'; did you mean quantize?"},
       {{"help", "smaple"}, "unknown command 'smaple'; did you mean sample?"},
       {{"zzzzzz"}, "unknown command 'zzzzzz'; 'rbm help' lists the commands"},
       {{"a\nb"}, "unknown command 'a?b'; 'rbm help' lists the commands"},
       {{""}, "unknown command ''; 'rbm help' lists the commands"}});
}

TEST_CASE("too few words, too many, and ones that contradict each other") {
  const Folder folder;
  folder.write("model", small_model());
  check_misuses(
      folder,
      {{{"train"}, "DATA is missing; usage: rbm train DATA [OPTIONS]"},
       {{"evaluate", "model"}, "DATA is missing; usage: rbm evaluate MODEL DATA [OPTIONS]"},
       {{"sample"}, "MODEL is missing; usage: rbm sample MODEL [OPTIONS]"},
       {{"sample", ""}, "MODEL is empty; usage: rbm sample MODEL [OPTIONS]"},
       {{"filters", "model", "more"}, "unexpected 'more'; usage: rbm filters MODEL [OPTIONS]"},
       {{"train", "digits", "--hidden"}, "--hidden needs a value: --hidden N"},
       {{"train", "digits", "--hidden", "--json"}, "--hidden needs a value: --hidden N"},
       {{"train", "digits", "--json=yes"}, "--json takes no value"},
       {{"train", "digits", "--seed", "1", "--seed", "1"}, "--seed is given twice"},
       {{"train", "digits", "--out", ""}, "--out: the value is empty"},
       {{"train", "digits", "--momentum", "0.5"}, "--momentum is for --optimizer sgd; adam has its own"},
       {{"quantize", "model", "--out", "m.h", "--epochs", "3"}, "--epochs: is for --tune"},
       {{"evaluate", "-", "-"}, "MODEL and DATA cannot both be standard input"}});
  // Standard output takes one thing only.
  for (const Words& words :
       {Words{"train", "digits", "--json", "--out", "-"}, Words{"train", "digits", "--json", "--report", "-"},
        Words{"train", "digits", "--report", "-", "--out", "-"},
        Words{"sample", "model", "--json", "--image", "-"},
        Words{"filters", "model", "--json", "--image", "-"},
        Words{"features", "model", "digits", "--json", "--out", "-"},
        Words{"reconstruct", "model", "digits", "--json", "--out", "-"},
        Words{"reconstruct", "model", "digits", "--image", "-", "--out", "-"},
        Words{"quantize", "model", "--name", "m", "--out", "-", "--json"}})
    check_failure(folder, words, 2, {"rbm: standard output can take one thing only: a file or --json\n"});
  check_failure(folder, {"reconstruct", "model", "digits"}, 2, {"--image", "--out"});
}

TEST_CASE("help is on standard output, the overview without a command on standard error") {
  const Folder folder;
  const Result overview = run_well(folder, {"help"});
  CHECK(overview.errors.empty());
  CHECK(run_well(folder, {"--help"}).output == overview.output);
  CHECK(run_well(folder, {"-h"}).output == overview.output);
  const Result nothing = run(folder, {});
  CHECK(nothing.status == 2);
  CHECK(nothing.output.empty());
  CHECK(nothing.errors == overview.output);
  for (const char* name :
       {"train", "evaluate", "reconstruct", "sample", "filters", "features", "quantize", "info", "help"}) {
    const Result help = run_well(folder, {"help", name});
    CHECK(help.output.find("usage: rbm " + std::string(name)) != std::string::npos);
    CHECK(run_well(folder, {name, "--help"}).output == help.output);
    CHECK(run_well(folder, {name, "-h", "--nonsense"}).output == help.output);
    CHECK(overview.output.find("\n  " + std::string(name) + " ") != std::string::npos);
  }
  CHECK(run_well(folder, {"help", "--man"}).output.substr(0, 8) == ".TH RBM ");
  check_failure(folder, {"help", "train", "--man"}, 2, {"--man: is for all commands at once"});
  const std::string version = run_well(folder, {"--version"}).output;
  CHECK(version.substr(0, 4) == "rbm ");
  CHECK(split_lines(version).size() == 1);
  CHECK(folder.names().empty());
}

TEST_CASE("a reader that leaves early ends the command without a word") {
  const Folder folder;
  folder.write("model", trained_model());
  const Result result =
      run_shell(folder, "{ \"$RBM\" features model digits --quiet --out - && echo done >&2; } | :");
  CHECK(result.status == 0);
  CHECK(result.errors.empty());
}

TEST_CASE("closed standard streams do no harm") {
  const Folder folder;
  folder.write("model", trained_model());
  const Result closed =
      run_shell(folder, "\"$RBM\" features model digits-test --out f.npy <&- >&- 2>&- ; echo $?");
  CHECK(closed.output == "0\n");
  run_well(folder, {"features", "model", "digits-test", "--out", "g.npy"});
  CHECK((folder.read("f.npy") == folder.read("g.npy")));
  CHECK(run_shell(folder, "\"$RBM\" evaluate model digits-test >&-").status == 1);
  CHECK(run_shell(folder, "\"$RBM\" evaluate model - <&-").status == 1);
}
