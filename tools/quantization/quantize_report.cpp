#include "tools/quantization/quantize_report.hpp"

#include <algorithm>
#include <cmath>

#include "tools/base/statistics.hpp"
#include "tools/base/text.hpp"

namespace tool {
namespace {

std::string percent(Mean share) {
  return to_text(Mean{100 * share.value, 100 * share.standard_error}) + " %";
}

// With fewer effective chains than this, a standard error is itself too rough to go by.
constexpr float few_chains = 30;

// One line for each trial, under one label.
void add_trials(Facts& facts, const Quantization& made) {
  for (const Trial& trial : made.tried) {
    const bool taken = trial.plan.bits == made.model.bits;
    facts.line(&trial == &made.tried.front() ? "tried" : "",
               counted(trial.plan.bits, "bit") + ", " + counted(trial.plan.hidden, "hidden unit") + ": " +
                   to_text(trial.lost) + " nats lost" + (taken ? ", the fewest" : ""));
  }
}

void add_sums(Facts& facts, const std::string& layer, const LayerSums& sums) {
  const SumRange& range = sums.multiples;
  const unsigned bits = bits_needed(range);
  facts
      .line(layer + " sums",
            std::to_string(bits) + " bits: " + to_text(range) + " before scale and bias, whatever the input")
      .field(layer + "_unscaled_sum_least", range.least)
      .field(layer + "_unscaled_sum_most", range.most)
      .field(layer + "_sum_bits", bits);
}

// Hidden units that do nothing, because all their weights were rounded to 0.
std::size_t units_rounded_away(const QuantizedModel& model) {
  const auto zero_point = static_cast<std::uint8_t>(rbm::zero_point(model.bits));
  std::size_t units = 0;
  for (auto row = model.codes.begin(); row != model.codes.end();) {
    const auto end = row + static_cast<std::ptrdiff_t>(model.visible);
    units += std::count(row, end, zero_point) == end - row;
    row = end;
  }
  return units;
}

void add_fidelity(Facts& facts, const Fidelity& fidelity) {
  facts
      .line("reconstruction error",
            to_text(fidelity.float_error) + " in floats, " + to_text(fidelity.device_error) + " in integers")
      .field("float_reconstruction_error", fidelity.float_error)
      .field("integer_reconstruction_error", fidelity.device_error)
      .line("hidden units",
            percent(fidelity.disagreement) + " of them are likelier on in one, off in the other")
      .field("hidden_disagreement", fidelity.disagreement)
      .field("free_energy_rank_correlation", fidelity.rank_correlation);
  if (!std::isnan(fidelity.rank_correlation))
    facts.line("free energy", fixed(fidelity.rank_correlation, 5) + ", rank correlation of the two");
}

void add_loss(Facts& facts, const QuantizationLoss& loss, bool on_data) {
  facts
      .add("nats lost", loss.lost, on_data ? " an example" : " an example that the model makes up",
           "nats_lost")
      .field("log_partition_change", loss.log_partition_change);
  if (!loss.effective_chains) return;
  facts.field("effective_chains", *loss.effective_chains);
  if (*loss.effective_chains < few_chains)
    facts.line("", "the +/- is too small: only " + fixed(*loss.effective_chains, 0) +
                       " annealing chains carry the estimate");
}

void add_labels(Facts& facts, const LabelLoss& loss) {
  const double lost = 100 * (loss.float_accuracy.value - loss.device_accuracy.value);
  facts
      .line("right labels", percent(loss.float_accuracy) + " in floats, " + percent(loss.device_accuracy) +
                                " in integers: " + fixed(std::fabs(lost), 2) +
                                (lost < 0 ? " points gained" : " points lost"))
      .field("labelled", loss.examples)
      .field("float_accuracy", loss.float_accuracy)
      .field("integer_accuracy", loss.device_accuracy)
      .line("-log p(label)", to_text(loss.float_surprise) + " nats in floats, " +
                                 to_text(loss.device_surprise) + " in integers")
      .field("float_label_nats", loss.float_surprise)
      .field("integer_label_nats", loss.device_surprise);
  if (loss.nats_lost) facts.add("nats lost", *loss.nats_lost, " an example with its label", "nats_lost");
}

}  // namespace

Facts quantization_facts(const Quantization& made, const HeaderTarget& target) {
  const QuantizedModel& model = made.model;
  const std::size_t pruned = made.original_hidden - made.kept.size(), away = units_rounded_away(model);
  const std::string files =
      target.pair() ? target.path + " and " + target.header_path() : destination(target.path);
  const std::string kept =
      pruned > 0 ? grouped(model.hidden) + " of " + counted(made.original_hidden, "hidden unit") + " kept"
                 : counted(model.hidden, "hidden unit");
  Facts facts;
  facts.line("header", files + ": " + target.name)
      .field("out", target.path)
      .field("name", target.name)
      .line("model", counted(model.visible, "visible unit") + ", " + kept + ", weights of " +
                         counted(model.bits, "bit"))
      .field("visible", model.visible)
      .field("hidden", model.hidden)
      .field("pruned", pruned)
      .field("bits", model.bits);
  add_trials(facts, made);
  if (model.has_labels()) facts.add("labels", grouped(model.labels), "labels", model.labels);
  facts.field("rounded_away", away);
  if (away > 0)
    facts.line("rounded away",
               counted(away, "hidden unit") + ": weights too small beside the largest, for so few bits");
  facts.add("flash", flash_text(model), "flash_bytes", flash_bytes(model))
      .field("shared_flash_bytes", shared_flash_bytes)
      .add("RAM", ram_text(model), "ram_bytes", ram_bytes(model));
  add_sums(facts, "hidden", hidden_sums(model));
  add_sums(facts, "visible", visible_sums(model));
  if (const auto& limit = model.calibration)
    facts.add("limit",
              significant(limit->limit, 6) + " nats, for " + significant(100 * limit->false_alarms, 3) +
                  (made.fidelity || made.labels
                       ? " % of false alarms, found on the data with the device's integers"
                       : " % of false alarms, that of the floats moved by what integers change"),
              "limit", limit->limit);
  if (made.fidelity) add_fidelity(facts, *made.fidelity);
  if (made.labels) add_labels(facts, *made.labels);
  if (made.loss) add_loss(facts, *made.loss, made.fidelity.has_value());
  for (const Trial& trial : made.tried) {
    const std::string name = "tried_" + std::to_string(trial.plan.bits) + "_bits";
    facts.field(name + "_hidden", trial.plan.hidden).field(name + "_nats_lost", trial.lost);
  }
  return facts;
}

}  // namespace tool
