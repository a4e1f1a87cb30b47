// rbm quantize as a user runs it: what it writes, says and finds out.
#include <doctest/doctest.h>

#include <cmath>
#include <cstdio>

#include "tests/support/random_quantized.hpp"
#include "tests/support/trained.hpp"
#include "tools/model/c_header_reader.hpp"
#include "tools/quantization/quantize_report.hpp"
#include "tools/quantization/rounding.hpp"

using namespace fixture;

namespace {

/// A model of the digits with few enough hidden units for an exact log Z, as the file model.
struct Small {
  Folder folder;

  Small() {
    static const std::string bytes = [] {
      const Folder training;
      run_well(training, {"train", "digits", "--hidden", "12", "--recipe", "likelihood", "--epochs", "60",
                          "--quiet", "--out", "model"});
      return training.read("model");
    }();
    folder.write("model", bytes);
  }

  /// What quantize says with these options, whose header is m.h.
  Json quantize(const Words& options) const {
    return report(folder, with({"quantize", "model", "--out", "m.h", "--quiet"}, options));
  }

  double exact_log_likelihood(const std::string& model) const {
    return report(folder, {"evaluate", model, "digits-test", "--quiet"}).number("exact_log_likelihood");
  }
};

tool::QuantizedModel read_integers(const Folder& folder, const std::string& name) {
  return tool::read_c_header(folder.read(name), name).model;
}

/// What people are told.
std::string prose(const tool::Quantization& made) {
  std::FILE* const file = std::tmpfile();
  REQUIRE(file != nullptr);
  tool::quantization_facts(made, {"m.h", "m"}).print(false, file);
  std::string text(static_cast<std::size_t>(std::ftell(file)), '\0');
  std::rewind(file);
  REQUIRE(std::fread(text.data(), 1, text.size(), file) == text.size());
  std::fclose(file);
  return text;
}

bool has(const std::string& text, const std::string& part) {
  return text.find(part) != text.npos;
}

}  // namespace

TEST_CASE("quantize: sizes and ranges in JSON are those of the header, for each width") {
  const Trained trained;
  for (const unsigned bits : {8u, 4u, 2u, 1u}) {
    const std::string width = std::to_string(bits);
    const Json line =
        report(trained.folder, {"quantize", "model", "--bits", width, "--name", "digits", "--out", "m.h"});
    const tool::QuantizedModel integers = read_integers(trained.folder, "m.h");
    CHECK(same(integers, tool::rounded(trained.model, bits, 1)));
    CHECK(line.text("out") == "m.h");
    CHECK(line.text("name") == "digits");
    CHECK(line.number("visible") == 64);
    CHECK(line.number("hidden") == 32);
    CHECK(line.number("pruned") == 0);
    CHECK(line.number("bits") == bits);
    CHECK(line.number("rounded_away") == 0);
    // 64 codes a row fill whole words; a shift a row; biases of 2 bytes; two tables of 190.
    CHECK(line.number("flash_bytes") == 32 * (8 * bits + 1) + 2 * (64 + 32));
    CHECK(line.number("shared_flash_bytes") == 760);
    CHECK(line.number("ram_bytes") == 4 * (16 + 8 + 16 + 1) + 8 + 64);
    CHECK(line.number("hidden_unscaled_sum_least") ==
          static_cast<double>(tool::hidden_sums(integers).multiples.least));
    CHECK(line.number("visible_unscaled_sum_most") ==
          static_cast<double>(tool::visible_sums(integers).multiples.most));
    CHECK(line.number("hidden_sum_bits") == 16);
    CHECK_FALSE(line.has("nats_lost"));
    CHECK_FALSE(line.has("hidden_disagreement"));
  }
}

TEST_CASE("quantize: threads, quiet, JSON and the kind of terminal never change a byte") {
  const Small small;
  const Folder& folder = small.folder;
  for (const Words& options : {Words{}, Words{"--bits", "4", "--data", "digits-test"},
                               Words{"--bits", "2", "--tune", "digits", "--epochs", "3"},
                               Words{"--budget", "1280", "--data", "digits-test"},
                               Words{"--budget", "1280", "--bits", "4", "--tune", "digits", "--epochs", "3",
                                     "--data", "digits-test", "--standalone"}}) {
    const Words words = with({"quantize", "model", "--out", "m.h"}, options);
    const Result first = run_well(folder, with(words, {"--threads", "1"}));
    const std::string header = folder.read("m.h");
    CHECK(has(header, "with rbm/quantized.h inside") ==
          (!options.empty() && options.back() == "--standalone"));
    for (const Words& more : {Words{"--threads", "3"}, Words{"--quiet"}, Words{"--json", "--threads", "2"}})
      for (const bool terminal : {false, true}) {
        std::filesystem::remove(folder.path("m.h"));
        Setting setting;
        setting.terminal = terminal;
        const Result again = run_well(folder, with(words, more), setting);
        INFO(shown(with(words, more)));
        CHECK((folder.read("m.h") == header));
        if (more[0] != "--json") CHECK(again.output == first.output);
        if (more[0] == "--quiet") CHECK(again.errors.empty());
      }
    run_well(folder, {"info", "m.h"});
  }
}

TEST_CASE("quantize: interrupted while it tunes, it leaves nothing") {
  const Small small;
  Running running(small.folder, {Running::command(), "quantize", "model", "--bits", "2", "--tune", "digits",
                                 "--epochs", "1000000", "--quiet", "--out", "m.c"});
  while (running.at_work() && small.folder.names().size() < 3) std::this_thread::yield();
  running.signal(SIGINT);
  CHECK(running.wait().status == 130);
  CHECK(small.folder.names() == Words{"model"});
}

TEST_CASE("quantize --data: nats lost are the difference of exact log-likelihoods, pruned or not") {
  const Small small;
  const double original = small.exact_log_likelihood("model");
  for (const Words& options :
       {Words{"--bits", "8"}, Words{"--bits", "4"}, Words{"--bits", "2"}, Words{"--bits", "1"},
        Words{"--bits", "4", "--tune", "digits", "--epochs", "20"}, Words{"--bits", "8", "--budget", "1300"},
        Words{"--budget", "1100"}}) {
    INFO(shown(options));
    const Json line = small.quantize(with(options, {"--data", "digits-test"}));
    const double lost = original - small.exact_log_likelihood("m.h");
    CHECK(std::fabs(line.number("nats_lost") - lost) < 2e-4);
    CHECK(line.number("log_partition_change_standard_error") == 0);
    CHECK_FALSE(line.has("effective_chains"));
    CHECK(read_integers(small.folder, "m.h").hidden == 12 - line.number("pruned"));
    if (options.size() == 2 && options[1] == "8") CHECK(std::fabs(lost) < 0.05);
  }
}

TEST_CASE("quantize --tune: few bits lose less") {
  const Small small;
  for (const char* bits : {"2", "1"}) {
    const Words options{"--bits", bits, "--data", "digits-test"};
    const double rounded = small.quantize(options).number("nats_lost"),
                 tuned = small.quantize(with(options, {"--tune", "digits"})).number("nats_lost");
    CHECK(tuned < 0.5 * rounded);
  }
}

TEST_CASE("quantize --budget: the best of what fits, within the budget") {
  const Small small;
  for (const char* budget : {"900", "1000", "1200", "1500"}) {
    CAPTURE(budget);
    const Json line = small.quantize({"--budget", budget, "--data", "digits-test"});
    CHECK(line.number("flash_bytes") + line.number("shared_flash_bytes") <= std::atof(budget));
    double least = 1e9;
    for (const std::string bits : {"8", "4", "2", "1"}) {
      const std::string name = "tried_" + bits + "_bits";
      if (!line.has(name + "_hidden")) continue;
      // The only width allowed, it is made the same way.
      const Json alone = small.quantize({"--budget", budget, "--bits", bits, "--data", "digits-test"});
      CHECK(alone.number("hidden") == line.number(name + "_hidden"));
      CHECK(alone.number("nats_lost") == line.number(name + "_nats_lost"));
      least = std::min(least, alone.number("nats_lost"));
    }
    CHECK(line.number("nats_lost") == least);
    CHECK(line.number("tried_" + std::to_string(static_cast<int>(line.number("bits"))) + "_bits_hidden") ==
          line.number("hidden"));
  }
  // Where all fits, it is what there is without a budget; without data, the loss is the divergence.
  run_well(small.folder, {"quantize", "model", "--name", "m", "--out", "plain.h"});
  const Json all = small.quantize({"--budget", "100000"});
  CHECK((small.folder.read("m.h") == small.folder.read("plain.h")));
  CHECK(all.number("nats_lost") > -0.001);
  CHECK(all.number("nats_lost") < 0.05);
}

TEST_CASE("quantize: what it tells people") {
  const Small small;
  const std::string text = run_well(small.folder, {"quantize", "model", "--out", "m.c", "--budget", "1280",
                                                   "--data", "digits-test", "--quiet"})
                               .output;
  for (const std::string part :
       {"header                m.c and m.h: m\n", "64 visible units, ",
        " of 12 hidden units kept, weights of ", "tried                 8 bits, ",
        "\n                      4 bits, ", " nats lost, the fewest\n",
        " bytes, and 760 for tables that all models share\n", "hidden sums           16 bits: ",
        "visible sums          16 bits: ", " before scale and bias, whatever the input\n", " in floats, ",
        " in integers\n", " % of them are likelier on in one", ", rank correlation of the two\n",
        "nats lost             "}) {
    CAPTURE(part);
    CHECK(has(text, part));
  }

  tool::Quantization made;
  made.model = random_quantized(9, 3, 4, 1);
  made.original_hidden = 3;
  made.kept = {0, 1, 2};
  const std::string few = "the +/- is too small: only 12 annealing chains carry the estimate\n";
  CHECK_FALSE(has(prose(made), "nats lost"));
  CHECK_FALSE(has(prose(made), "rounded away"));
  made.loss = tool::QuantizationLoss{{30, 0.2}, {1, 0.2}, 12.3f};
  CHECK(has(prose(made), "nats lost     30.00 +/- 0.20 an example that the model makes up\n"));
  CHECK(has(prose(made), few));
  made.loss->effective_chains = 31.0f;
  CHECK_FALSE(has(prose(made), "of which"));
  made.loss->effective_chains.reset();
  CHECK_FALSE(has(prose(made), "of which"));
  std::fill_n(made.model.codes.begin() + 9, 9, std::uint8_t{8});
  CHECK(has(prose(made), "rounded away  1 hidden unit: "));
}

TEST_CASE("quantize: a single example leaves figures that one alone does not tell untold") {
  const Small small;
  std::string one;
  for (int j = 0; j < 64; ++j) one += j % 3 == 0 ? "1," : "0,";
  one.back() = '\n';
  small.folder.write("one.csv", one);
  const std::string text = run_well(small.folder, {"quantize", "model", "--out", "m.h", "--data", "one.csv",
                                                   "--maximum", "1", "--quiet"})
                               .output;
  CHECK_FALSE(has(text, "nan"));
  CHECK_FALSE(has(text, "rank correlation"));
  CHECK(has(text, "nats lost"));
}

TEST_CASE("quantize: models of one unit work") {
  for (const auto& [visible, hidden] : {std::make_pair(1, 1), std::make_pair(1, 5), std::make_pair(5, 1)}) {
    const Folder folder;
    std::string data;
    for (int n = 0; n < 40; ++n)
      for (int j = 0; j < visible; ++j)
        data += std::string(1, "01"[(n + j) % 3 == 0]) + (j + 1 < visible ? "," : "\n");
    folder.write("data.csv", data);
    run_well(folder, {"train", "data.csv", "--hidden", std::to_string(hidden), "--epochs", "30", "--quiet",
                      "--out", "model"});
    for (const char* bits : {"8", "4", "2", "1"})
      for (const Words& more : {Words{}, Words{"--data", "data.csv", "--tune", "data.csv", "--epochs", "3"},
                                Words{"--budget", "800", "--data", "data.csv"}}) {
        const Words words = with({"quantize", "model", "--bits", bits, "--out", "m.h", "--quiet"}, more);
        const Json line = report(folder, words);
        CHECK(line.number("visible") == visible);
        CHECK(line.number("hidden") == hidden);
        run_well(folder, {"info", "m.h"});
        if (bits[0] == '8' && more.size() == 4) CHECK(std::fabs(line.number("nats_lost")) < 0.01);
      }
    const Json best = report(folder, {"quantize", "model", "--budget", "800", "--out", "m.h", "--quiet"});
    CHECK(std::fabs(best.number("nats_lost")) < 0.01);
  }
}
