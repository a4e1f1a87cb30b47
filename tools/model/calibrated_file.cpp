#include "tools/model/calibrated_file.hpp"

#include <string_view>
#include <vector>

#include "platform/desktop/files.hpp"
#include "tools/base/failure.hpp"
#include "tools/base/text.hpp"
#include "tools/model/c_header_reader.hpp"
#include "tools/model/model.hpp"
#include "tools/model/safetensors.hpp"

namespace tool {
namespace {

TensorFile read_calibratable(const std::string& path) {
  if (path == "-")
    throw Failure("standard input: a limit is written into the model's file: name one instead of -");
  const std::vector<unsigned char> bytes = platform::read_file(path);
  if (is_header({reinterpret_cast<const char*>(bytes.data()), bytes.size()}))
    throw Failure(path + ": is a header: calibrate the model that it was made of, and quantize that again");
  if (!is_safetensors(bytes))
    throw Failure(path +
                  ": is no model in safetensors, as rbm train writes it: a limit can be written into "
                  "such a file only");
  TensorFile file = parse_safetensors(bytes, path);
  for (const Tensor& tensor : file.tensors)
    if (!is_parameter(tensor.name)) file.others.push_back(tensor.name);
  if (!file.others.empty())
    throw Failure(path + ": holds " + quoted(file.others.front()) +
                  " beside a model: a limit can be written into a file of a model alone");
  return file;
}

}  // namespace

void check_calibratable(const std::string& path) {
  read_calibratable(path);
}

void write_calibration(const std::string& path, const Calibration& calibration) {
  TensorFile file = read_calibratable(path);
  describe(calibration, file.metadata);
  file.metadata["format"] = "rbm";
  save(path, file);
}

}  // namespace tool
