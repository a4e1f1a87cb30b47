#include "tools/commands/detection_facts.hpp"

#include <algorithm>
#include <string>

#include "tools/base/text.hpp"
#include "tools/data/timeline.hpp"
#include "tools/inference/recorded_scores.hpp"

namespace tool {
namespace {

double share(std::size_t part, std::size_t all) {
  return all == 0 ? 0 : static_cast<double>(part) / static_cast<double>(all);
}

std::string percent(std::size_t part, std::size_t all) {
  return significant(100 * share(part, all), 3) + " %";
}

// False alarms in a time that people count in.
std::string rate_of(double alarms, double seconds) {
  const double an_hour = alarms / seconds * 3600;
  return an_hour >= 1 ? significant(an_hour, 2) + " an hour" : significant(24 * an_hour, 2) + " a day";
}

std::size_t found_events(const Detection& found) {
  return found.delays.size() -
         static_cast<std::size_t>(std::count(found.delays.begin(), found.delays.end(), missed));
}

template <class Number>
Number middle(std::vector<Number> values) {
  std::sort(values.begin(), values.end());
  return values[(values.size() - 1) / 2];
}

// Of the events that were found: half of the delays are at most this one, and the longest.
void add_delays(Facts& facts, const Detection& found, const std::string& key, std::string& text) {
  std::vector<std::size_t> rows = found.delays;
  rows.erase(std::remove(rows.begin(), rows.end(), missed), rows.end());
  if (rows.empty()) return;
  const std::size_t longest = *std::max_element(rows.begin(), rows.end());
  const bool at_once = middle(rows) == 0;
  text += at_once ? ", at once" : ", after " + counted(middle(rows), "reading");
  facts.field(key + "delay_readings", middle(rows)).field(key + "longest_delay_readings", longest);
  if (!found.delay_seconds.empty()) {
    if (!at_once) text += " (" + describe_duration(middle(found.delay_seconds)) + ")";
    facts.field(key + "delay_seconds", middle(found.delay_seconds))
        .field(key + "longest_delay_seconds",
               *std::max_element(found.delay_seconds.begin(), found.delay_seconds.end()));
  }
  if (rows.size() > 1 && longest > 0)
    text += at_once ? ", at most after " + counted(longest, "reading") : ", at most " + grouped(longest);
}

// What the limit of a detector does, in a line.
void add_limit(Facts& facts, const LabelledData& labelled, const Dataset& data, const Detector& detector) {
  const Detection found = labelled.detect(detector);
  const std::string& key = detector.key;
  std::string text = "found " + percent(found.found, found.odd) + " of " + counted(found.odd, "odd one");
  facts.field(key + "odd_examples", found.odd).field(key + "found", share(found.found, found.odd));
  if (!found.delays.empty()) {
    text += ", " + std::to_string(found_events(found)) + " of " + counted(found.delays.size(), "event");
    facts.field(key + "events", found.delays.size()).field(key + "events_found", found_events(found));
    add_delays(facts, found, key, text);
  }
  facts.line("", text);
  text = "false alarms: " + percent(found.false_flags, found.normal) + " of " +
         counted(found.normal, "normal one") + ", in " + counted(found.false_alarms, "alarm");
  facts.field(key + "false_alarm_share", share(found.false_flags, found.normal))
      .field(key + "false_alarm_count", found.false_alarms);
  const double seconds = seconds_between(data) * static_cast<double>(found.normal);
  if (seconds > 0) {
    text += ": " + rate_of(static_cast<double>(found.false_alarms), seconds);
    facts.field(key + "false_alarms_an_hour", static_cast<double>(found.false_alarms) / seconds * 3600);
  }
  facts.line("", text);
}

// How the model does beside a simpler detector.
std::string comparison(const Detector& simple, const Mean& difference) {
  const bool few_lines = simple.key == "independent_";
  const std::string name = few_lines ? "a " + simple.name + ", five lines of C," : simple.name;
  const std::string figure = ": the model's AUC less its is " + to_text(difference);
  if (!is_significant(difference)) return name + " does as well" + figure;
  return (difference.value > 0 ? "the model is better than " + simple.name : name + " does better") + figure;
}

}  // namespace

void add_detection(Facts& facts, const LabelledData& labelled, const Dataset& data,
                   const std::vector<Detector>& detectors) {
  const Areas areas = labelled.areas(detectors);
  for (std::size_t n = 0; n < detectors.size(); ++n) {
    facts.add(detectors[n].name, "AUC " + fixed(areas.areas[n], 4), detectors[n].key + "auc", areas.areas[n]);
    if (detectors[n].limit) add_limit(facts, labelled, data, detectors[n]);
  }
  for (std::size_t n = 1; n < detectors.size(); ++n)
    facts.line(n == 1 ? "compared" : "", comparison(detectors[n], areas.differences[n - 1]))
        .field(detectors[n].key + "auc_difference", areas.differences[n - 1]);
}

}  // namespace tool
