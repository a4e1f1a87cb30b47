#include "tools/tuning.hpp"

#include <doctest/doctest.h>

#include "fixtures.hpp"
#include "rbm/partition.hpp"
#include "tools/dataset.hpp"
#include "trained.hpp"

namespace {

constexpr std::size_t visible = 64, hidden = 16;

/// A model of the digits small enough for an exact log Z.
const tool::Model& small_model() {
  static const tool::Model model = [] {
    const fixture::Folder folder;
    fixture::run_well(folder, {"train", "digits", "--hidden", "16", "--recipe", "likelihood", "--epochs",
                               "100", "--out", "model"});
    return tool::read_model(folder.path("model"));
  }();
  return model;
}

struct Quantized {
  std::vector<std::uint8_t> codes = std::vector<std::uint8_t>(visible * hidden),
                            shifts = std::vector<std::uint8_t>(hidden);
  std::vector<std::int16_t> visible_bias = std::vector<std::int16_t>(visible),
                            hidden_bias = std::vector<std::int16_t>(hidden);
  rbm::QuantizedModel model;

  explicit Quantized(unsigned bits)
      : model{
            bits, 0, visible, hidden, codes.data(), shifts.data(), visible_bias.data(), hidden_bias.data()} {}
  Quantized(const Quantized&) = delete;

  bool operator==(const Quantized& other) const {
    return model.fraction == other.model.fraction && codes == other.codes && shifts == other.shifts &&
           visible_bias == other.visible_bias && hidden_bias == other.hidden_bias;
  }
};

void round(Quantized& quantized) {
  std::vector<float> means_v(visible), means_h(hidden);
  fixture::Memory memory(rbm::chain_bytes(visible, hidden));
  rbm::Chain chain(memory, visible, hidden);
  const rbm::ConstRbmView model = small_model().view();
  rbm::quantize(quantized.model, model,
                rbm::find_means(fixture::view(means_v), fixture::view(means_h), model, chain, 1));
}

void tune(Quantized& quantized, std::uint64_t epochs, unsigned threads) {
  const tool::Dataset data = tool::open_dataset("digits", {});
  platform::Progress progress(true);
  tool::TuningOptions options{epochs};
  options.threads = threads;
  REQUIRE(tool::tune(quantized.model, small_model(), data, options, progress) == tool::Status::done);
}

/// Mean log-likelihood of the digits, drawn once with their intensities, exactly.
double log_likelihood(rbm::ConstRbmView model) {
  fixture::Memory memory(rbm::enumeration_bytes(visible, hidden));
  rbm::Enumeration enumeration(model, memory, visible, hidden);
  rbm::enumerate(enumeration, 0, enumeration.parts);
  const tool::Dataset data = tool::open_dataset("digits", {});
  std::vector<float> row(visible), scratch(hidden);
  std::mt19937 random(1);
  double sum = 0;
  for (std::size_t n = 0; n < data.rows; ++n) {
    data.row(n, row.data());
    for (float& value : row) value = fixture::uniform(random) < value ? 1.0f : 0.0f;
    sum -= static_cast<double>(rbm::free_energy(model, fixture::view(scratch), fixture::Listed(row)));
  }
  return sum / static_cast<double>(data.rows) - static_cast<double>(rbm::log_partition(enumeration));
}

double nats_lost(const Quantized& quantized) {
  tool::Model floats(visible, hidden, {8, 8});
  rbm::dequantize(floats.view(), quantized.model);
  return log_likelihood(small_model().view()) - log_likelihood(floats.view());
}

}  // namespace

TEST_CASE("tuning brings most of what few bits lose back, and leaves integers of the width asked for") {
  for (const unsigned bits : {4u, 2u, 1u}) {
    CAPTURE(bits);
    Quantized rounded(bits), tuned(bits);
    round(rounded);
    tune(tuned, 200, 0);
    const double before = nats_lost(rounded), after = nats_lost(tuned);
    CAPTURE(before);
    CAPTURE(after);
    CHECK(after < 0.5 * before);
    for (const std::uint8_t code : tuned.codes) CHECK(code < 1u << bits);
  }
}

TEST_CASE("threads do not change what tuning finds") {
  Quantized alone(2), shared(2);
  tune(alone, 2, 1);
  tune(shared, 2, 3);
  CHECK(alone == shared);
}

TEST_CASE("few examples are seen more often") {
  CHECK(tool::tuning_epochs(60000) == 12);
  CHECK(tool::tuning_epochs(1500) == 417);
  CHECK(tool::tuning_epochs(1) == 10000);
}
