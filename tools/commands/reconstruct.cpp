#include <optional>
#include <vector>

#include "tools/base/failure.hpp"
#include "tools/commands/commands.hpp"
#include "tools/data/formats.hpp"
#include "tools/inference/inference.hpp"
#include "tools/output/json_line.hpp"
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

// What is made of the reconstructions, as they come.
class Results {
 public:
  Results(const Arguments& arguments, const Examples& examples, std::size_t rows)
      : examples_(examples),
        shown_(arguments[image].empty() ? 0
               : arguments.given(count) ? rows
                                        : std::min(rows, usual_pairs)),
        errors_(rows) {
    if (shown_ > 0) picture_.emplace(arguments[image]);
    if (arguments[out].empty()) return;
    table_.emplace(arguments[out]);
    write_npy_header(*table_, rows, examples.data.columns);
  }

  void take(const Inference& inference, std::size_t first, std::size_t states) {
    const std::size_t columns = examples_.data.columns;
    for (std::size_t n = 0; n < states; ++n) {
      const float* const values = inference.visible_values(n).data;
      errors_[first + n] = inference.reconstruction_error(n);
      if (table_) write_floats(*table_, values, columns);
      if (first + n >= shown_) continue;
      originals_.resize(originals_.size() + columns);
      examples_.data.row(first + n, &*originals_.end() - columns);
      reconstructions_.insert(reconstructions_.end(), values, values + columns);
    }
  }

  void commit() {
    if (picture_) write_png(*picture_, tile_pairs(originals_, reconstructions_, examples_.model.shape));
    if (picture_) picture_->commit();
    if (table_) table_->commit();
  }

  std::size_t shown() const { return shown_; }
  Mean error() const { return mean(errors_); }

 private:
  const Examples& examples_;
  const std::size_t shown_;
  std::vector<float> errors_, originals_, reconstructions_;
  std::optional<platform::OutputFile> picture_, table_;
};

void print_report(const Arguments& arguments, const Examples& examples, const Results& results,
                  std::size_t rows, std::FILE* stream) {
  Report report{
      {"reconstruction error", to_text(results.error()) + " a visible unit, squared"},
      {"", counted(rows, "example") + " of " + examples.data.name + ", visible units " +
               std::string(arguments[option::visible]) + ", seed " + std::to_string(examples.seed)}};
  if (results.shown() > 0)
    report.emplace_back("picture",
                        destination(arguments[image]) + ": " + counted(results.shown(), "original") +
                            " beside what the model makes of " + (results.shown() == 1 ? "it" : "them"));
  if (!arguments[out].empty())
    report.emplace_back("table", destination(arguments[out]) + ": " + grouped(rows) + " x " +
                                     grouped(examples.data.columns) + " probabilities");
  print(report, stream);
}

void print_json(const Arguments& arguments, const Examples& examples, const Results& results,
                std::size_t rows) {
  const Mean error = results.error();
  JsonLine line;
  line.field("model", examples.model_name)
      .field("data", examples.data.name)
      .field("examples", rows)
      .field("visible_units", arguments[option::visible])
      .field("seed", examples.seed)
      .field("reconstruction_error", error.value)
      .field("reconstruction_error_standard_error", error.standard_error);
  if (results.shown() > 0) line.field("image", arguments[image]);
  if (!arguments[out].empty()) line.field("out", arguments[out]);
  line.print();
}

Files named_files(const Arguments& arguments) {
  return {{arguments[positional::model], data_file(arguments[positional::data])},
          {arguments[image], arguments[out]}};
}

void run_reconstruct(const Arguments& arguments) {
  if (arguments[image].empty() && arguments[out].empty())
    throw Misuse("nothing to write: give --image FILE, --out FILE or both");
  std::FILE* const stream = report_stream(arguments[image], arguments[out]);
  const Examples examples = open_examples(arguments, option::visible);
  std::size_t rows = examples.data.rows;
  if (arguments.given(count))
    rows = static_cast<std::size_t>(std::min<std::uint64_t>(rows, arguments[count]));
  Results results(arguments, examples, rows);
  run_over(
      arguments, examples, rows,
      [](Inference& inference, std::size_t, std::size_t begin, std::size_t end) {
        inference.hidden_inputs(begin, end);
        inference.hidden_probabilities(begin, end);
        inference.reconstruct(begin, end);
      },
      [&](Inference& inference, std::size_t first, std::size_t states) {
        results.take(inference, first, states);
      });
  results.commit();
  if (arguments[option::json])
    print_json(arguments, examples, results, rows);
  else
    print_report(arguments, examples, results, rows, stream);
}

}  // namespace

const Command reconstruct_command{
    "reconstruct",
    "originals beside what the model makes of them",
    {positional::model, positional::data},
    {count, image, out, option::visible, option::maximum, option::seed, option::threads, option::json,
     option::quiet},
    "v comes from an example (--visible), h is drawn from p(h | v), and the\n"
    "reconstruction is p(v = 1 | h). The picture shows pairs: on the left the\n"
    "example's intensities, on the right the reconstruction; greys on both sides,\n"
    "where the states drawn from them would be speckled by chance. The error is the\n"
    "mean of (v - p(v = 1 | h))^2 over visible units and examples, +/- its standard\n"
    "error. A good model has a small one, but so can a poor one: see rbm evaluate.\n\n"
    "If MODEL is a header, reconstructions are what rbm_reconstruct gives on a device\n"
    "with RBM_SAMPLE, out of 256; the generator of example n, counted from 0, begins\n"
    "at rbm_random_seed(--seed + n).\n\n"
    "Examples:\n"
    "  rbm reconstruct model.safetensors digits-test --count 32 --image pairs.png\n"
    "  rbm reconstruct model.safetensors noisy.csv --out cleaned.npy\n",
    run_reconstruct,
    named_files};

}  // namespace tool
