#include "tools/training/epoch_line.hpp"
#include "tools/base/text.hpp"

#include <cmath>

namespace tool {

std::string to_line(const EpochFigures& figures, std::uint64_t epochs, double seconds) {
  const std::string total = std::to_string(epochs);
  std::string epoch = std::to_string(figures.epoch);
  epoch.insert(0, total.size() - epoch.size(), ' ');
  std::string line = "epoch " + epoch + "/" + total;
  const auto add = [&](const char* name, const char* pattern, double figure) {
    if (!std::isnan(figure)) line += std::string("  ") + name + " " + format(pattern, figure);
  };
  add("loss", "%7.3f", figures.loss);
  add("error", "%.4f", figures.reconstruction_error);
  add("gap", "%6.2f", figures.free_energy_gap);
  const bool validated = !std::isnan(figures.validation_log_likelihood);
  add("nats", "%.2f", validated ? figures.validation_log_likelihood : figures.log_likelihood);
  const auto add_labels = [&](const char* name, double loss, double error) {
    if (!std::isnan(loss))
      line += std::string("  ") + name + format("%.4f", loss) + format(", %5.2f %% wrong", 100 * error);
  };
  add_labels("labels ", figures.label_loss, figures.label_error);
  add_labels("validation ", figures.validation_label_loss, figures.validation_label_error);
  return line + "  " + format("%.2f", seconds) + " s";
}

JsonLine to_json(const EpochFigures& figures, double seconds) {
  JsonLine json;
  json.field("epoch", figures.epoch);
  const auto add = [&](const char* name, double figure) {
    if (!std::isnan(figure)) json.field(name, figure);
  };
  add("loss", figures.loss);
  add("reconstruction_error", figures.reconstruction_error);
  add("validation_reconstruction_error", figures.validation_reconstruction_error);
  add("free_energy_gap", figures.free_energy_gap);
  add("pseudo_likelihood", figures.pseudo_likelihood);
  add("validation_pseudo_likelihood", figures.validation_pseudo_likelihood);
  add("log_likelihood", figures.log_likelihood);
  add("validation_log_likelihood", figures.validation_log_likelihood);
  add("log_z_standard_error", figures.log_z_standard_error);
  add("label_loss", figures.label_loss);
  add("label_error", figures.label_error);
  add("validation_label_loss", figures.validation_label_loss);
  add("validation_label_error", figures.validation_label_error);
  json.field("seconds", seconds);
  return json;
}

}  // namespace tool
