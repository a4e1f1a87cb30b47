#pragma once

#include <string>

#include "tools/model/c_header_parts.hpp"
#include "tools/model/quantized_model.hpp"

namespace tool {

/// The parts of a generated header that are about the rbm_detector NAME_detector of a model of windows. All
/// are empty for another model, but for the limit of one that is calibrated.
class DetectorParts {
 public:
  DetectorParts(const QuantizedModel& model, const HeaderParts& parts);

  std::string facts() const;
  std::string usage() const;   ///< in place of that of a model whose examples are rows
  std::string checks() const;  ///< of the runtime's version
  std::string macros() const;
  std::string declaration() const;
  std::string definition(const char* linkage) const;

  /// The macros that the file of a pair with the numbers checks, and what they must be: another condition of
  /// an #if for each.
  std::string conditions_of_pair() const;

 private:
  const QuantizedModel& model_;
  std::string interval() const;
  std::string limit() const;

  const HeaderParts& parts_;
  const bool exists_;
};

}  // namespace tool
