#include "commands.hpp"
#include "failure.hpp"
#include "header_target.hpp"
#include "inference.hpp"
#include "json_line.hpp"
#include "report.hpp"
#include "rounding.hpp"

namespace tool {
namespace {

constexpr Choice bits{"bits", "8|4|2|1", "8", "bits a weight"};
constexpr Text out{"out", "FILE", "",
                   "the C header to write, - for standard output; FILE.c writes FILE.c and FILE.h, for "
                   "programs of several files",
                   "NAME.h"};
constexpr Flag standalone{"standalone", "put the runtime inside, so that the program needs no other file"};
constexpr Text name_option{"name", "NAME", "", "what the model is called in C: letters, digits and _",
                           "FILE without .h or .c"};

void print_report(const QuantizedModel& model, const HeaderTarget& target, std::FILE* stream) {
  const std::string files =
      target.pair() ? target.path + " and " + target.header_path() : destination(target.path);
  print({{"header", files + ": " + target.name + ", " + counted(model.visible, "visible unit") + ", " +
                        counted(model.hidden, "hidden unit")},
         {"flash", grouped(flash_bytes(model)) + " bytes, and " + grouped(shared_flash_bytes) +
                       " for tables that all models share"},
         {"RAM", grouped(ram_bytes(model)) + " bytes: scratch, the state seen and its means"}},
        stream);
}

void print_json(const QuantizedModel& model, const HeaderTarget& target) {
  JsonLine()
      .field("out", target.path)
      .field("name", target.name)
      .field("visible", model.visible)
      .field("hidden", model.hidden)
      .field("bits", model.bits)
      .field("flash_bytes", flash_bytes(model))
      .field("ram_bytes", ram_bytes(model))
      .print();
}

Status run_quantize(const Arguments& arguments) {
  const std::string model_name = arguments[positional::model];
  const HeaderTarget target = header_target(arguments[out], arguments[name_option]);
  std::FILE* const stream = report_stream(arguments[option::json], target.path);
  const Model model = read_model(model_name);
  const QuantizedModel quantized = rounded(model, static_cast<unsigned>(arguments[bits][0] - '0'));
  const std::string fault = fault_of(quantized);
  if (!fault.empty()) throw Failure(model_name + ": " + fault);
  write_header(quantized, target, arguments[standalone] ? Runtime::inside : Runtime::included);
  if (arguments[option::json])
    print_json(quantized, target);
  else
    print_report(quantized, target, stream);
  return Status::done;
}

}  // namespace

const Command quantize_command{
    "quantize",
    "a model as a C header of integers, for a device",
    {positional::model},
    {bits, out, name_option, standalone, option::json},
    "The header is C99 and C++11: no library, no heap, no floating point. It needs\n"
    "rbm/quantized.h alone, or nothing with --standalone. Its tables are const, so that\n"
    "they stay in flash; include it in one source file only, or each that does gets a\n"
    "copy: --out FILE.c is for several. The same model gives the same bytes.\n\n"
    "evaluate, reconstruct, sample and features take the header as a MODEL and work\n"
    "with the device's integers; rbm info checks it.\n\n"
    "Example:\n"
    "  rbm quantize model.safetensors --bits 8 --out digits_rbm.h\n"
    "  rbm quantize model.safetensors --bits 4 --standalone --out digits_rbm.c\n",
    run_quantize};

}  // namespace tool
