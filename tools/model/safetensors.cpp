#include "tools/model/safetensors.hpp"

#include <algorithm>
#include <cmath>
#include <cstdint>
#include <iterator>
#include <limits>
#include <optional>

#include "tools/base/bytes.hpp"
#include "tools/base/failure.hpp"
#include "tools/base/json.hpp"

namespace tool {
namespace {

constexpr std::size_t length_size = 8;
constexpr std::size_t longest_header = 100'000'000;  // as the format has it
constexpr const char* metadata_key = "__metadata__";

/// A tensor as the header announces it: where its values lie, in bytes after the header.
struct Announced {
  std::string name, type;
  std::vector<std::uint64_t> shape;
  std::uint64_t begin = 0;
  std::uint64_t end = 0;
};

/// A type of values that are read.
struct FloatType {
  std::string_view name;
  std::size_t size;
  double (*decode)(std::uint64_t bits);
};

constexpr FloatType float_types[] = {
    {"F32", 4, [](std::uint64_t bits) { return static_cast<double>(float_from_bits(bits)); }},
    {"F64", 8, double_from_bits},
    {"F16", 2, half_from_bits},
    // The upper half of a float32.
    {"BF16", 2, [](std::uint64_t bits) { return static_cast<double>(float_from_bits(bits << 16)); }},
};

/// The bytes that values of this size take in this shape, or nothing if 64 bits do not hold that number.
std::optional<std::uint64_t> bytes_of(const std::vector<std::uint64_t>& shape, std::uint64_t size) {
  for (const std::uint64_t extent : shape) {
    if (extent != 0 && size > std::numeric_limits<std::uint64_t>::max() / extent) return std::nullopt;
    size *= extent;
  }
  return size;
}

std::string subject_of(const std::string& name, const std::string& tensor_name) {
  return name + ": tensor " + quoted(tensor_name);
}

Announced parse_tensor(JsonReader& reader, const std::string& name, const std::string& tensor_name) {
  Announced announced;
  announced.name = tensor_name;
  std::vector<std::uint64_t> offsets;
  bool has_type = false, has_shape = false, has_offsets = false;
  reader.object([&](const std::string& key) {
    if (key == "dtype" && !has_type) {
      has_type = true;
      announced.type = reader.string();
    } else if (key == "shape" && !has_shape) {
      has_shape = true;
      reader.array([&] { announced.shape.push_back(reader.integer()); });
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
  if (!has_type || !has_shape || offsets.size() != 2)
    throw Failure(subject_of(name, tensor_name) + ": lacks its type, shape or offsets");
  announced.begin = offsets[0];
  announced.end = offsets[1];
  if (announced.begin > announced.end)
    throw Failure(subject_of(name, tensor_name) + ": its offsets do not fit its shape");
  return announced;
}

Tensor read_tensor(const Announced& announced, const unsigned char* payload, bool with_values,
                   const std::string& name) {
  const std::string subject = subject_of(name, announced.name);
  const auto type =
      std::find_if(std::begin(float_types), std::end(float_types),
                   [&](const FloatType& candidate) { return candidate.name == announced.type; });
  if (type == std::end(float_types))
    throw Failure(subject + ": is of type " + quoted(announced.type) +
                  ", but only F32, F64, F16 and BF16 can be read");
  const std::uint64_t size = announced.end - announced.begin;
  if (bytes_of(announced.shape, type->size) != size)
    throw Failure(subject + ": its offsets do not fit its shape");
  Tensor tensor{announced.name, {announced.shape.begin(), announced.shape.end()}, {}};
  if (!with_values) return tensor;
  tensor.values.resize(static_cast<std::size_t>(size / type->size));
  const unsigned char* source = payload + announced.begin;
  for (float& value : tensor.values) {
    const double decoded = type->decode(load_little(source, type->size));
    if (!std::isfinite(decoded)) throw Failure(subject + ": holds NaN or infinity");
    value = static_cast<float>(decoded);
    if (!std::isfinite(value)) throw Failure(subject + ": holds a number beyond what float32 can hold");
    source += type->size;
  }
  return tensor;
}

/// Text stands for itself, any other value for its JSON. What is no object tells nothing.
void read_metadata(std::string_view json, std::map<std::string, std::string>& metadata,
                   const std::string& name) {
  constexpr const char* what = "its metadata";
  if (json.front() != '{') return;
  JsonReader reader(json, name, what);
  reader.object([&](const std::string& key) {
    const std::string_view value = reader.value();
    const bool is_text = value.front() == '"';
    if (!metadata.emplace(key, is_text ? JsonReader(value, name, what).string() : std::string(value)).second)
      throw Failure(name + ": holds the metadata " + quoted(key) + " twice");
  });
}

void check_names(const std::vector<Announced>& announced, const std::string& name) {
  std::vector<std::string_view> names;
  names.reserve(announced.size());
  for (const Announced& one : announced) names.push_back(one.name);
  std::sort(names.begin(), names.end());
  const auto twice = std::adjacent_find(names.begin(), names.end());
  if (twice != names.end())
    throw Failure(name + ": holds the tensor " + quoted(std::string(*twice)) + " twice");
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

TensorFile parse_safetensors(const ByteView& bytes, const std::string& name, const Wanted& wanted,
                             const Wanted& with_values) {
  if (bytes.size <= length_size || bytes.data[length_size] != '{')
    throw Failure(name + ": is no safetensors file");
  const std::uint64_t length = load_little(bytes.data, length_size);
  if (length > longest_header) throw Failure(name + ": announces a safetensors header above 100 MB");
  if (length > bytes.size - length_size) throw Failure(name + ": is cut short within its header");

  const unsigned char* const header = bytes.data + length_size;
  const auto header_size = static_cast<std::size_t>(length);
  JsonReader reader({reinterpret_cast<const char*>(header), header_size}, name, "its safetensors header");
  TensorFile content;
  std::vector<Announced> announced;
  bool has_metadata = false;
  reader.object([&](const std::string& key) {
    if (key == metadata_key) {
      if (has_metadata) throw Failure(name + ": holds metadata twice");
      has_metadata = true;
      read_metadata(reader.value(), content.metadata, name);
      return;
    }
    announced.push_back(parse_tensor(reader, name, key));
  });
  reader.finish();

  check_names(announced, name);
  check_layout(announced, bytes.size - length_size - header_size, name);
  for (const Announced& one : announced) {
    if (wanted(one.name))
      content.tensors.push_back(read_tensor(one, header + header_size, with_values(one.name), name));
    else
      content.others.push_back(one.name);
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
    std::size_t count = 1;
    for (const std::size_t extent : tensor.shape) count *= extent;
    offset += count * sizeof(float);
    header += ',' + std::to_string(offset) + "]}";
  }
  header += '}';
  header.append((length_size - header.size() % length_size) % length_size, ' ');
  if (!is_utf8(header)) throw Failure("a name or metadata of a model is not UTF-8");

  unsigned char length[length_size];
  store_little(length, header.size(), length_size);
  file.write(length, sizeof length);
  file.write(header);
  const FloatSink write = [&](const float* values, std::size_t count) { write_floats(file, values, count); };
  for (const Tensor& tensor : content.tensors) {
    if (tensor.source)
      tensor.source(write);
    else
      write(tensor.values.data(), tensor.values.size());
  }
}

}  // namespace tool
