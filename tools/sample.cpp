#include <vector>

#include "commands.hpp"
#include "inference.hpp"
#include "picture.hpp"
#include "report.hpp"

namespace tool {
namespace {

constexpr Whole count{"count", "N", 64, {1, 10000}, "samples, each from a chain of its own"};
constexpr Whole steps{"steps",
                      "N",
                      1000,
                      {1, 1000000000},
                      "Gibbs steps from noise to a sample: more, if samples still change with it"};
constexpr Text image{"image", "FILE", "samples.png", "the picture to write (PNG), - for standard output"};

// Runs the chains; false if the user interrupted. Each thread takes its chains through some steps at a time.
bool run_chains(const Arguments& arguments, Inference& inference, std::size_t chains) {
  constexpr std::uint64_t steps_at_once = 10;
  platform::watch_interrupts();
  platform::Threads threads(static_cast<unsigned>(arguments[option::threads]));
  platform::Progress progress(arguments[option::quiet]);
  const std::uint64_t total = arguments[steps];
  inference.see_noise(arguments[option::seed], 0, chains);
  for (std::uint64_t step = 0; step < total; step += steps_at_once) {
    if (platform::interrupted()) return false;
    const std::uint64_t end_step = std::min(total, step + steps_at_once);
    threads(chains, [&](std::size_t begin, std::size_t end) {
      for (std::uint64_t s = step; s < end_step; ++s) {
        inference.hidden_inputs(begin, end);
        inference.hidden_probabilities(begin, end);
        inference.reconstruct(begin, end);
        inference.draw_visible(begin, end);
      }
    });
    if (progress.due())
      progress.update(static_cast<double>(end_step) / static_cast<double>(total),
                      "step " + std::to_string(end_step) + "/" + std::to_string(total), "");
  }
  return true;
}

Status run_sample(const Arguments& arguments) {
  const Model model = read_model(arguments[positional::model]);
  const auto chains = static_cast<std::size_t>(arguments[count]);
  platform::OutputFile file(arguments[image]);
  Inference inference(model, chains, false);
  if (!run_chains(arguments, inference, chains)) return Status::interrupted;

  std::vector<float> pictures;
  pictures.reserve(chains * model.visible);
  for (std::size_t n = 0; n < chains; ++n) {
    const rbm::VectorView<float> values = inference.visible_values(n);
    pictures.insert(pictures.end(), values.data, values.data + values.size);
  }
  write_png(file, tile(pictures, model.shape, Palette::grey));
  file.commit();
  platform::Progress(arguments[option::quiet])
      .finish_line("wrote " + destination(arguments[image]) + ": " + counted(chains, "sample") + " after " +
                   counted(arguments[steps], "Gibbs step"));
  return Status::done;
}

}  // namespace

const Command sample_command{
    "sample",
    "let the model make up examples",
    {positional::model},
    {count, steps, image, option::seed, option::threads, option::quiet},
    "Each chain starts from noise, every visible unit on with probability 1/2, and\n"
    "draws hidden from visible units and visible from hidden ones, step after step.\n"
    "The picture shows the last p(v = 1 | h), which is smoother than a state drawn\n"
    "from it. Samples that all look alike, or like no data, tell what reconstruction\n"
    "errors hide: the model finds other states more probable than the data. Grey blurs\n"
    "mean that all hidden units are off: a state that chains from data never visit, so\n"
    "that contrastive divergence does not learn to avoid it.\n\n"
    "Example:\n"
    "  rbm sample model.safetensors --count 64 --steps 1000 --image samples.png\n",
    run_sample};

}  // namespace tool
