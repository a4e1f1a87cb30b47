#include "tools/model/safetensors.hpp"

#include <cmath>

#include "tests/fuzz/fuzz.hpp"
#include "tools/model/model_file.hpp"
#include "tools/training/checkpoint.hpp"

// The container with its JSON, every tensor of it read; then the model in it, beside which others are let be,
// and the header of a checkpoint; files of other programs.
extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  fuzz::run(data, size, [](const std::vector<unsigned char>& bytes) {
    const tool::TensorFile file = tool::parse_safetensors(bytes, "file");
    fuzz::require(file.others.empty());
    for (const tool::Tensor& tensor : file.tensors) {
      std::size_t values = 1;
      for (const std::size_t extent : tensor.shape) values *= extent;
      fuzz::require(tensor.values.size() == values);
      for (const float value : tensor.values) fuzz::require(std::isfinite(value));
    }
  });
  return fuzz::run(data, size, [](const std::vector<unsigned char>& bytes) {
    const tool::TensorFile file = tool::parse_tensors(bytes, "file");
    if (file.find("W") != nullptr) {
      const tool::Model model = tool::model_from(file, "file");
      fuzz::require(model.weights.size() == model.visible * model.hidden);
      fuzz::require(model.visible_bias.size() == model.visible);
      fuzz::require(model.hidden_bias.size() == model.hidden);
      fuzz::require(model.shape.height * model.shape.width == model.visible);
    }
    tool::read_training_state(file.metadata, "file");
  });
}
