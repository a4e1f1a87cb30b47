#pragma once

#include <cstddef>
#include <map>
#include <memory>
#include <string>
#include <string_view>

#include "rbm/model.hpp"
#include "tools/base/aligned.hpp"
#include "tools/base/shape.hpp"
#include "tools/data/dataset.hpp"
#include "tools/model/data_meaning.hpp"
#include "tools/model/safetensors.hpp"

namespace tool {

class PackedModel;

/// A model with its storage, as a file holds it: the tensors `W` [hidden, visible], `v_bias` and `h_bias`,
/// and in the metadata `height` and `width` of the picture that a visible state is, what its data meant, and
/// the options it was trained with. For a generated header, the parameters are exactly what its integers
/// stand for.
struct Model {
  std::size_t visible = 0, hidden = 0;
  Shape shape{};
  AlignedVector<float> weights, visible_bias, hidden_bias;
  DataMeaning meaning;
  std::map<std::string, std::string> metadata;
  std::shared_ptr<const PackedModel> packed;  ///< of a generated header: what the device runtime takes

  Model() = default;
  Model(std::size_t visible, std::size_t hidden, Shape shape);

  rbm::RbmView view();
  rbm::ConstRbmView view() const;
};

/// Names of a model's parameters in files: ours, which PyTorch's users write too, and those of scikit-learn.
struct ParameterNames {
  std::string_view weights, visible_bias, hidden_bias;
};
inline constexpr ParameterNames own_names{"W", "v_bias", "h_bias"};
inline constexpr ParameterNames scikit_names{"components_", "intercept_visible_", "intercept_hidden_"};

/// The model in a file's tensors; `name` is what messages call the file. A bias may be a row or a column of a
/// table. Throws Failure where a tensor is missing or does not fit the others.
Model model_from(const TensorFile& file, const std::string& name);

/// The model's three tensors, and its metadata.
TensorFile to_tensors(const Model& model);

/// Writes a tensor file whole or not at all.
void save(const std::string& path, const TensorFile& file);

/// Throws Failure, naming both files, unless the data's columns are the model's visible units.
void check_fit(const Model& model, const std::string& model_name, const Dataset& data);

}  // namespace tool
