#include "tools/model/data_meaning.hpp"

#include <algorithm>
#include <charconv>
#include <cmath>
#include <set>
#include <string_view>
#include <utility>

#include "rbm/model.hpp"
#include "tools/base/failure.hpp"
#include "tools/base/json.hpp"
#include "tools/base/text.hpp"
#include "tools/data/column_list.hpp"
#include "tools/data/columns.hpp"
#include "tools/model/visible_groups.hpp"

namespace tool {
namespace {

using Metadata = std::map<std::string, std::string>;

std::string entry(const Metadata& metadata, const std::string& key) {
  const auto found = metadata.find(key);
  return found == metadata.end() ? std::string() : found->second;
}

template <class Number>
Number number_in(const Metadata& metadata, const std::string& key, Number most, const std::string& name) {
  const std::string text = entry(metadata, key);
  Number number{};
  if (text.empty()) return number;
  const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), number);
  if (error != std::errc{} || end != text.data() + text.size() || !(number >= 0 && number <= most))
    throw Failure(name + ": metadata " + quoted(key) + " is " + quoted(text) + ", which is out of range");
  return number;
}

Columns columns_in(const Metadata& metadata, const std::string& name) {
  Columns columns;
  columns.total = number_in<std::size_t>(metadata, "file_columns", rbm::most_units, name);
  const std::string numbers = entry(metadata, "column_numbers"), names = entry(metadata, "columns");
  try {
    if (!numbers.empty()) columns.numbers = columns_from_text(numbers, columns.total).numbers;
    if (!names.empty()) columns.names = columns_from_text(names, columns.total).names;
  } catch (const Failure& failure) {
    throw Failure(name + ": metadata of columns: " + failure.what());
  }
  return columns;
}

// A model's windows are those that its data are cut into. The number of its units is checked with its
// tensors.
Windows windows_in(const Metadata& metadata, const std::string& name) {
  Windows windows;
  const auto number = [&](const char* key, std::size_t most) {
    return number_in<std::size_t>(metadata, key, most, name);
  };
  windows.length = number("window", longest_window);
  if (windows.length == 0) return windows;
  windows.channels = number("channels", rbm::most_units);
  windows.hop = number("hop", most_hop);
  windows.decimation = number("decimate", most_decimation);
  const std::string detrend = entry(metadata, "detrend");
  const std::optional<Detrend> known = detrend_from(detrend);
  if (!known)
    throw Failure(name + ": metadata 'detrend' is " + quoted(detrend) + ", which is not known here");
  windows.detrend = *known;
  if (windows.channels == 0 || windows.hop == 0 || windows.decimation == 0 ||
      windows.length > rbm::most_units / windows.channels)
    throw Failure(name + ": metadata of windows are out of range");
  return windows;
}

// Least and most reading of each channel, with spaces between.
std::vector<float> ranges_in(const Metadata& metadata, const Windows& windows, const std::string& name) {
  const std::string text = entry(metadata, "ranges");
  std::vector<float> ranges;
  const char *at = text.data(), *const end = text.data() + text.size();
  while (at != end) {
    float reading = 0;
    const auto [stop, error] = std::from_chars(at, end, reading);
    if (error != std::errc{} || !(std::abs(reading) <= largest_reading)) break;
    ranges.push_back(reading);
    at = stop == end ? end : stop + 1;
  }
  bool ordered = at == end && ranges.size() % 2 == 0;
  for (std::size_t c = 0; ordered && c + 1 < ranges.size(); c += 2) ordered = ranges[c] <= ranges[c + 1];
  if (!ordered || (!ranges.empty() && ranges.size() != 2 * windows.channels))
    throw Failure(name + ": metadata 'ranges' is " + quoted(text) + ", which is out of range");
  return ranges;
}

// Whether a name can stand in a line of a table.
bool is_printable(std::string_view name) {
  return std::none_of(name.begin(), name.end(), [](char letter) {
    const auto code = static_cast<unsigned char>(letter);
    return code < ' ' || code == 127;
  });
}

// Names in a JSON list, as `["circle","none of these"]`.
std::string names_text(const std::vector<std::string>& names) {
  std::string text;
  for (const std::string& name : names) text += (text.empty() ? "[" : ",") + json_string(name);
  return text + "]";
}

std::vector<std::string> names_in(const Metadata& metadata, const std::string& name) {
  const std::string text = entry(metadata, "labels");
  std::vector<std::string> names;
  if (text.empty()) return names;
  JsonReader reader(text, name, "metadata 'labels'");
  reader.array([&] {
    names.push_back(reader.string());
    if (names.size() > most_labels) throw Failure(name + ": metadata 'labels' names more than 256 labels");
  });
  reader.finish();
  std::set<std::string_view> different;
  for (const std::string& label : names)
    if (label.empty() || !is_printable(label) || !different.insert(label).second)
      throw Failure(name + ": metadata 'labels' names a label " + quoted(label) +
                    (label.empty() || !is_printable(label) ? ", which is no name" : " twice"));
  return names;
}

}  // namespace

void describe(const DataMeaning& meaning, Metadata& metadata) {
  const Columns& columns = meaning.columns;
  if (meaning.maximum) metadata["maximum"] = shortest(*meaning.maximum);
  if (!meaning.visible_units.empty()) metadata["visible"] = meaning.visible_units;
  if (columns.total > 0) metadata["file_columns"] = std::to_string(columns.total);
  if (!takes_all(columns)) metadata["column_numbers"] = to_text({columns.total, columns.numbers, {}});
  if (!columns.names.empty()) metadata["columns"] = list_names(columns.names);
  if (!meaning.label_names.empty()) metadata["labels"] = names_text(meaning.label_names);
  if (!meaning.label_column.empty()) metadata["label_column"] = meaning.label_column;
  if (!meaning.label_weight.empty()) metadata["label_weight"] = meaning.label_weight;
  const Windows& windows = meaning.windows;
  if (windows.length == 0) return;
  metadata["window"] = std::to_string(windows.length);
  metadata["hop"] = std::to_string(windows.hop);
  metadata["decimate"] = std::to_string(windows.decimation);
  metadata["detrend"] = word_of(windows.detrend);
  metadata["channels"] = std::to_string(windows.channels);
  if (meaning.interval > 0) metadata["interval"] = shortest(meaning.interval);
  if (meaning.longest_equal > 0) metadata["longest_equal"] = std::to_string(meaning.longest_equal);
  for (const float reading : meaning.ranges) {
    std::string& ranges = metadata["ranges"];
    ranges += (ranges.empty() ? "" : " ") + shortest(reading);
  }
}

DataMeaning meaning_in(const Metadata& metadata, const std::string& name) {
  DataMeaning meaning;
  if (entry(metadata, "format") != "rbm") return meaning;
  const auto maximum = number_in<float>(metadata, "maximum", 1e30f, name);
  if (maximum > 0) meaning.maximum = maximum;
  meaning.visible_units = entry(metadata, "visible");
  if (meaning.visible_units == "real" && !tells_groups(metadata)) meaning.visible_units = "means";
  meaning.columns = columns_in(metadata, name);
  meaning.label_names = names_in(metadata, name);
  meaning.label_column = entry(metadata, "label_column");
  meaning.label_weight = entry(metadata, "label_weight");
  meaning.windows = windows_in(metadata, name);
  meaning.interval = number_in<double>(metadata, "interval", 1e30, name);
  meaning.longest_equal = number_in<std::size_t>(metadata, "longest_equal", most_hop, name);
  meaning.ranges = ranges_in(metadata, meaning.windows, name);
  return meaning;
}

void settle_label_names(DataMeaning& meaning, std::size_t labels, const std::string& name) {
  std::vector<std::string>& names = meaning.label_names;
  if (!names.empty() && names.size() != labels)
    throw Failure(name + ": metadata 'labels' names " + counted(names.size(), "label") +
                  ", but the model has " + (labels == 0 ? "none" : std::to_string(labels)));
  for (std::size_t y = names.size(); y < labels; ++y) names.push_back(std::to_string(y));
}

}  // namespace tool
