#include "tools/bench/tables.hpp"
#include "tools/bench/training.hpp"

namespace bench {
namespace {

/// One line of the table: its sizes, and what is on in both layers.
struct Sizes {
  std::size_t visible = 784, hidden = 500, batch = 64;
  unsigned gibbs_steps = 1;
  double share = 0.13;
  bool real = false;
};

struct Cost {
  double seconds;    // a sample
  double additions;  // of one float, a sample, in all products
};

// Learning at rate 0 does all the work and keeps the share of units that are on as it was begun.
Cost measure(const Sizes& sizes, const char* optimizer, bool quick) {
  const tool::Dataset data =
      synthetic(std::max<std::size_t>(512, sizes.batch), sizes.visible, sizes.share, sizes.real);
  Work work;
  work.hidden = sizes.hidden;
  work.batch = sizes.batch;
  work.optimizer = optimizer;
  work.rate = 0.0f;
  work.momentum = 0.9f;
  work.gibbs_steps = sizes.gibbs_steps;
  work.real = sizes.real;
  work.share = static_cast<float>(sizes.share);
  Training training(work, data);
  const unsigned steps = repetitions_for(quick ? 1e-5 : 0.02, [&] { training.step(); });
  std::vector<double> seconds;
  for (int round = 0; round < (quick ? 1 : 5); ++round)
    seconds.push_back(processor_seconds([&] { repeat(steps, [&] { training.step(); }); }));
  const double batch = static_cast<double>(sizes.batch), k = sizes.gibbs_steps;
  const UnitsOn on = units_on(training.phases(), sizes.batch);
  const double hidden = static_cast<double>(sizes.hidden), visible = static_cast<double>(sizes.visible);
  const double additions = (2 * on.data + (k + 1) * on.model) * hidden + k * on.hidden * visible;
  return {find_spread(seconds).median / (steps * batch), additions / batch};
}

void add_row(Table& table, const std::string& name, const Sizes& sizes, bool quick) {
  const Cost sgd = measure(sizes, "sgd", quick), adam = measure(sizes, "adam", quick);
  table.add({name, std::to_string(sizes.visible), std::to_string(sizes.hidden), std::to_string(sizes.batch),
             std::to_string(sizes.gibbs_steps), sizes.real ? "real" : fixed(100 * sizes.share, 0) + "%",
             fixed(3 * 4e-6 * static_cast<double>(sizes.visible * sizes.hidden), 1),
             grouped(static_cast<std::uint64_t>(sgd.additions / 1e3)), fixed(sgd.seconds * 1e6, 2),
             fixed(sgd.seconds * 1e12 / sgd.additions, 1), fixed(adam.seconds * 1e6, 2),
             fixed(adam.seconds * 1e12 / adam.additions, 1)});
}

}  // namespace

void print_scaling(bool quick) {
  print_title(
      "Cost as work grows",
      {"One size at a time differs from 784 visible, 500 hidden units, batch 64, CD-1, 13% on.",
       "Synthetic data, biases that keep the share, learning rate 0; one thread. A sample's additions",
       "(of one float; thousands) are those of the products: up, k times down and up, gradient.",
       "MB: W, its transposed copy and SGD's velocity; Adam has a fourth array.",
       "us: processor time of a sample. ps: us by additions; constant where cost is linear in work."});
  Table table({"grows", "visible", "hidden", "batch", "k", "on", "MB", "additions", "SGD: us", "ps",
               "Adam: us", "ps"});
  const auto grow = [&](const char* name, const auto& values, const auto& set) {
    for (const auto value : values) {
      Sizes sizes;
      set(sizes, value);
      add_row(table, name, sizes, quick);
      if (quick) break;
    }
  };
  using Counts = std::vector<std::size_t>;
  grow("visible units", Counts{98, 196, 392, 784, 1568, 3136},
       [](Sizes& s, std::size_t n) { s.visible = n; });
  grow("hidden units", Counts{64, 128, 256, 512, 1024, 2048, 4096},
       [](Sizes& s, std::size_t n) { s.hidden = n; });
  grow("share on", std::vector<double>{0.01, 0.02, 0.05, 0.13, 0.25, 0.5, 0.75, 1},
       [](Sizes& s, double share) { s.share = share; });
  grow("real values", Counts{1}, [](Sizes& s, std::size_t) { s.share = 0.5, s.real = true; });
  grow("batch", Counts{1, 2, 4, 10, 16, 64, 256, 512}, [](Sizes& s, std::size_t n) { s.batch = n; });
  grow("Gibbs steps", Counts{1, 2, 5, 10, 20},
       [](Sizes& s, std::size_t n) { s.gibbs_steps = static_cast<unsigned>(n); });
  table.print();
}

}  // namespace bench
