#include <cmath>

#include "../platform/desktop/files.hpp"
#include "commands.hpp"
#include "failure.hpp"
#include "header.hpp"
#include "inference.hpp"
#include "json_line.hpp"
#include "report.hpp"

namespace tool {
namespace {

constexpr Choice bits{"bits", "8", "8", "bits a weight"};
constexpr Text out{"out", "FILE", "", "the C header to write, - for standard output", "NAME.h"};
constexpr Text name_option{"name", "NAME", "", "what the model is called in C: letters, digits and _",
                           "FILE without .h"};

// The name of a file without its folder and extension.
std::string stem(const std::string& path) {
  const std::string file = path.substr(path.rfind('/') + 1);
  return file.substr(0, file.rfind('.'));
}

struct Target {
  std::string path, name;
};

// A C name as near as it gets to a file's: digits-8x8 becomes digits_8x8.
std::string proposed_name(std::string text) {
  for (char& letter : text)
    if (!fault_of_name("a" + std::string(1, letter)).empty()) letter = '_';
  for (const std::string& candidate : {text, "model_" + text})
    if (fault_of_name(candidate).empty()) return candidate;
  return "model";
}

Target target_of(const Arguments& arguments) {
  Target target{arguments[out], arguments[name_option]};
  if (target.path.empty() && target.name.empty())
    throw Misuse("nothing to write: give --out FILE.h, whose name the model takes, or --name");
  if (target.path.empty()) target.path = target.name + ".h";
  const bool named = !target.name.empty();
  if (!named && target.path == "-")
    throw Misuse("--out: standard output has no name for the model; give one by --name");
  if (!named) target.name = stem(target.path);
  const std::string fault = fault_of_name(target.name);
  if (fault.empty()) return target;
  throw Misuse((named ? "--name: " : target.path + ": ") + quoted(target.name) +
               " cannot name a model in C: it " + fault +
               (named ? "" : "; give one, as --name " + proposed_name(target.name)));
}

void check_range(const Model& model, const std::string& model_name) {
  float largest_weight = 0, largest_bias = 0;
  for (const float weight : model.weights) largest_weight = std::max(largest_weight, std::fabs(weight));
  for (const float bias : model.visible_bias) largest_bias = std::max(largest_bias, std::fabs(bias));
  for (const float bias : model.hidden_bias) largest_bias = std::max(largest_bias, std::fabs(bias));
  const float scale = largest_weight / 127.0f;
  if (largest_weight == 0) throw Failure(model_name + ": all weights are 0: was the model trained?");
  if (scale < 0x1p-20f)
    throw Failure(model_name + ": the largest weight is " + significant(largest_weight, 2) +
                  ", below 0.00012, the least that 8 bits are made for: was the model trained?");
  if (largest_bias / scale > static_cast<float>(rbm::largest_bias))
    throw Failure(model_name + ": a bias of " + significant(largest_bias, 2) +
                  " is too large beside weights of at most " + significant(largest_weight, 2));
}

void print_report(const QuantizedModel& model, const rbm::QuantizeReport& errors, const Target& target,
                  std::FILE* stream) {
  const double scale = static_cast<double>(model.scale);
  const auto steps = [scale](double error) {
    return significant(error, 3) + ", " + fixed(error / scale, 2) + " of a step";
  };
  print({{"header", destination(target.path) + ": " + target.name + ", " +
                        counted(model.visible, "visible unit") + ", " + counted(model.hidden, "hidden unit")},
         {"scale", significant(scale, 3) + ", the value of one of 127 steps to the largest weight"},
         {"rounding error", "largest " + steps(static_cast<double>(errors.largest_error))},
         {"", "rms     " + steps(std::sqrt(static_cast<double>(errors.mean_square_error)))},
         {"flash", grouped(model.flash()) + " bytes: weights, biases and the sigmoid's table"},
         {"RAM", grouped(model.ram()) + " bytes: scratch, the state seen and its means"}},
        stream);
}

void print_json(const QuantizedModel& model, const rbm::QuantizeReport& errors, const Target& target) {
  JsonLine()
      .field("out", target.path)
      .field("name", target.name)
      .field("visible", model.visible)
      .field("hidden", model.hidden)
      .field("bits", 8)
      .field("scale", model.scale)
      .field("largest_rounding_error", errors.largest_error)
      .field("rms_rounding_error", std::sqrt(errors.mean_square_error))
      .field("flash_bytes", model.flash())
      .field("ram_bytes", model.ram())
      .print();
}

Status run_quantize(const Arguments& arguments) {
  const std::string model_name = arguments[positional::model];
  const Target target = target_of(arguments);
  std::FILE* const stream = report_stream(arguments[option::json], target.path);
  const Model model = read_model(model_name);
  check_range(model, model_name);
  QuantizedModel quantized(model.visible, model.hidden, model.shape);
  const rbm::QuantizeReport errors = rbm::quantize(quantized, model.view());
  platform::OutputFile file(target.path);
  file.write(header_text(quantized, target.name));
  file.commit();
  if (arguments[option::json])
    print_json(quantized, errors, target);
  else
    print_report(quantized, errors, target, stream);
  return Status::done;
}

}  // namespace

const Command quantize_command{
    "quantize",
    "a model as a C header of integers, for a device",
    {positional::model},
    {bits, out, name_option, option::json},
    "Weights become whole steps from -127 to 127 of one scale, biases steps of the\n"
    "same. The header is C99 and C++11 and needs rbm/quantized.h alone: no library, no\n"
    "heap, no floating point. Its tables are const, so that they stay in flash;\n"
    "include it in one source file only, or each that does gets a copy. The same model\n"
    "gives the same header.\n\n"
    "Rounding errs by half a step at most. Where a few weights are far larger than all\n"
    "others, steps are coarse for the rest: --weight-decay in training helps.\n\n"
    "Example:\n"
    "  rbm quantize model.safetensors --bits 8 --out digits_rbm.h\n",
    run_quantize};

}  // namespace tool
