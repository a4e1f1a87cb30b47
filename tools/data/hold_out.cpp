#include "tools/data/hold_out.hpp"

#include <vector>

#include "tools/base/failure.hpp"
#include "tools/base/text.hpp"
#include "tools/data/label_collector.hpp"
#include "tools/data/window_split.hpp"
#include "tools/data/windows.hpp"

namespace tool {
namespace {

// Labels that one side has no example of: not learned, or not judged.
void note_labels_of_one_side(Dataset& data, const Dataset& held_out) {
  if (data.classes.empty()) return;
  const std::vector<std::size_t> learned = label_counts(data), judged = label_counts(held_out);
  std::string not_learned, not_judged;
  for (std::size_t k = 0; k < learned.size(); ++k) {
    std::string& names = learned[k] == 0 ? not_learned : not_judged;
    if ((learned[k] == 0) != (judged[k] == 0)) names += (names.empty() ? "" : ", ") + data.label_names[k];
  }
  if (!not_learned.empty())
    data.notes.push_back(data.name + ": every example of " + not_learned + " is held out: none is learned");
  if (!not_judged.empty())
    data.notes.push_back(data.name + ": no example of " + not_judged +
                         " is held out, so that it is not judged");
}

// Takes blocks of windows, spread over the recording, away from the data; and those that overlap them.
Dataset split_off_windows(Dataset& data, double share) {
  WindowSplit split = split_windows(data, share);
  if (split.learned.empty() || split.held_out.empty())
    throw Failure(data.name + ": " + counted(data.rows, "window") + " are too few for this --hold-out");
  Dataset held_out = take_rows(data, split.held_out);
  held_out.name += " (held out)";
  held_out.notes.clear();
  const std::size_t overlapping = data.rows - split.learned.size() - split.held_out.size();
  data = take_rows(data, split.learned);
  data.notes.push_back(data.name + ": " + counted(held_out.rows, "window") + " in " +
                       counted(split.blocks, "block") + " are held out, and " + grouped(overlapping) +
                       " that overlap them left out");
  note_labels_of_one_side(data, held_out);
  return held_out;
}

// Of each label the last examples, taken away from the data, which may be sorted by label; examples without a
// label count as those of one.
Dataset split_off_labelled(Dataset& data, double share) {
  const std::size_t labels = data.label_names.size();
  std::vector<std::size_t> counts(labels + 1), seen(labels + 1), learned, held_out;
  const auto kind = [&](std::size_t row) {
    return data.classes[row] == no_label ? labels : static_cast<std::size_t>(data.classes[row]);
  };
  for (std::size_t n = 0; n < data.rows; ++n) ++counts[kind(n)];
  for (std::size_t n = 0; n < data.rows; ++n) {
    const std::size_t all = counts[kind(n)];
    const auto last = static_cast<std::size_t>(static_cast<double>(all) * share);
    (seen[kind(n)]++ < all - last ? learned : held_out).push_back(n);
  }
  if (held_out.empty())
    throw Failure(data.name + ": " + counted(data.rows, "example") + " are too few for this --hold-out");
  Dataset last = take_rows(data, held_out);
  last.name += " (held out)";
  last.notes.clear();
  data = take_rows(data, learned);
  note_labels_of_one_side(data, last);
  return last;
}

}  // namespace

Dataset hold_out(Dataset& data, double share) {
  if (data.recording) return split_off_windows(data, share);
  if (!data.classes.empty()) return split_off_labelled(data, share);
  Dataset last;
  last.name = data.name + " (held out)";
  last.rows = static_cast<std::size_t>(static_cast<double>(data.rows) * share);
  if (last.rows == 0 || last.rows == data.rows)
    throw Failure(data.name + ": " + counted(data.rows, "example") + " are too few for this --hold-out");
  last.kind = data.kind;
  last.columns = data.columns;
  data.rows -= last.rows;
  if (!data.stored.bytes.empty()) {
    last.maximum = data.maximum;
    last.stored = data.stored;
    for (std::size_t n = 0; n < last.rows; ++n) last.places.push_back(data.place(data.rows + n));
    return last;
  }
  last.values.resize(last.rows * last.columns);
  for (std::size_t n = 0; n < last.rows; ++n) data.row(data.rows + n, last.values.data() + n * last.columns);
  return last;
}

}  // namespace tool
