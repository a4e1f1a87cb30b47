#include "tools/model/model_file.hpp"

#include <algorithm>
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

bool has(const ParameterNames& names, std::string_view tensor) {
  if (names.weights == own_names.weights) return is_parameter(tensor);
  return tensor == names.weights || tensor == names.visible_bias || tensor == names.hidden_bias;
}

bool is_in_a_model(std::string_view tensor) {
  return has(own_names, tensor) || has(scikit_names, tensor);
}

// The tensors of a model, and what stands before their names where it is part of a larger one, as in
// `rbm.W`.
struct Place {
  std::string prefix;
  ParameterNames names;

  bool has(std::string_view tensor) const {
    if (tensor.substr(0, prefix.size()) != prefix) return false;
    tensor.remove_prefix(prefix.size());
    return tool::has(names, tensor);
  }
};

// Where the three of any model are, by the names of a file's tensors.
std::vector<Place> find_models(const std::vector<std::string>& tensors) {
  const std::set<std::string_view> all(tensors.begin(), tensors.end());
  std::vector<Place> found;
  for (const ParameterNames& names : {own_names, scikit_names})
    for (const std::string_view tensor : all) {
      if (tensor.size() < names.weights.size()) continue;
      const std::string prefix(tensor.substr(0, tensor.size() - names.weights.size()));
      const bool begins = prefix.empty() || prefix.back() == '.' || prefix.back() == '/';
      if (begins && tensor.substr(prefix.size()) == names.weights &&
          all.count(prefix + std::string(names.visible_bias)) != 0 &&
          all.count(prefix + std::string(names.hidden_bias)) != 0)
        found.push_back({prefix, names});
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
  const auto parse = [&](const Wanted& wanted) {
    return is_npz(bytes) ? parse_npz(bytes, name, wanted) : parse_safetensors(bytes, name, wanted);
  };
  std::vector<Place> places = find_models(parse([](std::string_view) { return false; }).others);
  // A model by itself goes before parts, such as the mean in a checkpoint.
  const auto first_part = std::stable_partition(places.begin(), places.end(),
                                                [](const Place& place) { return place.prefix.empty(); });
  if (first_part != places.begin()) places.erase(first_part, places.end());
  if (places.size() == 2 && places[0].prefix.empty())
    throw Failure(name + ": holds two models, one in W and one in components_: save one of them");
  if (places.size() != 1) return parse(is_in_a_model);
  const Place& place = places[0];
  TensorFile file = parse([&](std::string_view tensor) { return place.has(tensor); });
  for (Tensor& tensor : file.tensors) tensor.name.erase(0, place.prefix.size());
  return file;
}

Model read_model(const std::string& path) {
  const std::string name = source(path);
  const std::vector<unsigned char> bytes = platform::read_file(path);
  const std::string_view text(reinterpret_cast<const char*>(bytes.data()), bytes.size());
  if (!is_header(text)) return model_from(parse_tensors(bytes, name), name);
  return device_model(read_c_header(text, name).model);
}

}  // namespace tool
