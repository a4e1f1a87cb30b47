#pragma once

#include <string>
#include <string_view>

#include "tools/model/c_header_labels.hpp"
#include "tools/model/quantized_model.hpp"

namespace tool {

/// How the first line of every generated file ends; it begins with "// " and the name.
inline constexpr std::string_view header_marker = ": a restricted Boltzmann machine in integers.";

/// Where the runtime is: the header includes rbm/quantized.h or has its text inside.
enum class Runtime { included, inside };

/// The C header that holds the model: the same model, shape and name give the same text. The model must
/// pass find_fault(), and the name fault_of_name().
std::string header_text(const QuantizedModel& model, const std::string& name, Runtime runtime,
                        LabelNames names = LabelNames::left_out);

/// A header that declares the model and the C file that defines it, for programs of several files.
struct HeaderPair {
  std::string header, source;
};

/// `header_file` is what the source includes the header by.
HeaderPair header_pair(const QuantizedModel& model, const std::string& name, Runtime runtime,
                       const std::string& header_file, LabelNames names = LabelNames::left_out);

}  // namespace tool
