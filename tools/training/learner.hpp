#pragma once

#include <cstddef>
#include <cstdint>
#include <functional>
#include <string>
#include <vector>

#include "platform/desktop/team.hpp"
#include "rbm/trainer.hpp"
#include "tools/base/aligned.hpp"
#include "tools/data/dataset.hpp"
#include "tools/model/model.hpp"
#include "tools/training/checkpoint.hpp"
#include "tools/training/thread_choice.hpp"

namespace tool {

/// A model that learns from data, batch by batch, as a recipe has it. Knows nothing of files and of people.
/// There are those of rbm::Sgd and rbm::Adam.
template <class Optimizer>
class Learner {
 public:
  /// Goes on from the state's position; the data and the model must outlive it. `threads` 0: as many as the
  /// first batches show to be fastest, of several ranks Ranks::threads(). `ranks` learn together; null: this
  /// process alone.
  ///
  /// Of several ranks each keeps the weights of its own units. The first one's model has all as they were at
  /// the start, or at the latest gather(); the others' have none, and result(), finished() and chains() are
  /// the first one's alone. What says so is called by all ranks.
  Learner(const Dataset& data, Model& model, const TrainingState& state, unsigned threads,
          platform::Ranks* ranks = nullptr);

  /// Brings to the first rank what the others have learned: its model. All ranks call it.
  void gather();

  /// Takes over the optimizer, chains and mean that a checkpoint holds beside the model. All ranks call it;
  /// of others than the first, the file may lack the values of what is as large as the weights.
  void restore(const TensorFile& file, const std::string& name);

  /// Calls write(file) with the model and all that restore() wants, without what belongs to the run around
  /// it: the file is to be written there, once, as large values are made while it is. After gather(). All
  /// ranks call it; `write` is called on the first one.
  void write_checkpoint(const std::function<void(TensorFile&)>& write);

  const TrainingState& state() const { return state_; }
  const Position& at() const { return state_.position; }
  bool is_done() const { return at().epoch >= state_.epochs; }

  /// Batches an epoch.
  std::size_t batches() const { return (data_.rows + shape_.batch - 1) / shape_.batch; }

  /// How far the whole of training has come, from 0 to 1.
  double time() const;

  /// The model that training is for: the mean over the last part, once that has begun.
  const Model& result() const { return at().averaged > 0 ? mean_ : model_; }

  /// The result as a model file has it. Centred training leaves about half of the hidden units on in most
  /// examples. Here those units swap on and off: the model stays the same, and a device adds half as many
  /// rows.
  /// Takes the model out: the learner is done.
  Model finished();

  /// The greatest magnitude of a weight or bias; not finite where one is not. All ranks call it.
  float largest_parameter();

  /// Before the batches of an epoch, and before its rest after restore().
  void begin_epoch();

  /// Trains the next batch. The loss is not finite where training has diverged.
  rbm::BatchReport train_batch() { return train_batch(trainer_.weights); }

  /// The same with other weights in both phases (rbm::train).
  rbm::BatchReport train_batch(const rbm::TwoWayWeights& acting);

  /// After the last batch of an epoch, once its sums have been read.
  void end_epoch();

  /// The means of the visible units given h, p(v = 1 | h) or readings, under the result of the first `most`
  /// persistent chains that are in use, [chains][units]: labels left out.
  std::vector<float> chains(std::size_t most) const;

  platform::Threads& threads() { return choice_.threads(); }
  rbm::Trainer<Optimizer>& trainer() { return trainer_; }

 private:
  platform::Team team() { return platform::Team(choice_.threads(), ranks_); }
  rbm::OwnUnits own_units();

  // What the trainer sees of an example: its units, and its label as one of those that are on, if it has one.
  void set_row(std::size_t row, float* out) const;

  const Dataset& data_;
  TrainingState state_;
  Model& model_;
  Model mean_;
  platform::Ranks* ranks_;
  ThreadChoice choice_;
  rbm::TrainerShape shape_;
  UntouchedBytes memory_;
  std::vector<float> class_weights_;  // [labels]; empty: all are 1
  rbm::Trainer<Optimizer> trainer_;
  std::vector<float> intensities_;
  std::vector<std::uint32_t> order_;
  bool gathered_ = false;  // whether the first rank's model has all that was learned
};

extern template class Learner<rbm::Sgd>;
extern template class Learner<rbm::Adam>;

}  // namespace tool
