#include "tools/model/model.hpp"

#include <algorithm>
#include <charconv>

#include "platform/desktop/files.hpp"
#include "tools/base/failure.hpp"
#include "tools/base/text.hpp"
#include "tools/model/visible_groups.hpp"

namespace tool {
namespace {

std::string shape_text(const Tensor& tensor) {
  std::string text;
  for (const std::size_t extent : tensor.shape) text += (text.empty() ? "" : " x ") + std::to_string(extent);
  return text.empty() ? "a single number" : text;
}

// What stands there instead of a model's tensors.
std::string content_of(const TensorFile& file) {
  constexpr std::size_t most_named = 8;
  std::vector<std::string> found = file.others;
  for (const Tensor& tensor : file.tensors) found.push_back(tensor.name);
  if (found.empty()) return "nothing";
  std::string text;
  for (std::size_t n = 0; n < std::min(found.size(), most_named); ++n)
    text += (n > 0 ? ", " : "") + quoted(found[n]);
  return text + (found.size() > most_named ? " and " + grouped(found.size() - most_named) + " more" : "");
}

const Tensor& tensor(const TensorFile& file, std::string_view tensor_name, const ParameterNames& names,
                     const std::string& name) {
  const Tensor* found = file.find(tensor_name);
  if (found == nullptr)
    throw Failure(name + ": holds no tensor " + quoted(tensor_name) + "; a model has " +
                  std::string(names.weights) + ", " + std::string(names.visible_bias) + " and " +
                  std::string(names.hidden_bias) + ", but it holds " + content_of(file));
  return *found;
}

// A vector, or a row or a column of a table.
const Tensor& bias(const TensorFile& file, std::string_view tensor_name, const ParameterNames& names,
                   const std::string& name) {
  const Tensor& found = tensor(file, tensor_name, names, name);
  if (std::count(found.shape.begin(), found.shape.end(), 1) + 1 <
      static_cast<std::ptrdiff_t>(found.shape.size()))
    throw Failure(name + ": tensor " + quoted(tensor_name) + " is " + shape_text(found) +
                  ", which is no vector");
  return found;
}

// Kinds of visible units, and what a model with real units has beside the other parameters.
void read_layer(Model& model, const TensorFile& file, const std::string& name) {
  std::vector<rbm::VisibleGroup> groups = groups_in(file.metadata, model.visible, name);
  if (!has_real(groups)) {
    for (const std::string_view tensor_name : {offset_name, scale_name, loadings_name})
      if (file.find(tensor_name) != nullptr)
        throw Failure(name + ": tensor " + quoted(tensor_name) + " is for real units, but the model has " +
                      to_text(groups));
    model.set_groups(std::move(groups), 0);
    return;
  }
  const auto read = [&](std::string_view tensor_name, std::size_t rows, AlignedVector<float>& values) {
    const Tensor* found = file.find(tensor_name);
    const std::string subject = name + ": tensor " + quoted(tensor_name);
    if (found == nullptr) throw Failure(subject + " is missing: a model with real units has it");
    if (found->values.size() != rows * model.visible)
      throw Failure(subject + " is " + shape_text(*found) + ", but there are " +
                    std::to_string(model.visible) + " visible units");
    values.assign(found->values.begin(), found->values.end());
  };
  const Tensor* loadings = file.find(loadings_name);
  const bool shaped = loadings == nullptr || (loadings->shape.size() == 2 && loadings->shape[0] >= 1 &&
                                              loadings->shape[0] <= rbm::most_factors);
  if (!shaped)
    throw Failure(name + ": tensor " + quoted(loadings_name) + " is " + shape_text(*loadings) +
                  ", not a row of visible units for each of 1 to 16 factors");
  model.set_groups(std::move(groups), loadings ? loadings->shape[0] : 0);
  read(offset_name, 1, model.offset);
  read(scale_name, 1, model.scale);
  if (loadings != nullptr) read(loadings_name, model.factors, model.loadings);
  check_layer(model.view().layer, name);
}

std::size_t extent(const std::map<std::string, std::string>& metadata, const std::string& key) {
  const auto entry = metadata.find(key);
  if (entry == metadata.end()) return 0;
  std::size_t value = 0;
  const std::string& text = entry->second;
  const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), value);
  return error == std::errc{} && end == text.data() + text.size() ? value : 0;
}

// Of a model, const or not.
template <class View, class AnyModel>
View view_of(AnyModel& model) {
  View view{{model.weights.data(), model.hidden, model.visible, model.visible},
            {model.visible_bias.data(), model.visible},
            {model.hidden_bias.data(), model.hidden}};
  if (!model.groups.empty())
    view.layer = {model.groups.data(),
                  model.groups.size(),
                  {model.offset.data(), model.offset.size()},
                  {model.scale.data(), model.scale.size()},
                  {model.loadings.data(), model.factors, model.visible, model.visible}};
  return view;
}

}  // namespace

Model::Model(std::size_t visible_units, std::size_t hidden_units, Shape picture, bool with_weights)
    : visible(visible_units),
      hidden(hidden_units),
      shape(picture),
      weights(with_weights ? visible_units * hidden_units : 0),
      visible_bias(visible_units),
      hidden_bias(hidden_units) {}

void Model::set_groups(std::vector<rbm::VisibleGroup> kinds, std::size_t factor_count) {
  groups = std::move(kinds);
  factors = factor_count;
  const std::size_t sized = has_real(groups) ? visible : 0;
  offset.assign(sized, 0);
  scale.assign(sized, 1);
  loadings.assign(factors * visible, 0);
}

rbm::RbmView Model::view() {
  return view_of<rbm::RbmView>(*this);
}

rbm::ConstRbmView Model::view() const {
  return view_of<rbm::ConstRbmView>(*this);
}

bool is_parameter(std::string_view tensor) {
  for (const std::string_view name : {own_names.weights, own_names.visible_bias, own_names.hidden_bias,
                                      offset_name, scale_name, loadings_name})
    if (tensor == name) return true;
  return false;
}

std::vector<std::pair<std::string_view, AlignedVector<float>*>> parameters(Model& model) {
  std::vector<std::pair<std::string_view, AlignedVector<float>*>> all{
      {own_names.weights, &model.weights},
      {own_names.visible_bias, &model.visible_bias},
      {own_names.hidden_bias, &model.hidden_bias}};
  if (model.has_readings()) all.insert(all.end(), {{offset_name, &model.offset}, {scale_name, &model.scale}});
  if (model.factors > 0) all.emplace_back(loadings_name, &model.loadings);
  return all;
}

Model model_from(const TensorFile& file, const std::string& name) {
  const ParameterNames& names = file.find(scikit_names.weights) != nullptr ? scikit_names : own_names;
  const Tensor& weights = tensor(file, names.weights, names, name);
  const Tensor& visible_bias = bias(file, names.visible_bias, names, name);
  const Tensor& hidden_bias = bias(file, names.hidden_bias, names, name);
  if (weights.shape.size() != 2)
    throw Failure(name + ": tensor " + quoted(names.weights) + " has " +
                  std::to_string(weights.shape.size()) + " dimensions, not 2");
  const std::string subject = name + ": " + std::string(names.weights) + " is " + shape_text(weights);
  Model model;
  model.hidden = weights.shape[0];
  model.visible = weights.shape[1];
  if (model.hidden < 1 || model.hidden > rbm::most_units || model.visible < 1 ||
      model.visible > rbm::most_units)
    throw Failure(subject + "; each layer must have from 1 to 65535 units");
  const std::size_t visible = visible_bias.values.size(), hidden = hidden_bias.values.size();
  if (visible != model.visible || hidden != model.hidden) {
    const bool turned = visible == model.hidden && hidden == model.visible;
    throw Failure(subject + ", but " + std::string(names.visible_bias) + " has " + std::to_string(visible) +
                  " and " + std::string(names.hidden_bias) + " " + std::to_string(hidden) + " values" +
                  (turned ? ": transpose it, since it must be hidden x visible" : ""));
  }
  model.weights.assign(weights.values.begin(), weights.values.end());
  model.visible_bias.assign(visible_bias.values.begin(), visible_bias.values.end());
  model.hidden_bias.assign(hidden_bias.values.begin(), hidden_bias.values.end());
  if (&names == &own_names && (file.find(scale_name) != nullptr || tells_groups(file.metadata)))
    read_layer(model, file, name);
  model.meaning = meaning_in(file.metadata, name);
  if (model.has_readings()) model.meaning.visible_units = "real";
  settle_label_names(model.meaning, model.labels(), name);
  model.calibration = calibration_in(file.metadata, name);
  model.metadata = file.metadata;
  const Shape told{extent(file.metadata, "height"), extent(file.metadata, "width")};
  const bool fits =
      told.height > 0 && model.units() % told.height == 0 && model.units() / told.height == told.width;
  model.shape = fits ? told : default_shape(model.units());
  return model;
}

TensorFile to_tensors(const Model& model) {
  TensorFile file = to_written_tensors(model);
  Tensor& weights = file.tensors.front();
  weights.source = nullptr;
  weights.values.assign(model.weights.begin(), model.weights.end());
  return file;
}

TensorFile to_written_tensors(const Model& model) {
  const auto copy = [](const AlignedVector<float>& values) {
    return std::vector<float>(values.begin(), values.end());
  };
  TensorFile file;
  file.tensors.push_back(
      {"W", {model.hidden, model.visible}, {}, [&weights = model.weights](const FloatSink& take) {
         take(weights.data(), weights.size());
       }});
  file.tensors.push_back({"v_bias", {model.visible}, copy(model.visible_bias)});
  file.tensors.push_back({"h_bias", {model.hidden}, copy(model.hidden_bias)});
  if (model.has_readings()) {
    file.tensors.push_back({std::string(offset_name), {model.visible}, copy(model.offset)});
    file.tensors.push_back({std::string(scale_name), {model.visible}, copy(model.scale)});
  }
  if (model.factors > 0)
    file.tensors.push_back(
        {std::string(loadings_name), {model.factors, model.visible}, copy(model.loadings)});
  file.metadata = model.metadata;
  if (!model.groups.empty()) describe(model.groups, file.metadata);
  file.metadata["format"] = "rbm";
  file.metadata["height"] = std::to_string(model.shape.height);
  file.metadata["width"] = std::to_string(model.shape.width);
  describe(model.meaning, file.metadata);
  return file;
}

void save(const std::string& path, const TensorFile& file) {
  platform::OutputFile output(path);
  write_safetensors(output, file);
  output.commit();
}

void check_fit(const Model& model, const std::string& model_name, const Dataset& data) {
  if (data.columns == model.units()) return;
  const bool labels_among = model.labels() > 0 && data.columns > model.units();
  throw Failure(model_name + ": has " + std::to_string(model.units()) + " visible units" +
                (model.labels() > 0 ? " beside its labels" : "") + ", but an example of " + data.name +
                " has " + std::to_string(data.columns) + " values" +
                (labels_among ? ": labels are no columns of it, --labels names them" : ""));
}

}  // namespace tool
