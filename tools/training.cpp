#include "training.hpp"

#include <algorithm>
#include <chrono>
#include <cmath>
#include <cstdio>
#include <filesystem>
#include <numeric>

#include "../platform/desktop/files.hpp"
#include "../platform/desktop/interrupt.hpp"
#include "../platform/desktop/terminal.hpp"
#include "../platform/desktop/threads.hpp"
#include "../rbm/rbm.hpp"
#include "aligned.hpp"
#include "failure.hpp"
#include "json_line.hpp"

namespace tool {
namespace {

using Clock = std::chrono::steady_clock;

std::string format(const char* pattern, double value) {
  char text[64];
  std::snprintf(text, sizeof text, pattern, value);
  return text;
}

// A new order of the examples, from the seed and the epoch alone.
void shuffle(std::vector<std::uint32_t>& order, std::uint64_t seed, std::uint64_t epoch) {
  std::iota(order.begin(), order.end(), 0u);
  rbm::SplitMix64 key{rbm::SplitMix64{seed}.next() ^ epoch};
  rbm::Xoshiro128 random = rbm::Xoshiro128::seeded(key.next());
  for (std::size_t n = order.size(); n > 1; --n)
    std::swap(order[n - 1], order[rbm::draw_below(static_cast<std::uint32_t>(n), random)]);
}

rbm::Sgd make(const Recipe& recipe, const rbm::Sgd*) {
  return {recipe.rate, recipe.momentum, recipe.weight_decay};
}
rbm::Adam make(const Recipe& recipe, const rbm::Adam*) {
  rbm::Adam adam;
  adam.rate = recipe.rate;
  adam.weight_decay = recipe.weight_decay;
  return adam;
}

// Text as one word of a shell's command line.
std::string shell_word(const std::string& text) {
  constexpr const char* plain = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789_./=:-";
  if (!text.empty() && text.find_first_not_of(plain) == std::string::npos) return text;
  std::string word = "'";
  for (const char character : text)
    word += character == '\'' ? std::string("'\\''") : std::string(1, character);
  return word + "'";
}

// Finds out before the work whether its result can be written.
void check_output(const std::string& path) {
  if (std::filesystem::is_directory(path)) throw Failure(path + ": is a directory");
  platform::OutputFile discarded(path);
}

/// One run of `rbm train`, from its start or a checkpoint to its end or an interruption.
template <class Optimizer>
class Run {
 public:
  Run(const Dataset& data, Model& model, const CheckpointHeader& header, const RunOptions& options)
      : options_(options),
        data_(data),
        header_(header),
        model_(model),
        checkpoint_(options.out + ".checkpoint"),
        has_checkpoints_(is_file(options.out)),
        shape_{data.columns, model.hidden, header.recipe.batch, header.recipe.visible == "real"},
        memory_(rbm::trainer_bytes<Optimizer>(shape_)),
        trainer_(model.view(), {memory_.data(), 0, memory_.size()}, shape_),
        threads_(options.threads),
        progress_(options.quiet),
        intensities_(shape_.batch * data.columns),
        order_(data.rows) {
    std::iota(order_.begin(), order_.end(), 0u);
    trainer_.options = {header.recipe.seed, visible_units(header.recipe.visible), header.recipe.gibbs_steps};
    trainer_.optimizer = make(header.recipe, static_cast<const Optimizer*>(nullptr));
  }

  void restore(const TensorFile& file, const std::string& name) { restore_state(trainer_, file, name); }

  Status run() {
    if (has_checkpoints_) check_output(options_.out);
    platform::watch_interrupts();
    const auto start = Clock::now();
    while (header_.position.epoch < header_.epochs) {
      if (!run_epoch()) return interrupted();
      if (has_checkpoints_) save_checkpoint();
    }
    finish(seconds_since(start));
    return Status::done;
  }

 private:
  static bool is_file(const std::string& path) {
    std::error_code ignored;
    const auto status = std::filesystem::status(path, ignored);
    return path != "-" && (!std::filesystem::exists(status) || std::filesystem::is_regular_file(status) ||
                           std::filesystem::is_directory(status));
  }
  static double seconds_since(Clock::time_point start) {
    return std::chrono::duration<double>(Clock::now() - start).count();
  }

  // False where the user interrupted; the batch at hand is always finished.
  bool run_epoch() {
    Position& at = header_.position;
    const auto start = Clock::now();
    if (header_.recipe.shuffle) shuffle(order_, header_.recipe.seed, at.epoch);
    const std::size_t batches = (data_.rows + shape_.batch - 1) / shape_.batch;
    while (at.batch < batches) {
      const std::size_t first = at.batch * shape_.batch;
      const std::size_t samples = std::min(shape_.batch, data_.rows - first);
      threads_(samples, [&](std::size_t begin, std::size_t end) {
        for (std::size_t n = begin; n < end; ++n)
          data_.row(order_[first + n], intensities_.data() + n * data_.columns);
      });
      const rbm::BatchReport report =
          rbm::train(trainer_, {intensities_.data(), samples, data_.columns, data_.columns}, threads_);
      at.loss_sum += static_cast<double>(report.loss) * static_cast<double>(samples);
      at.error_sum += static_cast<double>(report.reconstruction) * static_cast<double>(samples);
      ++at.batch;
      if (!std::isfinite(report.loss)) fail_diverged();
      if (progress_.due()) show(first + samples);
      if (platform::interrupted() && at.batch < batches) return false;
    }
    report_epoch(seconds_since(start));
    at = {at.epoch + 1, 0, 0, 0};
    return !platform::interrupted() || at.epoch == header_.epochs;
  }

  void show(std::size_t samples) {
    const Position& at = header_.position;
    const double of_epoch = static_cast<double>(samples) / static_cast<double>(data_.rows);
    const double count = static_cast<double>(samples);
    progress_.update(
        (static_cast<double>(at.epoch) + of_epoch) / static_cast<double>(header_.epochs),
        "epoch " + std::to_string(at.epoch + 1) + "/" + std::to_string(header_.epochs),
        "loss " + format("%.2f", at.loss_sum / count) + "  error " + format("%.4f", at.error_sum / count));
  }

  [[noreturn]] void fail_diverged() const {
    const std::uint64_t epoch = header_.position.epoch;
    throw Failure("training diverged in epoch " + std::to_string(epoch + 1) +
                  ": try a lower --learning-rate" +
                  (has_checkpoints_ && epoch > 0 ? "; the epoch before is in " + checkpoint_ : ""));
  }

  void report_epoch(double seconds) {
    const Position& at = header_.position;
    const double loss = at.loss_sum / static_cast<double>(data_.rows);
    const double error = at.error_sum / static_cast<double>(data_.rows);
    const std::string total = std::to_string(header_.epochs);
    std::string epoch = std::to_string(at.epoch + 1);
    epoch.insert(0, total.size() - epoch.size(), ' ');
    progress_.finish_line("epoch " + epoch + "/" + total + "  loss " + format("%7.3f", loss) + "  error " +
                          format("%.4f", error) + "  " + format("%.2f", seconds) + " s");
    if (options_.json)
      JsonLine()
          .field("epoch", at.epoch + 1)
          .field("loss", loss)
          .field("reconstruction_error", error)
          .field("seconds", seconds)
          .print();
  }

  void save_checkpoint() {
    describe(header_, model_.metadata);
    TensorFile file = tensors_of(model_);
    describe_position(header_, file.metadata);
    add_state(trainer_, file);
    save(checkpoint_, file);
  }

  Status interrupted() {
    if (!has_checkpoints_)
      throw Failure("interrupted; there is no checkpoint, since the output is no file", 130);
    save_checkpoint();
    progress_.erase();
    const bool piped = options_.data_name == "-";
    std::fprintf(stderr, "interrupted; go on%s with: rbm train %s --resume %s --out %s\n",
                 piped ? " (the same data on standard input)" : "", shell_word(options_.data_name).c_str(),
                 shell_word(checkpoint_).c_str(), shell_word(options_.out).c_str());
    if (options_.json)
      JsonLine()
          .field("interrupted", true)
          .field("checkpoint", checkpoint_)
          .field("epochs_done", header_.position.epoch)
          .print();
    return Status::interrupted;
  }

  void finish(double seconds) {
    describe(header_, model_.metadata);
    save(options_.out, tensors_of(model_));
    if (has_checkpoints_) std::remove(checkpoint_.c_str());
    progress_.finish_line("wrote " + options_.out + ": " + std::to_string(model_.visible) + " visible, " +
                          std::to_string(model_.hidden) + " hidden units, " + format("%.1f", seconds) + " s");
    if (options_.json)
      JsonLine()
          .field("model", options_.out)
          .field("visible", model_.visible)
          .field("hidden", model_.hidden)
          .field("epochs", header_.epochs)
          .field("seconds", seconds)
          .print();
  }

  const RunOptions options_;
  const Dataset& data_;
  CheckpointHeader header_;
  Model& model_;
  const std::string checkpoint_;
  const bool has_checkpoints_;  // not where the model goes to a pipe
  rbm::TrainerShape shape_;
  AlignedVector<unsigned char> memory_;
  rbm::Trainer<Optimizer> trainer_;
  platform::Threads threads_;
  platform::Progress progress_;
  std::vector<float> intensities_;
  std::vector<std::uint32_t> order_;
};

template <class Optimizer>
Status train_with(const Dataset& data, Model& model, const CheckpointHeader& header,
                  const RunOptions& options, const TensorFile* checkpoint,
                  const std::string& checkpoint_name) {
  Run<Optimizer> run(data, model, header, options);
  if (checkpoint != nullptr) run.restore(*checkpoint, checkpoint_name);
  return run.run();
}

}  // namespace

Status train_model(const Dataset& data, Model& model, const CheckpointHeader& header,
                   const RunOptions& options, const TensorFile* checkpoint,
                   const std::string& checkpoint_name) {
  const auto train_it = header.recipe.optimizer == "adam" ? train_with<rbm::Adam> : train_with<rbm::Sgd>;
  return train_it(data, model, header, options, checkpoint, checkpoint_name);
}

}  // namespace tool
