#include "checkpoint.hpp"

#include <charconv>
#include <cmath>
#include <system_error>

#include "failure.hpp"

namespace tool {
namespace {

template <class Number>
std::string text_of(Number number) {
  char text[64];
  return {text, std::to_chars(text, text + sizeof text, number).ptr};
}

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

std::string word_in(const std::map<std::string, std::string>& metadata, const char* key,
                    std::initializer_list<const char*> words, const std::string& name) {
  const auto entry = metadata.find(key);
  for (const char* word : words)
    if (entry != metadata.end() && entry->second == word) return word;
  throw Failure(name + ": metadata " + quoted(key) + " is missing or unknown");
}

constexpr std::uint64_t most = UINT64_MAX;

// A trainer's array, row by row without the padding, and back.
void copy_out(rbm::MatrixView<const float> from, std::vector<float>& to, std::size_t columns) {
  for (std::size_t row = 0; row < from.rows; ++row)
    to.insert(to.end(), from.data + row * from.stride, from.data + row * from.stride + columns);
}
void copy_in(const std::vector<float>& from, rbm::MatrixView<float> to, std::size_t columns) {
  for (std::size_t row = 0; row < to.rows; ++row)
    for (std::size_t column = 0; column < columns; ++column)
      to.data[row * to.stride + column] = from[row * columns + column];
}

// Every array of the optimizer's, with the name and the width that it has in a file.
template <class Optimizer, class Visit>
void for_each_array(const rbm::Trainer<Optimizer>& trainer, const Visit& visit) {
  const std::size_t visible = trainer.rbm.visible(), hidden = trainer.rbm.hidden();
  for (std::size_t slot = 0; slot < Optimizer::slots; ++slot) {
    const std::string prefix = "optimizer." + std::to_string(slot) + ".";
    visit(prefix + "W_transposed", trainer.weight_slots[slot], hidden);
    visit(prefix + "v_bias", {trainer.visible_slots[slot].data, 1, visible, visible}, visible);
    visit(prefix + "h_bias", {trainer.hidden_slots[slot].data, 1, hidden, hidden}, hidden);
  }
}

std::vector<float> counters_of(const rbm::Sgd::Counters&) {
  return {};
}
std::vector<float> counters_of(const rbm::Adam::Counters& counters) {
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

rbm::VisibleUnits visible_units(std::string_view name) {
  return name == "real"          ? rbm::VisibleUnits::real
         : name == "thresholded" ? rbm::VisibleUnits::thresholded
                                 : rbm::VisibleUnits::sampled;
}

void describe(const CheckpointHeader& header, std::map<std::string, std::string>& metadata) {
  const Recipe& recipe = header.recipe;
  metadata["batch"] = text_of(recipe.batch);
  metadata["optimizer"] = recipe.optimizer;
  metadata["learning_rate"] = text_of(recipe.rate);
  metadata["momentum"] = text_of(recipe.momentum);
  metadata["weight_decay"] = text_of(recipe.weight_decay);
  metadata["gibbs_steps"] = text_of(recipe.gibbs_steps);
  metadata["visible"] = recipe.visible;
  metadata["shuffle"] = recipe.shuffle ? "true" : "false";
  metadata["seed"] = text_of(recipe.seed);
  metadata["epochs"] = text_of(header.epochs);
}

void describe_position(const CheckpointHeader& header, std::map<std::string, std::string>& metadata) {
  metadata["epochs_done"] = text_of(header.position.epoch);
  metadata["batches_done"] = text_of(header.position.batch);
  metadata["loss_sum"] = text_of(header.position.loss_sum);
  metadata["error_sum"] = text_of(header.position.error_sum);
  metadata["maximum"] = text_of(header.maximum);
  metadata["data_checksum"] = text_of(header.data_checksum);
}

CheckpointHeader read_header(const std::map<std::string, std::string>& metadata, const std::string& name) {
  const auto whole = [&](const char* key, std::uint64_t least, std::uint64_t largest) {
    return number_in<std::uint64_t>(metadata, key, least, largest, name);
  };
  const auto real = [&](const char* key, float least, float largest) {
    return number_in<float>(metadata, key, least, largest, name);
  };
  CheckpointHeader header;
  Recipe& recipe = header.recipe;
  recipe.batch = whole("batch", 1, rbm::most_samples);
  recipe.optimizer = word_in(metadata, "optimizer", {"adam", "sgd"}, name);
  recipe.rate = real("learning_rate", 0, 1e6f);
  recipe.momentum = real("momentum", 0, 1);
  recipe.weight_decay = real("weight_decay", 0, 1e6f);
  recipe.gibbs_steps = static_cast<unsigned>(whole("gibbs_steps", 1, 1000000));
  recipe.visible = word_in(metadata, "visible", {"sampled", "thresholded", "real"}, name);
  recipe.shuffle = word_in(metadata, "shuffle", {"true", "false"}, name) == "true";
  recipe.seed = whole("seed", 0, most);
  header.epochs = whole("epochs", 1, most);
  header.position.epoch = whole("epochs_done", 0, most);
  header.position.batch = whole("batches_done", 0, most);
  header.position.loss_sum = number_in<double>(metadata, "loss_sum", -1e300, 1e300, name);
  header.position.error_sum = number_in<double>(metadata, "error_sum", -1e300, 1e300, name);
  header.maximum = real("maximum", 0, 1e30f);
  header.data_checksum = whole("data_checksum", 0, most);
  return header;
}

template <class Optimizer>
void add_state(const rbm::Trainer<Optimizer>& trainer, TensorFile& file) {
  for_each_array(trainer, [&](std::string key, rbm::MatrixView<const float> view, std::size_t columns) {
    Tensor tensor{std::move(key), {view.rows, columns}, {}};
    copy_out(view, tensor.values, columns);
    file.tensors.push_back(std::move(tensor));
  });
  const std::vector<float> counters = counters_of(trainer.counters);
  if (!counters.empty()) file.tensors.push_back({"optimizer.counters", {counters.size()}, counters});
  file.metadata["step"] = text_of(trainer.step);
}

template <class Optimizer>
void restore_state(rbm::Trainer<Optimizer>& trainer, const TensorFile& file, const std::string& name) {
  for_each_array(trainer, [&](const std::string& key, rbm::MatrixView<float> view, std::size_t columns) {
    copy_in(array(file, key, view.rows * columns, name).values, view, columns);
  });
  const std::size_t counters = counters_of(trainer.counters).size();
  if (counters > 0) set_counters(trainer.counters, array(file, "optimizer.counters", counters, name).values);
  trainer.step = number_in<std::uint64_t>(file.metadata, "step", 0, most, name);
}

template void add_state(const rbm::Trainer<rbm::Sgd>&, TensorFile&);
template void add_state(const rbm::Trainer<rbm::Adam>&, TensorFile&);
template void restore_state(rbm::Trainer<rbm::Sgd>&, const TensorFile&, const std::string&);
template void restore_state(rbm::Trainer<rbm::Adam>&, const TensorFile&, const std::string&);

}  // namespace tool
