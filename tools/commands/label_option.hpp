#pragma once

#include <cstddef>
#include <optional>
#include <string>

#include "tools/command_line/arguments.hpp"
#include "tools/command_line/option.hpp"
#include "tools/model/model.hpp"

namespace tool {

namespace option {

/// Of commands that work given a label.
inline constexpr Text label{"label", "NAME", "", "the label that all examples have, of a model with labels",
                            "drawn from p(label | v)"};

}  // namespace option

/// The label that a command line gives by option::label, by its place among the model's; nothing if none is
/// given. Throws Misuse where the model has no such label, Failure where it has none.
std::optional<std::size_t> given_label(const Arguments& arguments, const Model& model,
                                       const std::string& model_name);

/// Throws Failure, naming the model, unless it has labels.
void check_labels(const Model& model, const std::string& model_name);

/// Tells that a model learned labels alone, not what examples look like, where it did: what it then makes of
/// them means little.
void note_labels_alone(const Model& model, const std::string& model_name);

}  // namespace tool
