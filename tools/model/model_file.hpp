#pragma once

#include <string>
#include <vector>

#include "tools/model/model.hpp"

namespace tool {

/// Whether bytes begin as a model file does: safetensors, or NumPy's .npz.
bool holds_tensors(const std::vector<unsigned char>& bytes);

/// The tensors of a model file: safetensors, or NumPy's .npz, from which only a model's parameters are read.
/// `name` is what messages call the file. Throws Failure.
TensorFile parse_tensors(const std::vector<unsigned char>& bytes, const std::string& name);

/// Reads a model file or a generated header, `-` for standard input. Throws Failure.
Model read_model(const std::string& path);

}  // namespace tool
