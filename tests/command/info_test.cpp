// `rbm info` as a program reads it.
#include <doctest/doctest.h>

#include <algorithm>

#include "tests/support/sample_files.hpp"
#include "tests/support/trained.hpp"

using namespace fixture;

TEST_CASE("info: what a model, a header and data hold") {
  const Trained trained;
  const Folder& folder = trained.folder;
  const Json model = report(folder, {"info", "model"});
  CHECK(model.text("kind") == "model");
  CHECK(model.number("visible") == 64);
  CHECK(model.number("hidden") == 32);
  CHECK(model.number("height") == 8);
  const auto [smallest, largest] =
      std::minmax_element(trained.model.weights.begin(), trained.model.weights.end());
  CHECK(model.number("W_minimum") == doctest::Approx(static_cast<double>(*smallest)));
  CHECK(model.number("W_maximum") == doctest::Approx(static_cast<double>(*largest)));

  run_well(folder, {"quantize", "model", "--out", "digits_rbm.h"});
  const Json header = report(folder, {"info", "digits_rbm.h"});
  CHECK(header.text("kind") == "header");
  CHECK(header.text("included") == "rbm/quantized.h");
  CHECK(header.number("bits") == 8);
  CHECK(header.number("height") == 8);
  CHECK(header.text("name") == "digits_rbm");
  CHECK(header.number("visible") == 64);
  CHECK(header.number("hidden") == 32);

  folder.write("data.csv", "0,1,1\n1,0.5,0\n");
  const Json data = report(folder, {"info", "data.csv", "--maximum", "1"});
  CHECK(data.text("kind") == "data");
  CHECK(data.number("examples") == 2);
  CHECK(data.number("columns") == 3);
  CHECK(data.number("mean_intensity") == doctest::Approx(3.5 / 6));
  for (const char* name : {"model", "digits_rbm.h", "data.csv", "digits"})
    CHECK(run_well(folder, {"info", name}).output.find(name) != std::string::npos);
}

TEST_CASE("info: when a recording was made, its gaps and its labels") {
  const Folder folder;
  folder.write("motes.csv",
               "when,humidity,label\n2026-11-27 10:00:00,40.5,0\n2026-11-27 10:00:05,41,1\n"
               "2026-11-27 10:00:10,40,1\n2026-11-27 10:01:00,40.25,0\n2026-11-27 10:01:05,40,0\n");
  const Words words{"info", "motes.csv", "--label-column", "label"};
  const std::string prose = run_well(folder, words).output;
  for (const char* line :
       {"recording          5 rows of 1 channel\n", "rate               a reading each 5 s\n",
        "duration           1 min 10 s\n", "first row          at 2026-11-27 10:00:00\n",
        "gaps               1, before row 4\n", "odd rows           2 of 5\n"}) {
    CAPTURE(line);
    CHECK(prose.find(line) != std::string::npos);
  }
  const Json facts = report(folder, words);
  CHECK(facts.number("interval") == 5);
  CHECK(facts.number("duration") == 70);
  CHECK(facts.number("gaps") == 1);
  CHECK(facts.number("odd") == 2);
  folder.write("heart.csv", "millivolts\n0.5\n0.25\n-0.5\n");
  const std::string heart = run_well(folder, {"info", "heart.csv", "--rate", "360"}).output;
  CHECK(heart.find("360 Hz\n") != std::string::npos);
  CHECK(heart.find("8.333 ms\n") != std::string::npos);
}

TEST_CASE("info: how many examples each label has") {
  const Folder folder;
  folder.write("plants.csv", "width,kind\n1.5,rose\n2.5,oak\n3.5,rose\n4.5,\n");
  const Words words{"info", "plants.csv", "--labels", "kind"};
  const std::string prose = run_well(folder, words).output;
  CHECK(prose.find("labels             2; 1 example has none\n                            1  oak\n"
                   "                            2  rose\n") != std::string::npos);
  const Json facts = report(folder, words);
  CHECK(facts.number("labels") == 2);
  CHECK(facts.number("unlabelled") == 1);
  CHECK(facts.number("label.rose") == 2);
  std::string many = "width,kind\n";
  for (int n = 0; n < 25; ++n) many += "1.5," + std::to_string(n) + "\n";
  folder.write("plants.csv", many);
  CHECK(run_well(folder, words).output.find("                   and 5 more\n") != std::string::npos);
}

TEST_CASE("info: tensors beside a model's are those of a checkpoint, or not read") {
  const Folder folder;
  const auto lines = [&](const std::string& others) {
    folder.write("model",
                 safetensors_file("{" + tensor("W", "1,1", 0, 4) + "," + tensor("v_bias", "1,1", 4, 8) + "," +
                                      tensor("h_bias", "", 8, 12) + others + "}",
                                  floats({1, 2, 3, 4, 5})));
    return run_well(folder, {"info", "model"}).output;
  };
  const auto has = [](const std::string& text, const char* part) {
    return text.find(part) != std::string::npos;
  };
  const std::string both =
      lines("," + tensor("chains", "1", 12, 16) + "," + tensor("num_batches", "4", 16, 20, "U8"));
  CHECK(has(both, "state of training  1 more tensor: train --resume can go on\n"));
  CHECK(has(both, "other tensors      1, not read\n"));
  const std::string other = lines("," + tensor("num_batches", "", 12, 20, "I64"));
  CHECK_FALSE(has(other, "--resume"));
  CHECK(has(other, "other tensors  1, not read\n"));
}
