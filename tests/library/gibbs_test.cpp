#include "rbm/gibbs.hpp"

#include <doctest/doctest.h>

#include <algorithm>
#include <cstring>
#include <numeric>

#include "tests/support/fixtures.hpp"
#include "tests/support/reference.hpp"

namespace {

using fixture::chi_square_deviation;
using fixture::once_in_a_million;
using fixture::view;

/// A list of units with its storage.
struct Room {
  std::vector<rbm::Unit> units;
  std::vector<float> factors;
  rbm::UnitList list;

  explicit Room(std::size_t size, bool real = false)
      : units(size, 0xffff), factors(size), list{units.data(), real ? factors.data() : nullptr, 77} {}
  Room(const Room&) = delete;
};

bool same_state(const rbm::RandomStream& a, const rbm::RandomStream& b) {
  return std::memcmp(a.state, b.state, sizeof a.state) == 0;
}

std::size_t to_number(rbm::ActiveUnits state) {
  std::size_t number = 0;
  for (std::size_t n = 0; n < state.count; ++n) number |= std::size_t{1} << state.units[n];
  return number;
}

void set_state(rbm::UnitList& list, std::size_t number, std::size_t units) {
  list.count = 0;
  for (std::size_t u = 0; u < units; ++u)
    if (number >> u & 1) list.add(u);
}

}  // namespace

TEST_CASE("probabilities of each layer given the other agree with enumeration of all joint states") {
  constexpr std::size_t visible = 5, hidden = 4;
  const fixture::Model model(visible, hidden, 1.5f, 1, 2);
  const auto joint = reference::joint_probabilities(reference::Parameters(model));
  for (std::size_t v = 0; v < joint.size(); ++v) {
    std::vector<float> p(hidden);
    rbm::hidden_probabilities(view(p), model, fixture::Listed(reference::to_state(v, visible)));
    for (std::size_t i = 0; i < hidden; ++i) {
      double on = 0, all = 0;
      for (std::size_t h = 0; h < joint[v].size(); ++h)
        all += joint[v][h], on += h >> i & 1 ? joint[v][h] : 0;
      CHECK(p[i] == doctest::Approx(on / all).epsilon(1e-5));
    }
  }
  for (std::size_t h = 0; h < joint[0].size(); ++h) {
    std::vector<float> p(visible);
    rbm::visible_probabilities(view(p), model, fixture::Listed(reference::to_state(h, hidden)));
    for (std::size_t j = 0; j < visible; ++j) {
      double on = 0, all = 0;
      for (std::size_t v = 0; v < joint.size(); ++v) all += joint[v][h], on += v >> j & 1 ? joint[v][h] : 0;
      CHECK(p[j] == doctest::Approx(on / all).epsilon(1e-5));
    }
  }
}

TEST_CASE("probabilities of a large model and real-valued states agree with double precision") {
  std::mt19937 random(2);
  const fixture::Model model(131, 37, 0.4f, 3);
  const reference::Parameters exact(model);
  const std::vector<float> v = fixture::random_intensities(131, random);
  std::vector<float> p(37), q(131);
  rbm::hidden_probabilities(view(p), model, fixture::Listed(v, true));
  rbm::visible_probabilities(view(q), model, fixture::Listed(p, true));
  const reference::State p_exact = reference::hidden_probabilities(exact, {v.begin(), v.end()});
  const reference::State q_exact = reference::visible_probabilities(exact, {p.begin(), p.end()});
  for (std::size_t i = 0; i < 37; ++i) CHECK(p[i] == doctest::Approx(p_exact[i]).epsilon(1e-5));
  for (std::size_t j = 0; j < 131; ++j) CHECK(q[j] == doctest::Approx(q_exact[j]).epsilon(1e-5));
}

TEST_CASE("a list of units is drawn as packed bits are, however long") {
  std::mt19937 random(4);
  for (std::size_t size : {1u, 13u, 32u, 1023u, 1024u, 1025u, 2500u}) {
    std::vector<float> probability = fixture::random_intensities(size, random);
    probability[0] = 1;
    Room room(size);
    rbm::RandomStream stream = rbm::RandomStream::keyed(5), same = stream;
    rbm::draw_units(room.list, view(probability), stream);
    std::vector<std::uint32_t> bits(rbm::words_for(size));
    rbm::draw_units(bits.data(), probability.data(), size, same);
    std::vector<rbm::Unit> expected;
    for (std::size_t u = 0; u < size; ++u)
      if (bits[u / 32] >> (u % 32) & 1) expected.push_back(static_cast<rbm::Unit>(u));
    room.units.resize(room.list.count);
    CHECK(room.units == expected);
    CHECK(same_state(stream, same));
  }
}

TEST_CASE("units with probability 0 are never drawn and with 1 always") {
  std::vector<float> probability(1100);
  for (std::size_t u = 0; u < 1100; u += 2) probability[u] = 1;
  Room room(1100);
  rbm::RandomStream stream = rbm::RandomStream::keyed(6);
  for (int round = 0; round < 100; ++round) {
    rbm::draw_units(room.list, view(probability), stream);
    REQUIRE(room.list.count == 550);
    for (std::size_t n = 0; n < 550; ++n) CHECK_UNARY(room.units[n] == 2 * n);
  }
}

TEST_CASE("intensities become states of three kinds, and only one of them draws") {
  const std::vector<float> intensity{0, 0.25f, std::nextafter(0.5f, 0.0f), 0.5f, 0.75f, 1, 0};
  rbm::RandomStream stream = rbm::RandomStream::keyed(7), untouched = stream;

  Room thresholded(7);
  rbm::set_visible(thresholded.list, view(intensity), rbm::VisibleUnits::thresholded, stream);
  CHECK(fixture::to_values(thresholded.list, 7) == std::vector<double>{0, 0, 0, 1, 1, 1, 0});
  CHECK(same_state(stream, untouched));

  Room real(7, true);
  rbm::set_visible(real.list, view(intensity), rbm::VisibleUnits::means, stream);
  CHECK(real.list.count == 5);
  CHECK(fixture::to_values(real.list, 7) == std::vector<double>(intensity.begin(), intensity.end()));
  CHECK(same_state(stream, untouched));

  constexpr int rounds = 20000;
  std::vector<double> on(7);
  for (int round = 0; round < rounds; ++round) {
    Room sampled(7);
    rbm::set_visible(sampled.list, view(intensity), rbm::VisibleUnits::sampled, stream);
    for (std::size_t n = 0; n < sampled.list.count; ++n) ++on[sampled.units[n]];
  }
  CHECK(on[0] == 0);
  CHECK(on[5] == rounds);
  for (std::size_t j : {1u, 2u, 3u, 4u}) {
    const double expected = static_cast<double>(intensity[j]) * rounds;
    CHECK(chi_square_deviation({on[j], rounds - on[j]}, {expected, rounds - expected}) < once_in_a_million);
  }
}

TEST_CASE("a Gibbs step draws h and the next v with exactly their joint probability") {
  constexpr std::size_t visible = 3, hidden = 2, states = 8, hidden_states = 4;
  constexpr int rounds = 40000;
  const fixture::Model model(visible, hidden, 0.9f, 8);
  const auto joint = reference::joint_probabilities(reference::Parameters(model));
  static rbm::Memory<rbm::chain_bytes({visible, hidden})> memory;
  rbm::Chain chain(memory, {visible, hidden});
  for (std::size_t v = 0; v < states; ++v) {
    std::vector<double> counts(states * hidden_states), expected(states * hidden_states);
    for (std::uint64_t round = 0; round < rounds; ++round) {
      rbm::RandomStream stream = rbm::RandomStream::keyed(9, v, round);
      set_state(chain.visible, v, visible);
      rbm::gibbs_step(chain, model, stream);
      ++counts[to_number(chain.hidden) * states + to_number(chain.visible)];
    }
    for (std::size_t h = 0; h < hidden_states; ++h) {
      double of_v = 0, of_h = 0;
      for (std::size_t other = 0; other < hidden_states; ++other) of_v += joint[v][other];
      for (std::size_t other = 0; other < states; ++other) of_h += joint[other][h];
      for (std::size_t next = 0; next < states; ++next)
        expected[h * states + next] = rounds * joint[v][h] / of_v * joint[next][h] / of_h;
    }
    CHECK(chi_square_deviation(counts, expected) < once_in_a_million);
  }
}

TEST_CASE("chains reach the model's own distribution") {
  // In double precision p(v) is what the exact transition matrix keeps; so must many steps of many chains.
  constexpr std::size_t visible = 4, hidden = 3, states = 16;
  constexpr int chains = 20000;
  const fixture::Model model(visible, hidden, 0.8f, 10);
  const reference::Parameters exact(model);
  const auto transition = reference::transition_matrix(exact);
  std::vector<double> p(states), counts(states), expected(states);
  for (std::size_t v = 0; v < states; ++v)
    p[v] = std::exp(-reference::free_energy(exact, reference::to_state(v, visible)) -
                    reference::log_partition(exact));
  for (std::size_t next = 0; next < states; ++next) {
    double reached = 0;
    for (std::size_t v = 0; v < states; ++v) reached += p[v] * transition[v][next];
    CHECK(reached == doctest::Approx(p[next]).epsilon(1e-12));
    expected[next] = chains * p[next];
  }
  static rbm::Memory<rbm::chain_bytes({visible, hidden})> memory;
  rbm::Chain chain(memory, {visible, hidden});
  for (std::uint64_t n = 0; n < chains; ++n) {
    rbm::RandomStream stream = rbm::RandomStream::keyed(11, n);
    chain.visible.count = 0;
    for (int step = 0; step < 30; ++step) rbm::gibbs_step(chain, model, stream);
    ++counts[to_number(chain.visible)];
  }
  CHECK(chi_square_deviation(counts, expected) < once_in_a_million);
}

TEST_CASE("a clamped chain draws the free units with exactly their probability given the clamped ones") {
  constexpr std::size_t visible = 5, hidden = 3, states = 32, hidden_states = 8;
  constexpr int rounds = 40000, chains = 20000;
  const fixture::Model model(visible, hidden, 0.9f, 12);
  const auto joint = reference::joint_probabilities(reference::Parameters(model));
  // Unit 1 is on, unit 4 off.
  const rbm::Unit on = 1, off = 4;
  const rbm::Clamped clamped{{&on, nullptr, 1}, {&off, nullptr, 1}};
  std::vector<std::size_t> free_states;
  for (std::size_t v = 0; v < states; ++v)
    if ((v >> on & 1) == 1 && (v >> off & 1) == 0) free_states.push_back(v);
  REQUIRE(free_states.size() == 8);

  // The exact transition matrix: p(h | v), then p(v' | h) with the clamped units given.
  std::vector<double> of_visible(states), of_hidden(hidden_states);
  for (const std::size_t v : free_states)
    for (std::size_t h = 0; h < hidden_states; ++h) of_visible[v] += joint[v][h], of_hidden[h] += joint[v][h];
  const auto transition = [&](std::size_t v, std::size_t next) {
    double p = 0;
    for (std::size_t h = 0; h < hidden_states; ++h)
      p += joint[v][h] / of_visible[v] * joint[next][h] / of_hidden[h];
    return p;
  };
  double all = 0;
  for (const std::size_t v : free_states) all += of_visible[v];

  static rbm::Memory<rbm::chain_bytes({visible, hidden})> memory;
  rbm::Chain chain(memory, {visible, hidden});
  for (const std::size_t v : {free_states[0], free_states[5]}) {
    std::vector<double> counts, expected;
    std::vector<double> reached(states);
    for (std::uint64_t round = 0; round < rounds; ++round) {
      rbm::RandomStream stream = rbm::RandomStream::keyed(13, v, round);
      set_state(chain.visible, v, visible);
      rbm::gibbs_step(chain, model, clamped, stream);
      ++reached[to_number(chain.visible)];
    }
    for (const std::size_t next : free_states) {
      counts.push_back(reached[next]);
      expected.push_back(rounds * transition(v, next));
    }
    CHECK(std::accumulate(counts.begin(), counts.end(), 0.0) == rounds);  // never another state
    CHECK(chi_square_deviation(counts, expected) < once_in_a_million);
  }

  // p(v | clamped units) is what these transitions keep; chains from any start, be it none of the states with
  // the clamped values, must reach it.
  std::vector<double> reached(states), counts, expected;
  for (const std::size_t next : free_states) {
    double kept = 0;
    for (const std::size_t v : free_states) kept += of_visible[v] / all * transition(v, next);
    CHECK(kept == doctest::Approx(of_visible[next] / all).epsilon(1e-12));
    expected.push_back(chains * of_visible[next] / all);
  }
  for (std::uint64_t n = 0; n < chains; ++n) {
    rbm::RandomStream stream = rbm::RandomStream::keyed(14, n);
    chain.visible.count = 0;
    for (int step = 0; step < 30; ++step) rbm::gibbs_step(chain, model, clamped, stream);
    ++reached[to_number(chain.visible)];
  }
  for (const std::size_t v : free_states) counts.push_back(reached[v]);
  CHECK(chi_square_deviation(counts, expected) < once_in_a_million);
}

TEST_CASE("with every visible unit clamped nothing changes") {
  const fixture::Model model(70, 9, 0.5f, 15);
  static rbm::Memory<rbm::chain_bytes({70, 9})> memory;
  rbm::Chain clamped(memory, {70, 9});
  rbm::RandomStream stream = rbm::RandomStream::keyed(16);
  std::vector<rbm::Unit> on, off;
  for (rbm::Unit u = 0; u < 70; ++u) (u % 3 == 0 ? on : off).push_back(u);
  for (int step = 0; step < 20; ++step) {
    rbm::gibbs_step(clamped, model, {{on.data(), nullptr, on.size()}, {off.data(), nullptr, off.size()}},
                    stream);
    CHECK(std::equal(on.begin(), on.end(), clamped.visible.units,
                     clamped.visible.units + clamped.visible.count));
  }
}

TEST_CASE("a state of a batch is drawn as a list of its own, and the others stay") {
  std::mt19937 random(17);
  rbm::Unit units[3 * 40], counts[3] = {}, alone[40];
  const rbm::UnitLists lists{units, nullptr, counts, 3, 40};
  for (std::size_t n = 0; n < 3; ++n) {
    const std::vector<float> probability = fixture::random_intensities(40, random);
    rbm::RandomStream stream = rbm::RandomStream::keyed(18, n), same_stream = stream;
    rbm::UnitList list{alone, nullptr, 0};
    rbm::draw_units(list, view(probability), same_stream);
    rbm::draw_units(lists, n, view(probability), stream);
    CHECK(same_state(stream, same_stream));
    CHECK(fixture::to_values(lists.row(n), 40) == fixture::to_values(list, 40));
    for (std::size_t other = n + 1; other < 3; ++other) CHECK(lists.counts[other] == 0);
  }
}

TEST_CASE("sampled states are the second halves of twenty chains that begin at the visible biases") {
  fixture::Model model(12, 5, 0.8f, 19);
  static rbm::Memory<rbm::chain_bytes({12, 5})> memory, expected_memory;
  rbm::Chain chain(memory, {12, 5}), expected(expected_memory, {12, 5});
  std::size_t visited = 0, different = 0;
  rbm::RandomStream stream = rbm::RandomStream::keyed(20, 0);
  rbm::sample_states(chain, model, 20, [&] {
    if (visited % 50 == 0) {
      stream = rbm::RandomStream::keyed(20, visited / 50);
      expected.hidden.count = 0;
      rbm::visible_probabilities(expected.visible_probability, model, expected.hidden);
      rbm::draw_units(expected.visible, expected.visible_probability, stream);
      for (int step = 0; step < 50; ++step) rbm::gibbs_step(expected, model, stream);
    }
    rbm::gibbs_step(expected, model, stream);
    different += fixture::to_values(chain.visible, 12) != fixture::to_values(expected.visible, 12);
    different += fixture::to_values(chain.hidden, 5) != fixture::to_values(expected.hidden, 5);
    ++visited;
  });
  CHECK(visited == rbm::sampled_states);
  CHECK(different == 0);
}
