#pragma once

#include <string>

#include "tools/model/c_header_parts.hpp"
#include "tools/model/quantized_model.hpp"

namespace tool {

/// Whether a program gets the names of labels beside their numbers.
enum class LabelNames { left_out, inside };

/// The parts of a generated header that are about the labels of a model, an rbm_classifier or
/// rbm_real_classifier. All are empty for a model without labels, but for the table of hidden biases.
class LabelParts {
 public:
  LabelParts(const QuantizedModel& model, const HeaderParts& parts, LabelNames names);

  std::string facts() const;
  std::string usage() const;   ///< in place of that of a model without labels
  std::string stream() const;  ///< behind the detector's, which knows no labels
  std::string checks() const;  ///< of the runtime's version, and of what a table on AVR may hold
  std::string macros() const;
  std::string hidden_biases() const;  ///< [hidden], or a row for each label
  std::string tables() const;
  std::string banks() const;    ///< of the tables, for an AVR with more than 64 KB of flash
  std::string members() const;  ///< of the definition, behind the base
  std::string declaration() const;
  std::string names(const char* linkage) const;

  /// Another condition of an #if for each macro that the file of a pair with the numbers checks.
  std::string conditions_of_pair() const;

 private:
  std::string declarator() const;

  const QuantizedModel& model_;
  const HeaderParts& parts_;
  const bool exist_, named_;
};

}  // namespace tool
