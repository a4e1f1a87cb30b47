// What a training run is told: in metadata and back, in the words that repeat it, over time, to the trainer.
#include "tools/training/recipe.hpp"

#include <doctest/doctest.h>

#include <algorithm>
#include <cmath>

#include "tests/support/fixtures.hpp"
#include "tests/support/recipes.hpp"
#include "tools/base/failure.hpp"
#include "tools/commands/commands.hpp"

using namespace fixture;
using tool::Recipe;

namespace {

/// What to_words gives, each word on its own: no value of a recipe needs quotes.
Words split(const std::string& text) {
  Words words;
  for (std::size_t begin = 0; begin < text.size();) {
    REQUIRE(text[begin] == ' ');
    const std::size_t end = std::min(text.find(' ', begin + 1), text.size());
    words.push_back(text.substr(begin + 1, end - begin - 1));
    begin = end;
  }
  return words;
}

/// Any recipe that a command line can ask for; defaults more often than by chance, for they hang on others.
Recipe random_recipe(std::mt19937& random) {
  const auto below = [&](std::uint32_t count) { return static_cast<std::uint64_t>(random() % count); };
  const auto real = [&](double most) {
    const double share = static_cast<double>(random()) / 4294967295.0;
    return below(3) == 0 ? 0 : below(2) == 0 ? most : share * most;
  };
  Recipe recipe;
  recipe.hidden = 1 + below(65535);
  recipe.batch = 1 + below(21845);
  recipe.optimizer = below(2) ? tool::Optimizer::sgd : tool::Optimizer::adam;
  const double rates[] = {0.005, 0.05, 1e-9, 1e3, 0.1 + real(1)};
  recipe.rate = rates[below(5)];
  recipe.rate_decay = real(10);
  if (recipe.optimizer == tool::Optimizer::sgd) {
    recipe.momentum = real(0.9999);
    recipe.final_momentum = below(2) ? recipe.momentum : real(0.9999);
  }
  recipe.weight_decay = real(100);
  recipe.has_labels = below(2) == 1;
  if (recipe.has_labels) {
    recipe.label_weight = real(1);
    recipe.class_weights = below(2) ? tool::ClassWeights::balanced : tool::ClassWeights::none;
  }
  if (tool::is_generative(recipe)) {
    recipe.gibbs_steps = 1 + below(1000000);
    recipe.final_gibbs_steps = below(2) ? recipe.gibbs_steps : 1 + below(1000000);
    recipe.method = below(2) ? tool::Method::persistent : tool::Method::contrastive_divergence;
    recipe.statistics = below(2) ? tool::Statistics::probabilities : tool::Statistics::states;
    recipe.centring = real(1);
    recipe.sparsity_cost = real(100);
    if (recipe.sparsity_cost != 0) recipe.sparsity_target = real(1);
  }
  recipe.average = real(1);
  recipe.initial_bias = below(2) ? tool::InitialBias::data : tool::InitialBias::zero;
  recipe.visible = static_cast<rbm::VisibleUnits>(below(4));
  if (recipe.visible == rbm::VisibleUnits::real) {
    recipe.scale = static_cast<tool::Scale>(below(3));
    recipe.factors = below(1 + rbm::most_factors);
  }
  recipe.shuffle = below(2) == 1;
  recipe.shift = below(9);
  recipe.seed = std::uint64_t{random()} << 32 | random();
  return recipe;
}

std::string failure_text(const std::map<std::string, std::string>& metadata) {
  try {
    tool::recipe_in(metadata, "file");
  } catch (const tool::Failure& failure) {
    return failure.what();
  }
  return "none";
}

}  // namespace

TEST_CASE("recipe: the words that give it give the same again") {
  std::mt19937 random(1);
  for (int n = 0; n < 3000; ++n) {
    const Recipe recipe = random_recipe(random);
    const std::string words = tool::to_words(recipe);
    CAPTURE(words);
    const Words labels = recipe.has_labels ? Words{"--labels", "kind"} : Words{};
    REQUIRE((fields(read_recipe(fixture::with(split(words), labels))) == fields(recipe)));
  }
  CHECK(tool::to_words(Recipe{}).empty());
  CHECK(tool::to_words(read_recipe({"--optimizer", "sgd"})) == " --optimizer sgd");
}

TEST_CASE("recipe: the help of train names every option of the likelihood recipe and of that of labels") {
  std::string help(tool::train_command.notes);
  std::replace(help.begin(), help.end(), '\n', ' ');
  Recipe recipe = tool::likelihood_recipe();
  recipe.rate = tool::sgd_rate;  // the help says that it depends on --hidden
  const auto named = [&](std::string words) {
    std::size_t options = 0;
    for (std::size_t end; words.size() > 1; words.erase(0, end)) {
      end = std::min(words.find(" --", 1), words.size());
      CAPTURE(words.substr(0, end));
      CHECK(help.find(words.substr(0, end)) != help.npos);
      ++options;
    }
    return options;
  };
  CHECK(named(tool::to_words(recipe)) == 8);
  std::string words = tool::to_words(tool::labels_recipe());
  const std::string tutorial = " --recipe tutorial", decay = "3e-04";
  words.replace(words.find(decay), decay.size(), "0.0003");  // as people write it
  REQUIRE(words.substr(0, tutorial.size()) == tutorial);
  CHECK(named(words.substr(tutorial.size())) == 8);
}

TEST_CASE("recipe: metadata hold all of it") {
  std::mt19937 random(2);
  for (int n = 0; n < 3000; ++n) {
    const Recipe recipe = random_recipe(random);
    const Recipe read = tool::recipe_in(fields(recipe), "file");
    REQUIRE((fields(read) == fields(recipe)));
    // The words of a choice must not be those of the metadata, which end before the recipe does.
    REQUIRE(read.rate == recipe.rate);
    REQUIRE(read.seed == recipe.seed);
    REQUIRE((read.method == recipe.method));
    REQUIRE(read.has_labels == recipe.has_labels);
  }
}

TEST_CASE("recipe: metadata that lack a field, or hold what it cannot be, are refused by its name") {
  const auto whole = fields(Recipe{});
  CHECK(failure_text(whole) == "none");
  for (const auto& [key, value] : whole) {
    auto changed = whole;
    changed.erase(key);
    CHECK(failure_text(changed) == "file: is no checkpoint: its metadata lack '" + key + "'");
    for (const char* wrong : {"", "x", "-1", "nan", "1e99", "99999999999999999999", "True", "0 "}) {
      changed[key] = wrong;
      CHECK(failure_text(changed) ==
            "file: metadata '" + key + "' is '" + wrong + "', which is out of range");
    }
  }
}

TEST_CASE("recipe: the learning rate falls as (1 - t)^P") {
  Recipe recipe;
  recipe.rate = 0.3;
  for (const double power : {0.0, 0.25, 0.5, 1.0, 1.5, 2.0, 3.0, 4.75, 10.0}) {
    recipe.rate_decay = power;
    CAPTURE(power);
    CHECK(tool::rate_at(recipe, 0) == 0.3f);
    CHECK(tool::rate_at(recipe, 1) == (power == 0 ? 0.3f : 0.0f));
    for (const double t : {1e-6, 0.1, 0.5, 0.75, 0.999}) {
      const double exact = 0.3 * std::exp(power * std::log1p(-t));
      CHECK(static_cast<double>(tool::rate_at(recipe, t)) == doctest::Approx(exact).epsilon(1e-6));
    }
  }
}

TEST_CASE("recipe: Gibbs steps grow evenly, to the nearest whole number") {
  Recipe recipe;
  recipe.gibbs_steps = 2;
  recipe.final_gibbs_steps = 5;
  for (const auto& [t, steps] : {std::make_pair(0.0, 2u), std::make_pair(0.16, 2u), std::make_pair(0.17, 3u),
                                 std::make_pair(0.5, 4u), std::make_pair(0.84, 5u), std::make_pair(1.0, 5u)})
    CHECK(tool::gibbs_steps_at(recipe, t) == steps);
  recipe.final_gibbs_steps = 1;  // and shrink where asked to
  CHECK(tool::gibbs_steps_at(recipe, 1) == 1);
}

TEST_CASE("recipe: momentum grows over the first tenth, and stays") {
  Recipe recipe;
  recipe.momentum = 0.5;
  recipe.final_momentum = 0.9;
  for (const auto& [t, momentum] :
       {std::make_pair(0.0, 0.5), std::make_pair(0.025, 0.6), std::make_pair(0.05, 0.7),
        std::make_pair(0.1, 0.9), std::make_pair(0.5, 0.9), std::make_pair(1.0, 0.9)})
    CHECK(static_cast<double>(tool::momentum_at(recipe, t)) == doctest::Approx(momentum).epsilon(1e-6));
}

TEST_CASE("recipe: what the trainer is told") {
  const rbm::TrainOptions tutorial = tool::train_options(Recipe{});
  CHECK(tutorial.gibbs_steps == 1);
  CHECK_FALSE(tutorial.persistent);
  CHECK_FALSE(tutorial.mean_reconstructions);
  CHECK(tutorial.centring == 0);
  CHECK(tutorial.sparsity_cost == 0);
  CHECK((tutorial.visible_units == rbm::VisibleUnits::sampled));
  const rbm::TrainOptions told = tool::train_options(read_recipe(
      {"--method", "pcd", "--gibbs-steps", "5", "--statistics", "probabilities", "--centring", "0.02",
       "--sparsity-cost", "0.3", "--sparsity-target", "0.05", "--visible", "thresholded", "--seed", "9"}));
  CHECK(told.seed == 9);
  CHECK(told.gibbs_steps == 5);
  CHECK(told.persistent);
  CHECK(told.mean_reconstructions);
  CHECK(told.centring == 0.02f);
  CHECK(told.sparsity_cost == 0.3f);
  CHECK(told.sparsity_target == 0.05f);
  CHECK((told.visible_units == rbm::VisibleUnits::thresholded));
}

TEST_CASE("recipe: labels alone need no chains, and the trainer is told of none") {
  Recipe recipe = tool::likelihood_recipe();
  CHECK(tool::is_generative(recipe));
  CHECK(tool::is_persistent(recipe));
  recipe.has_labels = true;
  recipe.label_weight = 0.99;
  CHECK(tool::train_options(recipe).persistent);
  CHECK(tool::train_options(recipe).label_weight == 0.99f);
  recipe.label_weight = 1;
  CHECK_FALSE(tool::is_generative(recipe));
  CHECK_FALSE(tool::train_options(recipe).persistent);
  CHECK(fields(recipe).count("method") == 0);
  CHECK(fields(recipe).at("label_weight") == "1");
}

TEST_CASE("recipe: epochs for labels are 10,000 batches, but 5 to 1,000 epochs") {
  CHECK(tool::epochs_for_labels(100, 32) == 1000);
  CHECK(tool::epochs_for_labels(800, 32) == 400);
  CHECK(tool::epochs_for_labels(3200, 32) == 200);
  CHECK(tool::epochs_for_labels(12800, 32) == 75);
  CHECK(tool::epochs_for_labels(1000000, 32) == 5);
}

TEST_CASE("recipe: labels of few readings have more weight decay") {
  CHECK(tool::weight_decay_for_labels(100) == 0.01);
  CHECK(tool::weight_decay_for_labels(250) == 0.0048);
  CHECK(tool::weight_decay_for_labels(528) == 0.0011);
  CHECK(tool::weight_decay_for_labels(1000) == 0.0003);
  CHECK(tool::weight_decay_for_labels(60000) == 0.0001);
}

TEST_CASE("recipe: readings leave two of themselves unexplained by factors") {
  CHECK(tool::most_factors_of(1) == 0);
  CHECK(tool::most_factors_of(2) == 0);
  CHECK(tool::most_factors_of(5) == 3);
  CHECK(tool::most_factors_of(64) == rbm::most_factors);
}
