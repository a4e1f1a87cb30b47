#include "tools/commands/label_option.hpp"

#include <algorithm>
#include <string_view>
#include <vector>

#include "tools/base/failure.hpp"
#include "tools/base/nearest.hpp"
#include "tools/base/text.hpp"
#include "tools/commands/inputs.hpp"
#include "tools/inference/classification.hpp"

namespace tool {
namespace {

// What a label that the model does not know may have meant; one number is no slip for another.
std::string suggestion(const std::string& label, const std::vector<std::string>& names) {
  constexpr std::size_t most_named = 12;
  const std::string closest(nearest(label, std::vector<std::string_view>(names.begin(), names.end())));
  const bool number = label.find_first_not_of("-0123456789") == label.npos;
  if (!closest.empty() && !number) return "; did you mean " + quoted(closest) + "?";
  if (names.size() > most_named) return " among its " + std::to_string(names.size());
  std::string all;
  for (const std::string& name : names) all += (all.empty() ? "" : ", ") + name;
  return "; it has " + all;
}

}  // namespace

void check_labels(const Model& model, const std::string& model_name) {
  if (model.labels() == 0)
    throw Failure(model_name + ": has no labels: rbm train DATA --labels COLUMN makes a model that has");
}

void note_labels_alone(const Model& model, const std::string& model_name) {
  if (!learns_density(model))
    tell_note(model_name +
              ": learned labels alone (--label-weight 1), not what examples look like: this means little");
}

std::optional<std::size_t> given_label(const Arguments& arguments, const Model& model,
                                       const std::string& model_name) {
  if (!arguments.given(option::label)) return {};
  check_labels(model, model_name);
  const std::string label = arguments[option::label];
  const std::vector<std::string>& names = model.meaning.label_names;
  const auto found = std::find(names.begin(), names.end(), label);
  if (found == names.end())
    throw Misuse("--label " + label + ": " + model_name + " has no such label" + suggestion(label, names));
  return static_cast<std::size_t>(found - names.begin());
}

}  // namespace tool
