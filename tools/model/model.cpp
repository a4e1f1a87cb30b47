#include "tools/model/model.hpp"

#include <charconv>

#include "platform/desktop/files.hpp"
#include "tools/base/failure.hpp"

namespace tool {
namespace {

const Tensor& tensor(const TensorFile& file, std::string_view tensor_name, std::size_t rank,
                     const ParameterNames& names, const std::string& name) {
  const Tensor* found = file.find(tensor_name);
  if (found == nullptr)
    throw Failure(name + ": holds no tensor " + quoted(tensor_name) + "; a model has " +
                  std::string(names.weights) + ", " + std::string(names.visible_bias) + " and " +
                  std::string(names.hidden_bias));
  if (found->shape.size() != rank)
    throw Failure(name + ": tensor " + quoted(tensor_name) + " has " + std::to_string(found->shape.size()) +
                  " dimensions, not " + std::to_string(rank));
  return *found;
}

std::size_t extent(const std::map<std::string, std::string>& metadata, const std::string& key) {
  const auto entry = metadata.find(key);
  if (entry == metadata.end()) return 0;
  std::size_t value = 0;
  const std::string& text = entry->second;
  const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), value);
  return error == std::errc{} && end == text.data() + text.size() ? value : 0;
}

}  // namespace

Model::Model(std::size_t visible_units, std::size_t hidden_units, Shape picture)
    : visible(visible_units),
      hidden(hidden_units),
      shape(picture),
      weights(visible_units * hidden_units),
      visible_bias(visible_units),
      hidden_bias(hidden_units) {}

rbm::RbmView Model::view() {
  return {{weights.data(), hidden, visible, visible},
          {visible_bias.data(), visible},
          {hidden_bias.data(), hidden}};
}

rbm::ConstRbmView Model::view() const {
  return {{weights.data(), hidden, visible, visible},
          {visible_bias.data(), visible},
          {hidden_bias.data(), hidden}};
}

Model model_from(const TensorFile& file, const std::string& name) {
  const ParameterNames& names = file.find(scikit_names.weights) != nullptr ? scikit_names : own_names;
  const Tensor& weights = tensor(file, names.weights, 2, names, name);
  const Tensor& visible_bias = tensor(file, names.visible_bias, 1, names, name);
  const Tensor& hidden_bias = tensor(file, names.hidden_bias, 1, names, name);
  Model model;
  model.hidden = weights.shape[0];
  model.visible = weights.shape[1];
  if (model.hidden < 1 || model.hidden > rbm::most_units || model.visible < 1 ||
      model.visible > rbm::most_units)
    throw Failure(name + ": W is " + std::to_string(model.hidden) + " x " + std::to_string(model.visible) +
                  "; each layer must have from 1 to 65535 units");
  if (visible_bias.shape[0] != model.visible || hidden_bias.shape[0] != model.hidden)
    throw Failure(name + ": W is " + std::to_string(model.hidden) + " x " + std::to_string(model.visible) +
                  ", but v_bias has " + std::to_string(visible_bias.shape[0]) + " and h_bias " +
                  std::to_string(hidden_bias.shape[0]) + " values");
  model.weights.assign(weights.values.begin(), weights.values.end());
  model.visible_bias.assign(visible_bias.values.begin(), visible_bias.values.end());
  model.hidden_bias.assign(hidden_bias.values.begin(), hidden_bias.values.end());
  model.metadata = file.metadata;
  const Shape told{extent(file.metadata, "height"), extent(file.metadata, "width")};
  const bool fits =
      told.height > 0 && model.visible % told.height == 0 && model.visible / told.height == told.width;
  model.shape = fits ? told : default_shape(model.visible);
  return model;
}

TensorFile to_tensors(const Model& model) {
  const auto copy = [](const AlignedVector<float>& values) {
    return std::vector<float>(values.begin(), values.end());
  };
  TensorFile file;
  file.tensors.push_back({"W", {model.hidden, model.visible}, copy(model.weights)});
  file.tensors.push_back({"v_bias", {model.visible}, copy(model.visible_bias)});
  file.tensors.push_back({"h_bias", {model.hidden}, copy(model.hidden_bias)});
  file.metadata = model.metadata;
  file.metadata["format"] = "rbm";
  file.metadata["height"] = std::to_string(model.shape.height);
  file.metadata["width"] = std::to_string(model.shape.width);
  return file;
}

void save(const std::string& path, const TensorFile& file) {
  platform::OutputFile output(path);
  write_safetensors(output, file);
  output.commit();
}

void check_fit(const Model& model, const std::string& model_name, const Dataset& data) {
  if (data.columns != model.visible)
    throw Failure(model_name + ": has " + std::to_string(model.visible) +
                  " visible units, but an example of " + data.name + " has " + std::to_string(data.columns) +
                  " values");
}

}  // namespace tool
