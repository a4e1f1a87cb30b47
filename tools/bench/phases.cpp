#include <algorithm>
#include <array>
#include <initializer_list>
#include <optional>

#include "tools/base/failure.hpp"
#include "tools/base/text.hpp"
#include "tools/bench/tables.hpp"
#include "tools/bench/training.hpp"

namespace bench {
namespace {

enum Phase { read, draw_data, up, lists, down, list_model, up_again, by_unit, bias, gradient };
constexpr std::array<const char*, 10> phase_names{
    "read the batch",   "draw and list v", "up: p(h), draw h",     "list h, by unit", "down: p(v), draw v",
    "list v, energies", "up again: p(h)",  "list samples by unit", "update b",        "gradient, update"};

/// What a phase cannot do without: additions of a register of floats from memory, and megabytes of arrays
/// that are read or written, each counted once.
struct Least {
  double additions = 0, megabytes = 0;
};

/// How fast this machine does either at best.
struct Roof {
  double seconds_an_addition, seconds_a_megabyte;
  double seconds(const Least& least) const {
    return std::max(least.additions * seconds_an_addition, least.megabytes * seconds_a_megabyte);
  }
};

double registers(std::size_t columns) {
  return static_cast<double>(rbm::padded(columns) / rbm::vector_lanes);
}

double megabytes(double floats) {
  return floats * sizeof(float) / 1e6;
}

// Additions from rows that the nearest cache keeps; and a pass over as many floats as W and the optimizer's
// arrays have, each read and written.
Roof measure_roof(std::size_t floats, bool quick) {
  constexpr std::size_t rows = 64, columns = 4 * rbm::vector_lanes, listed = 4096;
  const double time = quick ? 1e-4 : 0.05;
  tool::AlignedVector<float> panel(rows * columns), sums(columns), arrays(floats);
  std::vector<rbm::Unit> units(listed);
  for (std::size_t n = 0; n < listed; ++n) units[n] = static_cast<rbm::Unit>(n % rows);
  const auto best_of = [&](const auto& call) {
    const unsigned count = repetitions_for(time, call);
    std::vector<double> seconds;
    for (int round = 0; round < 5; ++round)
      seconds.push_back(processor_seconds([&] { repeat(count, call); }));
    return *std::min_element(seconds.begin(), seconds.end()) / count;
  };
  const double additions = best_of([&] {
    rbm::multiply_transposed(rbm::VectorView<float>{sums.data(), columns},
                             rbm::VectorView<const float>{sums.data(), columns},
                             {panel.data(), rows, columns, columns}, {units.data(), nullptr, listed});
  });
  const double pass = best_of([&] {
    for (float& value : arrays) value += 1.0f;
  });
  return {additions / (listed * 4), pass / megabytes(2.0 * static_cast<double>(floats))};
}

std::array<Least, phase_names.size()> least_times(const Work& work, std::size_t visible_units, double slots,
                                                  const UnitsOn& on) {
  const double v = static_cast<double>(visible_units), h = static_cast<double>(work.hidden);
  const double batch = static_cast<double>(work.batch);
  const double visible_states = megabytes(batch * v), hidden_states = megabytes(batch * h);
  const double matrix = megabytes(v * h);
  std::array<Least, phase_names.size()> least;
  least[read] = {0, visible_states * 5 / 4};
  least[draw_data] = {0, visible_states};
  least[up] = {on.data * registers(work.hidden), matrix + hidden_states};
  least[down] = {on.hidden * registers(visible_units), matrix + visible_states};
  least[up_again] = {on.model * registers(work.hidden), matrix + hidden_states};
  // W' and the optimizer's arrays are read and written, the model's own W is written, both p(h) are read.
  least[gradient] = {(on.data + on.model + 2 * batch) * registers(work.hidden),
                     matrix * (2 * (1 + slots) + 1) + 2 * hidden_states};
  return least;
}

/// The times of each phase and of whole steps, of a run with some threads.
struct Timed {
  Timed(const Work& work, const tool::Dataset& data, unsigned epochs_before) : training(work, data) {
    for (unsigned epoch = 0; epoch < epochs_before; ++epoch) training.epoch();
    training.sections.timed = true;
  }

  void step() {
    std::vector<double>& sections = training.sections.seconds;
    sections.clear();
    steps.push_back(wall_seconds([&] { training.step(); }));
    if (sections.size() != phase_names.size())
      throw tool::Failure("train() runs " + std::to_string(sections.size() - 1) +
                          " sections: mend the names in tools/bench/phases.cpp");
    for (std::size_t n = 0; n < phase_names.size(); ++n) phases[n].push_back(sections[n]);
  }

  Training training;
  std::array<std::vector<double>, phase_names.size()> phases;
  std::vector<double> steps;
};

void print_phases(const char* title, const Work& work, const tool::Dataset& data, bool quick) {
  constexpr unsigned epochs_before = 2;
  Timed one(work, data, epochs_before);
  std::optional<Timed> two;
  if (platform::available_threads() > 1) {
    Work shared = work;
    shared.threads = 2;
    two.emplace(shared, data, epochs_before);
  }
  const std::size_t steps = data.rows / work.batch, turn = 50;
  UnitsOn on{0, 0, 0};
  // In turns long enough for each to have its own arrays in its caches most of the time.
  for (std::size_t first = 0; first < steps; first += turn) {
    const std::size_t last = std::min(first + turn, steps);
    for (std::size_t step = first; step < last; ++step) {
      one.step();
      const UnitsOn of_step = units_on(one.training.phases(), work.batch);
      on = {on.data + of_step.data, on.hidden + of_step.hidden, on.model + of_step.model};
    }
    for (std::size_t step = first; two && step < last; ++step) two->step();
  }
  const double count = static_cast<double>(steps);
  on = {on.data / count, on.hidden / count, on.model / count};

  const double slots = work.optimizer == "adam" ? rbm::Adam::slot_count : rbm::Sgd::slot_count;
  const auto floats = static_cast<std::size_t>(1 + slots) * data.columns * work.hidden;
  const Roof roof = measure_roof(floats, quick);
  const double batch = static_cast<double>(work.batch);
  print_title(std::string("A training step by phase: ") + title,
              {data.name + ", " + std::to_string(data.columns) + " visible, " + std::to_string(work.hidden) +
                   " hidden units, batch " + std::to_string(work.batch) + ", CD-1; the third epoch.",
               "Units on in a sample: " + fixed(on.data / batch, 1) + " of data, " +
                   fixed(on.hidden / batch, 1) + " hidden, " + fixed(on.model / batch, 1) + " reconstructed.",
               "At best here: an addition of " + std::to_string(rbm::vector_lanes) + " floats in " +
                   fixed(roof.seconds_an_addition * 1e9, 3) + " ns, arrays of " +
                   fixed(megabytes(static_cast<double>(floats)), 1) + " MB read and written at " +
                   fixed(1e-3 / roof.seconds_a_megabyte, 0) + " GB/s.",
               "us: of a step with one thread, median. ns: by additions of registers. MB: each",
               "array once. least us: all additions at best, or MB at best, whichever takes longer. In turns "
               "of",
               std::to_string(turn) + " steps, 2 threads: us of a step, and how many times faster."});
  Table table(
      {"phase", "us", "10% .. 90%", "share", "additions", "ns", "MB", "least us", "2 threads", "times"});
  const double whole = find_spread(one.steps).median;
  const auto microseconds = [](double time) { return fixed(time * 1e6, time < 1e-4 ? 1 : 0); };
  const auto add_row = [&](const char* name, const std::vector<double>& times, const Least& least,
                           double least_seconds, const std::vector<double>* of_two) {
    const Spread spread = find_spread(times);
    const bool adds = least.additions > 0, moves = least.megabytes > 0;
    const double shared = of_two != nullptr ? find_spread(*of_two).median : 0;
    table.add(
        {name, microseconds(spread.median), microseconds(spread.low) + " .. " + microseconds(spread.high),
         fixed(100 * spread.median / whole, 0) + "%",
         adds ? grouped(static_cast<std::uint64_t>(least.additions)) : "",
         adds ? fixed(spread.median * 1e9 / least.additions, 3) : "", moves ? fixed(least.megabytes, 2) : "",
         moves ? microseconds(least_seconds) : "", of_two != nullptr ? microseconds(shared) : "",
         of_two != nullptr ? fixed(spread.median / shared, 2) : ""});
  };
  Least total;
  double least_seconds = 0;
  const auto least = least_times(work, data.columns, slots, on);
  for (std::size_t n = 0; n < phase_names.size(); ++n) {
    add_row(phase_names[n], one.phases[n], least[n], roof.seconds(least[n]), two ? &two->phases[n] : nullptr);
    total = {total.additions + least[n].additions, total.megabytes + least[n].megabytes};
    least_seconds += roof.seconds(least[n]);
  }
  add_row("the whole step", one.steps, total, least_seconds, two ? &two->steps : nullptr);
  table.print();
  std::printf("An epoch of %s: %.3f s.\n", tool::counted(data.rows, "example").c_str(),
              whole * static_cast<double>(data.rows) / batch);
}

/// What a rank of two does in one memory to send and receive p(h | v).
struct HalfOfMemory : rbm::OneMemory<HalfOfMemory> {
  template <class Body>
  void operator()(std::size_t count, const Body& body) const {
    body(std::size_t{0}, count);
  }
  static rbm::Share here(std::size_t count) { return {0, count / 2}; }
};

// Seconds that a rank takes to turn p(h | v) of both phases into 16 bits and back.
double conversion_seconds(const Work& work, std::size_t visible) {
  rbm::TrainerShape shape{visible, work.hidden, work.batch};
  shape.own = {true, {0, 0}, {0, 0}};
  rbm::Arena counted{};
  rbm::Phases count_bytes(counted, shape);
  tool::AlignedVector<unsigned char> memory(counted.used);  // all 0
  rbm::Arena arena{memory.data(), 0, memory.size()};
  rbm::Phases phases(arena, shape);
  HalfOfMemory half;
  const auto convert = [&] {
    rbm::detail::exchange_results(phases, work.batch, phases.reconstruction, half);
  };
  const unsigned count = repetitions_for(0.01, convert);
  return processor_seconds([&] { repeat(count, convert); }) / count;
}

}  // namespace

void print_step(const Work& work, const tool::Dataset& data) {
  Timed one(work, data, 1);
  for (std::size_t n = 0; n < one.training.batches(); ++n) one.step();
  const auto median = [&](std::initializer_list<Phase> phases) {
    double seconds = 0;
    for (const Phase phase : phases) seconds += find_spread(one.phases[phase]).median;
    return seconds;
  };
  const double to_hidden = median({up, up_again}), to_visible = median({down}), update = median({gradient}),
               of_each = median({read, draw_data, lists, list_model, by_unit, bias});
  std::printf("%zu %zu %zu %.3e %.3e %.3e %.3e %.3e %.3e\n", data.columns, work.hidden, work.batch, to_hidden,
              to_visible, update, of_each, conversion_seconds(work, data.columns),
              find_spread(one.steps).median);
}

void print_phases(bool quick) {
  const tool::Dataset data = pictures(quick);
  print_phases("Adam", with_adam, data, quick);
  print_phases("SGD with momentum", with_momentum, data, quick);
}

}  // namespace bench
