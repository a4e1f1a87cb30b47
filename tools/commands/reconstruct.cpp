#include <optional>
#include <vector>

#include "platform/desktop/files.hpp"
#include "tools/base/bytes.hpp"
#include "tools/base/failure.hpp"
#include "tools/base/statistics.hpp"
#include "tools/base/text.hpp"
#include "tools/commands/commands.hpp"
#include "tools/commands/inputs.hpp"
#include "tools/data/data_file.hpp"
#include "tools/data/npy.hpp"
#include "tools/output/facts.hpp"
#include "tools/output/picture.hpp"
#include "tools/output/report.hpp"

namespace tool {
namespace {

constexpr std::size_t usual_pairs = 32;
// 0 if not given.
constexpr Whole count{"count",
                      "N",
                      0,
                      {1, 1000000000},
                      "work on the first N examples only",
                      "all, of which the picture shows 32"};
constexpr Text image{"image", "FILE", "", "a picture (PNG) of originals beside reconstructions", "none"};
constexpr Text out{"out", "FILE", "", "a table of all reconstructions: p(v = 1 | h) as NumPy's float32",
                   "none"};

// What is told of the reconstructions.
struct Reconstructed {
  std::size_t rows, shown;
  Mean error;
};

// The files that reconstructions go to, as they come.
class Outputs {
 public:
  Outputs(const Arguments& arguments, const Inputs& inputs, std::size_t rows)
      : inputs_(inputs),
        shown_(arguments[image].empty() ? 0
               : arguments.given(count) ? rows
                                        : std::min(rows, usual_pairs)),
        errors_(rows) {
    if (shown_ > 0) picture_.emplace(arguments[image]);
    if (arguments[out].empty()) return;
    table_.emplace(arguments[out]);
    write_npy_header(*table_, rows, inputs.examples.data.columns);
  }

  void take(const Inference& inference, std::size_t first, std::size_t states) {
    const std::size_t columns = inputs_.examples.data.columns;
    for (std::size_t n = 0; n < states; ++n) {
      const float* const values = inference.visible_values(n).data;
      errors_[first + n] = inference.reconstruction_error(n);
      if (table_) write_floats(*table_, values, columns);
      if (first + n >= shown_) continue;
      originals_.resize(originals_.size() + columns);
      inputs_.examples.data.row(first + n, &*originals_.end() - columns);
      reconstructions_.insert(reconstructions_.end(), values, values + columns);
    }
  }

  Reconstructed commit() {
    if (picture_) write_png(*picture_, tile_pairs(originals_, reconstructions_, inputs_.model.shape));
    if (picture_) picture_->commit();
    if (table_) table_->commit();
    return {errors_.size(), shown_, mean(errors_)};
  }

 private:
  const Inputs& inputs_;
  const std::size_t shown_;
  std::vector<float> errors_, originals_, reconstructions_;
  std::optional<platform::OutputFile> picture_, table_;
};

Facts reconstruction_facts(const Arguments& arguments, const Inputs& inputs, const Reconstructed& made) {
  const Examples& examples = inputs.examples;
  const std::string states = option::visible.word(examples.kind);
  Facts facts;
  facts.field("model", inputs.model_name)
      .field("data", examples.data.name)
      .field("examples", made.rows)
      .field("visible_units", states)
      .field("seed", examples.seed)
      .add("reconstruction error", made.error, " a visible unit, squared", "reconstruction_error")
      .line("", counted(made.rows, "example") + " of " + examples.data.name + ", visible units " + states +
                    ", seed " + std::to_string(examples.seed));
  if (made.shown > 0)
    facts.add("picture",
              destination(arguments[image]) + ": " + counted(made.shown, "original") +
                  " beside what the model makes of " + (made.shown == 1 ? "it" : "them"),
              "image", arguments[image]);
  if (!arguments[out].empty())
    facts.add("table",
              destination(arguments[out]) + ": " + grouped(made.rows) + " x " +
                  grouped(examples.data.columns) + " probabilities",
              "out", arguments[out]);
  return facts;
}

Files named_files(const Arguments& arguments) {
  return {{arguments[positional::model], data_file(arguments[positional::data])},
          {arguments[image], arguments[out]}};
}

Reconstructed reconstruct(const Arguments& arguments, const Inputs& inputs) {
  std::size_t rows = inputs.examples.data.rows;
  if (arguments.given(count))
    rows = static_cast<std::size_t>(std::min<std::uint64_t>(rows, arguments[count]));
  CommandWorkers workers(arguments);
  Outputs outputs(arguments, inputs, rows);
  run_over(
      inputs.model, inputs.examples, rows, workers,
      [](Inference& inference, std::size_t, std::size_t begin, std::size_t end) {
        inference.hidden_inputs(begin, end);
        inference.hidden_probabilities(begin, end);
        inference.reconstruct(begin, end);
      },
      [&](Inference& inference, std::size_t first, std::size_t states) {
        outputs.take(inference, first, states);
      });
  return outputs.commit();
}

void run_reconstruct(const Arguments& arguments) {
  if (arguments[image].empty() && arguments[out].empty())
    throw Misuse("nothing to write: give --image FILE, --out FILE or both");
  const Inputs inputs = open_inputs(arguments, option::visible);
  const Reconstructed made = reconstruct(arguments, inputs);
  reconstruction_facts(arguments, inputs, made)
      .print(arguments[option::json], report_stream(arguments[image], arguments[out]));
}

}  // namespace

const Command reconstruct_command{
    "reconstruct",
    "originals beside what the model makes of them",
    {positional::model, positional::data},
    {count, image, out, option::visible, option::maximum, option::columns, option::skip_lines, option::seed,
     option::threads, option::json, option::quiet},
    "v comes from an example (--visible), h is drawn from p(h | v), and the\n"
    "reconstruction is p(v = 1 | h). The picture shows pairs: on the left the\n"
    "example's intensities, on the right the reconstruction. Both sides are greys;\n"
    "states drawn from them would be speckled by chance. The error is the mean of\n"
    "(v - p(v = 1 | h))^2 over visible units and examples, +/- its standard error. A\n"
    "good model has a small error, but so can a poor one: see rbm evaluate.\n\n"
    "If MODEL is a header, reconstructions are what rbm_reconstruct gives on a device\n"
    "with RBM_SAMPLE, out of 256; the generator of example n, counted from 0, begins\n"
    "at rbm_random_seed(--seed + n).\n\n"
    "Examples:\n"
    "  rbm reconstruct model.safetensors digits-test --count 32 --image pairs.png\n"
    "  rbm reconstruct model.safetensors noisy.csv --out cleaned.npy\n",
    run_reconstruct,
    named_files};

}  // namespace tool
