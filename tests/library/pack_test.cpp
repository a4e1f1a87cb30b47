#include "rbm/pack.hpp"

#include <doctest/doctest.h>

#include <algorithm>
#include <random>
#include <vector>

namespace {

/// A model of random codes, with storage; shifts from `lowest` on.
struct Codes {
  std::vector<std::uint8_t> codes, shifts;
  std::vector<std::int16_t> visible_bias, hidden_bias;
  rbm::QuantizedModelView view;

  Codes(std::size_t visible, std::size_t hidden, unsigned bits, std::uint8_t lowest)
      : codes(hidden * visible), shifts(hidden), visible_bias(visible), hidden_bias(hidden) {
    std::mt19937 random(bits);
    for (std::uint8_t& code : codes) code = static_cast<std::uint8_t>(random() % (1u << bits));
    for (std::uint8_t& shift : shifts) shift = static_cast<std::uint8_t>(lowest + random() % 4);
    for (std::int16_t& bias : visible_bias) bias = static_cast<std::int16_t>(random());
    for (std::int16_t& bias : hidden_bias) bias = static_cast<std::int16_t>(random());
    view = {bits, 9, visible, hidden, codes.data(), shifts.data(), visible_bias.data(), hidden_bias.data()};
  }
};

std::vector<std::uint32_t> words_for(const rbm::QuantizedModelView& model) {
  return std::vector<std::uint32_t>(rbm::packed_words(model.visible, model.hidden, model.bits), 0xdeadbeef);
}

}  // namespace

TEST_CASE("packing by hand: the first code in the lowest bits, each row from a new word") {
  std::vector<std::uint8_t> codes = {1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12, 13, 14, 15, 0, 1, 2};
  std::uint8_t shifts[] = {5, 3};
  std::int16_t visible_bias[9] = {}, hidden_bias[2] = {};
  const rbm::QuantizedModelView model{4, 10, 9, 2, codes.data(), shifts, visible_bias, hidden_bias};
  std::vector<std::uint32_t> words = words_for(model);
  const rbm_quantized packed = rbm::pack({words.data(), words.size()}, model);
  CHECK(words == std::vector<std::uint32_t>{0x87654321, 0x9, 0x10fedcba, 0x2});
  CHECK(packed.lowest_shift == 3);
  CHECK(packed.highest_shift == 5);
}

TEST_CASE("a packed row is a string of bits: code j from bit j * bits on, and zeros behind the last one") {
  for (const unsigned bits : {8u, 4u, 2u, 1u})
    for (const std::size_t visible : {1u, 31u, 32u, 33u, 75u}) {
      CAPTURE(bits);
      CAPTURE(visible);
      const std::size_t hidden = 5;
      const Codes model(visible, hidden, bits, 2);
      std::vector<std::uint32_t> words = words_for(model.view);
      (void)rbm::pack({words.data(), words.size()}, model.view);
      const std::size_t row_bits = 32 * words.size() / hidden;
      CHECK(row_bits >= visible * bits);
      CHECK(row_bits < visible * bits + 32);
      for (std::size_t i = 0; i < hidden; ++i)
        for (std::size_t bit = 0; bit < row_bits; ++bit) {
          const bool found = words[(i * row_bits + bit) / 32] >> bit % 32 & 1;
          const bool expected =
              bit < visible * bits && model.codes[i * visible + bit / bits] >> bit % bits & 1;
          REQUIRE_UNARY(found == expected);
        }
    }
}

TEST_CASE("what else a packed model says is the model's, and its checksum is the runtime's") {
  const Codes model(33, 7, 2, 6);
  std::vector<std::uint32_t> words = words_for(model.view);
  const rbm_quantized packed = rbm::pack({words.data(), words.size()}, model.view);
  CHECK(packed.visible == 33);
  CHECK(packed.hidden == 7);
  CHECK(packed.bits == 2);
  CHECK(packed.fraction == 9);
  CHECK(packed.lowest_shift == *std::min_element(model.shifts.begin(), model.shifts.end()));
  CHECK(packed.highest_shift == *std::max_element(model.shifts.begin(), model.shifts.end()));
  CHECK(packed.weights == words.data());
  CHECK(packed.shifts == model.shifts.data());
  CHECK(packed.visible_bias == model.visible_bias.data());
  CHECK(packed.hidden_bias == model.hidden_bias.data());
  CHECK(packed.checksum == rbm_checksum(&packed));
}
