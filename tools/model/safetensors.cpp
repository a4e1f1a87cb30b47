#include "tools/model/safetensors.hpp"

#include <algorithm>
#include <cmath>
#include <cstdint>
#include <limits>
#include <optional>

#include "tools/base/bytes.hpp"
#include "tools/base/failure.hpp"
#include "tools/base/json.hpp"

namespace tool {
namespace {

constexpr std::size_t length_size = 8;
constexpr std::size_t longest_header = 1 << 20;
constexpr std::size_t most_tensors = 64;
constexpr std::size_t most_dimensions = 4;
constexpr const char* metadata_key = "__metadata__";

/// A tensor as the header announces it: where its values lie, in bytes after the header.
struct Announced {
  Tensor tensor;
  std::uint64_t begin = 0;
  std::uint64_t end = 0;
};

/// The bytes that the shape takes as floats, or nothing if 64 bits do not hold that number.
std::optional<std::uint64_t> float_bytes(const std::vector<std::size_t>& shape) {
  std::uint64_t size = sizeof(float);
  for (const std::size_t extent : shape) {
    if (extent != 0 && size > std::numeric_limits<std::uint64_t>::max() / extent) return std::nullopt;
    size *= extent;
  }
  return size;
}

Announced parse_tensor(JsonReader& reader, const std::string& name, const std::string& tensor_name) {
  const std::string subject = name + ": tensor " + quoted(tensor_name);
  Announced announced;
  announced.tensor.name = tensor_name;
  std::vector<std::uint64_t> offsets;
  std::string type;
  bool has_type = false, has_shape = false, has_offsets = false;
  reader.object([&](const std::string& key) {
    if (key == "dtype" && !has_type) {
      has_type = true;
      type = reader.string();
    } else if (key == "shape" && !has_shape) {
      has_shape = true;
      reader.array([&] {
        announced.tensor.shape.push_back(static_cast<std::size_t>(reader.integer()));
        if (announced.tensor.shape.size() > most_dimensions)
          throw Failure(subject + ": has more than 4 dimensions");
      });
    } else if (key == "data_offsets" && !has_offsets) {
      has_offsets = true;
      reader.array([&] {
        offsets.push_back(reader.integer());
        if (offsets.size() > 2) reader.fail();
      });
    } else {
      reader.fail();
    }
  });
  if (!has_type || !has_shape || offsets.size() != 2) {
    throw Failure(subject + ": lacks its type, shape or offsets");
  }
  if (type != "F32") throw Failure(subject + ": is of type " + quoted(type) + ", only F32 can be read");
  announced.begin = offsets[0];
  announced.end = offsets[1];
  const std::optional<std::uint64_t> size = float_bytes(announced.tensor.shape);
  if (announced.begin > announced.end || size != announced.end - announced.begin) {
    throw Failure(subject + ": its offsets do not fit its shape");
  }
  return announced;
}

void read_values(Tensor& tensor, const unsigned char* source, std::size_t size, const std::string& name) {
  tensor.values.resize(size / sizeof(float));
  for (std::size_t i = 0; i < tensor.values.size(); ++i) {
    tensor.values[i] = float_from_bits(load_little(source + i * sizeof(float), sizeof(float)));
    if (!std::isfinite(tensor.values[i])) {
      throw Failure(name + ": tensor " + quoted(tensor.name) + ": holds NaN or infinity");
    }
  }
}

/// The tensors' bytes must follow one another from the header to the end of the file.
void check_layout(const std::vector<Announced>& announced, std::uint64_t payload, const std::string& name) {
  std::vector<std::pair<std::uint64_t, std::uint64_t>> spans;
  spans.reserve(announced.size());
  for (const Announced& one : announced) spans.emplace_back(one.begin, one.end);
  std::sort(spans.begin(), spans.end());
  std::uint64_t reached = 0;
  for (const auto& [begin, end] : spans) {
    if (begin != reached) throw Failure(name + ": its tensors overlap or leave holes");
    reached = end;
  }
  if (reached > payload) throw Failure(name + ": is cut short: its tensors are longer than the file");
  if (reached < payload) throw Failure(name + ": is longer than its tensors");
}

}  // namespace

const Tensor* TensorFile::find(std::string_view name) const {
  for (const Tensor& tensor : tensors) {
    if (tensor.name == name) return &tensor;
  }
  return nullptr;
}

bool is_safetensors(const std::vector<unsigned char>& bytes) {
  return bytes.size() > length_size && bytes[length_size] == '{';
}

TensorFile parse_safetensors(const std::vector<unsigned char>& bytes, const std::string& name) {
  if (bytes.size() <= length_size || bytes[length_size] != '{')
    throw Failure(name + ": is no safetensors file");
  const std::uint64_t length = load_little(bytes.data(), length_size);
  if (length > longest_header) throw Failure(name + ": announces a safetensors header above 1 MB");
  if (length > bytes.size() - length_size) throw Failure(name + ": is cut short within its header");

  const unsigned char* const header = bytes.data() + length_size;
  const auto header_size = static_cast<std::size_t>(length);
  JsonReader reader({reinterpret_cast<const char*>(header), header_size}, name, "its safetensors header");
  TensorFile content;
  std::vector<Announced> announced;
  bool has_metadata = false;
  reader.object([&](const std::string& key) {
    if (key == metadata_key) {
      if (has_metadata) throw Failure(name + ": holds metadata twice");
      has_metadata = true;
      reader.object([&](const std::string& item) {
        if (!content.metadata.emplace(item, reader.string()).second) {
          throw Failure(name + ": holds the metadata " + quoted(item) + " twice");
        }
      });
      return;
    }
    for (const Announced& other : announced) {
      if (other.tensor.name == key) throw Failure(name + ": holds the tensor " + quoted(key) + " twice");
    }
    if (announced.size() == most_tensors) throw Failure(name + ": holds more than 64 tensors");
    announced.push_back(parse_tensor(reader, name, key));
  });
  reader.finish();

  check_layout(announced, bytes.size() - length_size - header_size, name);
  for (Announced& one : announced) {
    read_values(one.tensor, header + header_size + one.begin, static_cast<std::size_t>(one.end - one.begin),
                name);
    content.tensors.push_back(std::move(one.tensor));
  }
  return content;
}

void write_safetensors(platform::OutputFile& file, const TensorFile& content) {
  std::string header = "{";
  const auto separate = [&header] {
    if (header.back() != '{') header += ',';
  };
  if (!content.metadata.empty()) {
    header += json_string(metadata_key) + ":{";
    for (const auto& [key, value] : content.metadata) {
      separate();
      header += json_string(key) + ':' + json_string(value);
    }
    header += '}';
  }
  std::uint64_t offset = 0;
  for (const Tensor& tensor : content.tensors) {
    separate();
    header += json_string(tensor.name) + ":{\"dtype\":\"F32\",\"shape\":[";
    for (const std::size_t extent : tensor.shape) {
      if (header.back() != '[') header += ',';
      header += std::to_string(extent);
    }
    header += "],\"data_offsets\":[" + std::to_string(offset);
    offset += tensor.values.size() * sizeof(float);
    header += ',' + std::to_string(offset) + "]}";
  }
  header += '}';
  header.append((length_size - header.size() % length_size) % length_size, ' ');
  if (!is_utf8(header)) throw Failure("a name or metadata of a model is not UTF-8");

  unsigned char length[length_size];
  store_little(length, header.size(), length_size);
  file.write(length, sizeof length);
  file.write(header);
  for (const Tensor& tensor : content.tensors) write_floats(file, tensor.values.data(), tensor.values.size());
}

}  // namespace tool
