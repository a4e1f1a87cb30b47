#include "quantize_report.hpp"

#include "json_line.hpp"

namespace tool {
namespace {

std::string percent(Mean share) {
  return text_of(Mean{100 * share.value, 100 * share.standard_error}) + " %";
}

std::string text_of_sums(const LayerSums& sums) {
  return text_of(sums.multiples) + " steps of a weight, " + std::to_string(width_of(sums.multiples)) +
         " bits; " + text_of(sums.steps) + " in all";
}

}  // namespace

void print_quantization(const Quantization& made, const HeaderTarget& target, std::FILE* stream) {
  const QuantizedModel& model = made.integers;
  const std::string files =
      target.pair() ? target.path + " and " + target.header_path() : destination(target.path);
  Report report{
      {"header", files + ": " + target.name},
      {"model", counted(model.visible, "visible unit") + ", " + counted(model.hidden, "hidden unit") +
                    (made.kept.size() < made.original_hidden
                         ? " of " + grouped(made.original_hidden) + ", the others pruned"
                         : "") +
                    ", weights of " + counted(model.bits, "bit")}};
  if (!made.why.empty()) report.emplace_back("chosen", made.why);
  report.emplace_back("flash", grouped(flash_bytes(model)) + " bytes, and " + grouped(shared_flash_bytes) +
                                   " for tables that all models share");
  report.emplace_back("RAM", grouped(ram_bytes(model)) + " bytes: scratch, the state seen and its means");
  report.emplace_back("sums of hidden units", text_of_sums(hidden_sums(model)));
  report.emplace_back("sums of visible units", text_of_sums(visible_sums(model)));
  if (made.fidelity) {
    const Fidelity& fidelity = *made.fidelity;
    report.emplace_back("reconstruction error", text_of(fidelity.float_error) + " in floats, " +
                                                    text_of(fidelity.integer_error) + " in integers");
    report.emplace_back("hidden units", percent(fidelity.disagreement) + " decide otherwise");
    report.emplace_back("free energy", "rank correlation " + fixed(fidelity.rank_correlation, 5));
  }
  if (made.cost)
    report.emplace_back(
        "nats lost", text_of(made.cost->lost) +
                         (made.fidelity ? " an example of the data" : " an example that the model makes up"));
  print(report, stream);
}

void print_quantization_json(const Quantization& made, const HeaderTarget& target) {
  const QuantizedModel& model = made.integers;
  JsonLine line;
  line.field("out", target.path)
      .field("name", target.name)
      .field("visible", model.visible)
      .field("hidden", model.hidden)
      .field("pruned", made.original_hidden - made.kept.size())
      .field("bits", model.bits)
      .field("flash_bytes", flash_bytes(model))
      .field("shared_flash_bytes", shared_flash_bytes)
      .field("ram_bytes", ram_bytes(model));
  const auto add_sums = [&line](const std::string& name, const LayerSums& sums) {
    line.field(name + "_least", sums.multiples.least)
        .field(name + "_most", sums.multiples.most)
        .field(name + "_bits", width_of(sums.multiples));
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
  if (made.cost) add("nats_lost", made.cost->lost);
  line.print();
}

}  // namespace tool
