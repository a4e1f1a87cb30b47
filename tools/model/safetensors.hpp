#pragma once

#include <cstddef>
#include <map>
#include <string>
#include <string_view>
#include <vector>

#include "platform/desktop/files.hpp"

namespace tool {

/// A named table of floats of at most 4 dimensions; values.size() is the product of the shape.
struct Tensor {
  std::string name;
  std::vector<std::size_t> shape;
  std::vector<float> values;
};

/// What a safetensors file holds. Names and metadata are UTF-8.
struct TensorFile {
  std::vector<Tensor> tensors;
  std::map<std::string, std::string> metadata;

  /// The tensor of this name, or nullptr.
  const Tensor* find(std::string_view name) const;
};

/// Whether a file begins as safetensors does: the header's length, then its JSON object.
bool is_safetensors(const std::vector<unsigned char>& bytes);

/// Reads a whole file; `name` is what messages call it. Only finite float32 tensors, at most 64, and a header
/// of at most 1 MB are accepted. Throws Failure.
TensorFile parse_safetensors(const std::vector<unsigned char>& bytes, const std::string& name);

/// Writes the tensors in their order; the header is padded so that values lie at a multiple of 8 bytes.
/// Throws Failure where a name or metadata is not UTF-8.
void write_safetensors(platform::OutputFile& file, const TensorFile& content);

}  // namespace tool
