// No input makes a sum overflow: the runtime, driven by the inputs that make the least and the most of each
// sum, against 64-bit integers and the ranges that generated headers state.
#include <doctest/doctest.h>

#include <algorithm>
#include <limits>
#include <string>
#include <vector>

#include "tests/support/random_quantized.hpp"
#include "tests/support/trained.hpp"
#include "tools/model/c_header_writer.hpp"
#include "tools/model/quantized_faults.hpp"
#include "tools/quantization/rounding.hpp"

using namespace fixture;

namespace {

/// The least and the most of the runtime's own sums over all units of a layer. For each unit, first all units
/// of the other layer to which it has positive weights are on, then all those to which it has negative ones:
/// as bits, and as bytes or means of 0 and 1.
class WorstInputs {
 public:
  struct Ranges {
    tool::SumRange steps{std::numeric_limits<std::int32_t>::max(), std::numeric_limits<std::int32_t>::min()};
    tool::SumRange multiples;  ///< before shift and bias

    void see(std::int64_t sum, std::int64_t bias, unsigned shift) {
      steps = {std::min(steps.least, sum), std::max(steps.most, sum)};
      const std::int64_t multiple = (sum - bias) / (std::int64_t{1} << shift);
      CHECK(multiple * (std::int64_t{1} << shift) == sum - bias);
      multiples = {std::min(multiples.least, multiple), std::max(multiples.most, multiple)};
    }
  };

  explicit WorstInputs(const tool::QuantizedModel& model)
      : model_(model), packed_(model), scratch_(RBM_SCRATCH_WORDS(model.visible, model.hidden)) {}

  Ranges hidden_units() {
    Ranges ranges;
    std::vector<std::uint8_t> state(RBM_STATE_BYTES(model_.visible)), bytes(model_.visible);
    for (std::size_t i = 0; i < model_.hidden; ++i)
      for (const bool positive : {false, true}) {
        for (std::size_t j = 0; j < model_.visible; ++j)
          rbm_set_unit(state.data(), j, weight_sign(i, j) == (positive ? 1 : -1));
        for (std::size_t j = 0; j < model_.visible; ++j) bytes[j] = rbm_get_unit(state.data(), j) ? 255 : 0;
        for (const rbm_input input : {rbm_from_bits(state.data()), rbm_from_bytes(bytes.data())}) {
          const rbm_prepared_input prepared = rbm_prepare_input(&runtime(), input, scratch_.data());
          std::int32_t sums[RBM_MOST_HIDDEN_SUMS];
          rbm_hidden_sums(&runtime(), &prepared, i, sums);
          ranges.see(sums[0], model_.hidden_bias[i], model_.shifts[i]);
        }
      }
    return ranges;
  }

  /// Whether the runtime's free energy is that of 64-bit integers, but for the softplus table's part of at
  /// most log(2) a hidden unit, when all hidden units have their greatest inputs, or as near as one state
  /// comes to that.
  void check_free_energy() {
    std::vector<std::uint8_t> state(RBM_STATE_BYTES(model_.visible)), bytes(model_.visible);
    std::int64_t energy = 0;
    for (std::size_t j = 0; j < model_.visible; ++j) {
      std::int64_t pull = model_.visible_bias[j];
      for (std::size_t i = 0; i < model_.hidden; ++i) pull += model_.weight(i, j);
      rbm_set_unit(state.data(), j, pull > 0);
      bytes[j] = pull > 0 ? 255 : 0;
      if (pull > 0) energy -= model_.visible_bias[j];
    }
    for (std::size_t i = 0; i < model_.hidden; ++i) {
      std::int64_t sum = model_.hidden_bias[i];
      for (std::size_t j = 0; j < model_.visible; ++j)
        if (bytes[j] != 0) sum += model_.weight(i, j);
      energy -= std::max<std::int64_t>(0, sum);
    }
    const auto most_curved = static_cast<std::int64_t>(model_.hidden) << model_.fraction;
    for (const rbm_input input : {rbm_from_bits(state.data()), rbm_from_bytes(bytes.data())}) {
      const std::int64_t curved = energy - rbm_free_energy(&runtime(), input, scratch_.data());
      CHECK(curved >= 0);
      CHECK(curved <= most_curved);
    }
  }

  Ranges visible_units() {
    Ranges ranges;
    for (std::size_t j = 0; j < model_.visible; ++j)
      for (const bool positive : {false, true}) {
        // The list that rbm_decide_hidden() makes: rows by falling shift.
        std::vector<std::uint16_t> rows;
        // The means of RBM_MEAN, in 256ths, and their sum.
        std::vector<std::uint16_t> factors(model_.hidden);
        std::uint32_t total = 0;
        rbm_hidden_list list{};
        for (unsigned shift = runtime().highest_shift; shift + 1 > runtime().lowest_shift; --shift) {
          list.total *= 2;
          for (std::size_t i = 0; i < model_.hidden; ++i)
            if (model_.shifts[i] == shift && weight_sign(i, j) == (positive ? 1 : -1)) {
              rows.push_back(static_cast<std::uint16_t>(i));
              ++list.total;
              factors[i] = 256;
              total += 256u << (shift - runtime().lowest_shift);
            }
          list.ends[list.shifts++] = static_cast<std::uint16_t>(rows.size());
          if (shift == 0) break;
        }
        list.rows = rows.data();
        std::uint32_t sums[RBM_MOST_VISIBLE_SUMS];
        std::size_t count;
        const std::uint32_t* const codes = rbm_add_rows(&runtime(), &list, j, sums, &count);
        ranges.see(rbm_visible_sum(&runtime(), j, codes[0], list.total), model_.visible_bias[j],
                   runtime().lowest_shift);
        const std::size_t of_word = j % (32 / model_.bits);
        rbm_add_rows_by_factor(&runtime(), factors.data(), j - of_word, sums);
        const std::uint32_t steps =
            rbm_codes_to_steps(model_.bits, sums[of_word], total, runtime().lowest_shift);
        ranges.see(model_.visible_bias[j] + rbm_round_256ths(steps), model_.visible_bias[j],
                   runtime().lowest_shift);
      }
    return ranges;
  }

 private:
  const rbm_quantized& runtime() const { return packed_.runtime(); }
  int weight_sign(std::size_t i, std::size_t j) const {
    const int zero = model_.bits == 1 ? 0 : 1 << (model_.bits - 1),
              code = model_.codes[i * model_.visible + j];
    return (code > zero) - (code < zero);
  }

  const tool::QuantizedModel& model_;
  const tool::PackedModel packed_;
  std::vector<std::uint32_t> scratch_;
};

/// The model with its weights doubled as often as the runtime can take.
tool::QuantizedModel stretched(tool::QuantizedModel model) {
  tool::QuantizedModel next = model;
  while (tool::find_fault(next).empty()) {
    model = next;
    for (std::uint8_t& shift : next.shifts) ++shift;
  }
  return model;
}

}  // namespace

TEST_CASE("the ranges that a header states are those that the worst inputs cause in the runtime") {
  struct Case {
    std::size_t visible, hidden;
    unsigned bits;
  };
  std::vector<tool::QuantizedModel> models;
  // With the last ones, sums of hidden or of visible units exceed 16 bits.
  for (const Case& of : {Case{1, 1, 8},
                         {37, 21, 8},
                         {37, 21, 4},
                         {37, 21, 2},
                         {37, 21, 1},
                         {5, 40, 4},
                         {90, 300, 2},
                         {90, 600, 1},
                         {1500, 5, 8},
                         {9, 900, 8},
                         {9, 3000, 8}})
    models.push_back(random_quantized(of.visible, of.hidden, of.bits, of.bits));
  const Trained trained;
  for (const unsigned bits : {8u, 4u, 2u, 1u}) models.push_back(tool::rounded(trained.model, bits, 1));
  // Sums within a factor of two of what the runtime can take.
  for (std::size_t n = models.size(); n-- > 0;) models.push_back(stretched(models[n]));
  std::size_t beyond_16_bits = 0;
  for (const tool::QuantizedModel& model : models) {
    CAPTURE(model.visible);
    CAPTURE(model.hidden);
    CAPTURE(model.bits);
    const std::string text = tool::header_text(model, "m", tool::Runtime::included);
    WorstInputs worst(model);
    worst.check_free_energy();
    for (const auto& [what, driven] :
         {std::make_pair("hidden", worst.hidden_units()), std::make_pair("visible", worst.visible_units())}) {
      const std::string gap = what[0] == 'h' ? "    " : "   ";
      const bool narrow = driven.multiples.least >= -32768 && driven.multiples.most <= 32767;
      beyond_16_bits += !narrow;
      const std::string line = "// sum of a " + std::string(what) + " unit" + gap +
                               tool::to_text(driven.steps) + " steps; accumulated before shift and bias, " +
                               tool::to_text(driven.multiples) + (narrow ? ", 16 bits\n" : ", 32 bits\n");
      CAPTURE(line);
      CHECK(text.find(line) != text.npos);
    }
  }
  CHECK(beyond_16_bits >= 3);
}
