/// A run of the trainer that benchmarks can steer and look into.
#pragma once

#include <cstddef>
#include <string>
#include <utility>
#include <variant>
#include <vector>

#include "platform/desktop/threads.hpp"
#include "rbm/trainer.hpp"
#include "tools/base/aligned.hpp"
#include "tools/bench/measure.hpp"
#include "tools/data/dataset.hpp"
#include "tools/model/model.hpp"

namespace bench {

/// What is trained, and how.
struct Work {
  std::size_t hidden = 500, batch = 64;
  std::string optimizer = "adam";  ///< or `sgd`
  float rate = 0.005f;
  float momentum = 0.0f;  ///< of sgd
  unsigned gibbs_steps = 1;
  bool persistent = false;
  bool real = false;      ///< intensities are the states, instead of draws by them
  float centring = 0.0f;  ///< share of a batch in the offsets
  unsigned threads = 1;
  float share = 0.0f;  ///< if above 0: biases start where each unit is on with this probability
};

/// The work of every comparison that speaks of SGD with momentum.
inline const Work with_adam{};
inline const Work with_momentum{500, 64, "sgd", 0.05f, 0.9f};
/// A step near the end of `--recipe likelihood`, where persistent chains take the most Gibbs steps.
inline const Work for_likelihood{500, 64, "sgd", 0.05f, 0.9f, 5, true, false, 0.01f};

/// Runs the parallel sections of train() on some threads, and times each if asked.
class Sections : public rbm::OneMemory<Sections> {
 public:
  explicit Sections(unsigned threads) : threads_(threads) {}

  template <class Body>
  void operator()(std::size_t count, const Body& body) {
    time([&] { threads_(count, body); });
  }
  template <class Body>
  void operator()(std::size_t count, std::size_t other, const Body& body) {
    time([&] { threads_(count, other, body); });
  }

  bool timed = false;
  std::vector<double> seconds;

 private:
  template <class Call>
  void time(const Call& call) {
    if (!timed) return call();
    const double start = now();
    call();
    seconds.push_back(now() - start);
  }

  platform::Threads threads_;
};

/// Training on data held in memory, as `rbm train` does it: each batch is read from its bytes, drawn,
/// learned.
class Training {
 public:
  /// The data must outlive it.
  Training(const Work& work, const tool::Dataset& data);
  Training(const Training&) = delete;
  Training& operator=(const Training&) = delete;

  /// Trains the next batch, after the last one the first; returns the sum of its samples' losses.
  double step();
  /// Trains as many batches as the data hold; returns the mean loss of a sample.
  double epoch();

  std::size_t batches() const { return (data_.rows + work_.batch - 1) / work_.batch; }
  const rbm::Phases& phases() const;
  const tool::Model& model() const { return model_; }

  Sections sections;  ///< the first of each step reads the batch, the others are those of train()

 private:
  using Trainer = std::variant<rbm::Trainer<rbm::Sgd>, rbm::Trainer<rbm::Adam>>;
  Trainer make_trainer();

  const Work work_;
  const tool::Dataset& data_;
  tool::Model model_;
  tool::AlignedVector<unsigned char> memory_;
  std::vector<float> intensities_;
  Trainer trainer_;
  std::size_t at_ = 0;  // the next batch
};

/// Units on in the latest batch, all samples together; of h those drawn last.
struct UnitsOn {
  double data, hidden, model;
};
UnitsOn units_on(const rbm::Phases& phases, std::size_t samples);

/// So many rows of units of which a share, drawn at random, is 1 and the others 0; `real` puts values above 0
/// and below 1 everywhere.
tool::Dataset synthetic(std::size_t rows, std::size_t columns, double share, bool real = false);

/// MNIST's images where tools/scripts/fetch_mnist.sh has brought them, else synthetic data of their size and
/// density; its name says which. `quick` gives a table too small to measure anything.
tool::Dataset pictures(bool quick, const char* part = "train");

/// Prints the units of both layers, the batch, and the median seconds that parts of a step of CD-1 take on
/// one thread in the second epoch: products to hidden units with their draws, to visible units, gradient with
/// update, what every rank of a team does for itself, p(h | v) to 16 bits and back as only ranks need it, and
/// the whole step.
void print_step(const Work& work, const tool::Dataset& data);

}  // namespace bench
