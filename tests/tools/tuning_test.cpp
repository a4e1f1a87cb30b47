#include "tools/quantization/tuning.hpp"

#include <doctest/doctest.h>

#include "rbm/partition.hpp"
#include "tests/support/fixtures.hpp"
#include "tests/support/random_quantized.hpp"
#include "tests/support/trained.hpp"
#include "tools/data/data_file.hpp"
#include "tools/data/dataset.hpp"
#include "tools/model/model_file.hpp"
#include "tools/quantization/rounding.hpp"

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

tool::QuantizedModel tuned(unsigned bits, std::uint64_t epochs, unsigned threads) {
  const tool::Dataset data = tool::open_dataset("digits", {});
  platform::Progress progress(true);
  tool::TuningOptions options{epochs};
  options.threads = threads;
  return tool::tuned(small_model(), bits, data, options, progress);
}

/// Mean log-likelihood of the digits, drawn once with their intensities, exactly.
double log_likelihood(rbm::ConstRbmView model) {
  fixture::Memory memory(rbm::enumeration_bytes({visible, hidden}));
  rbm::Enumeration enumeration(model, memory, {visible, hidden});
  rbm::enumerate(enumeration, 0, enumeration.parts);
  const tool::Dataset data = tool::open_dataset("digits", {});
  std::vector<float> row(visible), scratch(hidden);
  std::mt19937 random(1);
  double sum = 0;
  for (std::size_t n = 0; n < data.rows; ++n) {
    data.row(n, row.data());
    for (float& value : row) value = fixture::uniform(random) < value ? 1.0f : 0.0f;
    sum -= static_cast<double>(rbm::free_energy(fixture::view(scratch), model, fixture::Listed(row)));
  }
  return sum / static_cast<double>(data.rows) - static_cast<double>(rbm::log_partition(enumeration));
}

double nats_lost(const tool::QuantizedModel& model) {
  return log_likelihood(small_model().view()) - log_likelihood(tool::to_floats(model).view());
}

}  // namespace

TEST_CASE("tuning brings most of what few bits lose back, and leaves integers of the width asked for") {
  for (const unsigned bits : {4u, 2u, 1u}) {
    CAPTURE(bits);
    const tool::QuantizedModel model = tuned(bits, 200, 0);
    const double before = nats_lost(tool::rounded(small_model(), bits, 1)), after = nats_lost(model);
    CAPTURE(before);
    CAPTURE(after);
    CHECK(after < 0.5 * before);
    for (const std::uint8_t code : model.codes) CHECK(code < 1u << bits);
  }
}

TEST_CASE("threads do not change what tuning finds") {
  CHECK(fixture::same(tuned(2, 2, 1), tuned(2, 2, 3)));
}

TEST_CASE("few examples are seen more often") {
  CHECK(tool::tuning_epochs(60000) == 12);
  CHECK(tool::tuning_epochs(1500) == 417);
  CHECK(tool::tuning_epochs(1) == 10000);
}
