#include "tools/training/training_run.hpp"

#include <algorithm>
#include <chrono>
#include <cmath>
#include <cstdio>
#include <filesystem>

#include "platform/desktop/files.hpp"
#include "platform/desktop/interrupt.hpp"
#include "platform/desktop/terminal.hpp"
#include "tools/base/failure.hpp"
#include "tools/base/text.hpp"
#include "tools/output/json_line.hpp"
#include "tools/training/epoch_line.hpp"
#include "tools/training/learner.hpp"
#include "tools/training/monitor.hpp"
#include "tools/training/training_page.hpp"

namespace tool {
namespace {

using Clock = std::chrono::steady_clock;

// Finds out before the work whether its result can be written.
void check_output(const std::string& path) {
  if (std::filesystem::is_directory(path)) throw Failure(path + ": is a directory");
  platform::OutputFile discarded(path);
}

/// One run of `rbm train`, from its start or a checkpoint to its end or an interruption.
template <class Optimizer>
class TrainingRun {
 public:
  TrainingRun(const Dataset& data, const Dataset* validation, Model& model, const TrainingState& header,
              const RunOptions& options)
      : options_(options),
        data_(data),
        learner_(data, model, header, options.threads),
        checkpoint_(options.out + ".checkpoint"),
        has_checkpoints_(is_file(options.out)),
        progress_(options.quiet) {
    // Persistent chains reconstruct no data, so that somebody else has to.
    if (is_persistent() || validation != nullptr || !options.report.empty() || options.nats_every > 0)
      examination_.emplace(data, validation, header.recipe.visible, header.recipe.seed);
    if (validation != nullptr) validation_rows_ = validation->rows;
  }

  void restore(const TensorFile& file, const std::string& name) {
    learner_.restore(file, name);
    history_ = restore_history(learner_.at(), file, name);
    if (name == checkpoint_) saved_epochs_ = learner_.at().epoch;
  }

  void run() {
    platform::watch_interrupts();  // before the first temporary file, which an interruption would leave
    if (has_checkpoints_) check_output(options_.out);
    if (!options_.report.empty() && is_file(options_.report)) check_output(options_.report);
    const auto start = Clock::now();
    try {
      while (!learner_.is_done() && !stopped_early()) {
        run_epoch();
        // Where epochs are short, so seldom that it takes no more than a tenth of the time.
        if (has_checkpoints_ && Clock::now() >= next_checkpoint_) save_checkpoint();
      }
    } catch (const platform::Interrupted&) {
      keep_interrupted();
      throw;
    }
    finish(seconds_since(start));
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

  bool is_persistent() const { return learner_.header().recipe.method == Method::persistent; }

  // An interruption ends it between two batches, or after the last.
  void run_epoch() {
    const auto start = Clock::now();
    learner_.begin_epoch();
    while (learner_.at().batch < learner_.batches()) {
      if (!std::isfinite(learner_.train_batch().loss)) fail_diverged("the loss is no longer a number in");
      if (progress_.due()) show();
      if (learner_.at().batch < learner_.batches()) platform::stop_if_interrupted();
    }
    check_parameters();
    examine(start);
    learner_.end_epoch();
    if (!learner_.is_done()) platform::stop_if_interrupted();
  }

  void show() {
    const Position& at = learner_.at();
    const double count =
        static_cast<double>(std::min<std::uint64_t>(at.batch * learner_.header().recipe.batch, data_.rows));
    std::string figures = "loss " + format("%.2f", at.loss_sum / count);
    if (!is_persistent()) figures += "  error " + format("%.4f", at.error_sum / count);
    progress_.update(learner_.time(),
                     "epoch " + std::to_string(at.epoch + 1) + "/" + std::to_string(learner_.header().epochs),
                     figures);
  }

  [[noreturn]] void fail_diverged(const std::string& what) const {
    throw Failure(
        "training diverged: " + what + " epoch " + std::to_string(learner_.at().epoch + 1) +
        ": try a lower --learning-rate" +
        (saved_epochs_ > 0 ? "; epoch " + std::to_string(saved_epochs_) + " is in " + checkpoint_ : ""));
  }

  // Measures the epoch whose last batch has just ended, and tells. A run that was interrupted here measures
  // again when it goes on.
  void examine(Clock::time_point start) {
    const Position& at = learner_.at();
    EpochFigures figures;
    figures.epoch = static_cast<std::size_t>(at.epoch) + 1;
    figures.loss = at.loss_sum / static_cast<double>(data_.rows);
    if (examination_) examination_->measure(learner_.result(), learner_.threads(), figures);
    if (!is_persistent()) figures.reconstruction_error = at.error_sum / static_cast<double>(data_.rows);
    const bool last = figures.epoch == learner_.header().epochs || is_too_far(figures);
    const bool with_nats = options_.nats_every > 0 && (figures.epoch % options_.nats_every == 0 || last);
    if (with_nats)
      examination_->estimate_likelihood(learner_.result(), learner_.threads(), progress_, figures);
    round_as_kept(figures);
    history_.push_back(figures);
    const double seconds = seconds_since(start);
    // Thousands of short epochs are told in a hundred lines or fewer.
    const std::uint64_t epochs = learner_.header().epochs, every = (epochs + 99) / 100;
    if (figures.epoch == 1 || figures.epoch % every == 0 || with_nats || last)
      progress_.finish_line(to_line(figures, epochs, seconds));
    if (options_.json) to_json(figures, seconds).print();
  }

  bool is_too_far(EpochFigures figures) const {
    round_as_kept(figures);
    return options_.stop_gap && figures.free_energy_gap > *options_.stop_gap;
  }

  bool stopped_early() const { return !history_.empty() && is_too_far(history_.back()); }

  // Before they are saved in the place of good ones.
  void check_parameters() const {
    if (const float largest = learner_.largest_parameter(); !(largest <= most_weight))
      fail_diverged("a weight is " + format("%.3g", static_cast<double>(largest)) + " after");
  }

  void save_checkpoint() {
    check_parameters();
    const auto start = Clock::now();
    TensorFile file = learner_.checkpoint();
    add_history(history_, file);
    save(checkpoint_, file);
    saved_epochs_ = learner_.at().epoch;
    const auto end = Clock::now();
    next_checkpoint_ = end + 9 * (end - start);
  }

  // Writes the checkpoint of an interrupted run, and says how to go on.
  void keep_interrupted() {
    if (!has_checkpoints_)
      throw Failure("interrupted; there is no checkpoint, since the output is no file", 130);
    save_checkpoint();
    progress_.erase();
    const bool piped = options_.data_name == "-";
    std::fprintf(stderr, "interrupted; go on%s with: rbm train %s --resume %s --out %s%s\n",
                 piped ? " (the same data on standard input)" : "", shell_word(options_.data_name).c_str(),
                 shell_word(checkpoint_).c_str(), shell_word(options_.out).c_str(),
                 options_.beside_recipe.c_str());
    if (options_.json)
      JsonLine()
          .field("interrupted", true)
          .field("checkpoint", checkpoint_)
          .field("epochs_done", learner_.at().epoch)
          .print();
  }

  void finish(double seconds) {
    const TrainingState& header = learner_.header();
    const bool early = header.position.epoch < header.epochs;
    Model model = learner_.result();
    flip_frequent(model);
    describe(header, model.metadata);
    if (early) model.metadata["epochs_done"] = std::to_string(header.position.epoch);
    save(options_.out, to_tensors(model));
    if (!options_.report.empty()) write_report(model);
    if (has_checkpoints_) std::remove(checkpoint_.c_str());
    if (early)
      progress_.finish_line("stopped early: the free-energy gap is above " +
                            format("%g", *options_.stop_gap) + " nats");
    progress_.finish_line("wrote " + destination(options_.out) + ": " + std::to_string(model.visible) +
                          " visible, " + std::to_string(model.hidden) + " hidden units, " +
                          format("%.1f", seconds) + " s");
    if (!options_.report.empty()) progress_.finish_line("wrote " + destination(options_.report));
    if (!options_.json) return;
    JsonLine()
        .field("model", options_.out)
        .field("visible", model.visible)
        .field("hidden", model.hidden)
        .field("epochs", header.position.epoch)
        .field("stopped_early", early)
        .field("seconds", seconds)
        .print();
  }

  // Centred training is indifferent to which of its two states a hidden unit calls on, and ends with half of
  // the units on in most examples. Their opposites make the same model, and a device adds up half as many
  // rows.
  void flip_frequent(Model& model) {
    if (learner_.header().recipe.centring == 0) return;
    for (std::size_t i = 0; i < model.hidden; ++i)
      if (learner_.trainer().centring.hidden_offset[i] > 0.5f) rbm::flip_hidden(model.view(), i);
  }

  void write_report(const Model& model) {
    const TrainingState& header = learner_.header();
    TrainingPage run;
    run.title = std::filesystem::path(options_.out).filename().string();
    run.data_name = data_.name;
    run.examples = data_.rows;
    run.validation_examples = validation_rows_;
    run.model = &model;
    run.epochs = history_;
    run.log_likelihood_method = likelihood_method(history_);
    run.activities = examination_->activities(model, learner_.threads());
    auto [originals, reconstructions] = examination_->pairs(model, 32, learner_.threads());
    run.originals = std::move(originals);
    run.reconstructions = std::move(reconstructions);
    add_samples(run);
    run.options = split_lines(header.recipe);
    run.options.insert(run.options.begin(), {"--epochs", std::to_string(header.epochs)});
    run.command = "rbm train " + shell_word(options_.data_name) + to_words(header.recipe) + " --epochs " +
                  std::to_string(header.epochs) + options_.beside_recipe + " --out " +
                  shell_word(options_.out);
    if (header.maximum > 0)
      run.command += " --maximum " + format("%.9g", static_cast<double>(header.maximum));
    platform::OutputFile file(options_.report);
    write_page(file, make_page(run));
    file.commit();
  }

  void add_samples(TrainingPage& run) {
    constexpr std::size_t most = 64, steps = 1000;
    if (is_persistent()) {
      run.samples = learner_.chains(most);
      run.samples_caption = "Where " + counted(run.samples.size() / run.model->visible, "persistent chain") +
                            " are at the end: p(v = 1 | h), what the model makes up by itself.";
    } else {
      run.samples = examination_->samples(*run.model, most, steps, learner_.threads());
      run.samples_caption = "p(v = 1 | h) at the end of " + std::to_string(most) + " chains, " +
                            grouped(steps) + " Gibbs steps from training examples: what the model makes up.";
    }
  }

  static constexpr float most_weight = 1000;  // beyond all sense: one unit alone then decides another

  const RunOptions options_;
  const Dataset& data_;
  Learner<Optimizer> learner_;
  const std::string checkpoint_;
  const bool has_checkpoints_;      // not where the model goes to a pipe
  std::uint64_t saved_epochs_ = 0;  // those that the checkpoint on disk has; 0 where there is none
  Clock::time_point next_checkpoint_{};
  platform::Progress progress_;
  std::optional<Monitor> examination_;
  std::size_t validation_rows_ = 0;
  std::vector<EpochFigures> history_;
};

template <class Optimizer>
void train_with(const Dataset& data, const Dataset* validation, Model& model, const TrainingState& header,
                const RunOptions& options, const TensorFile* checkpoint, const std::string& checkpoint_name) {
  TrainingRun<Optimizer> run(data, validation, model, header, options);
  if (checkpoint != nullptr) run.restore(*checkpoint, checkpoint_name);
  run.run();
}

}  // namespace

void train_model(const Dataset& data, const Dataset* validation, Model& model, const TrainingState& header,
                 const RunOptions& options, const TensorFile* checkpoint,
                 const std::string& checkpoint_name) {
  const auto train_it =
      header.recipe.optimizer == Optimizer::adam ? train_with<rbm::Adam> : train_with<rbm::Sgd>;
  train_it(data, validation, model, header, options, checkpoint, checkpoint_name);
}

}  // namespace tool
