// What rbm evaluate says of log Z and the log-likelihood, against enumeration in double precision.
#include "tools/inference/likelihood.hpp"

#include <doctest/doctest.h>

#include <chrono>
#include <cmath>
#include <csignal>
#include <thread>

#include "tests/support/random_model.hpp"
#include "tests/support/reference.hpp"
#include "tests/support/sample_files.hpp"
#include "tests/support/trained.hpp"
#include "tools/model/model_file.hpp"

using namespace fixture;

namespace {

/// A folder with a model of the digits that has so few hidden units that its Z is known.
struct SmallTrained {
  Folder folder;
  tool::Model model;

  SmallTrained() {
    run_well(folder, {"train", "digits", "--hidden", "9", "--epochs", "5", "--out", "model"});
    model = tool::read_model(folder.path("model"));
  }

  /// log Z, by enumeration of the hidden units.
  double log_partition() const {
    double sum = 0;
    for (std::size_t h = 0; h < std::size_t{1} << model.hidden; ++h) {
      double log_term = 0;
      for (std::size_t i = 0; i < model.hidden; ++i)
        if (h >> i & 1) log_term += static_cast<double>(model.hidden_bias[i]);
      for (std::size_t j = 0; j < model.visible; ++j) {
        double input = static_cast<double>(model.visible_bias[j]);
        for (std::size_t i = 0; i < model.hidden; ++i)
          if (h >> i & 1) input += static_cast<double>(model.weights[i * model.visible + j]);
        log_term += reference::softplus(input);
      }
      sum += std::exp(log_term);
    }
    return std::log(sum);
  }
};

bool has_any(const Json& line, const Words& ways) {
  for (const std::string& way : ways)
    for (const char* figure : {"_log_partition", "_log_likelihood"})
      if (line.has(way + figure) || line.has(way + figure + "_standard_error")) return true;
  return false;
}

}  // namespace

TEST_CASE("evaluate: log Z of a small model is exact, and annealed only where asked for") {
  const SmallTrained trained;
  const double log_z = trained.log_partition();
  const Json line = report(trained.folder, {"evaluate", "model", "digits-test", "--visible", "thresholded"});
  CHECK(line.number("exact_log_partition") == doctest::Approx(log_z).epsilon(1e-6));
  CHECK(line.number("exact_log_partition_standard_error") == 0);
  CHECK(line.number("exact_log_likelihood") ==
        doctest::Approx(-line.number("free_energy") - log_z).epsilon(1e-6));
  CHECK(line.number("exact_log_likelihood_standard_error") == line.number("free_energy_standard_error"));
  CHECK_FALSE(has_any(line, {"annealed", "reverse"}));
  CHECK_FALSE(line.has("chains"));

  const Json both = report(trained.folder, {"evaluate", "model", "digits-test", "--visible", "thresholded",
                                            "--temperatures", "3000", "--chains", "50"});
  CHECK(both.number("exact_log_partition") == line.number("exact_log_partition"));
  CHECK(both.number("chains") == 50);
  CHECK(both.number("temperatures") == 3000);
  CHECK(both.number("effective_chains") > 40);
  CHECK(both.number("effective_chains") <= 50);
  for (const std::string way : {"annealed", "reverse"}) {
    CAPTURE(way);
    const double value = both.number(way + "_log_partition"),
                 error = both.number(way + "_log_partition_standard_error");
    CHECK(error < 0.05);
    CHECK(std::fabs(value - log_z) < 0.1);
    CHECK(both.number(way + "_log_likelihood") ==
          doctest::Approx(-line.number("free_energy") - value).epsilon(1e-9));
    CHECK(both.number(way + "_log_likelihood_standard_error") ==
          doctest::Approx(std::hypot(error, line.number("free_energy_standard_error"))).epsilon(1e-9));
  }
}

TEST_CASE("evaluate: log Z of a larger model is annealed from both sides, or left out") {
  const Trained trained;
  const Words words{"evaluate", "model", "digits-test", "--temperatures", "2000"};
  const Json line = report(trained.folder, words);
  CHECK_FALSE(has_any(line, {"exact"}));
  CHECK(line.number("chains") == 100);
  CHECK(std::fabs(line.number("annealed_log_partition") - line.number("reverse_log_partition")) < 0.1);
  CHECK(line.number("annealed_log_likelihood") < line.number("pseudo_likelihood") + 10);

  const Json without = report(trained.folder, {"evaluate", "model", "digits-test", "--temperatures", "0"});
  CHECK_FALSE(has_any(without, {"exact", "annealed", "reverse"}));
  CHECK(without.number("free_energy") == line.number("free_energy"));
}

TEST_CASE("evaluate: estimates are the same for any number of threads, and others for another seed") {
  const Trained trained;
  Words words{"evaluate", "model", "digits-test", "--temperatures", "200", "--chains", "10", "--json"};
  const std::string output = run_well(trained.folder, words).output;
  for (const char* threads : {"1", "3", "7", "20"}) {
    Words with_threads = words;
    with_threads.insert(with_threads.end(), {"--threads", threads});
    CHECK(run_well(trained.folder, with_threads).output == output);
  }
  words.insert(words.end(), {"--seed", "2"});
  CHECK(Json(split_lines(run_well(trained.folder, words).output).at(0)).number("annealed_log_partition") !=
        Json(split_lines(output).at(0)).number("annealed_log_partition"));
}

TEST_CASE("evaluate: prose says which log Z it is, and what was done to the data") {
  const SmallTrained small;
  const Trained trained;
  const std::string exact =
      run_well(small.folder, {"evaluate", "model", "digits-test", "--visible", "thresholded"}).output;
  CHECK(exact.find("\nlog Z, exact ") != std::string::npos);
  CHECK(exact.find("\nlog-likelihood, exact ") != std::string::npos);
  CHECK(exact.find(" nats an example, data thresholded\n") != std::string::npos);
  const std::string annealed =
      run_well(trained.folder, {"evaluate", "model", "digits-test", "--temperatures", "100"}).output;
  for (const char* part :
       {"\nlog Z, annealed ", " of 100 chains effective\n", "\nlog-likelihood, annealed ",
        "\nlog Z, reverse ", "\nlog-likelihood, reverse ", " nats an example, data sampled\n"})
    CHECK(annealed.find(part) != std::string::npos);
  const Words real{"evaluate", "model", "digits-test", "--visible", "means"};
  CHECK(run_well(small.folder, real).output.find("log-likelihood        not defined for means of bits\n") !=
        std::string::npos);
  CHECK_FALSE(has_any(report(small.folder, real), {"exact", "annealed", "reverse"}));
}

TEST_CASE("evaluate: fewer examples than chains are returned from once each") {
  const Folder folder;
  folder.write("model", small_model());
  folder.write("data.csv", "0,1,1\n1,0,0\n1,1,1\n");
  const Json line = report(folder, {"evaluate", "model", "data.csv", "--temperatures", "500"});
  CHECK(line.number("annealed_log_partition") ==
        doctest::Approx(line.number("exact_log_partition")).epsilon(0.01));
  CHECK(std::fabs(line.number("reverse_log_partition") - line.number("exact_log_partition")) < 0.2);
}

TEST_CASE("evaluate: annealing ends where it is interrupted") {
  const Folder folder;
  folder.write("model", trained_model());
  Running running(folder,
                  {Running::command(), "evaluate", "model", "digits-test", "--temperatures", "100000000"});
  std::this_thread::sleep_for(std::chrono::milliseconds(500));
  CHECK(running.at_work());
  running.signal(SIGINT);
  const Result result = running.wait();
  CHECK(result.status == 130);
  CHECK(result.output.empty());
}

TEST_CASE("states to return from are spread evenly over the examples") {
  const tool::Model model(3, 1, {1, 3});
  tool::AnnealingData data(model, 10, 4);
  const std::vector<std::vector<rbm::Unit>> states{{0},    {0, 1},    {},     {2}, {1},
                                                   {0, 2}, {0, 1, 2}, {1, 2}, {0}, {0}};
  for (const std::vector<rbm::Unit>& state : states) data.add({state.data(), nullptr, state.size()});
  CHECK(data.rows() == 10);
  REQUIRE(data.starts().size() == 4);
  for (const std::size_t n : {0u, 1u, 2u, 3u}) {
    CHECK(data.starts()[n].units == states[std::vector<std::size_t>{0, 2, 5, 7}[n]]);
    CHECK(data.starts()[n].factors.empty());
  }
  CHECK(data.means() == std::vector<float>{0.6f, 0.4f, 0.4f});
}

TEST_CASE("annealing takes the means of readings, in their own units, and states to return from") {
  const MixedModel mixed(mixed_kinds(), 3, 2, 0.5f, 41);
  const tool::Model model = to_tool_model(mixed);
  const tool::Examples examples = reading_examples(mixed, 50);
  platform::Threads threads(1);
  platform::Progress quiet(true);
  const tool::AnnealingData data = tool::draw_annealing_data(model, examples, 10, {threads, quiet});
  const std::vector<float> means = data.means();
  for (std::size_t j = 0; j < 7; ++j) {
    double sum = 0;
    for (std::size_t n = 0; n < 50; ++n) sum += static_cast<double>(examples.data.values[n * 7 + j]);
    CHECK(means[j] == doctest::Approx(sum / 50).epsilon(1e-5));
  }
  REQUIRE(data.starts().size() == 10);
  const std::vector<float> row(examples.data.values.begin() + 5 * 7, examples.data.values.begin() + 6 * 7);
  const std::vector<double> start = to_values(data.starts()[1], 7);
  for (std::size_t j = 0; j < 7; ++j)
    CHECK(start[j] == doctest::Approx(mixed.exact().seen(to_state(row))[j]).epsilon(1e-4));

  // Few hidden units decide; annealing where it is asked for agrees.
  tool::AnnealingOptions options;
  options.temperatures = 300;
  options.beside_exact = true;
  const tool::LogPartitions found = tool::find_log_partitions(model, data, options, {threads, quiet});
  const double exact = mixed.exact().log_partition();
  REQUIRE(found.exact);
  CHECK(*found.exact == doctest::Approx(exact).epsilon(1e-6));
  CHECK(std::fabs(static_cast<double>(found.annealed->value) - exact) <
        once_in_a_million * static_cast<double>(found.annealed->standard_error));
  CHECK(std::isfinite(found.reverse->value));
  tool::Model wide(3, 25, {1, 3});
  CHECK(tool::is_enumerable(wide));
  wide.set_groups({{rbm::VisibleKind::real, 0, 3}}, 0);
  CHECK_FALSE(tool::is_enumerable(wide));
}
