#include "tools/training/checkpoint.hpp"

#include <array>
#include <charconv>
#include <cmath>
#include <system_error>

#include "tools/base/failure.hpp"
#include "tools/base/text.hpp"

namespace tool {
namespace {

template <class Number>
Number number_in(const std::map<std::string, std::string>& metadata, const char* key, Number least,
                 Number most, const std::string& name) {
  const auto entry = metadata.find(key);
  if (entry == metadata.end()) throw Failure(name + ": is no checkpoint: its metadata lack " + quoted(key));
  const std::string& text = entry->second;
  Number number{};
  const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), number);
  if (error != std::errc{} || end != text.data() + text.size() || !(number >= least && number <= most))
    throw Failure(name + ": metadata " + quoted(key) + " is " + quoted(text) + ", which is out of range");
  return number;
}

constexpr std::uint64_t most = UINT64_MAX;

// How a trainer draws: with other draws a run would go on, but not to the bits of one that was never
// interrupted. 2 since version 0.7.
constexpr const char* draws = "2";

// What stands in a file, which holds finite numbers only, for a figure that was not measured.
constexpr float unmeasured = -3e38f;

// Every figure of an epoch, in the order of the file; those of labels where there are any.
constexpr std::array<double EpochFigures::*, 13> figures_of_epoch{
    &EpochFigures::loss,
    &EpochFigures::reconstruction_error,
    &EpochFigures::validation_reconstruction_error,
    &EpochFigures::free_energy_gap,
    &EpochFigures::pseudo_likelihood,
    &EpochFigures::validation_pseudo_likelihood,
    &EpochFigures::log_likelihood,
    &EpochFigures::validation_log_likelihood,
    &EpochFigures::log_z_standard_error,
    &EpochFigures::label_loss,
    &EpochFigures::label_error,
    &EpochFigures::validation_label_loss,
    &EpochFigures::validation_label_error};

std::size_t figure_count(const TrainingState& state) {
  constexpr std::size_t of_labels = 4;
  return figures_of_epoch.size() - (state.recipe.has_labels ? 0 : of_labels);
}

// A trainer's array, row by row without the padding, and back.
void copy_out(const rbm::MatrixView<float>& from, float* to, std::size_t columns) {
  for (std::size_t row = 0; row < from.rows; ++row)
    std::copy_n(from.row(row).data, columns, to + row * columns);
}
void copy_in(const float* from, const rbm::MatrixView<float>& to, std::size_t columns) {
  for (std::size_t row = 0; row < to.rows; ++row)
    std::copy_n(from + row * columns, columns, to.row(row).data);
}

rbm::MatrixView<float> row_of(const rbm::VectorView<float>& vector, std::size_t columns) {
  return {vector.data, 1, columns, columns};
}

constexpr const char* weight_slot_name = "W_transposed";

std::string prefix_of_slot(std::size_t slot) {
  return "optimizer." + std::to_string(slot) + ".";
}

// Every array of the trainer's that is not as large as the weights, with its name and width in a file.
template <class Optimizer, class Visit>
void for_each_array(const rbm::Trainer<Optimizer>& trainer, const Visit& visit) {
  const std::size_t visible = trainer.rbm.visible(), hidden = trainer.rbm.hidden();
  for (std::size_t slot = 0; slot < Optimizer::slot_count; ++slot) {
    const std::string prefix = prefix_of_slot(slot);
    visit(prefix + "v_bias", row_of(trainer.visible_slots[slot], visible), visible);
    visit(prefix + "h_bias", row_of(trainer.hidden_slots[slot], hidden), hidden);
    if (trainer.scales.is_on()) visit(prefix + "scales", trainer.scale_slots[slot], visible);
  }
  if (trainer.scales.is_on()) visit("least_scale", row_of(trainer.scales.least, visible), visible);
  if (trainer.options.centring > 0) {
    visit("offset.v", row_of(trainer.centring.visible_offset, visible), visible);
    visit("offset.h", row_of(trainer.centring.hidden_offset, hidden), hidden);
  }
  if (trainer.options.sparsity_cost > 0) visit("activity", row_of(trainer.activity, hidden), hidden);
}

// The states of persistent chains: for each, which hidden units are on.
template <class Optimizer>
Tensor to_tensor(const rbm::Trainer<Optimizer>& trainer) {
  const rbm::UnitLists& lists = trainer.phases.hidden;
  Tensor tensor{"chains", {lists.rows, lists.capacity}, {}};
  tensor.values.resize(lists.rows * lists.capacity);
  for (std::size_t n = 0; n < lists.rows; ++n) {
    const rbm::ActiveUnits state = lists.row(n);
    for (std::size_t m = 0; m < state.count; ++m) tensor.values[n * lists.capacity + state.units[m]] = 1;
  }
  return tensor;
}
void set_chains(const rbm::UnitLists& lists, const std::vector<float>& values) {
  for (std::size_t n = 0; n < lists.rows; ++n) {
    lists.write_row(n, [&](rbm::UnitList& list) {
      for (std::size_t i = 0; i < lists.capacity; ++i)
        if (values[n * lists.capacity + i] != 0) list.add(i);
    });
  }
}

std::vector<float> to_counters(const rbm::Sgd::Counters&) {
  return {};
}
std::vector<float> to_counters(const rbm::Adam::Counters& counters) {
  return {counters.mean_power, counters.square_power};
}
void set_counters(rbm::Sgd::Counters&, const std::vector<float>&) {}
void set_counters(rbm::Adam::Counters& counters, const std::vector<float>& values) {
  counters = {values[0], values[1]};
}

const Tensor& array(const TensorFile& file, const std::string& key, std::size_t size,
                    const std::string& name) {
  const Tensor* tensor = file.find(key);
  if (tensor == nullptr || tensor->values.size() != size)
    throw Failure(name + ": is no checkpoint: tensor " + quoted(key) + " is missing or of the wrong size");
  return *tensor;
}

}  // namespace

bool is_of_checkpoint(std::string_view tensor) {
  if (is_parameter(tensor)) return true;
  for (const char* name : {"activity", "chains", "history", "least_scale"})
    if (tensor == name) return true;
  for (const std::string_view group : {"mean.", "optimizer.", "offset."})
    if (tensor.substr(0, group.size()) == group) return true;
  return false;
}

bool is_as_large_as_weights(std::string_view tensor) {
  for (const std::string_view name : {own_names.weights, std::string_view(weight_slot_name)})
    if (tensor.size() >= name.size() && tensor.substr(tensor.size() - name.size()) == name) return true;
  return false;
}

void describe(const TrainingState& state, std::map<std::string, std::string>& metadata) {
  describe(state.recipe, metadata);
  metadata["epochs"] = shortest(state.epochs);
}

void describe_position(const TrainingState& state, std::map<std::string, std::string>& metadata) {
  metadata["epochs_done"] = shortest(state.position.epoch);
  metadata["batches_done"] = shortest(state.position.batch);
  metadata["loss_sum"] = shortest(state.position.loss_sum);
  metadata["error_sum"] = shortest(state.position.error_sum);
  if (state.recipe.has_labels) {
    metadata["labelled"] = shortest(state.position.labelled);
    metadata["label_loss_sum"] = shortest(state.position.label_loss_sum);
    metadata["label_error_sum"] = shortest(state.position.label_error_sum);
  }
  metadata["averaged"] = shortest(state.position.averaged);
  metadata["draws"] = draws;
  metadata["data_checksum"] = shortest(state.data_checksum);
}

TrainingState read_training_state(const std::map<std::string, std::string>& metadata,
                                  const std::string& name) {
  const auto whole = [&](const char* key, std::uint64_t least, std::uint64_t greatest = most) {
    return number_in<std::uint64_t>(metadata, key, least, greatest, name);
  };
  TrainingState state;
  if (const auto kept = metadata.find("draws");
      metadata.count("batches_done") > 0 && (kept == metadata.end() || kept->second != draws))
    throw Failure(
        name +
        ": is a checkpoint of another version of rbm, whose draws are others: go on with that version, "
        "or train anew");
  state.recipe = recipe_in(metadata, name);
  state.epochs = whole("epochs", 1, training::most_epochs);
  state.position.epoch = whole("epochs_done", 0, training::most_epochs);
  state.position.batch = whole("batches_done", 0);
  state.position.loss_sum = number_in<double>(metadata, "loss_sum", -1e300, 1e300, name);
  state.position.error_sum = number_in<double>(metadata, "error_sum", -1e300, 1e300, name);
  if (state.recipe.has_labels) {
    state.position.labelled = whole("labelled", 0);
    state.position.label_loss_sum = number_in<double>(metadata, "label_loss_sum", 0, 1e300, name);
    state.position.label_error_sum = number_in<double>(metadata, "label_error_sum", 0, 1e300, name);
  }
  state.position.averaged = whole("averaged", 0);
  state.data_checksum = whole("data_checksum", 0);
  return state;
}

void add_mean(const Model& mean, const Position& position, TensorFile& file) {
  if (position.averaged == 0) return;
  for (Tensor& tensor : to_written_tensors(mean).tensors) {
    tensor.name = "mean." + tensor.name;
    file.tensors.push_back(std::move(tensor));
  }
}

void restore_mean(Model& mean, const Position& position, const TensorFile& file, const std::string& name) {
  if (position.averaged == 0) return;
  for (const auto& [key, values] : parameters(mean)) {
    const auto& kept = array(file, "mean." + std::string(key), values->size(), name).values;
    values->assign(kept.begin(), kept.end());
  }
}

void round_as_kept(EpochFigures& figures) {
  for (const auto figure : figures_of_epoch)
    figures.*figure = static_cast<double>(static_cast<float>(figures.*figure));
}

void add_history(const TrainingState& state, const std::vector<EpochFigures>& history, TensorFile& file) {
  if (history.empty()) return;
  const std::size_t count = figure_count(state);
  Tensor tensor{"history", {history.size(), count}, {}};
  for (const EpochFigures& figures : history)
    for (std::size_t f = 0; f < count; ++f) {
      const double figure = figures.*figures_of_epoch[f];
      tensor.values.push_back(std::isnan(figure) ? unmeasured : static_cast<float>(figure));
    }
  file.tensors.push_back(std::move(tensor));
}

std::vector<EpochFigures> restore_history(const TrainingState& state, const TensorFile& file,
                                          const std::string& name) {
  std::vector<EpochFigures> history;
  const std::uint64_t epochs = state.position.epoch;
  if (epochs == 0) return history;
  const std::size_t count = figure_count(state);
  const auto& values = array(file, "history", epochs * count, name).values;
  for (std::size_t n = 0; n < values.size(); n += count) {
    EpochFigures figures;
    figures.epoch = history.size() + 1;
    for (std::size_t f = 0; f < count; ++f)
      if (values[n + f] != unmeasured) figures.*figures_of_epoch[f] = static_cast<double>(values[n + f]);
    history.push_back(figures);
  }
  return history;
}

void add_weight_slot(std::size_t slot, std::size_t visible, std::size_t hidden,
                     const std::function<void(const FloatSink&)>& source, TensorFile& file) {
  file.tensors.push_back({prefix_of_slot(slot) + weight_slot_name, {visible, hidden}, {}, source});
}

const Tensor& weight_slot(const TensorFile& file, std::size_t slot, std::size_t visible, std::size_t hidden,
                          const std::string& name) {
  return array(file, prefix_of_slot(slot) + weight_slot_name, visible * hidden, name);
}

template <class Optimizer>
void add_trainer(const rbm::Trainer<Optimizer>& trainer, TensorFile& file) {
  for_each_array(trainer, [&](std::string key, const rbm::MatrixView<float>& view, std::size_t columns) {
    Tensor tensor{std::move(key), {view.rows, columns}, std::vector<float>(view.rows * columns)};
    copy_out(view, tensor.values.data(), columns);
    file.tensors.push_back(std::move(tensor));
  });
  const std::vector<float> counters = to_counters(trainer.counters);
  if (!counters.empty()) file.tensors.push_back({"optimizer.counters", {counters.size()}, counters});
  if (trainer.options.persistent) file.tensors.push_back(to_tensor(trainer));
  file.metadata["step"] = shortest(trainer.step);
}

template <class Optimizer>
void restore_trainer(rbm::Trainer<Optimizer>& trainer, const TensorFile& file, const std::string& name) {
  for_each_array(trainer,
                 [&](const std::string& key, const rbm::MatrixView<float>& view, std::size_t columns) {
                   copy_in(array(file, key, view.rows * columns, name).values.data(), view, columns);
                 });
  const std::size_t counters = to_counters(trainer.counters).size();
  if (counters > 0) set_counters(trainer.counters, array(file, "optimizer.counters", counters, name).values);
  const rbm::UnitLists& chains = trainer.phases.hidden;
  if (trainer.options.persistent)
    set_chains(chains, array(file, "chains", chains.rows * chains.capacity, name).values);
  trainer.step = number_in<std::uint64_t>(file.metadata, "step", 0, most, name);
}

template void add_trainer(const rbm::Trainer<rbm::Sgd>&, TensorFile&);
template void add_trainer(const rbm::Trainer<rbm::Adam>&, TensorFile&);
template void restore_trainer(rbm::Trainer<rbm::Sgd>&, const TensorFile&, const std::string&);
template void restore_trainer(rbm::Trainer<rbm::Adam>&, const TensorFile&, const std::string&);

}  // namespace tool
