// No input makes a sum overflow: what generated headers say of that, against the runtime driven by the worst
// inputs.
#include <doctest/doctest.h>

#include <algorithm>
#include <limits>
#include <string>
#include <vector>

#include "tests/support/random_quantized.hpp"
#include "tests/support/trained.hpp"
#include "tools/model/c_header_writer.hpp"
#include "tools/quantization/rounding.hpp"

using namespace fixture;

namespace {

/// The least and the most that the runtime's own sums come to, of all units of a layer, when for each of them
/// the units of the other layer are on to which its weights are positive, and then those to which they are
/// negative.
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
    std::vector<std::uint8_t> state(RBM_STATE_BYTES(model_.visible));
    for (std::size_t i = 0; i < model_.hidden; ++i)
      for (const bool positive : {false, true}) {
        for (std::size_t j = 0; j < model_.visible; ++j)
          rbm_set_unit(state.data(), j, weight_sign(i, j) == (positive ? 1 : -1));
        const rbm_prepared_input prepared =
            rbm_prepare_input(&runtime(), rbm_from_bits(state.data()), scratch_.data());
        std::int32_t sums[RBM_MOST_HIDDEN_SUMS];
        rbm_hidden_sums(&runtime(), &prepared, i, sums);
        ranges.see(sums[0], model_.hidden_bias[i], model_.shifts[i]);
      }
    return ranges;
  }

  Ranges visible_units() {
    Ranges ranges;
    for (std::size_t j = 0; j < model_.visible; ++j)
      for (const bool positive : {false, true}) {
        // The list that rbm_decide_hidden() makes: rows by falling shift.
        std::vector<std::uint16_t> rows;
        rbm_hidden_list list{};
        for (unsigned shift = runtime().highest_shift; shift + 1 > runtime().lowest_shift; --shift) {
          list.total *= 2;
          for (std::size_t i = 0; i < model_.hidden; ++i)
            if (model_.shifts[i] == shift && weight_sign(i, j) == (positive ? 1 : -1)) {
              rows.push_back(static_cast<std::uint16_t>(i));
              ++list.total;
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
  std::size_t beyond_16_bits = 0;
  for (const tool::QuantizedModel& model : models) {
    CAPTURE(model.visible);
    CAPTURE(model.hidden);
    CAPTURE(model.bits);
    const std::string text = tool::header_text(model, "m", tool::Runtime::included);
    WorstInputs worst(model);
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
