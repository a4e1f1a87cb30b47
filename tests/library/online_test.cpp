#include "rbm/online.hpp"

#include <doctest/doctest.h>

#include "rbm/trainer.hpp"
#include "tests/support/fixtures.hpp"
#include "tests/support/reference_learning.hpp"

using fixture::view;
using rbm::VisibleUnits;

TEST_CASE("a learning device fits its memory") {
  // The model's floats, 2 bytes a unit for three lists, 4 for three arrays of probabilities; gaps for
  // alignment.
  constexpr std::size_t gaps = 9 * 4 * rbm::vector_lanes;
  static_assert(rbm::online_bytes({64, 24}) <= 2 * (64 + 64 + 24) + 4 * (24 + 24 + 64) + gaps);
  static_assert(rbm::online_bytes({64, 24, true}) <= rbm::online_bytes({64, 24}) + 2 * 4 * 64 + gaps);
  static_assert(sizeof(rbm::Rbm<64, 24>) + rbm::online_bytes({64, 24}) + sizeof(rbm::Online) <= 8 * 1024);
}

TEST_CASE("one sample moves every parameter as the double-precision reference") {
  constexpr std::size_t visible = 40, hidden = 13;
  for (VisibleUnits kind : {VisibleUnits::sampled, VisibleUnits::thresholded, VisibleUnits::means})
    for (unsigned gibbs_steps : {1u, 3u}) {
      const bool real = kind == VisibleUnits::means;
      fixture::Model model(visible, hidden, 0.4f, 3);
      reference::Parameters exact(model);
      fixture::Memory memory(rbm::online_bytes({visible, hidden, real}));
      rbm::Online online(model, memory, {visible, hidden, real}, {0.3f, kind, gibbs_steps});
      std::mt19937 random(4);
      for (std::uint64_t step = 0; step < 5; ++step) {
        const std::vector<float> intensities = fixture::random_intensities(visible, random);
        const reference::Sample sample = reference::contrastive_divergence(
            exact, {intensities.begin(), intensities.end()}, {1, kind, gibbs_steps},
            reference::OneStream{rbm::RandomStream::keyed(1, step, 0)});
        CHECK(std::abs(rbm::learn(online, view(intensities)) - sample.loss) < 1e-4);
        exact.add(static_cast<double>(0.3f), reference::gradient(exact, sample));
        CHECK(exact.worst_difference(reference::Parameters(model)) < 3e-6);
      }
      CHECK(online.step == 5);
    }
}

TEST_CASE("room for real-valued states does not change binary ones") {
  constexpr std::size_t visible = 29, hidden = 16;
  for (VisibleUnits kind : {VisibleUnits::sampled, VisibleUnits::thresholded}) {
    fixture::Model plain(visible, hidden, 0.4f, 7), roomy = plain;
    fixture::Memory plain_memory(rbm::online_bytes({visible, hidden}));
    fixture::Memory roomy_memory(rbm::online_bytes({visible, hidden, true}));
    rbm::Online in_plain(plain, plain_memory, {visible, hidden}, {0.05f, kind}),
        in_roomy(roomy, roomy_memory, {visible, hidden, true}, {0.05f, kind});
    std::mt19937 random(8);
    for (int sample = 0; sample < 5; ++sample) {
      const std::vector<float> intensities = fixture::random_intensities(visible, random);
      CHECK(rbm::learn(in_plain, view(intensities)) == rbm::learn(in_roomy, view(intensities)));
    }
    CHECK(fixture::same_bits(fixture::all_parameters(plain), fixture::all_parameters(roomy)));
  }
}

TEST_CASE("the union of two lists is added, each entry once") {
  const std::vector<float> data{1, 0, 0.5f, 0, 0.25f, 0}, chain{0, 0, 0.5f, 1, 2, 0};
  for (bool real : {false, true}) {
    std::vector<float> row(6, 10);
    rbm::detail::add_difference(row.data(), 2, 3, fixture::Listed(data, real), 5,
                                fixture::Listed(chain, real));
    for (std::size_t j = 0; j < 6; ++j) {
      const float v0 = real ? data[j] : data[j] != 0 ? 1.0f : 0.0f;
      const float vk = real ? chain[j] : chain[j] != 0 ? 1.0f : 0.0f;
      CHECK(row[j] == 10 + 2 * (3 * v0 - 5 * vk));
    }
  }
  std::vector<float> row(2, 1);
  const std::vector<float> none{0, 0}, last{0, 1};
  rbm::detail::add_difference(row.data(), 2, 3, fixture::Listed(none), 5, fixture::Listed(none));
  CHECK(row == std::vector<float>{1, 1});
  rbm::detail::add_difference(row.data(), 2, 3, fixture::Listed(none), 5, fixture::Listed(last));
  CHECK(row == std::vector<float>{1, -9});
}

TEST_CASE("online learning raises the exact log-likelihood of bars and stripes") {
  const std::vector<reference::State> pictures = reference::bars_and_stripes();
  fixture::Model model(9, 16, 0.01f, 5);
  fixture::Memory memory(rbm::online_bytes({9, 16}));
  rbm::Online online(model, memory, {9, 16});
  std::mt19937 random(6);
  for (int sample = 0; sample < 40000; ++sample) {
    const reference::State& picture = pictures[random() % pictures.size()];
    (void)rbm::learn(
        online,
        view(static_cast<const std::vector<float>&>(std::vector<float>(picture.begin(), picture.end()))));
  }
  // Untrained -6.24 nats, perfect -2.64; -4 asks for 60% of that way.
  CHECK(reference::log_likelihood(reference::Parameters(model), pictures) > -4);
}
