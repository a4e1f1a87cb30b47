#pragma once

#include <cstddef>
#include <map>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "rbm/model.hpp"
#include "rbm/visible.hpp"
#include "tools/base/aligned.hpp"
#include "tools/base/shape.hpp"
#include "tools/data/dataset.hpp"
#include "tools/model/calibration.hpp"
#include "tools/model/data_meaning.hpp"
#include "tools/model/safetensors.hpp"

namespace tool {

class PackedModel;

/// A model with its storage, as a file holds it: the tensors `W` [hidden, visible], `v_bias` and `h_bias`; of
/// one with real units, `v_offset` and `v_scale` [visible], with factors `v_loadings` [factors, visible] too;
/// and in the metadata which units are real (visible_groups.hpp), `height` and `width` of the picture that a
/// visible state is, what its data meant, and the options it was trained with. For a generated header, the
/// parameters are exactly what its integers stand for.
struct Model {
  std::size_t visible = 0, hidden = 0;
  Shape shape{};
  AlignedVector<float> weights, visible_bias, hidden_bias;
  std::vector<rbm::VisibleGroup> groups{};  ///< of all visible units; empty: all are binary
  std::size_t factors = 0;
  /// [visible], [visible], [factors][visible] where a unit is real, else empty. A reading of a real unit is
  /// r = offset + scale x; offset 0, scale 1 and loadings 0 are those of binary units.
  AlignedVector<float> offset{}, scale{}, loadings{};
  DataMeaning meaning;
  std::optional<Calibration> calibration{};
  std::map<std::string, std::string> metadata;
  std::shared_ptr<const PackedModel> packed;  ///< of a generated header: what the device runtime takes

  Model() = default;
  /// All weights and biases are 0. Without weights, where another rank has them, view() has null for W.
  Model(std::size_t visible, std::size_t hidden, Shape shape, bool with_weights = true);

  /// Makes the visible units those of these groups, with this many factors; offsets and loadings are 0,
  /// scales 1.
  void set_groups(std::vector<rbm::VisibleGroup> kinds, std::size_t factor_count);

  /// Whether a visible unit is real. Examples of such a model are readings.
  bool has_readings() const { return !scale.empty(); }

  /// The units that are labels, a choice behind all others; size 0: the model has none.
  rbm::Choice choice() const {
    if (groups.empty() || groups.back().kind != rbm::VisibleKind::choice) return {visible, visible};
    return {groups.back().begin, visible};
  }
  std::size_t labels() const { return choice().size(); }

  /// The units that examples have: all visible ones but the labels.
  std::size_t units() const { return choice().begin; }

  rbm::RbmView view();
  rbm::ConstRbmView view() const;
};

/// Names of a model's parameters in files: ours, which PyTorch's users write too, and those of scikit-learn.
struct ParameterNames {
  std::string_view weights, visible_bias, hidden_bias;
};
inline constexpr ParameterNames own_names{"W", "v_bias", "h_bias"};
inline constexpr ParameterNames scikit_names{"components_", "intercept_visible_", "intercept_hidden_"};

/// Names of what only a model with real units has.
inline constexpr std::string_view offset_name = "v_offset", scale_name = "v_scale",
                                  loadings_name = "v_loadings";

/// Whether a tensor of our names is a parameter of a model.
bool is_parameter(std::string_view tensor);

/// All parameters of a model, by their names.
std::vector<std::pair<std::string_view, AlignedVector<float>*>> parameters(Model& model);

/// The model in a file's tensors; `name` is what messages call the file. A bias may be a row or a column of a
/// table. Throws Failure where a tensor is missing, does not fit the others or has values that make no sense.
/// Where a file has scales but does not say which units are real, all are.
Model model_from(const TensorFile& file, const std::string& name);

/// The model's tensors, and its metadata.
TensorFile to_tensors(const Model& model);

/// The same to be written without a copy of the weights: the model must outlive it, and stay as it is.
TensorFile to_written_tensors(const Model& model);

/// Writes a tensor file whole or not at all.
void save(const std::string& path, const TensorFile& file);

/// Throws Failure, naming both files, unless the data's columns are the model's visible units.
void check_fit(const Model& model, const std::string& model_name, const Dataset& data);

}  // namespace tool
