#pragma once

#include <cstddef>
#include <functional>
#include <map>
#include <string>
#include <string_view>
#include <vector>

#include "platform/desktop/files.hpp"
#include "tools/base/bytes.hpp"

namespace tool {

/// Takes some numbers, the next ones of a sequence.
using FloatSink = std::function<void(const float* values, std::size_t count)>;

/// A named table of floats; values.size() is the product of the shape, or 0 where values were not read.
struct Tensor {
  std::string name;
  std::vector<std::size_t> shape;
  std::vector<float> values;
  /// Of a tensor to be written that is not to be in memory twice, or not whole: hands the values over, in
  /// their order, in place of `values`.
  std::function<void(const FloatSink& take)> source{};
};

/// What a safetensors file holds. Names and metadata are UTF-8.
struct TensorFile {
  std::vector<Tensor> tensors;
  std::vector<std::string> others;  ///< names of what the file holds beside them, which was let be
  std::map<std::string, std::string> metadata;

  /// The tensor of this name, or nullptr.
  const Tensor* find(std::string_view name) const;
};

/// Whether a file begins as safetensors does: the header's length, then its JSON object.
bool is_safetensors(const std::vector<unsigned char>& bytes);

/// Which tensors of a file to read, by their names.
using Wanted = std::function<bool(std::string_view)>;
inline bool every_tensor(std::string_view) {
  return true;
}

/// Reads the wanted tensors of a file; `name` is what messages call it. They must be finite F32, F16, BF16 or
/// F64, which is rounded to float32; of others only the place is looked at. Values are read of tensors of
/// which `with_values` says so. Metadata that are no strings are kept as their JSON. Throws Failure.
TensorFile parse_safetensors(const ByteView& bytes, const std::string& name,
                             const Wanted& wanted = every_tensor, const Wanted& with_values = every_tensor);

/// Writes the tensors in their order; the header is padded so that values lie at a multiple of 8 bytes.
/// Throws Failure where a name or metadata is not UTF-8.
void write_safetensors(platform::OutputFile& file, const TensorFile& content);

}  // namespace tool
