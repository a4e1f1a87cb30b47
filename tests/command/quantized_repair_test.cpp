// What the demo's firmware does, in floats and in 8 bits: what does quantization cost a user?

#include <doctest/doctest.h>

#include <cmath>
#include <string>
#include <vector>

#include "rbm/energy.hpp"
#include "rbm/gibbs.hpp"
#include "rbm/quantized.h"
#include "tests/support/command.hpp"
#include "tools/data/digits.hpp"
#include "tools/model/model.hpp"
#include "tools/model/model_file.hpp"
#include "tools/quantization/rounding.hpp"

namespace {

constexpr std::size_t pixels = tool::digit_pixels, first_held_out = 1500;
constexpr int flipped_pixels = 6;
constexpr float sure = 220 / 256.0f;  // as in platform/examples/denoise.c

using State = std::vector<bool>;

State black_and_white(std::size_t digit) {
  State state(pixels);
  for (std::size_t j = 0; j < pixels; ++j) state[j] = tool::digit_image(digit)[j] >= 8;
  return state;
}

// The firmware's noise, draw by draw.
State add_noise(State state, rbm_random& random) {
  State touched(pixels);
  for (int flipped = 0; flipped < flipped_pixels;) {
    const std::size_t j = ((rbm_random_next(&random) >> 16) * pixels) >> 16;
    if (touched[j]) continue;
    touched[j] = true;
    state[j] = !state[j];
    ++flipped;
  }
  return state;
}

template <class Mean>
State repair(State state, const Mean& mean) {
  for (std::size_t j = 0; j < pixels; ++j) {
    if (mean(j) >= sure) state[j] = true;
    if (mean(j) < 1 - sure) state[j] = false;
  }
  return state;
}

int wrong(const State& state, const State& original) {
  int count = 0;
  for (std::size_t j = 0; j < pixels; ++j) count += state[j] != original[j];
  return count;
}

std::vector<float> float_means(const tool::Model& model, const State& state) {
  std::vector<rbm::Unit> units, hidden_units(model.hidden);
  for (std::size_t j = 0; j < pixels; ++j)
    if (state[j]) units.push_back(static_cast<rbm::Unit>(j));
  std::vector<float> hidden(model.hidden), factors(model.hidden), means(pixels);
  rbm::hidden_probabilities({hidden.data(), hidden.size()}, model.view(),
                            {units.data(), nullptr, units.size()});
  rbm::UnitList list{hidden_units.data(), factors.data(), 0};
  rbm::list_values(list, {hidden.data(), hidden.size()});
  rbm::visible_probabilities({means.data(), means.size()}, model.view(), list);
  return means;
}

}  // namespace

TEST_CASE("8 bits repair noisy digits as well as floats do") {
  const fixture::Folder folder;
  // The demo's recipe.
  run_well(folder, {"train", "digits", "--hidden", "96", "--visible", "thresholded", "--optimizer", "sgd",
                    "--batch", "10", "--epochs", "40", "--gibbs-steps", "5", "--weight-decay", "0.003",
                    "--shuffle", "--out", "model"});
  const tool::Model model = tool::read_model(folder.path("model"));
  const tool::PackedModel packed(tool::rounded(model, 8, 1));
  std::vector<std::uint32_t> scratch(RBM_SCRATCH_WORDS(model.visible, model.hidden));
  rbm_random random;
  rbm_random_seed(&random, 2024);
  int before = 0, by_floats = 0, by_integers = 0, digits = 0;
  for (std::size_t digit = first_held_out; digit < tool::digit_count; ++digit, ++digits) {
    const State original = black_and_white(digit), noisy = add_noise(original, random);
    before += wrong(noisy, original);
    const std::vector<float> means = float_means(model, noisy);
    by_floats += wrong(repair(noisy, [&](std::size_t j) { return means[j]; }), original);
    std::uint8_t bits[RBM_STATE_BYTES(pixels)] = {}, bytes[pixels];
    for (std::size_t j = 0; j < pixels; ++j) rbm_set_unit(bits, j, noisy[j]);
    rbm_reconstruct(&packed.runtime(), rbm_from_bits(bits), RBM_MEAN, nullptr, bytes, scratch.data());
    by_integers +=
        wrong(repair(noisy, [&](std::size_t j) { return static_cast<float>(bytes[j]) / 256; }), original);
  }
  const auto mean = [&](int sum) { return static_cast<double>(sum) / digits; };
  MESSAGE("wrong pixels a digit: " << mean(before) << " before, " << mean(by_floats) << " after by floats, "
                                   << mean(by_integers) << " by 8 bits");
  CHECK(mean(before) == flipped_pixels);
  CHECK(mean(by_integers) < 4);
  CHECK(std::abs(mean(by_integers) - mean(by_floats)) < 0.1);
}
