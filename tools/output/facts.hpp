#pragma once

#include <cstdio>
#include <string>
#include <string_view>

#include "tools/base/statistics.hpp"
#include "tools/output/json_line.hpp"
#include "tools/output/report.hpp"

namespace tool {

/// What a command found out. The same statements make a report for people and a JSON object for programs:
///
///     Facts facts;
///     facts.add("hidden units", grouped(hidden), "hidden", hidden);
///     facts.print(arguments[option::json]);
class Facts {
 public:
  /// A fact that both tell: a line of the report, and a field of the object.
  template <typename Value>
  Facts& add(const std::string& label, const std::string& text, std::string_view key, const Value& value) {
    return line(label, text).field(key, value);
  }

  /// A mean with its unit; the object has KEY and KEY_standard_error.
  Facts& add(const std::string& label, Mean mean, const std::string& unit, const std::string& key) {
    return line(label, to_text(mean) + unit).field(key, mean);
  }

  /// A line of the report alone. An empty label goes on with the line above.
  Facts& line(const std::string& label, const std::string& text) {
    report_.emplace_back(label, text);
    return *this;
  }

  /// A field of the object alone.
  template <typename Value>
  Facts& field(std::string_view key, const Value& value) {
    json_.field(key, value);
    return *this;
  }

  /// KEY and KEY_standard_error alone.
  Facts& field(const std::string& key, Mean mean) {
    return field(key, mean.value).field(key + "_standard_error", mean.standard_error);
  }

  /// Prints the object on standard output, or the report on `stream`.
  void print(bool json, std::FILE* stream = stdout) const {
    if (json)
      json_.print();
    else
      tool::print(report_, stream);
  }

  const Report& report() const { return report_; }
  const JsonLine& json() const { return json_; }

 private:
  Report report_;
  JsonLine json_;
};

}  // namespace tool
