// rbm train with labels: what it learns from, what it says of that, and its page.
#include <doctest/doctest.h>

#include <random>

#include "tests/support/random_model.hpp"
#include "tests/support/strict_html.hpp"
#include "tests/support/trained.hpp"
#include "tools/model/visible_groups.hpp"

using namespace fixture;

namespace {

bool has(const std::string& text, const std::string& part) {
  return text.find(part) != std::string::npos;
}

/// A table of two readings that tell three kinds apart, sorted by kind; of each so many rows, then some
/// without a kind. `with_kinds` 0: the column is left out.
std::string table(const std::vector<std::size_t>& counts, std::size_t without = 0, unsigned seed = 1) {
  std::mt19937 random(seed);
  const char* const names[] = {"rest", "walk", "run"};
  std::string text = "x,y,kind\n";
  const auto row = [&](std::size_t kind, const std::string& name) {
    const float x = static_cast<float>(kind) * 4 + bell(random), y = (kind == 1 ? 4.0f : 0.0f) + bell(random);
    text += std::to_string(x) + "," + std::to_string(y) + "," + name + "\n";
  };
  for (std::size_t kind = 0; kind < counts.size(); ++kind)
    for (std::size_t n = 0; n < counts[kind]; ++n) row(kind, names[kind]);
  for (std::size_t n = 0; n < without; ++n) row(n % 3, "");
  return text;
}

const Words train{"train", "data.csv", "--labels", "kind", "--hidden", "6", "--out", "m"};

Json last_line(const Result& result) {
  return Json(split_lines(result.output).back());
}

}  // namespace

TEST_CASE("train: labels are a choice behind the units, with their names, and are told well") {
  const Folder folder;
  folder.write("data.csv", table({60, 60, 60}));
  folder.write("test.csv", table({40, 40, 40}, 0, 2));
  const Result result = run_well(folder, with(train, {"--json", "--validation", "test.csv"}));
  const Json last = last_line(result);
  CHECK(last.number("accuracy") > 0.9);
  CHECK(last.number("accuracy_standard_error") < 0.04);
  CHECK(last.text("judged_on") == "validation");
  CHECK(last.number("labels") == 3);
  CHECK(last.number("visible") == 2);
  CHECK(has(result.errors, "labels: rest 60, run 60, walk 60\n"));
  CHECK(has(result.errors, "% wrong"));
  CHECK_FALSE(has(result.errors, "loss "));  // of chains, which do not run
  CHECK(has(result.errors, ", of 120 held out\n"));
  const Json first(split_lines(result.output)[0]);
  for (const char* figure : {"label_loss", "label_error", "validation_label_loss", "validation_label_error"})
    CHECK(first.has(figure));
  for (const char* figure : {"loss", "reconstruction_error", "free_energy_gap"})
    CHECK_FALSE(first.has(figure));
  const tool::Model model = tool::read_model(folder.path("m"));
  CHECK(tool::to_text(model.groups) == "real 2, choice 3");
  CHECK((model.meaning.label_names == Words{"rest", "run", "walk"}));
  CHECK(model.meaning.label_column == "kind");
  CHECK(model.metadata.at("label_weight") == "1");
  CHECK(model.metadata.count("gibbs_steps") == 0);
}

TEST_CASE("train: any number of threads gives the same bits, with and without chains") {
  for (const Words& more :
       {Words{}, Words{"--label-weight", "0.5", "--method", "pcd", "--class-weights", "balanced"},
        Words{"--recipe", "likelihood", "--epochs", "20"}}) {
    const Folder folder;
    folder.write("data.csv", table({50, 20, 35}, 10));
    std::string first;
    for (const char* threads : {"1", "3"}) {
      run_well(folder, with(with(train, more), {"--quiet", "--threads", threads}));
      const std::string model = folder.read("m");
      if (first.empty()) first = model;
      CHECK((model == first));
    }
  }
}

TEST_CASE("train: of each label the last examples are held out, though rows are sorted by label") {
  const Folder folder;
  folder.write("data.csv", table({50, 20, 30}));
  const Result result = run_well(folder, with(train, {"--json", "--hold-out", "0.2"}));
  CHECK(has(result.errors, "labels: rest 40, run 24, walk 16\n"));
  CHECK(has(result.errors, ", of 20 held out\n"));
  CHECK(last_line(result).number("accuracy") > 0.8);
  CHECK_FALSE(has(result.errors, "not judged"));
  folder.write("few.csv", table({50, 4, 3}));
  const Result few = run_well(
      folder, {"train", "few.csv", "--labels", "kind", "--epochs", "1", "--hold-out", "0.2", "--out", "f"});
  CHECK(has(few.errors, "few.csv: no example of run, walk is held out, so that it is not judged\n"));
}

TEST_CASE(
    "train: examples without a label teach what examples look like, and else nothing, which a line says") {
  const Folder folder;
  folder.write("data.csv", table({30, 30, 30}, 10));
  const std::string line =
      "10 examples without a label teach nothing with --label-weight 1, and are left out\n";
  const Result alone = run_well(folder, train);
  CHECK(has(alone.errors, line));
  CHECK(has(alone.errors, "labels: rest 30, run 30, walk 30\n"));
  const std::string model = folder.read("m");
  folder.write("data.csv", table({30, 30, 30}));
  run_well(folder, train);
  CHECK((folder.read("m") == model));
  folder.write("data.csv", table({30, 30, 30}, 10));
  const Result mixed = run_well(folder, with(train, {"--label-weight", "0.5"}));
  CHECK_FALSE(has(mixed.errors, "teach nothing"));
  CHECK(has(mixed.errors, "walk 30, without one 10\n"));
  CHECK(has(mixed.errors, "  loss "));
}

TEST_CASE("train: a resumed run needs the labels again, and keeps what the checkpoint fixes") {
  const Folder folder;
  folder.write("data.csv", table({50, 20, 30}, 5));
  folder.write("other.csv", "x,y\n1,2\n3,5\n");
  const Result stopped =
      run_shell(folder,
                "\"$RBM\" train data.csv --labels kind --hidden 500 --epochs 1000000 --out m & "
                "while ! test -s m.checkpoint; do sleep 0.01; done; kill -TERM $!; wait $!");
  CAPTURE(stopped.errors);
  REQUIRE(folder.has("m.checkpoint"));
  CHECK(has(stopped.errors, "--resume m.checkpoint --out m --labels kind"));
  for (const Words& option : {Words{"--label-weight", "1"}, Words{"--class-weights", "none"}})
    check_failure(folder, with({"train", "data.csv", "--labels", "kind", "--resume", "m.checkpoint"}, option),
                  2, {option[0] + ": is fixed by the checkpoint"});
  check_failure(folder, {"train", "other.csv", "--resume", "m.checkpoint"}, 1, {"other.csv: has no labels"});
}

TEST_CASE("train: balanced labels weigh alike, and the page says what each counts") {
  const Folder folder;
  folder.write("data.csv", table({90, 6, 30}));
  run_well(folder, with(train, {"--quiet", "--class-weights", "balanced", "--report", "page"}));
  const std::string page = folder.read("page");
  CHECK(has(page,
            "Learned from examples of rest (90, each counts 0.467), run (30, each counts 1.4), walk (6, each "
            "counts 7)."));
}

TEST_CASE("report: of labels, with confusions, certainty and mistakes, and the command that repeats it") {
  for (const Words& more :
       {Words{"--report", "page.html"}, Words{"--label-weight", "0.9", "--report", "page.html"}}) {
    const Folder folder;
    const Words words = with({"train", "digits", "--labels", "digits", "--hidden", "8", "--epochs", "4",
                              "--validation", "digits-test", "--out", "m"},
                             more);
    const Result result = run_well(folder, words);
    const std::string page = folder.read("page.html");
    const Html html(page);
    for (const char* part : {"Accuracy, validation", "What is taken for what", "Confused most often",
                             "Are its probabilities what they say?", "How sure it is", "Mistakes",
                             "Label error", "64 visible units, 10 labels and 8 hidden units", "Filters"})
      CHECK(has(page, part));
    const bool chains = words.size() > 14;
    CHECK(has(page, ">Samples<") == chains);
    CHECK(has(page, "Reconstruction error") == chains);
    for (const char* wrong : {"http", "nan", "inf<"}) CHECK_FALSE(has(page, wrong));
    const std::size_t begin = page.find("<code>rbm train ") + 9, end = page.find("</code>");
    const Folder again;
    run_shell(again, "\"$RBM\"" + page.substr(begin, end - begin));
    CHECK((again.content() == folder.content()));
  }
}

TEST_CASE("report: mistakes among readings are curves beside the means of their labels") {
  const Folder folder;
  folder.write("data.csv", table({30, 30, 30}) + "0,0,run\n");
  run_well(folder, with(train, {"--quiet", "--report", "page"}));
  const std::string page = folder.read("page");
  const Html html(page);
  CHECK(has(page, "run \u2192 rest, "));
  CHECK(has(page, "mean of the label said"));
  CHECK(has(page, "Accuracy, training"));
  CHECK(has(page, "expect less of others"));
}

TEST_CASE("train: a limit for what is odd, of a model with labels") {
  const Folder folder;
  folder.write("data.csv", table({60, 60, 60}));
  const Result result =
      run_well(folder, with(train, {"--label-weight", "0", "--epochs", "20", "--false-alarms", "5%"}));
  CHECK(has(result.errors, "for 5 % of false alarms"));
  CHECK(tool::read_model(folder.path("m")).calibration.has_value());
}

TEST_CASE("train: what labels cannot be, or be without, is refused before the work") {
  const Folder folder;
  folder.write("data.csv", table({5, 5, 5}));
  const auto refused = [&](const Words& more, int status, const std::string& part) {
    check_failure(folder, with({"train", "data.csv", "--out", "m"}, more), status, {part});
  };
  refused({"--recipe", "labels"}, 2, "--recipe labels needs --labels");
  refused({"--label-weight", "0.5"}, 2, "--label-weight is for --labels");
  refused({"--class-weights", "balanced"}, 2, "--class-weights is for --labels");
  refused({"--labels", "kind", "--label-weight", "1.5"}, 2, "--label-weight");
  for (const Words& option :
       {Words{"--gibbs-steps", "5"}, Words{"--method", "pcd"}, Words{"--centring", "0.01"}})
    refused(with({"--labels", "kind"}, option), 2,
            option[0] + ": does nothing where labels alone are learned");
  for (const Words& option : {Words{"--nats", "1"}, Words{"--false-alarms", "1%"}})
    refused(with({"--labels", "kind"}, option), 2, option[0] + ": how probable an example is");
  refused({"--labels", "kind", "--hold-out", "0.5", "--stop-gap", "1"}, 2,
          "--stop-gap: how probable an example is");
  refused({"--labels", "kind", "--validation-labels", "kind"}, 2,
          "--validation-labels is for --validation and --labels");
  refused({"--labels", "kind", "--hold-out", "0.001"}, 1, "too few for this --hold-out");
  check_failure(folder, {"train", "digits", "--labels", "65", "--out", "m"}, 1,
                {"65: cannot open: No such file or directory; digits has no columns: --labels digits takes "
                 "its own labels"});
}

TEST_CASE(
    "train: pictures are moved where --shift says so, alike by any number of threads; nothing else is") {
  const Folder folder;
  const Words moved{"train", "digits", "--hidden", "8", "--epochs", "2", "--shift", "1", "--threads"};
  run_well(folder, with(moved, {"1", "--out", "one"}));
  run_well(folder, with(moved, {"3", "--out", "three"}));
  run_well(folder, {"train", "digits", "--hidden", "8", "--epochs", "2", "--out", "still"});
  CHECK(folder.read("one") == folder.read("three"));
  CHECK(folder.read("one") != folder.read("still"));
  CHECK(has(folder.read("one"), "\"shift\":\"1\""));
  CHECK_FALSE(has(folder.read("still"), "shift\""));
  folder.write("data.csv", table({20, 20}));
  const Result refused = run(folder, with(train, {"--shift", "1"}));
  CHECK(refused.status == 1);
  CHECK(has(refused.errors, "data.csv: its examples are no pictures of intensities, which --shift moves"));
}
