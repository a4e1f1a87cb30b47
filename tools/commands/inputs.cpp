#include "tools/commands/inputs.hpp"

#include "platform/desktop/interrupt.hpp"
#include "tools/base/failure.hpp"
#include "tools/base/text.hpp"
#include "tools/data/data_file.hpp"
#include "tools/model/model_file.hpp"

namespace tool {

Inputs open_inputs(const Arguments& arguments, const Choice<rbm::VisibleUnits>& visible) {
  const std::string model_name = arguments[positional::model], data_name = arguments[positional::data];
  if (model_name == "-" && data_name == "-") throw Misuse("MODEL and DATA cannot both be standard input");
  Inputs inputs{source(model_name), read_model(model_name), {}};
  inputs.examples = open_examples(arguments, data_name, visible, inputs.model, inputs.model_name);
  return inputs;
}

Examples open_examples(const Arguments& arguments, const std::string& name,
                       const Choice<rbm::VisibleUnits>& visible, const Model& model,
                       const std::string& model_name) {
  Examples examples{open_dataset(name, arguments[option::maximum]), arguments[visible],
                    arguments[option::seed]};
  check_fit(model, model_name, examples.data);
  return examples;
}

CommandWorkers::CommandWorkers(const Arguments& arguments)
    : threads_(static_cast<unsigned>(arguments[option::threads])), progress_(arguments[option::quiet]) {
  platform::watch_interrupts();
}

}  // namespace tool
