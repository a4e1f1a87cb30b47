#include "tools/model/model_file.hpp"

#include <memory>
#include <set>
#include <string_view>

#include "platform/desktop/files.hpp"
#include "tools/base/failure.hpp"
#include "tools/base/foreign_format.hpp"
#include "tools/base/text.hpp"
#include "tools/model/c_header_reader.hpp"
#include "tools/model/npz.hpp"

namespace tool {

namespace {

bool is_parameter(std::string_view tensor) {
  for (const ParameterNames& names : {own_names, scikit_names})
    if (tensor == names.weights || tensor == names.visible_bias || tensor == names.hidden_bias) return true;
  return false;
}

// What stands before the names of W and both biases where the model is part of a larger one, as in `rbm.W`.
// Empty if there is none, or more than one.
std::string prefix_of_model(const std::vector<std::string>& tensors) {
  const std::set<std::string_view> all(tensors.begin(), tensors.end());
  std::string found;
  for (const ParameterNames& names : {own_names, scikit_names}) {
    for (const std::string_view tensor : all) {
      if (tensor.size() <= names.weights.size()) continue;
      const std::string prefix(tensor.substr(0, tensor.size() - names.weights.size()));
      if ((prefix.back() != '.' && prefix.back() != '/') || tensor.substr(prefix.size()) != names.weights ||
          all.count(prefix + std::string(names.visible_bias)) == 0 ||
          all.count(prefix + std::string(names.hidden_bias)) == 0)
        continue;
      if (!found.empty()) return {};
      found = prefix;
    }
  }
  return found;
}

}  // namespace

bool holds_tensors(const std::vector<unsigned char>& bytes) {
  return is_safetensors(bytes) || is_npz(bytes);
}

TensorFile parse_tensors(const std::vector<unsigned char>& bytes, const std::string& name) {
  if (!holds_tensors(bytes)) {
    const std::string foreign =
        describe_foreign(bytes, name, "save W, v_bias and h_bias as safetensors or by numpy.savez");
    if (!foreign.empty()) throw Failure(name + ": " + foreign);
  }
  const auto parse = is_npz(bytes) ? parse_npz : parse_safetensors;
  TensorFile file = parse(bytes, name, is_parameter);
  if (!file.tensors.empty()) return file;
  const std::string prefix = prefix_of_model(file.others);
  if (prefix.empty()) return file;
  file = parse(bytes, name, [&](std::string_view tensor) {
    return tensor.substr(0, prefix.size()) == prefix && is_parameter(tensor.substr(prefix.size()));
  });
  for (Tensor& tensor : file.tensors) tensor.name.erase(0, prefix.size());
  return file;
}

Model read_model(const std::string& path) {
  const std::string name = source(path);
  const std::vector<unsigned char> bytes = platform::read_file(path);
  const std::string_view text(reinterpret_cast<const char*>(bytes.data()), bytes.size());
  if (!is_header(text)) return model_from(parse_tensors(bytes, name), name);
  const QuantizedModel quantized = read_c_header(text, name).model;
  Model model = to_floats(quantized);
  model.packed = std::make_shared<PackedModel>(quantized);
  return model;
}

}  // namespace tool
