#pragma once

#include <set>
#include <string>

#include "tools/model/c_header_parts.hpp"
#include "tools/model/quantized_model.hpp"

namespace tool {

/// The parts of a generated header that are about readings, the units of an rbm_real. All are empty for a
/// model of bits.
class ReadingParts {
 public:
  ReadingParts(const QuantizedModel& model, const PackedModel& packed, const HeaderParts& parts);

  std::string step() const;     ///< a fact: what an int16_t stands for
  std::string factors() const;  ///< a fact
  std::string state() const;    ///< a fact that is proven from the weights
  std::string usage() const;    ///< in place of that of a model of bits
  std::string checks() const;   ///< of the runtime's version
  std::string macros() const;
  std::string tables() const;
  std::string banks() const;    ///< of the tables, for an AVR with more than 64 KB of flash
  std::string members() const;  ///< of the definition, behind the model of bits in it

 private:
  std::set<float> different_steps() const;
  std::string steps() const;

  const QuantizedModel& model_;
  const PackedModel& packed_;
  const HeaderParts& parts_;
  const bool exist_;
  const std::string &name_, &macro_;
  const std::string loadings_, gains_;  // tables, or NULL
};

}  // namespace tool
