// The page that the built command makes of a training run.
#include <doctest/doctest.h>

#include "tests/support/command.hpp"
#include "tests/support/strict_html.hpp"
#include "tools/model/model.hpp"
#include "tools/model/model_file.hpp"

using namespace fixture;

namespace {

std::string replaced(std::string text, const std::string& part, const std::string& by) {
  for (std::size_t at = text.find(part); at != std::string::npos; at = text.find(part, at + by.size()))
    text.replace(at, part.size(), by);
  return text;
}

/// The text between two marks, as a reader sees it.
std::string between(const std::string& page, const std::string& from, const std::string& to) {
  const std::size_t begin = page.find(from);
  REQUIRE(begin != std::string::npos);
  const std::size_t end = page.find(to, begin + from.size());
  REQUIRE(end != std::string::npos);
  std::string text = page.substr(begin + from.size(), end - begin - from.size());
  for (const auto& [entity, character] : {std::make_pair("&lt;", "<"), std::make_pair("&gt;", ">"),
                                          std::make_pair("&quot;", "\""), std::make_pair("&amp;", "&")})
    text = replaced(text, entity, character);
  return text;
}

std::string command_in(const std::string& page) {
  const std::string command = between(page, "<code>", "</code>");
  REQUIRE(command.substr(0, 10) == "rbm train ");
  return "\"$RBM\"" + command.substr(3);
}

}  // namespace

TEST_CASE("report: whole and well-formed, with every option, and the command that repeats the run") {
  for (const Words& recipe :
       {Words{"--epochs", "3"},
        Words{"--optimizer", "sgd", "--learning-rate", "0.005", "--momentum", "0.5", "--final-momentum", "0",
              "--epochs", "3", "--nats", "2", "--hold-out", "0.1", "--maximum", "17"},
        Words{"--recipe", "likelihood", "--sparsity-cost", "0.01", "--seed", "5", "--epochs", "6",
              "--validation", "digits-test", "--stop-gap", "-0.0"},
        Words{"--visible", "means", "--epochs", "2", "--validation", "digits-test"}}) {
    Words words = with({"train", "digits", "--hidden", "12", "--report", "a <page> & it's $HOME.html",
                        "--out", "it's \"new\""},
                       recipe);
    for (std::string& word : words)
      if (word == "-0.0") word = "0.5";
    INFO(shown(words));
    const Folder folder;
    const Result result = run_well(folder, words);
    CHECK(folder.names() == Words{"a <page> & it's $HOME.html", "it's \"new\""});
    CHECK(split_lines(result.errors).back() == "wrote a <page> & it's $HOME.html");
    const std::string page = folder.read("a <page> & it's $HOME.html");
    const Html html(page);
    CHECK(html.count("img") == 3);
    for (const char* elsewhere : {"http", "<script", "<link", "@import", "url(", "nan<", "inf<"})
      CHECK(page.find(elsewhere) == std::string::npos);

    const tool::Model model = tool::read_model(folder.path("it's \"new\""));
    const auto option = [&](const std::string& name) {
      return between(page, "<dt>--" + name + "</dt><dd>", "</dd>");
    };
    for (const auto& [key, value] : model.metadata)
      if (key != "format" && key != "height" && key != "width" && key != "epochs_done")
        CHECK(option(replaced(key, "_", "-")) == value);

    const auto before = folder.content();
    const Folder again;
    const Result repeated = run_shell(again, command_in(page));
    CAPTURE(repeated.errors);
    CHECK(repeated.status == 0);
    CHECK((again.content() == before));
  }
}

TEST_CASE("report: of data on standard input, and to standard output") {
  const Folder folder;
  const Setting data{"0,1,1\n1,0,1\n1,1,0\n0,0,1\n"};
  const Result result = run_well(
      folder, {"train", "-", "--hidden", "2", "--epochs", "2", "--report", "-", "--out", "new"}, data);
  CHECK(folder.names() == Words{"new"});
  const Html html(result.output);
  CHECK(command_in(result.output) ==
        "\"$RBM\" train - --hidden 2 --epochs 2 --report - --maximum 1 --out new");
}

TEST_CASE("report: readings are curves beside what the model makes of them, and so are filters") {
  const Folder folder;
  folder.write("readings.csv", "-3,20.5\n-2.5,21\n-3.5,19\n-1,20\n");
  run_well(folder, {"train", "readings.csv", "--hidden", "2", "--epochs", "2", "--quiet", "--report", "page",
                    "--out", "new"});
  const std::string page = folder.read("page");
  const Html html(page);
  CHECK(html.count("img") == 0);
  for (const char* title : {"Example 4", "Made up", "Hidden units"}) CHECK(page.find(title) != std::string::npos);
  CHECK(page.find("Example 5") == std::string::npos);
}

TEST_CASE("report: a place where it cannot be is refused before the work, and leaves no trace") {
  const Folder folder;
  folder.write("old", "as it was");
  const Words words{"train", "digits", "--hidden", "500", "--epochs", "1000000", "--out", "new"};
  const auto refused = [&](const Words& more, int status, const std::string& message) {
    check_failure(folder, with(words, more), status, {"rbm: " + message + "\n"});
  };
  refused({"--report", "no/x"}, 1, "no/x: cannot write: No such file or directory");
  refused({"--report", "."}, 1, ".: is a directory");
  refused({"--report", "new"}, 2, "new: cannot write: it is the same file as the output new");
  refused({"--report", "./new.checkpoint"}, 2,
          "./new.checkpoint: cannot write: it is the same file as the output new.checkpoint");
}
