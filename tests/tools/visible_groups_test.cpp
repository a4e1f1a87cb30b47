// Models with real units in files: kinds, offsets, scales and loadings, and what makes no sense of them.
#include "tools/model/visible_groups.hpp"

#include <doctest/doctest.h>

#include "tests/support/folder.hpp"
#include "tests/support/sample_files.hpp"
#include "tools/base/failure.hpp"
#include "tools/model/model.hpp"
#include "tools/model/model_file.hpp"

using namespace fixture;

namespace {

/// Three readings, a bit and a reading; two factors.
tool::Model mixed_model() {
  tool::Model model(5, 2, {1, 5});
  for (std::size_t n = 0; n < model.weights.size(); ++n) model.weights[n] = 0.25f * static_cast<float>(n) - 1;
  model.set_groups(
      {{rbm::VisibleKind::real, 0, 3}, {rbm::VisibleKind::binary, 3, 4}, {rbm::VisibleKind::real, 4, 5}}, 2);
  model.offset = {-1.5f, 1e6f, 0, 0, 20};
  model.scale = {0.5f, 1e-9f, 1e9f, 1, 3};
  model.loadings = {1, 1, 0, 0, 0.5f, 0.5f, -0.5f, 3, 0, 0};
  model.meaning.visible_units = "real";
  return model;
}

tool::TensorFile saved(const tool::Model& model) {
  const Folder folder;
  tool::save(folder.path("m"), tool::to_tensors(model));
  const std::string bytes = folder.read("m");
  return tool::parse_tensors({bytes.begin(), bytes.end()}, "m");
}

/// What is wrong with the tensors of a model once they are changed so.
template <class Change>
std::string fault(const Change& change) {
  tool::TensorFile file = tool::to_tensors(mixed_model());
  const auto tensor = [&](std::string_view name) -> tool::Tensor& {
    for (tool::Tensor& found : file.tensors)
      if (found.name == name) return found;
    throw tool::Failure("no such tensor");
  };
  change(file, tensor);
  try {
    tool::model_from(file, "m");
  } catch (const tool::Failure& failure) {
    return failure.what();
  }
  return "none";
}

std::string fault_of_groups(const std::string& text) {
  return fault([&](tool::TensorFile& file, const auto&) { file.metadata["visible_groups"] = text; });
}

}  // namespace

TEST_CASE("visible groups: what a model of readings has is written and read back") {
  const tool::Model model = mixed_model();
  const tool::TensorFile file = saved(model);
  CHECK(file.metadata.at("visible_groups") == "real 3, binary 1, real 1");
  CHECK(file.metadata.at("visible") == "real");
  REQUIRE(file.find("v_loadings") != nullptr);
  CHECK(file.find("v_loadings")->shape == std::vector<std::size_t>{2, 5});
  const tool::Model read = tool::model_from(file, "m");
  CHECK(read.offset == model.offset);
  CHECK(read.scale == model.scale);
  CHECK(read.loadings == model.loadings);
  CHECK(read.factors == 2);
  CHECK(read.has_readings());
  CHECK((read.meaning.kind() == tool::DataKind::readings));
  const rbm::ConstRbmView view = read.view();
  REQUIRE(view.layer.group_count == 3);
  CHECK((view.layer.groups[1].kind == rbm::VisibleKind::binary));
  CHECK(view.layer.groups[2].begin == 4);
  CHECK(view.layer.scale[0] == 0.5f);
  CHECK(view.layer.factors() == 2);
  CHECK(view.layer.loadings.row(1)[2] == 3);
}

TEST_CASE("visible groups: a model of bits has none of it") {
  tool::Model bits(2, 1, {1, 2});
  bits.meaning.visible_units = "means";
  const tool::TensorFile file = saved(bits);
  CHECK(file.tensors.size() == 3);
  CHECK(file.metadata.count("visible_groups") == 0);
  CHECK(!tool::model_from(file, "m").has_readings());
  CHECK(!tool::model_from(file, "m").view().layer.has_real());
}

TEST_CASE("visible groups: before there were real units, means of bits were called real") {
  tool::Model bits(2, 1, {1, 2});
  bits.meaning.visible_units = "real";
  const tool::Model read = tool::model_from(saved(bits), "m");
  CHECK(read.meaning.visible_units == "means");
  CHECK((read.meaning.kind() == tool::DataKind::intensities));
}

TEST_CASE("visible groups: a file that has scales but does not tell kinds has real units only") {
  tool::TensorFile file = tool::to_tensors(mixed_model());
  file.metadata.clear();
  const tool::Model read = tool::model_from(file, "m");
  CHECK(tool::to_text(read.groups) == "real 5");
  CHECK(read.meaning.visible_units == "real");
}

TEST_CASE("visible groups: kinds that do not fit the units are refused") {
  CHECK(fault_of_groups("real 3, binary 1, real 1") == "none");
  for (const char* text :
       {"", "real", "real x", "real 4", "real 6", "real 3, binary 1", "real 3,binary 1, real 1", "binary 5",
        "real 3, , real 2", "real 3, choice 1", "real 3, binary 0, real 2", "real 18446744073709551619",
        "real 3, binary 1, real 1, "})
    CHECK(fault_of_groups(text) == "m: metadata 'visible_groups' is '" + std::string(text) +
                                       "', which does not say what each of 5 visible units is");
}

TEST_CASE("visible groups: tensors that make no sense are refused") {
  CHECK(fault([](auto& file, const auto&) { file.tensors.erase(file.tensors.begin() + 3); }) ==
        "m: tensor 'v_offset' is missing: a model with real units has it");
  CHECK(fault([](auto& file, const auto&) { file.tensors.erase(file.tensors.begin() + 4); }) ==
        "m: tensor 'v_scale' is missing: a model with real units has it");
  CHECK(fault([](auto&, const auto& tensor) {
          tensor("v_scale") = {"v_scale", {4}, {1, 1, 1, 1}};
        }) == "m: tensor 'v_scale' is 4, but there are 5 visible units");
  CHECK(fault([](auto&, const auto& tensor) { tensor("v_scale").values[2] = 0; }) ==
        "m: v_scale of visible unit 3 is 0: scales are above 0");
  CHECK(fault([](auto&, const auto& tensor) { tensor("v_scale").values[0] = -1; }) ==
        "m: v_scale of visible unit 1 is -1: scales are above 0");
  CHECK(fault([](auto&, const auto& tensor) { tensor("v_loadings").shape = {10}; }) ==
        "m: tensor 'v_loadings' is 10, not a row of visible units for each of 1 to 16 factors");
  CHECK(fault([](auto&, const auto& tensor) { tensor("v_loadings").values[1] = 2; }) ==
        "m: rows 1 and 2 of v_loadings are not orthogonal");
  const std::string binary = "m: visible unit 4 is binary: its offset and loadings must be 0, its scale 1";
  CHECK(fault([](auto&, const auto& tensor) { tensor("v_scale").values[3] = 2; }) == binary);
  CHECK(fault([](auto&, const auto& tensor) { tensor("v_offset").values[3] = 2; }) == binary);
  CHECK(fault([](auto&, const auto& tensor) { tensor("v_loadings").values[3] = 2; }) == binary);
}
