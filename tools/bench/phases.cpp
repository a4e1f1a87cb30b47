#include <array>

#include "tools/base/failure.hpp"
#include "tools/base/text.hpp"
#include "tools/bench/tables.hpp"
#include "tools/bench/training.hpp"

namespace bench {
namespace {

enum Phase { read, draw_data, up, hidden, down, visible, up_again, hidden_again, lists, bias, weights };
constexpr std::array<const char*, 11> phase_names{
    "read the batch",          "draw v from it",    "up: c + W v", "F(v), p(h), draw h", "down: b + W' h",
    "p(v), error, draw v",     "up again: c + W v", "F(v), p(h)",  "lists for gradient", "gradient, update b",
    "gradient, update W and c"};

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
  least[hidden] = least[hidden_again] = {0, 2 * hidden_states};
  least[down] = {on.hidden * registers(visible_units), matrix + visible_states};
  least[visible] = {0, 2 * visible_states};
  least[up_again] = {on.model * registers(work.hidden), matrix + hidden_states};
  // W' and the optimizer's arrays are read and written, the model's own W is written, both p(h) are read.
  least[weights] = {(on.data + on.model + 2 * batch) * registers(work.hidden),
                    matrix * (2 * (1 + slots) + 1) + 2 * hidden_states};
  return least;
}

void print_phases(const char* title, const Work& work, const tool::Dataset& data, bool quick) {
  Training training(work, data);
  for (int epoch = 0; epoch < 2; ++epoch) training.epoch();
  const std::size_t steps = data.rows / work.batch;
  std::array<std::vector<double>, phase_names.size()> seconds;
  std::vector<double> step_seconds;
  UnitsOn on{0, 0, 0};
  training.sections.timed = true;
  for (std::size_t step = 0; step < steps; ++step) {
    training.sections.seconds.clear();
    step_seconds.push_back(wall_seconds([&] { training.step(); }));
    if (training.sections.seconds.size() != phase_names.size())
      throw tool::Failure("train() runs " + std::to_string(training.sections.seconds.size() - 1) +
                          " sections: mend the names in tools/bench/phases.cpp");
    for (std::size_t n = 0; n < phase_names.size(); ++n) seconds[n].push_back(training.sections.seconds[n]);
    const UnitsOn of_step = units_on(training.phases(), work.batch);
    on = {on.data + of_step.data, on.hidden + of_step.hidden, on.model + of_step.model};
  }
  const double count = static_cast<double>(steps);
  on = {on.data / count, on.hidden / count, on.model / count};

  const double slots = work.optimizer == "adam" ? rbm::Adam::slot_count : rbm::Sgd::slot_count;
  const auto floats = static_cast<std::size_t>(1 + slots) * data.columns * work.hidden;
  const Roof roof = measure_roof(floats, quick);
  const double batch = static_cast<double>(work.batch);
  print_title(
      std::string("A training step by phase: ") + title,
      {data.name + ", " + std::to_string(data.columns) + " visible, " + std::to_string(work.hidden) +
           " hidden units, batch " + std::to_string(work.batch) + ", CD-1, one thread; the third epoch.",
       "Units on in a sample: " + fixed(on.data / batch, 1) + " of data, " + fixed(on.hidden / batch, 1) +
           " hidden, " + fixed(on.model / batch, 1) + " reconstructed.",
       "At best here: an addition of " + std::to_string(rbm::vector_lanes) + " floats in " +
           fixed(roof.seconds_an_addition * 1e9, 3) + " ns, arrays of " +
           fixed(megabytes(static_cast<double>(floats)), 1) + " MB read and written at " +
           fixed(1e-3 / roof.seconds_a_megabyte, 0) + " GB/s.",
       "us: of a step, median. ns: by additions of registers, which read MB. least MB: each array once.",
       "least us: all additions at best, or least MB at best, whichever takes longer."});
  Table table({"phase", "us", "10% .. 90%", "share", "additions", "ns", "MB", "least MB", "least us"});
  const double whole = find_spread(step_seconds).median;
  const auto microseconds = [](double time) { return fixed(time * 1e6, time < 1e-4 ? 1 : 0); };
  const auto add_row = [&](const char* name, const std::vector<double>& times, const Least& least,
                           double least_seconds) {
    const Spread spread = find_spread(times);
    const bool adds = least.additions > 0, moves = least.megabytes > 0;
    table.add({name, microseconds(spread.median),
               microseconds(spread.low) + " .. " + microseconds(spread.high),
               fixed(100 * spread.median / whole, 0) + "%",
               adds ? grouped(static_cast<std::uint64_t>(least.additions)) : "",
               adds ? fixed(spread.median * 1e9 / least.additions, 3) : "",
               adds ? fixed(megabytes(least.additions * rbm::vector_lanes), 1) : "",
               moves ? fixed(least.megabytes, 2) : "", moves ? microseconds(least_seconds) : ""});
  };
  Least total;
  double least_seconds = 0;
  const auto least = least_times(work, data.columns, slots, on);
  for (std::size_t n = 0; n < phase_names.size(); ++n) {
    add_row(phase_names[n], seconds[n], least[n], roof.seconds(least[n]));
    total = {total.additions + least[n].additions, total.megabytes + least[n].megabytes};
    least_seconds += roof.seconds(least[n]);
  }
  add_row("the whole step", step_seconds, total, least_seconds);
  table.print();
  std::printf("An epoch of %s: %.3f s.\n", tool::counted(data.rows, "example").c_str(),
              whole * static_cast<double>(data.rows) / batch);
}

}  // namespace

void print_phases(bool quick) {
  const tool::Dataset data = pictures(quick);
  print_phases("Adam", with_adam, data, quick);
  print_phases("SGD with momentum", with_momentum, data, quick);
}

}  // namespace bench
