#include "tools/model/npz.hpp"

#include <cmath>

#include "tests/fuzz/fuzz.hpp"
#include "tools/model/model_file.hpp"

// The archive and the arrays in it; then, if there is one, the model that they make.
extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  return fuzz::run(data, size, [](const std::vector<unsigned char>& bytes) {
    if (!tool::is_npz(bytes)) return;
    const tool::TensorFile file = tool::parse_tensors(bytes, "file");
    for (const tool::Tensor& tensor : file.tensors) {
      std::size_t values = 1;
      for (const std::size_t extent : tensor.shape) values *= extent;
      fuzz::require(tensor.values.size() == values);
      for (const float value : tensor.values) fuzz::require(std::isfinite(value));
    }
    if (file.find("W") != nullptr) {
      const tool::Model model = tool::model_from(file, "file");
      fuzz::require(model.weights.size() == model.visible * model.hidden);
    }
  });
}
