#pragma once

#include <string>
#include <vector>

#include "tools/model/safetensors.hpp"

namespace tool {

/// Whether a file begins as a ZIP archive does, which NumPy's .npz is.
bool is_npz(const std::vector<unsigned char>& bytes);

/// The wanted arrays of an .npz file, as numpy.savez writes it: float16, float32 or float64, rounded to
/// float32, finite, in either order of storage; other arrays are left alone. `name` is what messages call the
/// file. Throws Failure.
TensorFile parse_npz(const std::vector<unsigned char>& bytes, const std::string& name, const Wanted& wanted);

}  // namespace tool
