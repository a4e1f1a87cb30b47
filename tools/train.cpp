#include <optional>
#include <string>
#include <vector>

#include "../platform/desktop/files.hpp"
#include "../rbm/rbm.hpp"
#include "commands.hpp"
#include "failure.hpp"
#include "training.hpp"

namespace tool {
namespace {

constexpr Positional data_name{
    "DATA", "what to learn from: an IDX, NumPy or CSV file, - for standard input, or the word digits"};
constexpr Whole hidden{"hidden",
                       "N",
                       500,
                       {1, rbm::most_units},
                       "hidden units. Begin with about as many as visible units that vary; double them while "
                       "evaluate still improves"};
constexpr Whole epochs{"epochs", "N", 10, {1, 1000000000}, "passes over the data"};
constexpr Whole batch{
    "batch", "N", 64, {1, rbm::most_samples}, "examples a mini-batch: 10 to 100 serve well"};
constexpr Choice optimizer{"optimizer", "adam|sgd", "adam", "how updates follow from gradients"};
constexpr Real rate{"learning-rate",
                    "X",
                    0,
                    {1e-9, 1e3},
                    "size of an update. If the loss jumps about or the model diverges, divide it by three",
                    "0.005 with adam, 0.05 with sgd"};
constexpr Real momentum{"momentum", "X", 0, {0, 0.9999}, "of sgd: 0.5 to 0.9 smooths and speeds"};
constexpr Real weight_decay{"weight-decay",
                            "X",
                            0,
                            {0, 100},
                            "pull of the weights towards 0: 0.0001 where few data are learned by heart"};
constexpr Whole gibbs_steps{
    "gibbs-steps", "K", 1, {1, 1000000}, "k of CD-k: more steps, a better gradient, at their cost in time"};
constexpr Choice visible{
    "visible", "sampled|thresholded|real", "sampled",
    "how intensities become states: drawn afresh each epoch, on from 1/2, or as they are"};
constexpr Flag shuffle_option{"shuffle",
                              "take the examples in a new order each epoch: do, where they are sorted"};
constexpr Text out{"out", "FILE", "model.safetensors", "where the model goes, - for standard output"};
constexpr Text resume{"resume", "FILE", "",
                      "go on from this checkpoint, with its options; DATA must be the same"};

// FNV-1a over the intensities: a resumed run must see the data that it began with.
std::uint64_t checksum(const Dataset& data) {
  std::uint64_t hash = 0xcbf29ce484222325u;
  std::vector<float> row(data.columns);
  for (std::size_t n = 0; n < data.rows; ++n) {
    data.row(n, row.data());
    for (const float value : row) hash = (hash ^ rbm::bits_of(value)) * 0x100000001b3u;
  }
  return hash;
}

Recipe recipe_of(const Arguments& arguments) {
  Recipe recipe;
  recipe.hidden = arguments[hidden];
  recipe.batch = arguments[batch];
  recipe.optimizer = arguments[optimizer];
  recipe.rate = static_cast<float>(arguments[rate]);
  if (!arguments.given(rate)) recipe.rate = recipe.optimizer == "adam" ? rbm::Adam{}.rate : rbm::Sgd{}.rate;
  recipe.momentum = static_cast<float>(arguments[momentum]);
  recipe.weight_decay = static_cast<float>(arguments[weight_decay]);
  recipe.gibbs_steps = static_cast<unsigned>(arguments[gibbs_steps]);
  recipe.visible = arguments[visible];
  recipe.shuffle = arguments[shuffle_option];
  recipe.seed = arguments[option::seed];
  if (arguments.given(momentum) && recipe.optimizer == "adam")
    throw Misuse("--momentum is for --optimizer sgd; adam has its own");
  return recipe;
}

// What a checkpoint fixes cannot be given again.
void refuse_fixed(const Arguments& arguments) {
  const auto refuse = [&](const auto&... options) {
    ((arguments.given(options) ? throw Misuse("--" + std::string(options.name()) +
                                              ": is fixed by the checkpoint; leave it out with --resume")
                               : void()),
     ...);
  };
  refuse(hidden, batch, optimizer, rate, momentum, weight_decay, gibbs_steps, visible, shuffle_option,
         option::maximum, option::seed);
}

// A resumed run goes on to the file that it was begun for.
std::string output_of(const Arguments& arguments) {
  constexpr std::string_view ending = ".checkpoint";
  const std::string from = arguments[resume];
  const bool known = from.size() > ending.size() && from.substr(from.size() - ending.size()) == ending;
  return arguments.given(out) || !known ? arguments[out] : from.substr(0, from.size() - ending.size());
}

Status run_train(const Arguments& arguments) {
  if (arguments[option::json] && arguments[out] == "-")
    throw Misuse("--json and the model cannot both go to standard output");
  const std::string from_name = arguments[resume];
  const std::string output = output_of(arguments);
  CheckpointHeader header;
  TensorFile from;
  Model model;
  if (from_name.empty()) {
    header.recipe = recipe_of(arguments);
    header.epochs = arguments[epochs];
    header.maximum = static_cast<float>(arguments[option::maximum]);
  } else {
    refuse_fixed(arguments);
    from = parse_safetensors(platform::read_file(from_name), from_name);
    model = model_from(from, from_name);
    header = read_header(from.metadata, from_name);
    model.metadata.clear();  // written anew, so that the model is the same as without the stop
    if (arguments.given(epochs)) header.epochs = arguments[epochs];
    const Position& at = header.position;
    if (header.epochs < at.epoch || (header.epochs == at.epoch && at.batch > 0))
      throw Failure(from_name + ": has trained more than " + std::to_string(header.epochs) +
                    " epochs already; ask for more with --epochs");
  }

  std::optional<float> maximum;
  if (header.maximum > 0) maximum = header.maximum;
  const Dataset data = open_dataset(arguments[data_name], maximum);
  if (from_name.empty()) {
    header.data_checksum = checksum(data);
    model = Model(data.columns, header.recipe.hidden, {data.height, data.width});
    rbm::Xoshiro128 random = rbm::Xoshiro128::seeded(header.recipe.seed);
    rbm::initialize(model.view(), random);
  } else {
    check_fit(model, from_name, data);
    if (checksum(data) != header.data_checksum)
      throw Failure(from_name + ": was trained on other data than " + data.name);
  }
  const RunOptions options{arguments[data_name], output, static_cast<unsigned>(arguments[option::threads]),
                           arguments[option::json], arguments[option::quiet]};
  return train_model(data, model, header, options, from_name.empty() ? nullptr : &from, from_name);
}

}  // namespace

const Command train_command{
    "train",
    "learn a model from data",
    {data_name},
    {hidden, epochs, batch, optimizer, rate, momentum, weight_decay, gibbs_steps, visible, shuffle_option,
     out, resume, option::maximum, option::seed, option::threads, option::json, option::quiet},
    "Without options this is the well-known tutorial: 500 hidden units, CD-1, Adam.\n"
    "loss is the mean of F(v0) - F(vk), in nats; error is the mean squared difference\n"
    "of a visible unit and its reconstruction. Neither says how probable the data are\n"
    "under the model: for that, see rbm help evaluate.\n\n"
    "After each epoch FILE.checkpoint is written; Ctrl-C finishes the mini-batch, writes\n"
    "it and prints the command that goes on, to the same bits as without the stop.\n\n"
    "Examples:\n"
    "  rbm train train-images-idx3-ubyte --out mnist.safetensors\n"
    "  rbm train digits --hidden 64 --epochs 60 --out digits.safetensors\n"
    "  gzip -dc sensor.csv.gz | rbm train - --optimizer sgd --momentum 0.5\n",
    run_train};

}  // namespace tool
