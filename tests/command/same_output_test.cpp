// What must not change an output: threads, a terminal, a file that comes by standard input.
#include <doctest/doctest.h>

#include <string>
#include <vector>

#include "tests/support/trained.hpp"
#include "tools/data/data_file.hpp"
#include "tools/data/dataset.hpp"

using namespace fixture;

TEST_CASE("no thread, no quiet and no terminal changes what is written") {
  const Trained trained;
  const Folder& folder = trained.folder;
  const std::vector<Words> commands{{"evaluate", "model", "digits", "--json", "--temperatures", "200"},
                                    {"features", "model", "digits", "--visible", "sampled", "--out", "-"},
                                    {"reconstruct", "model", "digits", "--out", "-"},
                                    {"score", "model", "digits"},
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
  CHECK(
      (run_well(folder, {"features", "model", "-", "--maximum", "1", "--out", "-"}, {csv}).output == table));
  CHECK(run_well(folder, {"info", "-"}, {csv}).output.find("297") != std::string::npos);
}
