#include "tools/bench/training.hpp"

#include <cmath>
#include <filesystem>

#include "rbm/random.hpp"
#include "tools/base/failure.hpp"
#include "tools/data/data_file.hpp"

namespace bench {

Training::Training(const Work& work, const tool::Dataset& data)
    : sections(work.threads),
      work_(work),
      data_(data),
      model_(data.columns, work.hidden, {data.height, data.width}),
      intensities_(work.batch * data.columns),
      trainer_(make_trainer()) {}

Training::Trainer Training::make_trainer() {
  rbm::Xoshiro128 random = rbm::Xoshiro128::seeded(1);
  rbm::initialize(model_.view(), random);
  if (work_.share > 0.0f) {
    std::fill(model_.visible_bias.begin(), model_.visible_bias.end(), rbm::bias_for_mean(work_.share));
    std::fill(model_.hidden_bias.begin(), model_.hidden_bias.end(), rbm::bias_for_mean(work_.share));
  }
  const rbm::TrainerShape shape{data_.columns, work_.hidden, work_.batch, work_.real};
  const auto make = [&](auto optimizer) {
    using Optimizer = decltype(optimizer);
    memory_.resize(rbm::trainer_bytes<Optimizer>(shape));
    rbm::TrainOptions options;
    options.visible_units = work_.real ? rbm::VisibleUnits::means : rbm::VisibleUnits::sampled;
    options.gibbs_steps = work_.gibbs_steps;
    options.persistent = work_.persistent;
    options.centring = work_.centring;
    return rbm::Trainer<Optimizer>(model_.view(), {memory_.data(), 0, memory_.size()}, shape, options,
                                   optimizer);
  };
  if (work_.optimizer == "sgd") return make(rbm::Sgd{work_.rate, work_.momentum});
  if (work_.optimizer != "adam") throw tool::Misuse("optimizer: adam or sgd");
  rbm::Adam adam;
  adam.rate = work_.rate;
  return make(adam);
}

double Training::step() {
  const std::size_t first = at_ * work_.batch, samples = std::min(work_.batch, data_.rows - first);
  sections(samples, [&](std::size_t begin, std::size_t end) {
    for (std::size_t n = begin; n < end; ++n) data_.row(first + n, intensities_.data() + n * data_.columns);
  });
  const rbm::MatrixView<const float> batch{intensities_.data(), samples, data_.columns, data_.columns};
  const rbm::BatchReport report =
      std::visit([&](auto& trainer) { return rbm::train(trainer, batch, sections); }, trainer_);
  at_ = (at_ + 1) % batches();
  return static_cast<double>(report.loss) * static_cast<double>(samples);
}

double Training::epoch() {
  double loss = 0;
  for (std::size_t n = 0; n < batches(); ++n) loss += step();
  if (!std::isfinite(loss)) throw tool::Failure("training diverged: nothing that it took is worth a table");
  return loss / static_cast<double>(data_.rows);
}

const rbm::Phases& Training::phases() const {
  return std::visit([](const auto& trainer) -> const rbm::Phases& { return trainer.phases; }, trainer_);
}

UnitsOn units_on(const rbm::Phases& phases, std::size_t samples) {
  UnitsOn on{0, 0, 0};
  for (std::size_t n = 0; n < samples; ++n) {
    on.data += phases.data.counts[n];
    on.hidden += phases.hidden.counts[n];
    on.model += phases.model.counts[n];
  }
  return on;
}

tool::Dataset synthetic(std::size_t rows, std::size_t columns, double share, bool real) {
  rbm::Xoshiro128 random = rbm::Xoshiro128::seeded(1);
  std::vector<unsigned char> bytes(rows * columns);
  const auto limit = static_cast<std::uint32_t>(share * 0x1p31);
  for (unsigned char& byte : bytes)
    byte = static_cast<unsigned char>(real ? 1 + random.next() % 254 : random.next() / 2 < limit ? 255 : 0);
  tool::Dataset data = tool::shaped_dataset("synthetic data", {rows, columns}, 1, bytes.size());
  tool::keep_elements(data, {std::move(bytes), 0, {}, columns}, {}, 255);
  return data;
}

tool::Dataset pictures(bool quick, const char* part) {
  const bool train = part == std::string("train");
  if (quick) return synthetic(100, 36, 0.13);
  const std::string path = "build/mnist/" + std::string(part) + "-images-idx3-ubyte";
  if (!std::filesystem::exists(path)) return synthetic(train ? 60000 : 10000, 784, 0.13);
  tool::Dataset data = tool::open_dataset(path, {});
  data.name = train ? "MNIST" : "MNIST's test images";
  return data;
}

}  // namespace bench
