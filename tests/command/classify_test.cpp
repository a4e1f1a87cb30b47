// `rbm classify`, and what other commands do with labels, against double precision.
#include <doctest/doctest.h>

#include <algorithm>
#include <cmath>
#include <random>
#include <string>
#include <vector>

#include "tests/support/labelled_model.hpp"
#include "tests/support/reading_files.hpp"
#include "tests/support/trained.hpp"
#include "tools/data/data_file.hpp"
#include "tools/data/dataset.hpp"

using namespace fixture;

namespace {

constexpr std::size_t units = 6, labels = 3, hidden = 5, rows = 60;

/// A folder with a model of bits and data with labels, of which row 2 has none.
struct Labelled {
  Folder folder;
  tool::Model model = labelled_model(units, labels, hidden, 1, 11);
  std::vector<reference::State> states;
  std::vector<std::size_t> given;  // no label: labels
  std::vector<LabelTruth> truths;

  Labelled() {
    model.meaning.visible_units = "thresholded";
    model.meaning.label_column = "what";
    tool::save(folder.path("model"), tool::to_tensors(model));
    const reference::Parameters exact(model.view());
    std::mt19937 random(5);
    std::string data = "a,b,c,d,e,f,what\n", unlabelled = "a,b,c,d,e,f\n";
    for (std::size_t n = 0; n < rows; ++n) {
      states.push_back(reference::to_state(random() % 64, units));
      given.push_back(n == 2 ? labels : random() % labels);
      truths.push_back(label_truth(
          states[n], labels, [&](const reference::State& v) { return reference::free_energy(exact, v); }));
      std::string line;
      for (const double bit : states[n]) line += (line.empty() ? "" : ",") + std::string(bit > 0 ? "1" : "0");
      unlabelled += line + "\n";
      data += line + "," + (n == 2 ? "" : std::string(1, static_cast<char>('a' + given[n]))) + "\n";
    }
    folder.write("data.csv", data);
    folder.write("unlabelled.csv", unlabelled);
  }

  std::size_t likeliest(std::size_t n) const {
    const std::vector<double>& p = truths[n].probabilities;
    return static_cast<std::size_t>(std::max_element(p.begin(), p.end()) - p.begin());
  }
};

Words cells_of(const std::string& line) {
  Words cells(1);
  for (const char letter : line)
    if (letter == ',')
      cells.emplace_back();
    else
      cells.back() += letter;
  return cells;
}

}  // namespace

TEST_CASE("classify: a line an example, with p(label | v) and F(v) as in double precision") {
  const Labelled all;
  run_well(all.folder, {"classify", "model", "data.csv", "--out", "labels.csv"});
  const Words lines = split_lines(all.folder.read("labels.csv"));
  REQUIRE(lines.size() == rows + 1);
  CHECK(lines[0] == "row,label,given,probability,p(a),p(b),p(c),free_energy");
  for (std::size_t n = 0; n < rows; ++n) {
    const Words cells = cells_of(lines[n + 1]);
    REQUIRE(cells.size() == 5 + labels);
    const std::size_t likeliest = all.likeliest(n);
    CHECK(cells[0] == std::to_string(n + 1));
    CHECK(cells[1] == all.model.meaning.label_names[likeliest]);
    CHECK(cells[2] == (n == 2 ? "" : all.model.meaning.label_names[all.given[n]]));
    CHECK(std::fabs(std::stod(cells[3]) - all.truths[n].probabilities[likeliest]) < 1e-5);
    for (std::size_t y = 0; y < labels; ++y)
      CHECK(std::fabs(std::stod(cells[4 + y]) - all.truths[n].probabilities[y]) < 1e-5);
    CHECK(std::stod(cells.back()) == doctest::Approx(all.truths[n].free_energy).epsilon(1e-4));
  }

  // Without labels in the data nothing is given; an array has numbers alone.
  run_well(all.folder, {"classify", "model", "unlabelled.csv", "--out", "labels.npy"});
  const tool::Dataset table = [&] {
    tool::Reading reading;
    reading.kind = tool::DataKind::readings;
    return tool::open_dataset(all.folder.path("labels.npy"), reading);
  }();
  REQUIRE(table.rows == rows);
  REQUIRE(table.columns == 3 + labels);
  for (std::size_t n = 0; n < rows; ++n) {
    CHECK(table.values[n * table.columns] == static_cast<float>(all.likeliest(n)));
    CHECK(std::fabs(static_cast<double>(table.values[n * table.columns + 2]) -
                    all.truths[n].probabilities[0]) < 1e-5);
  }
}

TEST_CASE("classify: accuracy, confusions, nats and calibration of labels that are known") {
  const Labelled all;
  std::size_t right = 0;
  double loss = 0;
  std::vector<std::vector<std::size_t>> counts(labels, std::vector<std::size_t>(labels));
  std::vector<std::size_t> said(labels);
  for (std::size_t n = 0; n < rows; ++n) {
    ++said[all.likeliest(n)];
    if (all.given[n] == labels) continue;
    ++counts[all.given[n]][all.likeliest(n)];
    right += all.given[n] == all.likeliest(n);
    loss -= std::log(all.truths[n].probabilities[all.given[n]]) / (rows - 1);
  }
  const auto array = [](const std::vector<std::size_t>& values) {
    std::string text;
    for (const std::size_t value : values) text += (text.empty() ? "" : ", ") + std::to_string(value);
    return "[" + text + "]";
  };
  for (const char* command : {"classify", "evaluate"}) {
    const Json line = report(all.folder, {command, "model", "data.csv"});
    CHECK(line.number("labelled_examples") == rows - 1);
    CHECK(line.number("right") == static_cast<double>(right));
    CHECK(line.number("accuracy") == doctest::Approx(static_cast<double>(right) / (rows - 1)));
    CHECK(line.number("label_log_loss") == doctest::Approx(loss).epsilon(1e-5));
    CHECK(line.array("labels") == "[\"a\", \"b\", \"c\"]");
    CHECK(line.array("confusions") ==
          "[" + array(counts[0]) + ", " + array(counts[1]) + ", " + array(counts[2]) + "]");
    CHECK(line.number("calibration_error") > 0);
  }
  CHECK(report(all.folder, {"classify", "model", "data.csv"}).array("said") == array(said));
  CHECK_FALSE(report(all.folder, {"classify", "model", "unlabelled.csv"}).has("accuracy"));

  // In prose: first lines, the table, what is confused.
  const std::string prose = run_well(all.folder, {"classify", "model", "data.csv"}).output;
  for (const std::string& part :
       {std::string("row 1 "), std::string("accuracy "), std::string("confused most "),
        std::string("and 50 examples more"), "p " + std::string("0.")})
    CHECK(prose.find(part) != std::string::npos);
}

TEST_CASE("evaluate: log p(v) and log p(v, label), exact") {
  const Labelled all;
  const reference::Parameters exact(all.model.view());
  double partition = 0;
  for (std::size_t number = 0; number < std::size_t{1} << units; ++number)
    partition +=
        std::exp(-label_truth(reference::to_state(number, units), labels, [&](const reference::State& v) {
                    return reference::free_energy(exact, v);
                  }).free_energy);
  double likelihood = 0, joint = 0;
  for (std::size_t n = 0; n < rows; ++n) {
    const double log_p = -all.truths[n].free_energy - std::log(partition);
    likelihood += log_p / rows;
    if (all.given[n] < labels)
      joint += (log_p + std::log(all.truths[n].probabilities[all.given[n]])) / (rows - 1);
  }
  const Json line = report(all.folder, {"evaluate", "model", "data.csv"});
  CHECK(line.number("exact_log_likelihood") == doctest::Approx(likelihood).epsilon(1e-5));
  CHECK(line.number("exact_joint_log_likelihood") == doctest::Approx(joint).epsilon(1e-5));
  const Json annealed =
      report(all.folder, {"evaluate", "model", "data.csv", "--temperatures", "2000", "--seed", "2"});
  CHECK(std::fabs(annealed.number("annealed_log_likelihood") - likelihood) <
        6 * annealed.number("annealed_log_partition_standard_error") + 1e-3);
}

TEST_CASE("classify: --reject says none, by the calibration of the model") {
  const Labelled all;
  const Words classify{"classify", "model", "data.csv", "--reject", "10%"};
  check_failure(all.folder, {"classify", "model", "unlabelled.csv", "--reject", "10%"}, 1,
                {"model: has no calibration", "rbm score model --calibrate USUAL"});
  run_well(all.folder, {"score", "model", "--calibrate", "unlabelled.csv", "--false-alarms", "10%"});
  const Json line = report(all.folder, with(classify, {"--out", "labels.csv"}));
  const double rejected = line.number("rejected");
  CHECK(rejected >= 1);
  CHECK(rejected <= 12);
  CHECK(line.number("reject") == 0.1);
  const Words lines = split_lines(all.folder.read("labels.csv"));
  CHECK(lines[0].substr(lines[0].size() - 7) == ",one_in");
  double least = 1e9, most = -1e9;  // F(v) of what is rejected, and of the rest
  std::size_t none = 0;
  for (std::size_t n = 0; n < rows; ++n) {
    const bool is_none = cells_of(lines[n + 1])[1] == "none";
    none += is_none;
    (is_none ? least : most) =
        is_none ? std::min(least, all.truths[n].free_energy) : std::max(most, all.truths[n].free_energy);
  }
  CHECK(static_cast<double>(none) == rejected);
  CHECK(least > most);
  CHECK(run_well(all.folder, {"classify", "model", "unlabelled.csv"}).output.find("is as unusual") !=
        std::string::npos);
  check_failure(all.folder, {"classify", "model", "unlabelled.csv", "--reject", "40%"}, 2,
                {"--reject 40%", "--false-alarms 40%"});
  check_failure(all.folder, {"classify", "model", "unlabelled.csv", "--reject", "1 a day"}, 2,
                {"is no share"});

  // A model that learned labels alone has no such score.
  tool::Model model = all.model;
  model.metadata["label_weight"] = "1";
  tool::save(all.folder.path("alone"), tool::to_tensors(model));
  check_failure(all.folder, {"classify", "alone", "unlabelled.csv", "--reject", "1%"}, 1,
                {"alone: learned labels alone", "--label-weight below 1"});
  check_failure(all.folder, {"score", "alone", "--calibrate", "unlabelled.csv"}, 1, {"learned labels alone"});
  CHECK(run_well(all.folder, {"sample", "alone", "--steps", "1"}).errors.find("this means little") !=
        std::string::npos);
  CHECK_FALSE(report(all.folder, {"evaluate", "alone", "data.csv"}).has("exact_log_likelihood"));
  run_well(all.folder, {"classify", "alone", "data.csv", "--out", "alone.csv"});
  CHECK(split_lines(all.folder.read("alone.csv"))[0] == "row,label,given,probability,p(a),p(b),p(c)");
}

TEST_CASE("classify: labels are said of means, F(v) of drawn states as rbm score has it") {
  const Labelled all;
  tool::Model model = all.model;
  model.meaning.visible_units = "sampled";
  tool::save(all.folder.path("sampled"), tool::to_tensors(model));
  all.folder.write("greys.csv", "a,b,c,d,e,f\n0.5,0.2,1,0,0.25,0.75\n0.1,0.2,0,1,0,1\n");
  const Words data{"sampled", "greys.csv", "--maximum", "1"};
  run_well(all.folder, with(with({"classify"}, data), {"--out", "l.csv"}));
  const Words cells = cells_of(split_lines(all.folder.read("l.csv"))[1]);
  const reference::Parameters exact(model.view());
  const LabelTruth truth = label_truth({0.5, 0.2, 1, 0, 0.25, 0.75}, labels, [&](const reference::State& v) {
    return reference::free_energy(exact, v);
  });
  CHECK(std::fabs(std::stod(cells[3]) - truth.probabilities[0]) < 1e-5);
  const Result scored = run_well(all.folder, with({"score"}, data));
  const Json line = report(all.folder, with({"evaluate"}, data));
  CHECK(std::stod(cells.back()) ==
        doctest::Approx(numbers_of(scored.output, true)[0][1] - line.number("exact_log_partition"))
            .epsilon(1e-4));
  const Result refused =
      run(all.folder, with(with({"classify"}, data), {"--visible", "means", "--reject", "1%"}));
  CHECK(refused.status == 1);
  CHECK(refused.errors.find("takes means of bits") != std::string::npos);
}

TEST_CASE("classify: --image shows what it got wrong") {
  const Labelled all;
  const Json line = report(all.folder, {"classify", "model", "data.csv", "--image", "wrong.png"});
  CHECK(line.text("image") == "wrong.png");
  CHECK(all.folder.read("wrong.png").substr(1, 3) == "PNG");
  check_failure(all.folder, {"classify", "model", "unlabelled.csv", "--image", "wrong2.png"}, 2,
                {"unlabelled.csv tells no labels"});
}

TEST_CASE("labels: commands that take one refuse what the model does not have") {
  const Labelled all;
  run_well(all.folder, {"train", "unlabelled.csv", "--hidden", "2", "--epochs", "1", "--out", "plain"});
  check_failure(all.folder, {"classify", "plain", "unlabelled.csv"}, 1, {"plain: has no labels"});
  for (const Words& words :
       {Words{"sample", "model"}, Words{"reconstruct", "model", "unlabelled.csv", "--out", "r"},
        Words{"fill", "model", "unlabelled.csv", "--out", "f"}}) {
    check_failure(all.folder, with(words, {"--label", "d"}), 2,
                  {"--label d: model has no such label; it has a, b, c"});
    Words plain = words;
    plain[1] = "plain";
    check_failure(all.folder, with(plain, {"--label", "a"}), 1, {"plain: has no labels"});
  }
}

TEST_CASE("labels: no number is taken for a slip of another") {
  const Folder folder;
  run_well(folder,
           {"train", "digits", "--labels", "digits", "--hidden", "2", "--epochs", "1", "--out", "model"});
  check_failure(folder, {"sample", "model", "--label", "19"}, 2,
                {"--label 19: model has no such label; it has 0, 1, 2, 3, 4, 5, 6, 7, 8, 9"});
}

TEST_CASE("sample: of a label, or of labels in the proportions of the model, which are told") {
  const Labelled all;
  const reference::Parameters exact(all.model.view());
  std::vector<double> mass(labels), on(labels);
  double sum = 0;
  for (std::size_t number = 0; number < std::size_t{1} << units; ++number)
    for (std::size_t y = 0; y < labels; ++y) {
      const reference::State v = reference::to_state(number, units);
      const double weight = std::exp(-reference::free_energy(exact, with_label(v, y, labels)));
      mass[y] += weight;
      on[y] += v[0] * weight;
      sum += weight;
    }
  const Words sample{"sample", "model", "--count", "4000", "--steps", "100"};
  run_well(all.folder, with(sample, {"--out", "joint.csv"}));
  std::vector<double> counts(labels);
  for (const std::string& line : split_lines(all.folder.read("joint.csv"))) {
    REQUIRE(cells_of(line).size() == units + 1);
    counts[static_cast<std::size_t>(line[0] - 'a')] += 1;
  }
  for (std::size_t y = 0; y < labels; ++y) CHECK(std::fabs(counts[y] / 4000 - mass[y] / sum) < 0.045);

  const Json line = report(all.folder, with(sample, {"--label", "b", "--out", "b.csv"}));
  CHECK(line.text("label") == "b");
  CHECK(line.array("label_counts") == "[0, 4000, 0]");
  double mean = 0;
  for (const std::string& row : split_lines(all.folder.read("b.csv"))) {
    CHECK(row[0] == 'b');
    mean += std::stod(cells_of(row)[1]) / 4000;
  }
  CHECK(std::fabs(mean - on[1] / mass[1]) < 0.04);
  CHECK(run_well(all.folder, sample).errors.find("labels a: ") != std::string::npos);
}

TEST_CASE("fill: missing values given a label, and given none") {
  const Labelled all;
  const reference::Parameters exact(all.model.view());
  all.folder.write("gaps.csv", "a,b,c,d,e,f\n1,,0,1,1,0\n");
  // p(unit 1 | the others), of each label and of all.
  std::vector<double> on(labels), both(labels);
  for (std::size_t y = 0; y < labels; ++y)
    for (const double bit : {0.0, 1.0}) {
      const double weight =
          std::exp(-reference::free_energy(exact, with_label({1, bit, 0, 1, 1, 0}, y, labels)));
      both[y] += weight;
      on[y] += bit * weight;
    }
  const auto filled = [&](const Words& more) {
    const Result result = run_well(all.folder, with({"fill", "model", "gaps.csv", "--steps", "40000"}, more));
    return numbers_of(result.output, true)[0][1];
  };
  CHECK(std::fabs(filled({}) - (on[0] + on[1] + on[2]) / (both[0] + both[1] + both[2])) < 0.02);
  for (std::size_t y = 0; y < labels; ++y)
    CHECK(std::fabs(filled({"--label", all.model.meaning.label_names[y]}) - on[y] / both[y]) < 0.02);
}

TEST_CASE("features, score and filters of a model with labels") {
  const Labelled all;
  run_well(all.folder, {"features", "model", "data.csv", "--out", "f.csv"});
  const reference::Parameters exact(all.model.view());
  const auto features = numbers_of(all.folder.read("f.csv"), false);
  for (std::size_t n = 0; n < rows; ++n)
    for (std::size_t i = 0; i < hidden; ++i) {
      double mean = 0;
      for (std::size_t y = 0; y < labels; ++y)
        mean += all.truths[n].probabilities[y] *
                reference::hidden_probabilities(exact, with_label(all.states[n], y, labels))[i];
      CHECK(std::fabs(features[n][i] - mean) < 1e-5);
    }
  const auto scores = numbers_of(run_well(all.folder, {"score", "model", "data.csv"}).output, true);
  for (std::size_t n = 1; n < rows; ++n)
    CHECK(scores[n][1] - scores[0][1] ==
          doctest::Approx(all.truths[n].free_energy - all.truths[0].free_energy).epsilon(1e-3));
  run_well(all.folder, {"filters", "model"});
  CHECK(all.folder.has("filters.png"));
}
