/// Files of every format that the command reads, put together byte by byte.
#pragma once

#include <cstddef>
#include <cstdint>
#include <cstring>
#include <string>
#include <vector>

namespace fixture {

inline std::string little(std::uint64_t value, std::size_t size) {
  std::string bytes;
  for (std::size_t n = 0; n < size; ++n) bytes += static_cast<char>(value >> 8 * n & 0xff);
  return bytes;
}

inline std::string big(std::uint64_t value, std::size_t size) {
  const std::string bytes = little(value, size);
  return {bytes.rbegin(), bytes.rend()};
}

inline std::uint32_t float_bits(float value) {
  std::uint32_t bits;
  std::memcpy(&bits, &value, sizeof bits);
  return bits;
}

inline std::uint64_t double_bits(double value) {
  std::uint64_t bits;
  std::memcpy(&bits, &value, sizeof bits);
  return bits;
}

/// Little-endian float32.
inline std::string floats(const std::vector<float>& values) {
  std::string bytes;
  for (const float value : values) bytes += little(float_bits(value), 4);
  return bytes;
}

/// Big-endian float32.
inline std::string big_floats(const std::vector<float>& values) {
  std::string bytes;
  for (const float value : values) bytes += big(float_bits(value), 4);
  return bytes;
}

/// IDX: `type` 8 is bytes, 13 big-endian float32.
inline std::string idx(unsigned type, const std::vector<std::uint64_t>& extents, const std::string& payload) {
  std::string bytes = big(0, 2) + big(type, 1) + big(extents.size(), 1);
  for (const std::uint64_t extent : extents) bytes += big(extent, 4);
  return bytes + payload;
}

/// NPY 1.0 with this dictionary.
inline std::string npy_file(const std::string& dictionary, const std::string& payload) {
  return "\x93NUMPY" + little(1, 1) + little(0, 1) + little(dictionary.size(), 2) + dictionary + payload;
}

/// NPY 1.0 of elements like '<f4' with a shape like (2, 3).
inline std::string npy(const std::string& type, const std::string& shape, const std::string& payload) {
  return npy_file("{'descr': '" + type + "', 'fortran_order': False, 'shape': " + shape + ", }\n", payload);
}

/// safetensors with this header.
inline std::string safetensors_file(const std::string& header, const std::string& payload) {
  return little(header.size(), 8) + header + payload;
}

/// A tensor as a safetensors header announces it.
inline std::string tensor(const std::string& name, const std::string& shape, std::size_t begin,
                          std::size_t end, const std::string& type = "F32") {
  return "\"" + name + "\":{\"dtype\":\"" + type + "\",\"shape\":[" + shape + "],\"data_offsets\":[" +
         std::to_string(begin) + "," + std::to_string(end) + "]}";
}

/// A model file of 3 visible and 2 hidden units with these 6 + 3 + 2 parameters.
inline std::string small_model(const std::vector<float>& parameters = {1, -1, 0.5f, -0.5f, 2, 0, 0.1f, 0.2f,
                                                                       -0.3f, 0.4f, -0.5f}) {
  return safetensors_file("{" + tensor("W", "2,3", 0, 24) + "," + tensor("v_bias", "3", 24, 36) + "," +
                              tensor("h_bias", "2", 36, 44) + "}",
                          floats(parameters));
}

/// 2 x 2 pictures: no weights, so that visible units are on the diagonal whatever the hidden unit does.
inline std::string diagonal_model() {
  return safetensors_file("{\"__metadata__\":{\"height\":\"2\",\"width\":\"2\"}," +
                              tensor("W", "1,4", 0, 16) + "," + tensor("v_bias", "4", 16, 32) + "," +
                              tensor("h_bias", "1", 32, 36) + "}",
                          floats({0, 0, 0, 0, 100, -100, -100, 100, 0}));
}

}  // namespace fixture
