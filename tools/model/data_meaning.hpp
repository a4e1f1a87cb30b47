#pragma once

#include <array>
#include <map>
#include <optional>
#include <string>
#include <vector>

#include "tools/data/reading.hpp"
#include "tools/data/windows.hpp"

namespace tool {

/// What the data meant that a model was trained on. It travels with the model and its headers, so that other
/// data are read alike. What is empty is not known, as in models of other programs.
struct DataMeaning {
  std::optional<float> maximum;  ///< the value that meant intensity 1; readings have none
  std::string visible_units;     ///< what examples became, a word of --visible
  Columns columns;               ///< of the table that were visible units, or channels of a recording
  Windows windows{};             ///< that were cut from a recording; length 0: rows were examples
  double interval = 0;           ///< seconds from a row of the recording to the next; 0: not known
  std::vector<float> ranges{};   ///< [channels][2]: least and most reading of the recording, decimated
  std::vector<std::string> label_names{};  ///< in the order of their units; empty: the model has no labels
  std::string label_column{};              ///< of the table that held them; empty: they came from elsewhere
  std::string label_weight{};  ///< of log p(label | example) in what was learned, a word of --label-weight: 1
                               ///< where nothing but labels was; empty: not known
  std::size_t longest_equal = 0;  ///< so many readings of a channel in turn were equal at most; 0: not known

  /// What visible units are called: columns, or their readings in a window. Empty: they have no names.
  std::vector<std::string> unit_names() const {
    return windows.length > 0 ? window_names(columns, windows) : columns.names;
  }

  DataKind kind() const { return visible_units == "real" ? DataKind::readings : DataKind::intensities; }
};

/// The entries of metadata that say what data meant.
inline constexpr std::array<const char*, 16> meaning_keys{
    "maximum",       "visible", "columns",      "column_numbers", "file_columns", "window",
    "hop",           "detrend", "decimate",     "channels",       "interval",     "ranges",
    "longest_equal", "labels",  "label_column", "label_weight"};

/// Writes what is known into the metadata of a model.
void describe(const DataMeaning& meaning, std::map<std::string, std::string>& metadata);

/// Reads it back from metadata that rbm wrote; those of other programs mean nothing here. `name` is what
/// messages call the file. Files without groups of visible units were written before there were real ones,
/// and say real for what is called means now. Throws Failure where an entry makes no sense.
DataMeaning meaning_in(const std::map<std::string, std::string>& metadata, const std::string& name);

/// Calls labels that nobody named by their numbers, from 0 on. Throws Failure where there are more or fewer
/// names than `labels`.
void settle_label_names(DataMeaning& meaning, std::size_t labels, const std::string& name);

}  // namespace tool
