#include "tools/quantization/quantize_report.hpp"

#include <algorithm>
#include <cmath>

#include "tools/base/statistics.hpp"
#include "tools/base/text.hpp"
#include "tools/output/json_line.hpp"
#include "tools/output/report.hpp"

namespace tool {
namespace {

std::string percent(Mean share) {
  return to_text(Mean{100 * share.value, 100 * share.standard_error}) + " %";
}

// Chains below which a standard error is itself too rough to go by.
constexpr float few_chains = 30;

// One line for each, under the same heading.
void add_trials(Report& report, const Quantization& made) {
  for (const Trial& trial : made.tried) {
    const bool taken = trial.plan.bits == made.model.bits;
    report.emplace_back(&trial == &made.tried.front() ? "tried" : "",
                        counted(trial.plan.bits, "bit") + ", " + counted(trial.plan.hidden, "hidden unit") +
                            ": " + to_text(trial.lost) + " nats lost" + (taken ? ", the fewest" : ""));
  }
}

std::string text_of_sums(const LayerSums& sums) {
  return std::to_string(bits_needed(sums.multiples)) + " bits: " + to_text(sums.multiples) +
         ", whatever the input";
}

// Hidden units that do nothing, as all their weights were rounded to 0.
std::size_t units_rounded_away(const QuantizedModel& model) {
  const auto code_of_zero = static_cast<std::uint8_t>(rbm::code_of_zero(model.bits));
  std::size_t units = 0;
  for (auto row = model.codes.begin(); row != model.codes.end();) {
    const auto end = row + static_cast<std::ptrdiff_t>(model.visible);
    units += std::count(row, end, code_of_zero) == end - row;
    row = end;
  }
  return units;
}

void add_fidelity(Report& report, const Fidelity& fidelity) {
  report.emplace_back("reconstruction error", to_text(fidelity.float_error) + " in floats, " +
                                                  to_text(fidelity.integer_error) + " in integers");
  report.emplace_back("hidden units",
                      percent(fidelity.disagreement) + " of them are likelier on in one, off in the other");
  if (!std::isnan(fidelity.rank_correlation))
    report.emplace_back("free energy", fixed(fidelity.rank_correlation, 5) + ", rank correlation of the two");
}

void add_loss(Report& report, const QuantizationLoss& loss, bool on_data) {
  report.emplace_back("nats lost",
                      to_text(loss.lost) + (on_data ? " an example" : " an example that the model makes up"));
  if (loss.effective_chains && *loss.effective_chains < few_chains)
    report.emplace_back("", "of which the +/- is too small: only " + fixed(*loss.effective_chains, 0) +
                                " annealing chains tell of it");
}

}  // namespace

void print_quantization(const Quantization& made, const HeaderTarget& target, std::FILE* stream) {
  const QuantizedModel& model = made.model;
  const std::string files =
      target.pair() ? target.path + " and " + target.header_path() : destination(target.path);
  Report report{{"header", files + ": " + target.name},
                {"model", counted(model.visible, "visible unit") + ", " +
                              (made.kept.size() < made.original_hidden
                                   ? grouped(model.hidden) + " of " +
                                         counted(made.original_hidden, "hidden unit") + " kept"
                                   : counted(model.hidden, "hidden unit")) +
                              ", weights of " + counted(model.bits, "bit")}};
  add_trials(report, made);
  if (const std::size_t away = units_rounded_away(model); away > 0)
    report.emplace_back("rounded away", counted(away, "hidden unit") +
                                            ": weights too small beside the largest, for so few bits");
  report.emplace_back("flash", grouped(flash_bytes(model)) + " bytes, and " + grouped(shared_flash_bytes) +
                                   " for tables that all models share");
  report.emplace_back("RAM", grouped(ram_bytes(model)) + " bytes: scratch, the state seen and its means");
  report.emplace_back("hidden accumulators", text_of_sums(hidden_sums(model)));
  report.emplace_back("visible accumulators", text_of_sums(visible_sums(model)));
  if (made.fidelity) add_fidelity(report, *made.fidelity);
  if (made.loss) add_loss(report, *made.loss, made.fidelity.has_value());
  print(report, stream);
}

void print_quantization_json(const Quantization& made, const HeaderTarget& target) {
  const QuantizedModel& model = made.model;
  JsonLine line;
  line.field("out", target.path)
      .field("name", target.name)
      .field("visible", model.visible)
      .field("hidden", model.hidden)
      .field("pruned", made.original_hidden - made.kept.size())
      .field("bits", model.bits)
      .field("rounded_away", units_rounded_away(model))
      .field("flash_bytes", flash_bytes(model))
      .field("shared_flash_bytes", shared_flash_bytes)
      .field("ram_bytes", ram_bytes(model));
  const auto add_sums = [&line](const std::string& name, const LayerSums& sums) {
    line.field(name + "_least", sums.multiples.least)
        .field(name + "_most", sums.multiples.most)
        .field(name + "_bits", bits_needed(sums.multiples));
  };
  add_sums("hidden_sum", hidden_sums(model));
  add_sums("visible_sum", visible_sums(model));
  const auto add = [&line](const std::string& name, Mean mean) {
    line.field(name, mean.value).field(name + "_standard_error", mean.standard_error);
  };
  if (made.fidelity) {
    add("float_reconstruction_error", made.fidelity->float_error);
    add("integer_reconstruction_error", made.fidelity->integer_error);
    add("hidden_disagreement", made.fidelity->disagreement);
    line.field("free_energy_rank_correlation", made.fidelity->rank_correlation);
  }
  if (made.loss) {
    add("nats_lost", made.loss->lost);
    add("log_partition_change", made.loss->log_partition_change);
    if (made.loss->effective_chains) line.field("effective_chains", *made.loss->effective_chains);
  }
  for (const Trial& trial : made.tried) {
    const std::string name = "tried_" + std::to_string(trial.plan.bits) + "_bits";
    line.field(name + "_hidden", trial.plan.hidden);
    add(name + "_nats_lost", trial.lost);
  }
  line.print();
}

}  // namespace tool
