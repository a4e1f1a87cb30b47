#pragma once

#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "../rbm/quantize.hpp"
#include "dataset.hpp"

namespace tool {

/// Why a text cannot name a model in C and C++, as the end of a sentence about it; empty if it can.
std::string fault_of_name(std::string_view name);

/// A quantized model with its storage.
struct QuantizedModel : rbm::QuantizedModel {
  QuantizedModel(std::size_t visible, std::size_t hidden, Shape shape);
  QuantizedModel(const QuantizedModel&) = delete;
  QuantizedModel& operator=(const QuantizedModel&) = delete;

  std::size_t visible, hidden;
  Shape shape;

  /// Bytes in flash: weights, biases, the table of the sigmoid.
  std::size_t flash() const;

  /// Bytes of RAM that a reconstruction takes: scratch, the state seen, its means.
  std::size_t ram() const;

 private:
  std::vector<std::int8_t> weight_storage_;
  std::vector<std::int32_t> visible_bias_storage_, hidden_bias_storage_;
};

/// The C header that holds the model, for rbm/quantized.h: the same model and name give the same text.
std::string header_text(const QuantizedModel& model, const std::string& name);

/// What a generated header says of itself.
struct HeaderFacts {
  std::string name;
  std::size_t visible, hidden;
  unsigned format;
};

/// Whether a file begins as header_text() makes it.
bool is_header(std::string_view text);

/// Reads a header back as far as HeaderFacts; `file_name` is what messages call it. Throws Failure.
HeaderFacts read_header_facts(std::string_view text, const std::string& file_name);

}  // namespace tool
