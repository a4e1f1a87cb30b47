// An example firmware: a microcontroller learns handwritten digits by itself, one after the other, with
// nothing but the digits to go by. It needs 8 KB of RAM, no C library, no heap and no floating-point unit;
// the same file runs on a desktop and learns the same, to the last bit.

#define RBM_REAL_UNITS 0  // pixels are bits: leaves out the code of real units

#include "platform/assertion.hpp"
#include "platform/console.h"
#include "rbm/rbm.hpp"

namespace {

// 1,797 real digits in flash, where a product would read a sensor: for each, 64 greys from 0 to 16, then
// which digit it is. The last 297 are kept aside, to see how well the model knows digits that it has not
// learned.
constexpr size_t pixels = 64, hidden = 24;
constexpr size_t learned_digits = 1500, all_digits = 1797, steps = 2 * learned_digits;
constexpr uint8_t digits[] = {
#include "digits.inc"
};
static_assert(sizeof digits == all_digits * (pixels + 1));

// All the memory that learning takes, besides 2 KB of stack.
rbm::Rbm<pixels, hidden> model;
rbm::Memory<rbm::online_bytes({pixels, hidden})> memory;
static_assert(sizeof model + sizeof memory <= 8 * 1024, "a small microcontroller has no more to spare");

rbm::Vector<pixels> intensities(size_t digit) {
  rbm::Vector<pixels> result;
  for (size_t j = 0; j < pixels; ++j)
    result.values[j] = static_cast<float>(digits[digit * (pixels + 1) + j]) * (1.0f / 16.0f);
  return result;
}

/// How well the model knows the digits that it has not learned.
struct Judgement {
  unsigned digits_judged = 0, wrong_pixels = 0;  ///< reconstructions, and where they differ from the digits
  unsigned pixels_judged = 0;
  float sum = 0.0f, sum_of_squares = 0.0f;  ///< over these pixels, of log p(pixel | all other pixels)
};

void reconstruct(rbm::Chain& chain, rbm::ConstRbmView rbm, rbm::RandomStream& random, Judgement& judgement) {
  rbm::Bits<pixels> original;
  for (size_t n = 0; n < chain.visible.count; ++n) original.set(chain.visible.units[n], true);
  rbm::gibbs_step(chain, rbm, random);
  for (size_t j = 0; j < pixels; ++j)
    judgement.wrong_pixels += (chain.visible_probability[j] >= 0.5f) != original[j];
  ++judgement.digits_judged;
}

// Of a few pixels a digit, each in its turn.
void add_log_conditionals(const rbm::Chain& chain, rbm::ConstRbmView rbm, Judgement& judgement) {
  rbm::Vector<hidden> inputs, scratch;
  rbm::multiply(inputs, rbm.hidden_bias, rbm.weights, chain.visible);
  for (unsigned n = 0; n < 8; ++n) {
    const size_t j = judgement.pixels_judged++ % pixels;
    bool on = false;
    for (size_t k = 0; k < chain.visible.count; ++k) on = on || chain.visible.units[k] == j;
    const float term = rbm::log_conditional(scratch, rbm, inputs, j, on);
    judgement.sum += term;
    judgement.sum_of_squares += term * term;
  }
}

// Between two steps of learning their working memory is free for this.
Judgement judge() {
  rbm::Chain chain(memory, {pixels, hidden});
  rbm::RandomStream random = rbm::RandomStream::keyed(2);
  Judgement judgement;
  for (size_t digit = learned_digits; digit < all_digits; digit += 3) {
    rbm::set_visible(chain.visible, intensities(digit), rbm::VisibleUnits::thresholded, random);
    add_log_conditionals(chain, model, judgement);
    reconstruct(chain, model, random, judgement);
  }
  return judgement;
}

void write_right_aligned(unsigned long number, unsigned columns) {
  for (unsigned long power = 10; columns > 1; --columns, power *= 10)
    if (number < power) console_write(" ");
  console_write_number(number);
}

void write_hundredths(float x) {
  const unsigned long hundredths = static_cast<unsigned long>(100.0f * rbm::absolute(x) + 0.5f);
  console_write(x < 0.0f ? "  -" : "   ");
  write_right_aligned(hundredths / 100, 2);
  console_write(hundredths % 100 < 10 ? ".0" : ".");
  console_write_number(hundredths % 100);
}

void write_judgement(unsigned long step) {
  const Judgement judgement = judge();
  const float count = static_cast<float>(judgement.pixels_judged), mean = judgement.sum / count;
  const float variance = (judgement.sum_of_squares / count - mean * mean) / count;
  write_right_aligned(step, 14);
  console_write("      ");
  write_hundredths(static_cast<float>(judgement.wrong_pixels) / static_cast<float>(judgement.digits_judged));
  console_write("          ");
  write_hundredths(static_cast<float>(pixels) * mean);
  console_write(" +-");
  write_hundredths(static_cast<float>(pixels) * rbm::square_root(variance));
  console_write("\n");
}

void write_bytes(const char* what, size_t bytes) {
  console_write(what);
  console_write(" bytes: ");
  console_write_number(static_cast<unsigned long>(bytes));
  console_write("\n");
}

// FNV-1a over the parameters' bits.
uint32_t hash(rbm::VectorView<const float> values, uint32_t state) {
  for (size_t n = 0; n < values.size; ++n)
    for (unsigned byte = 0; byte < 4; ++byte)
      state = (state ^ (rbm::to_bits(values[n]) >> 8 * byte & 255u)) * 0x01000193u;
  return state;
}

uint32_t hash(rbm::ConstRbmView rbm) {
  uint32_t state = 0x811c9dc5u;
  for (size_t i = 0; i < rbm.hidden(); ++i) state = hash(rbm.weights.row(i), state);
  return hash(rbm.hidden_bias, hash(rbm.visible_bias, state));
}

}  // namespace

int main() {
  console_write("A device learns handwritten digits, 64 pixels with 24 hidden units.\n\n");
  write_bytes("model", sizeof model);
  write_bytes("working memory", sizeof memory);
  console_write("\ndigits learned    wrong pixels    log-pseudo-likelihood, nats\n");

  rbm::Xoshiro128 random = rbm::Xoshiro128::seeded(1);
  rbm::initialize(model, random);
  rbm::OnlineOptions options;
  options.visible_units = rbm::VisibleUnits::thresholded;
  options.rate = 0.1f;
  rbm::Online online(model, memory, {pixels, hidden}, options);
  for (size_t step = 0;; ++step) {
    if (step % 1000 == 0) write_judgement(static_cast<unsigned long>(step));
    if (step == steps) break;
    rbm::learn(online, intensities(step % learned_digits));
  }

  console_write("\nhash of the model: ");
  console_write_hexadecimal(hash(model));
  console_write("\n");
  return 0;
}
