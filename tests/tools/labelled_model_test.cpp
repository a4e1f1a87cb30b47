// Models with labels in files: the last visible units, their names, and what makes no sense of them.
#include <doctest/doctest.h>

#include "tests/support/folder.hpp"
#include "tests/support/sample_files.hpp"
#include "tools/base/failure.hpp"
#include "tools/model/model.hpp"
#include "tools/model/model_file.hpp"
#include "tools/model/visible_groups.hpp"

using namespace fixture;

namespace {

constexpr rbm::VisibleKind binary = rbm::VisibleKind::binary, real = rbm::VisibleKind::real,
                           choice = rbm::VisibleKind::choice;

/// Six bits or readings, as a picture of 2 x 3, and three labels.
tool::Model labelled(rbm::VisibleKind units) {
  tool::Model model(9, 2, {2, 3});
  for (std::size_t n = 0; n < model.weights.size(); ++n) model.weights[n] = 0.25f * static_cast<float>(n) - 1;
  for (std::size_t j = 0; j < 9; ++j) model.visible_bias[j] = static_cast<float>(j);
  model.set_groups({{units, 0, 6}, {choice, 6, 9}}, units == real ? 1 : 0);
  if (units == real) {
    model.offset = {1, 2, 3, 4, 5, 6, 0, 0, 0};
    model.scale = {1, 2, 3, 4, 5, 6, 1, 1, 1};
    model.loadings = {1, 1, 1, 1, 1, 1, 0, 0, 0};
  }
  model.meaning.visible_units = units == real ? "real" : "sampled";
  model.meaning.label_names = {"circle", "\"none\" of these", "Ω"};
  model.meaning.label_column = "what, who";
  return model;
}

tool::TensorFile saved(const tool::Model& model) {
  const Folder folder;
  tool::save(folder.path("m"), tool::to_tensors(model));
  const std::string bytes = folder.read("m");
  return tool::parse_tensors({bytes.begin(), bytes.end()}, "m");
}

/// What is wrong with a model of these units once metadata and tensors are changed so.
template <class Change>
std::string fault(rbm::VisibleKind units, const Change& change) {
  tool::TensorFile file = tool::to_tensors(labelled(units));
  change(file);
  try {
    tool::model_from(file, "m");
  } catch (const tool::Failure& failure) {
    return failure.what();
  }
  return "none";
}

std::string fault_of_entry(const std::string& key, const std::string& text) {
  return fault(binary, [&](tool::TensorFile& file) { file.metadata[key] = text; });
}

}  // namespace

TEST_CASE("labels in model files: of bits and of readings they are written and read back") {
  for (const rbm::VisibleKind units : {binary, real}) {
    const tool::Model model = labelled(units);
    const tool::TensorFile file = saved(model);
    CHECK(file.metadata.at("visible_groups") == (units == real ? "real 6, choice 3" : "binary 6, choice 3"));
    CHECK(file.metadata.at("labels") == R"(["circle","\"none\" of these","Ω"])");
    CHECK(file.metadata.at("label_column") == "what, who");
    CHECK(file.metadata.at("height") == "2");
    CHECK(file.tensors.size() == (units == real ? 6 : 3));
    const tool::Model read = tool::model_from(file, "m");
    CHECK(read.weights == model.weights);
    CHECK(read.visible_bias == model.visible_bias);
    CHECK(read.offset == model.offset);
    CHECK(read.scale == model.scale);
    CHECK(read.loadings == model.loadings);
    CHECK(read.meaning.label_names == model.meaning.label_names);
    CHECK(read.meaning.label_column == "what, who");
    CHECK(read.units() == 6);
    CHECK(read.labels() == 3);
    CHECK(read.choice().begin == 6);
    CHECK(read.choice().end == 9);
    CHECK(read.shape.height == 2);
    CHECK(read.shape.width == 3);
    CHECK(read.has_readings() == (units == real));
    const rbm::ConstRbmView view = read.view();
    CHECK(view.visible() == 9);
    CHECK(view.layer.has_real() == (units == real));
    REQUIRE(view.layer.group_count == 2);
    CHECK((view.layer.groups[1].kind == choice));
  }
}

TEST_CASE("labels in model files: without names they have numbers, whoever wrote the file") {
  tool::TensorFile file = tool::to_tensors(labelled(binary));
  file.metadata = {{"visible_groups", "binary 6, choice 3"}};
  CHECK(tool::model_from(file, "m").meaning.label_names == std::vector<std::string>{"0", "1", "2"});
}

TEST_CASE("labels in model files: units that labels cannot be are refused") {
  for (const char* text : {"real 6, choice 3", "real 7, choice 2"})
    CHECK(fault(real, [&](tool::TensorFile& file) {
            file.metadata["visible_groups"] = text;
            for (tool::Tensor& tensor : file.tensors)
              if (tensor.name == "v_offset") tensor.values.assign(9, 0);
          }).find("which") == std::string::npos);
  for (const char* text :
       {"binary 8, choice 1", "choice 3, binary 6", "choice 9", "binary 4, choice 2, choice 3"})
    CHECK(fault_of_entry("visible_groups", text) ==
          "m: metadata 'visible_groups' is '" + std::string(text) +
              "': labels are one choice of 2 to 256, behind all other units");
  for (const char* text : {"binary 6, choice 4", "binary 6, choice", "binary 6, choice 0, choice 3"})
    CHECK(fault_of_entry("visible_groups", text) ==
          "m: metadata 'visible_groups' is '" + std::string(text) +
              "', which does not say what each of 9 visible units is");
  tool::Model many(258, 1, {1, 1});
  many.set_groups({{binary, 0, 1}, {choice, 1, 258}}, 0);
  CHECK_THROWS_WITH_AS(tool::model_from(tool::to_tensors(many), "m"),
                       "m: metadata 'visible_groups' is 'binary 1, choice 257': labels are one choice of 2 "
                       "to 256, behind all other units",
                       tool::Failure);
}

TEST_CASE("labels in model files: names that do not fit are refused") {
  CHECK(fault_of_entry("labels", R"(["a","b","c"])") == "none");
  CHECK(fault_of_entry("labels", R"(["a","b"])") ==
        "m: metadata 'labels' names 2 labels, but the model has 3");
  CHECK(fault_of_entry("labels", R"(["a","b","a"])") == "m: metadata 'labels' names a label 'a' twice");
  CHECK(fault_of_entry("labels", R"(["a","","c"])") ==
        "m: metadata 'labels' names a label '', which is no name");
  CHECK(fault_of_entry("labels", R"(["a","b\n","c"])") ==
        "m: metadata 'labels' names a label 'b?', which is no name");
  CHECK(fault_of_entry("labels", "a, b, c").find("m: metadata 'labels' is malformed at byte") == 0);
  CHECK(fault_of_entry("labels", R"(["a","b","c"] d)").find("m: metadata 'labels' is malformed") == 0);
  std::string many = "[\"x\"";
  for (int n = 0; n < 256; ++n) many += ",\"" + std::to_string(n) + "\"";
  CHECK(fault_of_entry("labels", many + "]") == "m: metadata 'labels' names more than 256 labels");
  CHECK(fault(binary, [](tool::TensorFile& file) { file.metadata.erase("visible_groups"); }) ==
        "m: metadata 'labels' names 3 labels, but the model has none");
}

TEST_CASE("labels in model files: tensors of real units do not stand beside bits alone") {
  CHECK(fault(real, [](tool::TensorFile& file) { file.metadata["visible_groups"] = "binary 6, choice 3"; }) ==
        "m: tensor 'v_offset' is for real units, but the model has binary 6, choice 3");
  CHECK(fault(real, [](tool::TensorFile& file) {
          for (tool::Tensor& tensor : file.tensors)
            if (tensor.name == "v_scale") tensor.values[7] = 2;
        }) == "m: visible unit 8 is a label: its offset and loadings must be 0, its scale 1");
}

TEST_CASE("labels in model files: data have the units, and labels stand beside them") {
  tool::Dataset data;
  data.name = "d.csv";
  data.columns = 6;
  tool::check_fit(labelled(binary), "m", data);
  data.columns = 9;
  CHECK_THROWS_WITH_AS(tool::check_fit(labelled(binary), "m", data),
                       "m: has 6 visible units beside its labels, but an example of d.csv has 9 values: "
                       "labels are no columns of it, --labels names them",
                       tool::Failure);
  data.columns = 5;
  CHECK_THROWS_WITH_AS(tool::check_fit(labelled(binary), "m", data),
                       "m: has 6 visible units beside its labels, but an example of d.csv has 5 values",
                       tool::Failure);
}
