/// What makes a text a generated header, whatever others have put above it or changed in it.
#pragma once

#include <string>
#include <string_view>

namespace tool {

/// What says which format a header is of.
inline constexpr std::string_view format_macro = "RBM_QUANTIZED_FORMAT";

/// The types that a model of a header may have.
struct ModelType {
  const char* name;
  bool readings, labels;
};
inline constexpr ModelType model_types[] = {{"rbm_quantized", false, false},
                                            {"rbm_real", true, false},
                                            {"rbm_classifier", false, true},
                                            {"rbm_real_classifier", true, true}};

/// Whether a text is a generated header.
bool is_header(std::string_view text);

/// Throws Failure, naming `file_name`, where a header is in an encoding that compilers do not read, or half
/// merged.
void check_form(std::string_view text, const std::string& file_name);

/// What the model of a header is called in C: by its definition, else by the first line of the file as it was
/// generated. Empty if neither is there. Throws Failure, naming `file_name`, where there are several models.
std::string name_of_model(std::string_view text, const std::string& file_name);

/// Whether a token ends what may stand between a declared name and its initializer: attributes, macros.
bool ends_declarator(std::string_view token);

}  // namespace tool
