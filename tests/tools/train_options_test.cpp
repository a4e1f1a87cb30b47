// What a training run is told by a command line.
#include "tools/commands/train_options.hpp"

#include <doctest/doctest.h>

#include "tests/support/recipes.hpp"
#include "tools/base/failure.hpp"

using namespace fixture;
using tool::Recipe;

TEST_CASE("recipe: without options it is the tutorial's, with sgd and its rate") {
  CHECK((fields(read_recipe({})) == fields(Recipe{})));
  CHECK((fields(read_recipe({"--recipe", "tutorial"})) == fields(Recipe{})));
  const auto metadata = fields(Recipe{});
  CHECK(metadata.size() == 20);
  CHECK(metadata.at("hidden") == "500");
  CHECK(metadata.at("learning_rate") == "0.005");
  CHECK(metadata.at("shuffle") == "false");
  CHECK(read_recipe({"--optimizer", "sgd"}).rate == 0.05);
  CHECK(read_recipe({"--optimizer", "sgd", "--learning-rate", "0.005"}).rate == 0.005);
}

TEST_CASE("recipe: likelihood in the words of its options, and a rate for any size") {
  CHECK(tool::to_words(read_recipe({"--recipe", "likelihood"})) ==
        " --optimizer sgd --learning-rate 0.252 --rate-decay 1.5 --final-gibbs-steps 5 --method pcd "
        "--centring 0.01 --average 0.3 --initial-bias data --shuffle");
  for (const auto& [hidden, rate] : {std::make_pair("1", 2.0), std::make_pair("16", 0.794),
                                     std::make_pair("64", 0.5), std::make_pair("65535", 0.05)})
    CHECK(read_recipe({"--recipe", "likelihood", "--hidden", hidden}).rate == rate);
}

TEST_CASE("recipe: an option takes the place of what the named recipe has, and of nothing else") {
  for (const std::string name : {"tutorial", "likelihood"}) {
    const Words named{"--recipe", name, "--optimizer", "sgd", "--hidden", "100", "--sparsity-cost", "0.2"};
    const auto without = fields(read_recipe(named));
    const auto check = [&](const Words& option, const std::string& key, const std::string& value) {
      auto expected = without;
      expected.at(key) = value;
      CAPTURE(key);
      CHECK((fields(read_recipe(fixture::with(named, option))) == expected));
    };
    check({"--batch", "7"}, "batch", "7");
    check({"--learning-rate", "0.125"}, "learning_rate", "0.125");
    check({"--rate-decay", "0"}, "rate_decay", "0");
    check({"--rate-decay", "2"}, "rate_decay", "2");
    check({"--final-momentum", "0.9"}, "final_momentum", "0.9");
    check({"--weight-decay", "0.001"}, "weight_decay", "0.001");
    check({"--final-gibbs-steps", "3"}, "final_gibbs_steps", "3");
    check({"--method", "cd"}, "method", "cd");
    check({"--method", "pcd"}, "method", "pcd");
    check({"--statistics", "probabilities"}, "statistics", "probabilities");
    check({"--centring", "0"}, "centring", "0");
    check({"--centring", "0.5"}, "centring", "0.5");
    check({"--sparsity-target", "0.05"}, "sparsity_target", "0.05");
    check({"--average", "0"}, "average", "0");
    check({"--average", "1"}, "average", "1");
    check({"--initial-bias", "zero"}, "initial_bias", "zero");
    check({"--initial-bias", "data"}, "initial_bias", "data");
    check({"--visible", "means"}, "visible", "means");
    check({"--shuffle"}, "shuffle", "true");
    check({"--seed", "18446744073709551615"}, "seed", "18446744073709551615");
    // What momentum and Gibbs steps grow to is where they are, unless told.
    const Recipe steps = read_recipe(fixture::with(named, {"--gibbs-steps", "3"}));
    CHECK(steps.gibbs_steps == 3);
    CHECK(steps.final_gibbs_steps == 3);
    const Recipe momentum = read_recipe(fixture::with(named, {"--momentum", "0.5"}));
    CHECK(momentum.momentum == 0.5);
    CHECK(momentum.final_momentum == 0.5);
  }
  const Recipe adam = read_recipe({"--recipe", "likelihood", "--optimizer", "adam"});
  CHECK(adam.rate == 0.005);
  CHECK((adam.method == tool::Method::persistent));
}

TEST_CASE("recipe: labels have one of their own, unless another is named") {
  const Words labels{"--labels", "kind"};
  CHECK((fields(read_recipe(labels)) == fields(tool::labels_recipe())));
  CHECK(
      (fields(read_recipe(fixture::with(labels, {"--recipe", "labels"}))) == fields(tool::labels_recipe())));
  const Recipe tutorial = read_recipe(fixture::with(labels, {"--recipe", "tutorial"}));
  CHECK(tutorial.has_labels);
  CHECK(tutorial.hidden == 500);
  CHECK(tutorial.label_weight == 1);
  const Recipe likelihood = read_recipe(fixture::with(labels, {"--recipe", "likelihood"}));
  CHECK(likelihood.label_weight == 0);
  CHECK((likelihood.method == tool::Method::persistent));
  const Recipe mixed = read_recipe(
      fixture::with(labels, {"--label-weight", "0.5", "--class-weights", "balanced", "--method", "pcd"}));
  CHECK(mixed.label_weight == 0.5);
  CHECK((mixed.class_weights == tool::ClassWeights::balanced));
  CHECK((mixed.method == tool::Method::persistent));
}

TEST_CASE("recipe: what would do nothing for labels, or without them, is refused") {
  for (const Words& words :
       {Words{"--recipe", "labels"}, Words{"--label-weight", "1"}, Words{"--class-weights", "none"},
        Words{"--labels", "kind", "--method", "cd"}, Words{"--labels", "kind", "--gibbs-steps", "1"},
        Words{"--labels", "kind", "--final-gibbs-steps", "1"},
        Words{"--labels", "kind", "--statistics", "states"}, Words{"--labels", "kind", "--centring", "0"},
        Words{"--labels", "kind", "--sparsity-cost", "0.1"},
        Words{"--labels", "kind", "--recipe", "likelihood", "--label-weight", "1", "--method", "pcd"}})
    CHECK_THROWS_AS(read_recipe(words), tool::Misuse);
}

TEST_CASE("recipe: what contradicts itself is refused") {
  for (const Words& words :
       {Words{"--momentum", "0.5"}, Words{"--final-momentum", "0.5"},
        Words{"--recipe", "likelihood", "--optimizer", "adam", "--momentum", "0"},
        Words{"--sparsity-target", "0.1"}, Words{"--sparsity-target", "0.1", "--sparsity-cost", "0"}})
    CHECK_THROWS_AS(read_recipe(words), tool::Misuse);
}

TEST_CASE("recipe: few data are seen as many times as make 50,000 batches") {
  const auto epochs = [](const Words& words, std::uint64_t examples) {
    const tool::Arguments arguments = parse_train(words);
    const auto kind = tool::DataKind::intensities;
    return tool::read_epochs(arguments, tool::read_recipe(arguments, kind), kind, examples);
  };
  const Words likelihood{"--recipe", "likelihood"};
  CHECK(epochs({}, 1) == 10);
  CHECK(epochs({}, 60000) == 10);
  CHECK(epochs({"--epochs", "7"}, 60000) == 7);
  CHECK(epochs(fixture::with(likelihood, {"--epochs", "7"}), 1) == 7);
  CHECK(epochs(likelihood, 60000) == 60);
  CHECK(epochs(likelihood, 1000000000) == 60);
  CHECK(epochs(likelihood, 1) == 50000);
  CHECK(epochs(likelihood, 64) == 50000);
  CHECK(epochs(likelihood, 65) == 25000);
  CHECK(epochs(likelihood, 1500) == 2084);  // of 24 batches: 50,016
  CHECK(epochs(fixture::with(likelihood, {"--batch", "10"}), 1500) == 334);
}
