#include "rbm/fixed_point_online.hpp"

#include <doctest/doctest.h>

#include <cmath>

#include "rbm/online.hpp"
#include "rbm/partition.hpp"
#include "tests/support/fixed_point_models.hpp"
#include "tests/support/fixtures.hpp"
#include "tools/data/digits.hpp"

using fixture::FixedPointModel;
using rbm::Probability;
using Bytes = std::vector<std::uint8_t>;

namespace {

rbm::VectorView<const std::uint8_t> view(const Bytes& bytes) {
  return {bytes.data(), bytes.size()};
}

Bytes random_bytes(std::size_t size, std::mt19937& random) {
  Bytes bytes(size);
  for (std::uint8_t& byte : bytes) byte = static_cast<std::uint8_t>(random() >> 24);
  return bytes;
}

/// A digit's greys, 0 to 16, as intensities whose largest is `white`.
template <class Value>
std::vector<Value> digit(std::size_t index, double white) {
  std::vector<Value> out(tool::digit_pixels);
  for (std::size_t j = 0; j < out.size(); ++j)
    out[j] = static_cast<Value>(tool::digit_image(index)[j] * white / 16);
  return out;
}

constexpr std::size_t trained_digits = 1500, pixels = tool::digit_pixels, few = 14;

/// Exact mean of log p(v) over the digits that are never trained on, binarized once.
double held_out_nats(rbm::ConstRbmView model) {
  fixture::Memory memory(rbm::enumeration_bytes({pixels, few}));
  rbm::Enumeration enumeration(model, memory, {pixels, few});
  rbm::enumerate(enumeration, 0, enumeration.parts);
  std::vector<rbm::Unit> units(pixels);
  std::vector<float> scratch(few);
  rbm::UnitList list{units.data(), nullptr, 0};
  rbm::RandomStream random = rbm::RandomStream::keyed(99);
  double sum = 0;
  for (std::size_t n = trained_digits; n < tool::digit_count; ++n) {
    const std::vector<float> intensities = digit<float>(n, 1);
    rbm::set_visible(list, fixture::view(intensities), rbm::VisibleUnits::sampled, random);
    sum -= static_cast<double>(rbm::free_energy(fixture::view(scratch), model, list));
  }
  return sum / static_cast<double>(tool::digit_count - trained_digits) -
         static_cast<double>(rbm::log_partition(enumeration));
}

}  // namespace

TEST_CASE("learning in fixed point takes half the memory of learning in floats") {
  static_assert(sizeof(rbm::FixedPointRbm<64, 24>) == 2 * (64 * 24 + 64 + 24));
  // Five arrays of the visible units' size and three of the hidden ones', 2 bytes each, but for gaps.
  constexpr std::size_t gaps = 7 * 4 * rbm::vector_lanes;
  static_assert(rbm::fixed_point_online_bytes({64, 24}) <= 2 * (4 * 64 + 3 * 24) + gaps);
}

TEST_CASE("a change is rounded up exactly as often as its fraction says") {
  for (const std::int32_t change : {0, 31, 32, 65536 * 32 - 1, 1234567, -1, -32, -1234567, 2147418112}) {
    std::int64_t sum = 0;
    std::int32_t least = INT32_MAX, most = INT32_MIN;
    for (std::uint32_t bits = 0; bits < 65536; ++bits) {
      const std::int32_t steps = rbm::detail::round_change(change, bits);
      sum += steps;
      least = std::min(least, steps);
      most = std::max(most, steps);
    }
    const double steps = change * 0x1p-32 * 2048;
    CHECK(std::abs(static_cast<double>(sum) / 65536 - steps) < 0x1p-16);
    CHECK(least == std::floor(steps));
    CHECK(most - least <= 1);
  }
}

TEST_CASE("what two lists have in common moves to a third") {
  using Units = std::vector<rbm::Unit>;
  const auto split = [](Units a, Units b, const Units& only_a, const Units& only_b, const Units& common) {
    Units both(std::max(a.size(), b.size()) + 1);
    rbm::UnitList list_a{a.data(), nullptr, a.size()}, list_b{b.data(), nullptr, b.size()},
        list_both{both.data(), nullptr, 77};
    rbm::detail::split_common(list_a, list_b, list_both);
    CHECK(Units(a.begin(), a.begin() + static_cast<std::ptrdiff_t>(list_a.count)) == only_a);
    CHECK(Units(b.begin(), b.begin() + static_cast<std::ptrdiff_t>(list_b.count)) == only_b);
    CHECK(Units(both.begin(), both.begin() + static_cast<std::ptrdiff_t>(list_both.count)) == common);
  };
  split({}, {}, {}, {}, {});
  split({4}, {}, {4}, {}, {});
  split({0, 2, 3, 7}, {1, 2, 7, 9}, {0, 3}, {1, 9}, {2, 7});
  split({5, 6}, {5, 6}, {}, {}, {5, 6});
  split({8, 9}, {1}, {8, 9}, {1}, {});
}

TEST_CASE("one sample moves every parameter as the double-precision reference, but for a step") {
  constexpr std::size_t visible = 41, hidden = 13;
  std::mt19937 random(1);
  for (const unsigned gibbs_steps : {1u, 3u})
    for (const std::uint16_t rate : {std::uint16_t{3}, std::uint16_t{1311}, std::uint16_t{32767}})
      for (const auto kind : {rbm::VisibleUnits::sampled, rbm::VisibleUnits::thresholded}) {
        FixedPointModel model = fixture::random_fixed_point_model(visible, hidden, 0.4f, 2, 3);
        FixedPointModel before = model;
        reference::Parameters exact = fixture::exact(model);
        fixture::Memory memory(rbm::fixed_point_online_bytes({visible, hidden}));
        rbm::FixedPointOnline online(model, memory, {visible, hidden}, {rate, kind, gibbs_steps});
        const Bytes intensities = random_bytes(visible, random);

        // The same states, drawn from the same numbers by the model's own probabilities.
        rbm::Xoshiro128 draws = online.random;
        std::vector<rbm::Unit> units[3] = {std::vector<rbm::Unit>(visible), std::vector<rbm::Unit>(hidden),
                                           std::vector<rbm::Unit>(visible)};
        rbm::UnitList data{units[0].data(), nullptr, 0}, h{units[1].data(), nullptr, 0},
            chain{units[2].data(), nullptr, 0};
        std::vector<Probability> p(visible);
        rbm::set_visible(data, view(intensities), kind, draws);
        for (unsigned k = 0; k < gibbs_steps; ++k) {
          rbm::hidden_probabilities({p.data(), hidden}, before, k == 0 ? data : chain);
          rbm::draw_units(h, {p.data(), hidden}, draws);
          rbm::visible_probabilities({p.data(), visible}, before, h);
          rbm::draw_units(chain, {p.data(), visible}, draws);
        }

        const double loss = rbm::learn(online, view(intensities)) / 65536.0;
        const reference::State v0 = fixture::to_values(data, visible),
                               vk = fixture::to_values(chain, visible);
        CHECK(std::abs(loss - (reference::free_energy(exact, v0) - reference::free_energy(exact, vk))) <
              hidden / 2048.0);
        reference::Parameters gradient = reference::free_energy_descent(exact, v0);
        gradient.add(-1, reference::free_energy_descent(exact, vk));
        exact.add(rate / 65536.0, gradient);
        CHECK(exact.worst_difference(fixture::exact(model)) * 2048 < 1 + 2048.0 * rate / 65536 * 28 / 65536);
        CHECK(model.weights[visible] == FixedPointModel::untouched);
      }
}

TEST_CASE("parameters stop at their bounds") {
  FixedPointModel model(8, 2);
  fixture::Memory memory(rbm::fixed_point_online_bytes({8, 2}));
  rbm::FixedPointOnline online(model, memory, {8, 2}, {32767});
  for (const int sign : {-1, 1}) {
    const auto bound = static_cast<rbm::Parameter>(sign * rbm::largest_parameter);
    model.set_all(bound);
    for (int n = 0; n < 100; ++n) (void)rbm::learn(online, view(Bytes(8, sign < 0 ? 0 : 255)));
    CHECK(model.visible_bias == std::vector<rbm::Parameter>(8, bound));
    for (const rbm::Parameter weight : model.weights) CHECK(std::abs(weight) <= rbm::largest_parameter);
  }
  // A hidden unit that is always on, and a visible unit that is on in the data only, or in the model only, in
  // half of the steps, while its bias is far from where it is driven to: the weight is pushed at its bound.
  for (const int sign : {-1, 1}) {
    FixedPointModel one(1, 1);
    fixture::Memory own(rbm::fixed_point_online_bytes({1, 1}));
    rbm::FixedPointOnline pushed(one, own, {1, 1}, {32767});
    const auto bound = static_cast<rbm::Parameter>(sign * rbm::largest_parameter);
    one.set_all(rbm::largest_parameter);
    one.weights[0] = bound;
    one.visible_bias[0] = static_cast<rbm::Parameter>(-bound);
    for (int n = 0; n < 10; ++n) {
      (void)rbm::learn(pushed, view(Bytes(1, sign < 0 ? 0 : 255)));
      CHECK(one.weights[0] == bound);
    }
    CHECK(one.visible_bias[0] != -bound);
  }
}

TEST_CASE("learning in fixed point raises the exact log-likelihood of bars and stripes") {
  const std::vector<reference::State> pictures = reference::bars_and_stripes();
  FixedPointModel model(9, 16);
  rbm::Xoshiro128 start = rbm::Xoshiro128::seeded(5);
  rbm::initialize(model, start);
  fixture::Memory memory(rbm::fixed_point_online_bytes({9, 16}));
  rbm::FixedPointOnline online(model, memory, {9, 16}, {3277});
  std::mt19937 random(6);
  for (int sample = 0; sample < 40000; ++sample) {
    Bytes bytes;
    for (const double pixel : pictures[random() % pictures.size()])
      bytes.push_back(static_cast<std::uint8_t>(255 * pixel));
    (void)rbm::learn(online, view(bytes));
  }
  // As online_test.cpp asks of floats: untrained -6.24 nats, perfect -2.64.
  CHECK(reference::log_likelihood(fixture::exact(model), pictures) > -4);
}

TEST_CASE("fixed point learns the digits as well as floats") {
  double difference = 0;
  constexpr std::uint64_t seeds = 3;
  for (std::uint64_t seed = 1; seed <= seeds; ++seed) {
    fixture::Model floats(pixels, few, 0, 1), from_fixed_point = floats;
    FixedPointModel fixed_point(pixels, few);
    rbm::Xoshiro128 random = rbm::Xoshiro128::seeded(seed);
    rbm::initialize(floats, random);
    rbm::convert(fixed_point, floats);
    fixture::Memory memory(rbm::online_bytes({pixels, few})),
        fixed_point_memory(rbm::fixed_point_online_bytes({pixels, few}));
    const auto kind = rbm::VisibleUnits::sampled;
    rbm::Online online(floats, memory, {pixels, few}, {0.02f, kind, 1, seed});
    rbm::FixedPointOnline fixed_point_online(fixed_point, fixed_point_memory, {pixels, few},
                                             {1311, kind, 1, seed});
    for (std::size_t n = 0; n < 20 * trained_digits; ++n) {
      const std::vector<float> intensities = digit<float>(n % trained_digits, 1);
      (void)rbm::learn(online, fixture::view(intensities));
      (void)rbm::learn(fixed_point_online, view(digit<std::uint8_t>(n % trained_digits, 255)));
    }
    rbm::convert(from_fixed_point, fixed_point);
    const double nats = held_out_nats(floats);
    CHECK(nats > -27);  // untrained -44.5
    difference += (held_out_nats(from_fixed_point) - nats) / seeds;
  }
  CHECK(std::abs(difference) < 1);
}
