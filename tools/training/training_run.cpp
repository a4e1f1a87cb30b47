#include "tools/training/training_run.hpp"

#include <algorithm>
#include <chrono>
#include <cmath>
#include <utility>

#include "tools/base/failure.hpp"
#include "tools/base/text.hpp"
#include "tools/output/json_line.hpp"
#include "tools/training/epoch_line.hpp"
#include "tools/training/learner.hpp"
#include "tools/training/monitor.hpp"

namespace tool {
namespace {

using Clock = std::chrono::steady_clock;

/// One run of `rbm train`, from its start or a checkpoint to its end or an interruption.
template <class Optimizer>
class TrainingRun {
 public:
  TrainingRun(TrainingInputs& inputs, const RunOptions& options, platform::Progress& progress)
      : options_(options),
        ranks_(options.ranks != nullptr ? *options.ranks : alone_),
        rows_(inputs.data.rows),
        model_(std::move(inputs.model)),
        learner_(inputs.data, model_, inputs.state, options.threads, options.ranks),
        progress_(progress) {
    // Persistent chains reconstruct no data, so that a monitor has to.
    measures_ =
        is_persistent(recipe()) || inputs.validation || options.with_pictures || options.nats_every > 0;
    if (measures_ && is_first())
      monitor_.emplace(inputs.data, inputs.validation ? &*inputs.validation : nullptr,
                       inputs.state.recipe.visible, inputs.state.recipe.seed);
    if (!inputs.checkpoint_name.empty()) restore(inputs.checkpoint, inputs.checkpoint_name);
    inputs.checkpoint = {};
  }

  TrainingResult run() {
    const auto start = Clock::now();
    try {
      while (!learner_.is_done() && !ranks_.any(is_first() && stopped_early())) {
        run_epoch();
        // Where epochs are short, so seldom that it takes no more than a tenth of the time.
        if (has_checkpoints() && ranks_.any(is_first() && Clock::now() >= next_checkpoint_))
          save_checkpoint();
      }
    } catch (const platform::Interrupted&) {
      keep_interrupted();
    }
    return finish(seconds_since(start));
  }

 private:
  static double seconds_since(Clock::time_point start) {
    return std::chrono::duration<double>(Clock::now() - start).count();
  }

  // From here on it is the run that the checkpoint was written by.
  void restore(const TensorFile& file, const std::string& name) {
    learner_.restore(file, name);
    history_ = restore_history(learner_.state(), file, name);
    if (name == options_.checkpoint) saved_epochs_ = learner_.at().epoch;
  }

  // The others have no model to measure, and tell nothing.
  bool is_first() const { return ranks_.rank() == 0; }
  bool has_checkpoints() const { return !options_.checkpoint.empty(); }
  const Recipe& recipe() const { return learner_.state().recipe; }

  // An interruption ends it between two batches, or after the last.
  void run_epoch() {
    const auto start = Clock::now();
    learner_.begin_epoch();
    while (learner_.at().batch < learner_.batches()) {
      const rbm::BatchReport report = learner_.train_batch();
      if (!std::isfinite(report.loss) || !std::isfinite(report.label_loss))
        fail_diverged("the loss is no longer a number in");
      if (progress_.due()) show();
      if (learner_.at().batch < learner_.batches()) platform::stop_if_interrupted(ranks_);
    }
    check_parameters();
    if (measures_) learner_.gather();
    if (is_first()) examine(start);
    learner_.end_epoch();
    if (!learner_.is_done()) platform::stop_if_interrupted(ranks_);
  }

  void show() {
    const Position& at = learner_.at();
    const double count =
        static_cast<double>(std::min<std::uint64_t>(at.batch * learner_.state().recipe.batch, rows_));
    std::string figures;
    if (is_generative(recipe())) figures = "loss " + format("%.2f", at.loss_sum / count);
    if (is_generative(recipe()) && !is_persistent(recipe()))
      figures += "  error " + format("%.4f", at.error_sum / count);
    if (at.labelled > 0)
      figures +=
          "  " + format("%.2f", 100 * at.label_error_sum / static_cast<double>(at.labelled)) + " % wrong";
    progress_.update(learner_.time(),
                     "epoch " + std::to_string(at.epoch + 1) + "/" + std::to_string(learner_.state().epochs),
                     figures);
  }

  [[noreturn]] void fail_diverged(const std::string& what) const {
    throw Failure("training diverged: " + what + " epoch " + std::to_string(learner_.at().epoch + 1) +
                  ": try a lower --learning-rate" +
                  (saved_epochs_ > 0
                       ? "; epoch " + std::to_string(saved_epochs_) + " is in " + options_.checkpoint
                       : ""));
  }

  // Measures the epoch whose last batch has just ended, and tells. A run that was interrupted here measures
  // again when it goes on.
  void examine(Clock::time_point start) {
    const Position& at = learner_.at();
    EpochFigures figures;
    figures.epoch = static_cast<std::size_t>(at.epoch) + 1;
    if (is_generative(recipe())) {
      figures.loss = at.loss_sum / static_cast<double>(rows_);
      if (monitor_) monitor_->measure(learner_.result(), learner_.threads(), figures);
      if (!is_persistent(recipe())) figures.reconstruction_error = at.error_sum / static_cast<double>(rows_);
    }
    if (at.labelled > 0) {
      figures.label_loss = at.label_loss_sum / static_cast<double>(at.labelled);
      figures.label_error = at.label_error_sum / static_cast<double>(at.labelled);
    }
    if (monitor_ && recipe().has_labels)
      monitor_->measure_labels(learner_.result(), shown_units(recipe()), learner_.threads(), figures);
    const bool last = figures.epoch == learner_.state().epochs || is_too_far(figures);
    const bool with_nats = options_.nats_every > 0 && (figures.epoch % options_.nats_every == 0 || last);
    if (with_nats) monitor_->estimate_likelihood(learner_.result(), learner_.threads(), progress_, figures);
    round_as_kept(figures);
    history_.push_back(figures);
    const double seconds = seconds_since(start);
    // Thousands of short epochs are told in a hundred lines or fewer.
    const std::uint64_t epochs = learner_.state().epochs, every = (epochs + 99) / 100;
    if (options_.tells_epochs && (figures.epoch == 1 || figures.epoch % every == 0 || with_nats || last))
      progress_.finish_line(to_line(figures, epochs, seconds));
    if (options_.json) to_json(figures, seconds).print();
  }

  bool is_too_far(EpochFigures figures) const {
    round_as_kept(figures);
    return options_.stop_gap && figures.free_energy_gap > *options_.stop_gap;
  }

  bool stopped_early() const { return !history_.empty() && is_too_far(history_.back()); }

  // Before they are saved in the place of good ones.
  void check_parameters() {
    if (const float largest = learner_.largest_parameter(); !(largest <= most_weight))
      fail_diverged("a weight is " + format("%.3g", static_cast<double>(largest)) + " after");
  }

  void save_checkpoint() {
    check_parameters();
    const auto start = Clock::now();
    learner_.gather();
    learner_.write_checkpoint([&](TensorFile& file) {
      add_history(learner_.state(), history_, file);
      save(options_.checkpoint, file);
    });
    saved_epochs_ = learner_.at().epoch;
    const auto end = Clock::now();
    next_checkpoint_ = end + 9 * (end - start);
  }

  [[noreturn]] void keep_interrupted() {
    if (!has_checkpoints())
      throw Failure("interrupted; there is no checkpoint to go on from", platform::interrupted_status);
    save_checkpoint();
    throw TrainingInterrupted{{}, learner_.at().epoch};
  }

  TrainingResult finish(double seconds) {
    const TrainingState& state = learner_.state();
    TrainingResult result{{}, state.position.epoch, !learner_.is_done(), seconds, {}, {0, 0}, {}};
    learner_.gather();
    if (!is_first()) return result;
    const bool draws = options_.with_pictures && is_generative(recipe());
    constexpr std::size_t most_chains = 64;
    const std::vector<float> chains =
        draws && is_persistent(recipe()) ? learner_.chains(most_chains) : std::vector<float>{};
    result.model = learner_.finished();
    describe(state, result.model.metadata);
    if (result.stopped_early) result.model.metadata["epochs_done"] = std::to_string(result.epochs_done);
    options_.save(result.model);
    if (draws) result.pictures = take_pictures(result.model, *monitor_, chains, learner_.threads());
    result.history = std::move(history_);
    return result;
  }

  static constexpr float most_weight = 1000;  // beyond all sense: one unit alone then decides another

  const RunOptions& options_;
  platform::Ranks alone_;
  platform::Ranks& ranks_;
  const std::size_t rows_;  // examples
  Model model_;
  Learner<Optimizer> learner_;
  std::uint64_t saved_epochs_ = 0;  // those that the checkpoint on disk has; 0 where there is none
  Clock::time_point next_checkpoint_{};
  platform::Progress& progress_;
  bool measures_ = false;           // the same on all ranks
  std::optional<Monitor> monitor_;  // of the first one
  std::vector<EpochFigures> history_;
};

}  // namespace

TrainingResult train_model(TrainingInputs& inputs, const RunOptions& options, platform::Progress& progress) {
  const Recipe& recipe = inputs.state.recipe;
  TrainingResult result = recipe.optimizer == Optimizer::adam
                              ? TrainingRun<rbm::Adam>(inputs, options, progress).run()
                              : TrainingRun<rbm::Sgd>(inputs, options, progress).run();
  if (options.ranks != nullptr && options.ranks->rank() > 0) return result;
  platform::Threads threads(options.threads_to_measure());
  result.activity =
      Monitor(inputs.data, nullptr, recipe.visible, recipe.seed).activity(result.model, threads);
  if (options.with_pictures) result.pictures.activities = result.activity.means();
  return result;
}

}  // namespace tool
