// An example firmware: a device that knows the digits 0 to 8, by a generated header, is taught a new one.
// Somebody presses a button a few times, "this is a nine"; the device learns it by integers alone, in 4 KB of
// RAM with its stack. Some digits of each class that it has in flash remind it of what it knows.

#include "known_rbm.h"
#include "platform/assertion.hpp"
#include "platform/console.h"
#include "rbm/rbm.hpp"
#include "rbm/unpack.hpp"

namespace {

// 1,797 real digits in flash, where a product would read a sensor: for each, 64 greys from 0 to 16, then
// which digit it is. The last 297 are kept aside, to see how many are recognized.
constexpr size_t pixels = KNOWN_RBM_VISIBLE, known = KNOWN_RBM_LABELS, labels = known + 1;
constexpr size_t shown_digits = 1500, all_digits = 1797;
constexpr uint8_t digits[] = {
#include "digits.inc"
};
static_assert(sizeof digits == all_digits * (pixels + 1));

constexpr size_t presses = 50;        // of the button
constexpr size_t steps_a_press = 60;  // each learns one digit
constexpr size_t reminders = 300;     // the first digits in flash, of the known classes
constexpr uint16_t rate = 6554;       // 0.1

constexpr rbm::ChoiceShape shape{pixels + labels, KNOWN_RBM_HIDDEN, {pixels, pixels + labels}};
rbm::FixedPointRbm<shape.visible, shape.hidden> model;
rbm::Memory<rbm::choice_online_bytes<rbm::Parameter>(shape)> memory;
uint16_t taught[presses];  // which digits; a product keeps the pixels
static_assert(sizeof model + sizeof memory + sizeof taught <= 3 * 1024,
              "a small device has no more to spare");

size_t class_of(size_t digit) {
  return digits[digit * (pixels + 1) + pixels];
}

/// The greys of a digit, from 0 to 1.
struct Seen {
  rbm::RealState states[pixels];

  explicit Seen(size_t digit) {
    for (size_t j = 0; j < pixels; ++j)
      states[j] = static_cast<rbm::RealState>(digits[digit * (pixels + 1) + j] << (rbm::state_fraction - 4));
  }
  operator rbm::VectorView<const rbm::RealState>() const { return {states, pixels}; }
};

size_t classify(size_t digit) {
  int32_t probability[labels], inputs[shape.hidden];
  const Seen seen(digit);
  rbm::choice_probabilities({probability, labels}, {inputs, shape.hidden}, model, shape.choice, seen);
  size_t likeliest = 0;
  for (size_t y = 1; y < labels; ++y)
    if (probability[y] > probability[likeliest]) likeliest = y;
  return likeliest;
}

void write_share(unsigned part, unsigned whole) {
  const unsigned tenths = (1000 * part + whole / 2) / whole;
  console_write(tenths < 100 ? "            " : tenths < 1000 ? "           " : "          ");
  console_write_number(tenths / 10);
  console_write(".");
  console_write_number(tenths % 10);
  console_write(" %");
}

/// How many of the digits that it was not shown it recognizes.
void write_judgement(size_t pressed) {
  unsigned right[2] = {}, all[2] = {};  // of the known classes, of the new one
  for (size_t digit = shown_digits; digit < all_digits; ++digit) {
    const bool is_new = class_of(digit) == known;
    ++all[is_new];
    right[is_new] += classify(digit) == class_of(digit);
  }
  console_write(pressed < 10 ? "            " : "           ");
  console_write_number(static_cast<unsigned long>(pressed));
  write_share(right[0], all[0]);
  write_share(right[1], all[1]);
  console_write("\n");
}

/// A digit to learn after so many presses: each class has its turn as often as any other.
size_t draw_digit(size_t pressed, rbm::Xoshiro128& random) {
  if (rbm::draw_below(labels, random) == known)
    return taught[rbm::draw_below(static_cast<uint32_t>(pressed), random)];
  size_t digit = 0;
  do digit = rbm::draw_below(reminders, random);
  while (class_of(digit) == known);
  return digit;
}

}  // namespace

int main() {
  console_write("A device that knows the digits 0 to 8 is taught nines.\n\n");
  console_write("presses of the button    0 to 8 right         9 right\n");
  rbm::unpack(model, known_rbm);  // and room for one label more
  rbm::FixedPointChoiceOnline online(model, memory, shape, {rate});
  rbm::Xoshiro128 random = rbm::Xoshiro128::seeded(1);
  write_judgement(0);
  size_t pressed = 0;
  for (size_t digit = reminders; digit < shown_digits && pressed < presses; ++digit) {
    if (class_of(digit) != known) continue;
    taught[pressed++] = static_cast<uint16_t>(digit);  // the button is pressed while the sensor sees this
    for (size_t step = 0; step < steps_a_press; ++step) {
      const size_t drawn = draw_digit(pressed, random);
      const Seen seen(drawn);
      rbm::learn(online, seen, class_of(drawn));
    }
    if (pressed == 10 || pressed == 20 || pressed == presses) write_judgement(pressed);
  }

  uint32_t hash = 0x811c9dc5u;  // FNV-1a over the weights' bytes
  for (const rbm::Parameter weight : model.weights)
    for (unsigned byte = 0; byte < 2; ++byte)
      hash = (hash ^ (static_cast<uint16_t>(weight) >> 8 * byte & 255u)) * 0x01000193u;
  console_write("\nhash of the model: ");
  console_write_hexadecimal(hash);
  console_write("\n");
  return 0;
}
