#include "tools/model/model_file.hpp"

#include <memory>
#include <string_view>

#include "platform/desktop/files.hpp"
#include "tools/base/text.hpp"
#include "tools/model/c_header_reader.hpp"
#include "tools/model/npz.hpp"

namespace tool {

bool holds_tensors(const std::vector<unsigned char>& bytes) {
  return is_safetensors(bytes) || is_npz(bytes);
}

TensorFile parse_tensors(const std::vector<unsigned char>& bytes, const std::string& name) {
  if (!is_npz(bytes)) return parse_safetensors(bytes, name);
  return parse_npz(bytes, name,
                   {own_names.weights, own_names.visible_bias, own_names.hidden_bias, scikit_names.weights,
                    scikit_names.visible_bias, scikit_names.hidden_bias});
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
