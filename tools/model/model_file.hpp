#pragma once

#include <string>
#include <vector>

#include "tools/model/model.hpp"

namespace tool {

/// Whether bytes begin as a model file does: safetensors, or NumPy's .npz.
bool holds_tensors(const std::vector<unsigned char>& bytes);

/// The parameters of a model in safetensors or NumPy's .npz. Where the file holds them as part of one larger
/// model, as `rbm.W`, their names lose what stands before. Other tensors are let be. `name` is what messages
/// call the file. Throws Failure.
TensorFile parse_tensors(const std::vector<unsigned char>& bytes, const std::string& name);

/// Reads a model file or a generated header, `-` for standard input. Throws Failure.
Model read_model(const std::string& path);

}  // namespace tool
