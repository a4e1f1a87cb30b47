#include <algorithm>
#include <cstring>
#include <deque>
#include <numeric>

#include "tools/base/text.hpp"
#include "tools/bench/tables.hpp"
#include "tools/bench/training.hpp"
#include "tools/inference/inference.hpp"

namespace bench {
namespace {

void train_for(Training& training, std::size_t steps) {
  for (std::size_t n = 0; n < steps; ++n) training.step();
}

// The seconds in which trainings of one thread take so many steps each, all at the same time, until the last
// is done. Their threads are made before and end after it, so that none waits, spinning or asleep, while
// others are measured.
double seconds_apart(std::deque<Training>& trainings, std::size_t steps) {
  platform::Threads threads(static_cast<unsigned>(trainings.size()));
  threads(trainings.size(), [](std::size_t, std::size_t) {});  // until all have started
  return wall_seconds([&] {
    threads(trainings.size(), [&](std::size_t begin, std::size_t end) {
      for (std::size_t n = begin; n < end; ++n) train_for(trainings[n], steps);
    });
  });
}

void compare_threads(Table& table, const char* name, Work work, unsigned threads, const tool::Dataset& data,
                     bool quick) {
  std::deque<Training> apart;
  for (unsigned n = 0; n < threads; ++n) apart.emplace_back(work, data);
  work.threads = threads;
  Training shared(work, data);
  const std::size_t steps = 10, steps_before = quick ? steps : 20 * steps;
  seconds_apart(apart, steps_before);
  train_for(shared, steps_before);
  std::vector<double> alone, gain_apart, gain_shared, shared_beside_apart;
  for (int round = 0; round < (quick ? 1 : 100); ++round) {
    // Last the one alone: where the threads of the shared training still spin, it leaves them processors.
    const double of_apart = seconds_apart(apart, steps);
    // Threads that slept may wake on one processor, and take milliseconds to find others.
    train_for(shared, steps);
    const double of_shared = wall_seconds([&] { train_for(shared, steps); });
    const double of_one = wall_seconds([&] { train_for(apart.front(), steps); });
    alone.push_back(of_one / static_cast<double>(steps));
    gain_apart.push_back(threads * of_one / of_apart);
    gain_shared.push_back(of_one / of_shared);
    shared_beside_apart.push_back(gain_shared.back() / gain_apart.back());
  }
  // The first one apart, which is alone too, has taken as many steps as the shared one.
  const auto& a = apart.front().model().weights;
  const auto& b = shared.model().weights;
  const bool same = std::memcmp(a.data(), b.data(), a.size() * sizeof(float)) == 0;
  const int decimals = threads < 10 ? 2 : threads < 100 ? 1 : 0;
  table.add({name, std::to_string(threads), fixed(find_spread(alone).median * 1e6, 0),
             to_text(find_spread(gain_apart), decimals), to_text(find_spread(gain_shared), decimals),
             to_text(find_spread(shared_beside_apart), 2), same ? "same" : "DIFFER"});
}

/// The passes over the examples that the commands make, some states at a time, without reading and writing
/// files. Both return the seconds of each time, by example.
class Passes {
 public:
  Passes(const tool::Model& model, const tool::Examples& examples, std::size_t states)
      : examples_(examples), states_(states), inference_(model, states, true) {}

  std::vector<double> features() {
    return over([] {});
  }
  std::vector<double> reconstructions() {
    return over([this] { inference_.reconstruct(0, states_); });
  }

 private:
  template <class Then>
  std::vector<double> over(const Then& then) {
    std::vector<double> seconds;
    for (std::size_t first = 0; first + states_ <= examples_.data.rows; first += states_)
      seconds.push_back(wall_seconds([&] {
                          inference_.see(examples_, first, 0, states_);
                          inference_.hidden_inputs(0, states_);
                          inference_.hidden_probabilities(0, states_);
                          then();
                        }) /
                        static_cast<double>(states_));
    return seconds;
  }

  const tool::Examples& examples_;
  const std::size_t states_;
  tool::Inference inference_;
};

void append(std::vector<double>& to, const std::vector<double>& more) {
  to.insert(to.end(), more.begin(), more.end());
}

}  // namespace

void print_threads(bool quick) {
  const unsigned most = platform::available_threads();
  if (most < 2) {
    print_title("Threads", {"left out: this machine has one processor"});
    return;
  }
  const tool::Dataset data = pictures(quick);
  print_title(
      "Threads: a training shared by N of them, beside N trainings apart",
      {data.name + ", 500 hidden units, batch 64; 100 turns of 10 steps by the clock, median (10% .. 90%).",
       "us: a step of one training with one thread, alone. apart: so many times as many steps are taken by",
       "N of these at the same time, which have nothing in common. It is what the machine gives: well below",
       "N, cores share caches and memory, or others have them: programs, other virtual machines. shared: so",
       "many times as many by one training with N threads. Likelihood: that recipe's last steps, SGD on",
       "centred gradients, 5 Gibbs steps of persistent chains."});
  Table table({"", "N", "us", "apart", "shared", "shared / apart", "bits"});
  Work large = with_momentum;
  large.batch = 256;
  for (unsigned threads = 2;; threads = std::min(2 * threads, most)) {
    compare_threads(table, "Adam", with_adam, threads, data, quick);
    compare_threads(table, "SGD", with_momentum, threads, data, quick);
    compare_threads(table, "SGD, batch 256", large, threads, data, quick);
    compare_threads(table, "likelihood", for_likelihood, threads, data, quick);
    if (threads == most) break;
  }
  table.print();
}

void print_inference(bool quick) {
  const tool::Dataset data = pictures(quick);
  const Work work = with_adam;
  Training training(work, data);
  training.epoch();
  training.epoch();
  const tool::Model model = training.model();
  const tool::Examples examples{pictures(quick, "t10k"), rbm::VisibleUnits::sampled, 1};
  tool::Examples as_they_are = examples;
  as_they_are.kind = rbm::VisibleUnits::means;

  constexpr std::ptrdiff_t sections_to_hidden = 3, sections_to_visible = 5;  // of a training step
  Passes sampled(model, examples, work.batch), real(model, as_they_are, work.batch);
  std::vector<double> to_hidden, to_visible, features, real_features, reconstructions;
  training.sections.timed = true;
  for (int round = 0; round < (quick ? 1 : 7); ++round) {
    for (std::size_t step = 0; step < examples.data.rows / work.batch; ++step) {
      training.sections.seconds.clear();
      training.step();
      const auto first = training.sections.seconds.begin();
      const double batch = static_cast<double>(work.batch);
      to_hidden.push_back(std::accumulate(first, first + sections_to_hidden, 0.0) / batch);
      to_visible.push_back(std::accumulate(first, first + sections_to_visible, 0.0) / batch);
    }
    append(features, sampled.features());
    append(reconstructions, sampled.reconstructions());
    append(real_features, real.features());
  }
  print_title(
      "Inference beside the forward part of a training step",
      {tool::counted(examples.data.rows, "example") + " of " + examples.data.name +
           ", the model after two epochs; one thread,",
       "in turns; us an example, median (10% .. 90%). In this process, by what the commands are made of:",
       "without reading and writing files."});
  Table table({"", "us an example"});
  const auto add = [&](const char* name, const std::vector<double>& seconds) {
    table.add({name, to_text(find_spread(seconds), 2, 1e-6)});
  };
  add("a training step until h is drawn", to_hidden);
  add("rbm features --visible sampled", features);
  add("rbm features (intensities as they are)", real_features);
  add("a training step until v is drawn", to_visible);
  add("rbm reconstruct", reconstructions);
  table.print();
}

}  // namespace bench
