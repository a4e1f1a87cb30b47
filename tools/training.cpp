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
#include "examination.hpp"
#include "failure.hpp"
#include "json_line.hpp"
#include "run_page.hpp"

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
  return {static_cast<float>(recipe.rate), static_cast<float>(recipe.momentum),
          static_cast<float>(recipe.weight_decay)};
}
rbm::Adam make(const Recipe& recipe, const rbm::Adam*) {
  rbm::Adam adam;
  adam.rate = static_cast<float>(recipe.rate);
  adam.weight_decay = static_cast<float>(recipe.weight_decay);
  return adam;
}

void set_schedule(rbm::Sgd& sgd, const Recipe& recipe, double t) {
  sgd.rate = rate_at(recipe, t);
  sgd.momentum = momentum_at(recipe, t);
}
void set_schedule(rbm::Adam& adam, const Recipe& recipe, double t) {
  adam.rate = rate_at(recipe, t);
}

// Finds out before the work whether its result can be written.
void check_output(const std::string& path) {
  if (std::filesystem::is_directory(path)) throw Failure(path + ": is a directory");
  platform::OutputFile discarded(path);
}

// The greatest magnitude of a weight; not finite where a weight is not.
float largest_weight(const Model& model) {
  float largest = 0;
  for (const float weight : model.weights)
    if (!(std::abs(weight) <= largest)) largest = std::abs(weight);
  return largest;
}

/// One run of `rbm train`, from its start or a checkpoint to its end or an interruption.
template <class Optimizer>
class Run {
 public:
  Run(const Dataset& data, const Dataset* validation, Model& model, const CheckpointHeader& header,
      const RunOptions& options)
      : options_(options),
        data_(data),
        header_(header),
        model_(model),
        mean_(header.recipe.average > 0 ? Model(model.visible, model.hidden, model.shape) : Model()),
        checkpoint_(options.out + ".checkpoint"),
        has_checkpoints_(is_file(options.out)),
        shape_{data.columns, model.hidden, static_cast<std::size_t>(header.recipe.batch),
               needs_factors(header.recipe)},
        memory_(rbm::trainer_bytes<Optimizer>(shape_)),
        trainer_(model.view(), {memory_.data(), 0, memory_.size()}, shape_),
        threads_(threads_for(options.threads, shape_)),
        progress_(options.quiet),
        intensities_(shape_.batch * data.columns),
        order_(data.rows) {
    std::iota(order_.begin(), order_.end(), 0u);
    trainer_.options = train_options(header.recipe);
    trainer_.optimizer = make(header.recipe, static_cast<const Optimizer*>(nullptr));
    trainer_.start();
    // Persistent chains reconstruct no data, so that somebody else has to.
    if (trainer_.options.persistent || validation != nullptr || !options.report.empty() ||
        options.nats_every > 0)
      examination_.emplace(data, validation, trainer_.options.visible_units, header.recipe.seed);
    if (validation != nullptr) validation_rows_ = validation->rows;
  }

  void restore(const TensorFile& file, const std::string& name) {
    restore_state(trainer_, file, name);
    restore_mean(mean_, header_.position, file, name);
    history_ = restore_history(header_.position, file, name);
  }

  Status run() {
    if (has_checkpoints_) check_output(options_.out);
    if (!options_.report.empty()) check_output(options_.report);
    platform::watch_interrupts();
    const auto start = Clock::now();
    while (header_.position.epoch < header_.epochs && !stopped_early()) {
      if (!run_epoch()) return interrupted();
      if (has_checkpoints_) save_checkpoint();
    }
    finish(seconds_since(start));
    return Status::done;
  }

 private:
  static bool needs_factors(const Recipe& recipe) {
    return recipe.visible == "real" || recipe.statistics == "probabilities";
  }
  // Unless told otherwise, one thread where a batch is little work: two then spend more time meeting than
  // they save (five times slower at 64 x 32 units and batches of 10, as fast at the limit here).
  static unsigned threads_for(unsigned asked, const rbm::TrainerShape& shape) {
    constexpr std::size_t little_work = std::size_t{1} << 22;
    return asked == 0 && shape.batch * shape.visible * shape.hidden < little_work ? 1 : asked;
  }
  static bool is_file(const std::string& path) {
    std::error_code ignored;
    const auto status = std::filesystem::status(path, ignored);
    return path != "-" && (!std::filesystem::exists(status) || std::filesystem::is_regular_file(status) ||
                           std::filesystem::is_directory(status));
  }
  static double seconds_since(Clock::time_point start) {
    return std::chrono::duration<double>(Clock::now() - start).count();
  }

  std::size_t batches() const { return (data_.rows + shape_.batch - 1) / shape_.batch; }

  // How far the whole of training has come, from 0 to 1.
  double time() const {
    const Position& at = header_.position;
    return (static_cast<double>(at.epoch) + static_cast<double>(at.batch) / static_cast<double>(batches())) /
           static_cast<double>(header_.epochs);
  }

  // The model that training is for: the mean over the last part, once that has begun.
  const Model& result() const { return header_.position.averaged > 0 ? mean_ : model_; }

  // False where the user interrupted; the batch at hand is always finished.
  bool run_epoch() {
    Position& at = header_.position;
    const auto start = Clock::now();
    if (header_.recipe.shuffle) shuffle(order_, header_.recipe.seed, at.epoch);
    while (at.batch < batches()) {
      train_batch();
      if (progress_.due()) show();
      if (platform::interrupted() && at.batch < batches()) return false;
    }
    if (const float largest = largest_weight(model_); !(largest <= most_weight))
      fail_diverged("a weight is " + format("%.3g", static_cast<double>(largest)) + " after");
    examine(seconds_since(start));
    at.epoch += 1;
    at.batch = 0;
    at.loss_sum = at.error_sum = 0;
    return !platform::interrupted() || at.epoch == header_.epochs;
  }

  void train_batch() {
    Position& at = header_.position;
    const std::size_t first = static_cast<std::size_t>(at.batch) * shape_.batch;
    const std::size_t samples = std::min(shape_.batch, data_.rows - first);
    threads_(samples, [&](std::size_t begin, std::size_t end) {
      for (std::size_t n = begin; n < end; ++n)
        data_.row(order_[first + n], intensities_.data() + n * data_.columns);
    });
    set_schedule(trainer_.optimizer, header_.recipe, time());
    trainer_.options.gibbs_steps = gibbs_steps_at(header_.recipe, time());
    const rbm::BatchReport report =
        rbm::train(trainer_, {intensities_.data(), samples, data_.columns, data_.columns}, threads_);
    at.loss_sum += static_cast<double>(report.loss) * static_cast<double>(samples);
    at.error_sum += static_cast<double>(report.reconstruction) * static_cast<double>(samples);
    ++at.batch;
    if (!std::isfinite(report.loss)) fail_diverged("the loss is no longer a number in");
    // The mean takes a model each quarter of an epoch: they are alike from batch to batch.
    const std::size_t quarter = std::max<std::size_t>(batches() / 4, 1);
    if (header_.recipe.average > 0 && time() > 1 - header_.recipe.average && at.batch % quarter == 0)
      rbm::add_to_mean(mean_.view(), model_.view(), ++at.averaged);
  }

  void show() {
    const Position& at = header_.position;
    const double count = static_cast<double>(std::min<std::uint64_t>(at.batch * shape_.batch, data_.rows));
    std::string figures = "loss " + format("%.2f", at.loss_sum / count);
    if (!trainer_.options.persistent) figures += "  error " + format("%.4f", at.error_sum / count);
    progress_.update(time(), "epoch " + std::to_string(at.epoch + 1) + "/" + std::to_string(header_.epochs),
                     figures);
  }

  [[noreturn]] void fail_diverged(const std::string& what) const {
    const std::uint64_t epoch = header_.position.epoch;
    throw Failure("training diverged: " + what + " epoch " + std::to_string(epoch + 1) +
                  ": try a lower --learning-rate" +
                  (has_checkpoints_ && epoch > 0 ? "; the epoch before is in " + checkpoint_ : ""));
  }

  // Measures the epoch that has just ended, and tells.
  void examine(double seconds) {
    const Position& at = header_.position;
    EpochFigures figures;
    figures.epoch = static_cast<std::size_t>(at.epoch) + 1;
    figures.loss = at.loss_sum / static_cast<double>(data_.rows);
    if (examination_) examination_->measure(result(), threads_, figures);
    const bool last = figures.epoch == header_.epochs;
    if (options_.nats_every > 0 && (figures.epoch % options_.nats_every == 0 || last))
      examination_->estimate_likelihood(result(), threads_, progress_, figures);
    if (!trainer_.options.persistent)
      figures.reconstruction_error = at.error_sum / static_cast<double>(data_.rows);
    history_.push_back(figures);

    const std::string total = std::to_string(header_.epochs);
    std::string epoch = std::to_string(figures.epoch);
    epoch.insert(0, total.size() - epoch.size(), ' ');
    std::string line = "epoch " + epoch + "/" + total + "  loss " + format("%7.3f", figures.loss) +
                       "  error " + format("%.4f", figures.reconstruction_error);
    if (validation_rows_ > 0) line += "  gap " + format("%6.2f", figures.free_energy_gap);
    const double nats = validation_rows_ > 0 ? figures.validation_log_likelihood : figures.log_likelihood;
    if (!std::isnan(nats)) line += "  nats " + format("%.2f", nats);
    progress_.finish_line(line + "  " + format("%.2f", seconds) + " s");
    if (!options_.json) return;
    JsonLine json;
    json.field("epoch", figures.epoch)
        .field("loss", figures.loss)
        .field("reconstruction_error", figures.reconstruction_error);
    if (validation_rows_ > 0)
      json.field("free_energy_gap", figures.free_energy_gap)
          .field("validation_reconstruction_error", figures.validation_reconstruction_error);
    if (!std::isnan(figures.log_likelihood)) json.field("log_likelihood", figures.log_likelihood);
    if (!std::isnan(figures.validation_log_likelihood))
      json.field("validation_log_likelihood", figures.validation_log_likelihood);
    json.field("seconds", seconds).print();
  }

  bool stopped_early() const {
    return options_.stop_gap && !history_.empty() && history_.back().free_energy_gap > *options_.stop_gap;
  }

  void save_checkpoint() {
    describe(header_, model_.metadata);
    TensorFile file = tensors_of(model_);
    describe_position(header_, file.metadata);
    add_state(trainer_, file);
    add_mean(mean_, header_.position, file);
    add_history(history_, file);
    save(checkpoint_, file);
  }

  Status interrupted() {
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
          .field("epochs_done", header_.position.epoch)
          .print();
    return Status::interrupted;
  }

  void finish(double seconds) {
    Model& model = header_.position.averaged > 0 ? mean_ : model_;
    describe(header_, model.metadata);
    save(options_.out, tensors_of(model));
    if (!options_.report.empty()) write_report(model);
    if (has_checkpoints_) std::remove(checkpoint_.c_str());
    if (stopped_early() && header_.position.epoch < header_.epochs)
      progress_.finish_line("stopped early: the free-energy gap is above " +
                            format("%g", *options_.stop_gap) + " nats");
    progress_.finish_line("wrote " + options_.out + ": " + std::to_string(model_.visible) + " visible, " +
                          std::to_string(model_.hidden) + " hidden units, " + format("%.1f", seconds) + " s");
    if (!options_.report.empty()) progress_.finish_line("wrote " + options_.report);
    if (options_.json)
      JsonLine()
          .field("model", options_.out)
          .field("visible", model_.visible)
          .field("hidden", model_.hidden)
          .field("epochs", header_.position.epoch)
          .field("seconds", seconds)
          .print();
  }

  void write_report(const Model& model) {
    TrainingRun run;
    run.title = std::filesystem::path(options_.out).filename().string();
    run.data_name = data_.name;
    run.examples = data_.rows;
    run.validation_examples = validation_rows_;
    run.model = &model;
    run.epochs = history_;
    run.log_likelihood_method = examination_->likelihood_method();
    run.activities = examination_->activities(model, threads_);
    auto [originals, reconstructions] = examination_->pairs(model, 32, threads_);
    run.originals = std::move(originals);
    run.reconstructions = std::move(reconstructions);
    add_samples(run);
    run.options = lines_of(header_.recipe);
    run.options.insert(run.options.begin(), {"--epochs", std::to_string(header_.epochs)});
    run.command = "rbm train " + shell_word(options_.data_name) + words_of(header_.recipe) + " --epochs " +
                  std::to_string(header_.epochs) + options_.beside_recipe + " --out " +
                  shell_word(options_.out);
    if (header_.maximum > 0)
      run.command += " --maximum " + format("%.9g", static_cast<double>(header_.maximum));
    platform::OutputFile file(options_.report);
    write_page(file, page_of(run));
    file.commit();
  }

  // What the chains' visible units are now: the last batch's p(v | h).
  void add_samples(TrainingRun& run) const {
    const std::size_t shown = std::min<std::size_t>(shape_.batch, 64);
    for (std::size_t n = 0; n < shown; ++n) {
      const rbm::VectorView<float> row = trainer_.phases.model_visible.row(n);
      run.samples.insert(run.samples.end(), row.data, row.data + row.size);
    }
    run.samples_caption =
        trainer_.options.persistent
            ? "Where " + std::to_string(shown) +
                  " persistent chains are at the end: p(v = 1 | h), what the model makes up by itself."
            : "p(v = 1 | h) at the end of the last batch's chains, " +
                  counted(header_.recipe.gibbs_steps, "step") + " from the data.";
  }

  static constexpr float most_weight = 1000;  // beyond all sense: one unit alone then decides another

  const RunOptions options_;
  const Dataset& data_;
  CheckpointHeader header_;
  Model& model_;
  Model mean_;
  const std::string checkpoint_;
  const bool has_checkpoints_;  // not where the model goes to a pipe
  rbm::TrainerShape shape_;
  AlignedVector<unsigned char> memory_;
  rbm::Trainer<Optimizer> trainer_;
  platform::Threads threads_;
  platform::Progress progress_;
  std::vector<float> intensities_;
  std::vector<std::uint32_t> order_;
  std::optional<Examination> examination_;
  std::size_t validation_rows_ = 0;
  std::vector<EpochFigures> history_;
};

template <class Optimizer>
Status train_with(const Dataset& data, const Dataset* validation, Model& model,
                  const CheckpointHeader& header, const RunOptions& options, const TensorFile* checkpoint,
                  const std::string& checkpoint_name) {
  Run<Optimizer> run(data, validation, model, header, options);
  if (checkpoint != nullptr) run.restore(*checkpoint, checkpoint_name);
  return run.run();
}

}  // namespace

std::string shell_word(const std::string& text) {
  constexpr const char* plain = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789_./=:-";
  if (!text.empty() && text.find_first_not_of(plain) == std::string::npos) return text;
  std::string word = "'";
  for (const char character : text)
    word += character == '\'' ? std::string("'\\''") : std::string(1, character);
  return word + "'";
}

Status train_model(const Dataset& data, const Dataset* validation, Model& model,
                   const CheckpointHeader& header, const RunOptions& options, const TensorFile* checkpoint,
                   const std::string& checkpoint_name) {
  const auto train_it = header.recipe.optimizer == "adam" ? train_with<rbm::Adam> : train_with<rbm::Sgd>;
  return train_it(data, validation, model, header, options, checkpoint, checkpoint_name);
}

}  // namespace tool
