#include <cmath>
#include <cstring>

#include "tests/fuzz/fuzz.hpp"
#include "tools/model/c_header_reader.hpp"
#include "tools/model/c_header_writer.hpp"
#include "tools/model/quantized_faults.hpp"
#include "tools/quantization/rounding.hpp"

namespace {

/// The input's bytes one after the other, then zeros.
struct Bytes {
  const std::vector<unsigned char>& all;
  std::size_t at = 0;

  unsigned next() { return at < all.size() ? all[at++] : 0; }

  /// The upper half of a float, which makes numbers of every size; 0 where quantizing refuses one.
  float parameter() {
    const std::uint32_t bits = next() << 24 | next() << 16;
    float value;
    std::memcpy(&value, &bits, sizeof value);
    return std::fabs(value) <= 1000 ? value : 0;
  }
};

}  // namespace

// A model of floats to integers, to a header or the source of a pair, and back: the same integers.
extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  return fuzz::run(data, size, [](const std::vector<unsigned char>& input) {
    Bytes bytes{input};
    const unsigned form = bytes.next(), bits = 1u << form % 4;
    const std::size_t visible = 1 + bytes.next() % 40, hidden = 1 + bytes.next() % 8;
    tool::Model model(visible, hidden, {1, visible});
    for (float& weight : model.weights) weight = bytes.parameter();
    for (float& bias : model.visible_bias) bias = bytes.parameter();
    for (float& bias : model.hidden_bias) bias = bytes.parameter();
    std::vector<float> means(visible + hidden);
    for (float& mean : means) mean = static_cast<float>(bytes.next()) / 255;

    tool::QuantizedModel quantized(model, bits);
    rbm::QuantizedModelView view = quantized.view();
    rbm::quantize(view, model.view(), {{means.data(), visible}, {means.data() + visible, hidden}});
    quantized.fraction = view.fraction;
    for (const std::uint8_t code : quantized.codes) fuzz::require(code < 1u << bits);
    // Large models may be refused for sums that overflow, never for a field.
    const std::string fault = tool::find_fault(quantized);
    if (!fault.empty()) {
      fuzz::require(fault.find("overflow") != fault.npos);
      return;
    }
    const std::string text =
        form & 4 ? tool::header_pair(quantized, "model", tool::Runtime::included, "model.h").source
                 : tool::header_text(quantized, "model", tool::Runtime::included);
    tool::HeaderContent again;
    try {
      again = tool::read_c_header(text, "file");
    } catch (const tool::Failure&) {
      std::abort();
    }
    fuzz::require(again.model.bits == bits && again.model.fraction == quantized.fraction);
    fuzz::require(again.model.visible == visible && again.model.hidden == hidden);
    fuzz::require(again.model.shape.height == 1 && again.model.shape.width == visible);
    fuzz::require(again.model.codes == quantized.codes && again.model.shifts == quantized.shifts);
    fuzz::require(again.model.visible_bias == quantized.visible_bias);
    fuzz::require(again.model.hidden_bias == quantized.hidden_bias);
    if (!(form & 4))
      fuzz::require(tool::header_text(again.model, again.name, tool::Runtime::included) == text);
  });
}
