#pragma once

#include <array>
#include <map>
#include <optional>
#include <string>

#include "tools/data/reading.hpp"

namespace tool {

/// What the data meant that a model was trained on. It travels with the model and its headers, so that other
/// data are read alike. What is empty is not known, as in models of other programs.
struct DataMeaning {
  std::optional<float> maximum;  ///< the value that meant intensity 1; readings have none
  std::string visible_units;     ///< what examples became, a word of --visible
  Columns columns;               ///< of the table that were visible units

  DataKind kind() const { return visible_units == "real" ? DataKind::readings : DataKind::intensities; }
};

/// The entries of metadata that say what data meant.
inline constexpr std::array<const char*, 5> meaning_keys{"maximum", "visible", "columns", "column_numbers",
                                                         "file_columns"};

/// Writes what is known into the metadata of a model.
void describe(const DataMeaning& meaning, std::map<std::string, std::string>& metadata);

/// Reads it back from metadata that rbm wrote; those of other programs mean nothing here. `name` is what
/// messages call the file. Files without groups of visible units were written before there were real ones,
/// and say real for what is called means now. Throws Failure where an entry makes no sense.
DataMeaning meaning_in(const std::map<std::string, std::string>& metadata, const std::string& name);

}  // namespace tool
