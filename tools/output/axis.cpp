#include "tools/output/axis.hpp"

#include <algorithm>
#include <charconv>
#include <cmath>
#include <string_view>
#include <utility>

#include "tools/base/text.hpp"

namespace tool {
namespace {

// A step of an axis: mantissa 1, 2 or 5, times 10^exponent.
struct Step {
  int mantissa;
  int exponent;

  // Exactly rounded: a decimal text read back, for which no arithmetic is needed.
  double times(double count) const {
    const std::string text = fixed(count * mantissa, 0) + "e" + std::to_string(exponent);
    double value = 0;
    std::from_chars(text.data(), text.data() + text.size(), value);
    return value;
  }

  Step next() const {
    if (mantissa == 5) return {1, exponent + 1};
    return {mantissa == 1 ? 2 : 5, exponent};
  }
};

// The power of ten of a positive number's leading digit, of its shortest decimal form.
int decimal_exponent(double number) {
  char text[64];
  const char* const end = std::to_chars(text, text + sizeof text, number, std::chars_format::scientific).ptr;
  const std::string_view digits(text, static_cast<std::size_t>(end - text));
  const std::size_t sign = digits.find('e') + 1;
  int exponent = 0;
  std::from_chars(text + sign + (digits[sign] == '+' ? 1 : 0), end, exponent);
  return exponent;
}

// Whether numbers of this size and this far apart are better read with a power of ten.
bool far_from_one(double largest, double smallest) {
  return largest >= 1e7 || smallest < 1e-5;
}

std::string superscript(int number) {
  constexpr const char* digits[] = {"⁰", "¹", "²", "³", "⁴", "⁵", "⁶", "⁷", "⁸", "⁹"};
  std::string text = number < 0 ? "⁻" : "";
  for (const char digit : std::to_string(std::abs(number))) text += digits[digit - '0'];
  return text;
}

// A decimal number with a true minus sign, and commas between thousands.
std::string typeset(std::string text) {
  const bool negative = text[0] == '-';
  if (negative) text.erase(0, 1);
  const std::size_t point = std::min(text.find('.'), text.size());
  for (std::size_t end = point; end > 3; end -= 3) text.insert(end - 3, ",");
  return (negative ? "−" : "") + text;
}

std::string with_power(const std::string& mantissa, int exponent) {
  return typeset(mantissa) + "×10" + superscript(exponent);
}

}  // namespace

Ticks round_ticks(double low, double high, std::size_t most, double least_step) {
  constexpr double least_relative = 1e-9, least_drawn = 1 / largest_drawn;
  const double size = std::max({std::abs(low), std::abs(high), least_step});
  if (!(high - low > std::max(size * least_relative, least_drawn))) {
    const double margin = size > 20 * least_drawn ? std::max(size / 10, least_step) : 1;
    low -= margin;
    high += margin;
  }
  const double intervals = static_cast<double>(most - 1);
  // One decade below the finest that could do.
  for (Step step{1, decimal_exponent((high - low) / intervals) - 1};; step = step.next()) {
    const double width = step.times(1);
    if (width < least_step) continue;
    double first = std::floor(low / width), last = std::ceil(high / width);
    // The quotients are rounded: a bound at a tick may have come out on its other side.
    if (step.times(first) > low) --first;
    if (step.times(first + 1) <= low) ++first;
    if (step.times(last) < high) ++last;
    if (step.times(last - 1) >= high) --last;
    if (last - first > intervals) continue;
    Ticks ticks{width, {}};
    // NOLINTNEXTLINE(clang-analyzer-security.FloatLoopCounter): whole numbers, which doubles hold exactly
    for (double count = first; count <= last; ++count) ticks.values.push_back(step.times(count));
    return ticks;
  }
}

std::vector<std::string> tick_labels(const Ticks& ticks) {
  double largest = 0;
  for (const double value : ticks.values) largest = std::max(largest, std::abs(value));
  std::vector<std::string> labels;
  if (far_from_one(largest, ticks.step)) {
    const int exponent = decimal_exponent(largest > 0 ? largest : 1),
              step_exponent = decimal_exponent(ticks.step);
    for (const double value : ticks.values) {
      const double mantissa = value / std::pow(10.0, exponent);
      labels.push_back(
          value == 0 ? "0" : with_power(fixed(mantissa, std::max(0, exponent - step_exponent)), exponent));
    }
    return labels;
  }
  const int decimals = std::max(0, -decimal_exponent(ticks.step));
  for (const double value : ticks.values) labels.push_back(typeset(fixed(value, decimals)));
  return labels;
}

Axis axis_of(const Ticks& ticks, std::string label) {
  return {ticks.values, tick_labels(ticks), std::move(label)};
}

std::string shown_number(double number, int digits) {
  if (std::isnan(number)) return "not a number";
  if (std::isinf(number)) return number < 0 ? "−∞" : "∞";
  if (number == 0) return "0";
  // Rounded to these digits, which may carry: 9.996 is 10.00.
  char text[64];
  const char* const end =
      std::to_chars(text, text + sizeof text, number, std::chars_format::scientific, digits - 1).ptr;
  double rounded = 0;
  std::from_chars(text, end, rounded);
  const double size = std::abs(rounded);
  const int exponent = decimal_exponent(size);
  if (far_from_one(size, size)) return with_power({text, std::find(text, text + sizeof text, 'e')}, exponent);
  return typeset(fixed(rounded, std::max(0, digits - 1 - exponent)));
}

}  // namespace tool
