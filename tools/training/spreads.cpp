#include "tools/training/spreads.hpp"

#include <algorithm>
#include <array>
#include <cmath>
#include <cstdint>
#include <limits>

#include "tools/base/bytes.hpp"

namespace tool {
namespace {

/// Numbers in the order of the floats that they stand for.
std::uint32_t key_of(float value) {
  const std::uint32_t bits = bits_of_float(value), sign = 0x80000000u;
  return (bits & sign) != 0 ? ~bits : bits | sign;
}

float value_of(std::uint32_t key) {
  const std::uint32_t sign = 0x80000000u;
  return float_from_bits((key & sign) != 0 ? key & ~sign : ~key);
}

/// Between which sorted values a quantile lies, and how far from the first to the second.
struct Place {
  std::size_t below, above;
  double share;
};

Place place_of(double quantile, std::size_t count) {
  const double place = quantile * static_cast<double>(count - 1);
  const auto below = static_cast<std::size_t>(place);
  return {below, std::min(below + 1, count - 1), place - static_cast<double>(below)};
}

/// Finds a value by its rank among sorted ones, without sorting them: a digit of its key in each pass, from
/// the first on, by counting the values that begin as it does.
class Selection {
 public:
  static constexpr unsigned digit_bits = 8, passes = 32 / digit_bits;

  explicit Selection(std::size_t rank) : rank_(rank) {}

  void count(std::uint32_t key) {
    // In the first pass all begin as it does.
    if (std::uint64_t{key} >> (shift_ + digit_bits) == found_) ++counts_[key >> shift_ & 0xff];
  }

  void end_pass() {
    std::size_t digit = 0;
    for (; rank_ >= counts_[digit]; ++digit) rank_ -= counts_[digit];
    found_ = found_ << digit_bits | static_cast<std::uint32_t>(digit);
    shift_ -= digit_bits;
    counts_.fill(0);
  }

  double value() const { return static_cast<double>(value_of(found_)); }

 private:
  std::size_t rank_;         // among the values that begin with the digits found
  std::uint32_t found_ = 0;  // digits of the key
  unsigned shift_ = 32 - digit_bits;
  std::array<std::size_t, 1u << digit_bits> counts_{};
};

/// The columns from one on, as many as take little memory.
class ColumnBlock {
 public:
  ColumnBlock(const Dataset& data, std::size_t first, std::size_t count)
      : data_(data),
        first_(first),
        first_quartile_(place_of(0.25, data.rows)),
        third_quartile_(place_of(0.75, data.rows)) {
    columns_.reserve(count);
    for (std::size_t j = 0; j < count; ++j)
      columns_.push_back({Selection(first_quartile_.below), Selection(first_quartile_.above),
                          Selection(third_quartile_.below), Selection(third_quartile_.above)});
  }

  void measure(std::vector<Spread>& spreads) {
    for (unsigned pass = 0; pass < Selection::passes; ++pass) {
      for_each_value([&](std::size_t j, float value) {
        for (Selection& selection : columns_[j]) selection.count(key_of(value));
      });
      for (auto& selections : columns_)
        for (Selection& selection : selections) selection.end_pass();
    }
    for (std::size_t j = 0; j < columns_.size(); ++j) set_fences(columns_[j], spreads[first_ + j]);
    const auto count = static_cast<double>(data_.rows);
    std::vector<double> sums(columns_.size()), squares(columns_.size());
    constexpr float infinity = std::numeric_limits<float>::infinity();
    std::vector<float> least(columns_.size(), infinity), most(columns_.size(), -infinity);
    for_each_value([&](std::size_t j, float value) {
      sums[j] += spreads[first_ + j].clipped(value);
      least[j] = std::min(least[j], value);
      most[j] = std::max(most[j], value);
    });
    for (std::size_t j = 0; j < columns_.size(); ++j) {
      Spread& spread = spreads[first_ + j];
      spread.constant = least[j] == most[j];
      // The mean of equal values may be a rounding off.
      spread.mean = spread.constant ? static_cast<double>(least[j]) : sums[j] / count;
    }
    for_each_value([&](std::size_t j, float value) {
      const double difference = spreads[first_ + j].clipped(value) - spreads[first_ + j].mean;
      squares[j] += difference * difference;
    });
    for (std::size_t j = 0; j < columns_.size(); ++j)
      spreads[first_ + j].deviation = std::sqrt(squares[j] / count);
  }

 private:
  using Selections = std::array<Selection, 4>;

  template <class Visit>
  void for_each_value(const Visit& visit) const {
    RowReader read(data_);
    for (std::size_t n = 0; n < data_.rows; ++n) {
      const std::vector<float>& row = read(n);
      for (std::size_t j = 0; j < columns_.size(); ++j) visit(j, row[first_ + j]);
    }
  }

  void set_fences(const Selections& found, Spread& spread) const {
    const auto between = [](const Selection& below, const Selection& above, double share) {
      return below.value() + share * (above.value() - below.value());
    };
    const double first = between(found[0], found[1], first_quartile_.share),
                 third = between(found[2], found[3], third_quartile_.share), range = third - first;
    constexpr double infinity = std::numeric_limits<double>::infinity();
    constexpr double ranges = 3;
    spread.low = range > 0 ? first - ranges * range : -infinity;
    spread.high = range > 0 ? third + ranges * range : infinity;
  }

  const Dataset& data_;
  const std::size_t first_;
  const Place first_quartile_, third_quartile_;
  std::vector<Selections> columns_;
};

}  // namespace

double Spread::clipped(float value) const {
  return std::clamp(static_cast<double>(value), low, high);
}

std::vector<Spread> find_spreads(const Dataset& data) {
  constexpr std::size_t columns_at_once = 512;
  std::vector<Spread> spreads(data.columns);
  for (std::size_t first = 0; first < data.columns; first += columns_at_once)
    ColumnBlock(data, first, std::min(columns_at_once, data.columns - first)).measure(spreads);
  return spreads;
}

}  // namespace tool
