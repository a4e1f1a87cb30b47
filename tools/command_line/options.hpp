#pragma once

#include <limits>

#include "rbm/gibbs.hpp"
#include "tools/command_line/arguments.hpp"
#include "tools/data/windows.hpp"

namespace tool {

/// What several commands take by place.
namespace positional {

inline constexpr Positional model{
    "MODEL",
    "a model file, as rbm train writes it, .npz with its tensors or those of scikit-learn, or a header, as "
    "rbm quantize writes it; - for standard input"};

inline constexpr Positional data{
    "DATA", "an IDX, NumPy, CSV or WAV file, - for standard input, or the word digits or digits-test"};

}  // namespace positional

/// Options that several commands share; a command lists those that apply to it.
namespace option {

inline constexpr Flag json{"json", "print one JSON object a line on standard output instead of prose"};

inline constexpr Flag quiet{"quiet", "show no progress on standard error"};

inline constexpr Whole seed{"seed",
                            "N",
                            1,
                            {0, std::numeric_limits<std::uint64_t>::max()},
                            "start of the random numbers; the same seed gives the same bits"};

/// 0 if not given: platform::Threads takes that as one for each core.
inline constexpr Whole threads{"threads",
                               "N",
                               0,
                               {1, 1024},
                               "threads to work with; never changes a result",
                               "all cores; train measures"};

/// Of DATA; without it the kind of file decides.
inline constexpr OptionalReal maximum{
    "maximum",
    "X",
    std::nullopt,
    {1e-30, 1e30},
    "value in DATA that stands for intensity 1",
    "what MODEL remembers; else 255 for bytes (1 if all are 0 or 1), 16 for digits, else 1"};

/// Of DATA in tables.
inline constexpr Text columns{
    "columns", "LIST", "",
    "columns of DATA to take, by number from 1, by range or by name in the heading: "
    "2-17, 20 or left,right",
    "all but row numbers, times and labels"};
inline constexpr Whole skip_lines{
    "skip-lines", "N", 0, {0, 1000000}, "lines of text above the table in DATA that do not belong to it"};

/// Of DATA that is a recording, a row a moment.
inline constexpr Text label_column{
    "label-column", "COLUMN", "",
    "column of DATA, by number or name, that says which rows are odd: all but 0, false, normal and "
    "empty cells. It is never learned",
    "none"};
/// Of commands that learn or compare labels.
inline constexpr Text labels{
    "labels", "COLUMN|FILE", "",
    "which of a few each example is: a column of DATA by number or name, then no reading; or a file of one "
    "label for each row, IDX (MNIST's as they are), NumPy or text. Labels are names or whole numbers; of "
    "digits, digits says their own",
    "the column in which MODEL had them, if DATA has it; else none"};
inline constexpr Text time_column{
    "time-column", "COLUMN", "",
    "column of DATA, by number or name, that holds the time of each row, or counts rows",
    "found by its name and contents"};
inline constexpr OptionalReal rate{
    "rate", "HZ", std::nullopt, {1e-9, 1e9}, "rows of DATA a second, where no column tells times"};

/// Of DATA that is a recording, too; a model remembers these.
inline constexpr WholeOrAuto window{
    "window",
    "N|auto",
    {2, longest_window},
    "DATA is a recording, a row a moment and a column a channel: examples are windows of N readings of each "
    "channel in turn. With auto, rbm train chooses them",
    "what MODEL remembers; else rows are examples"};
inline constexpr OptionalWhole hop{"hop",
                                   "N",
                                   std::nullopt,
                                   {1, most_hop},
                                   "readings from one window to the next",
                                   "what MODEL remembers, else a quarter of a window"};
inline constexpr OptionalWhole decimate{"decimate",
                                        "N",
                                        std::nullopt,
                                        {1, most_decimation},
                                        "so many rows in turn become one reading, their mean",
                                        "what MODEL remembers, else 1; with --window auto chosen"};
inline constexpr Choice<Detrend> detrend{
    "detrend", detrend_words, Detrend::none,
    "what is taken away from each channel of a window: nothing, the mean of its first quarter, its mean, the "
    "line of least squares, or of each reading the one before it",
    "what MODEL remembers; in training chosen from the data"};

/// Of DATA, whatever it holds.
inline constexpr const Option* of_data[] = {&maximum, &columns, &skip_lines, &label_column, &time_column,
                                            &rate,    &window,  &hop,        &decimate,     &detrend};

/// Commands differ only in the kinds that they allow and in the default.
inline constexpr Choice<rbm::VisibleUnits> visible{
    "visible", "sampled|thresholded|means", rbm::VisibleUnits::sampled,
    "how intensities become states: drawn with their probability, on from 1/2, or as they are. A model "
    "remembers that of its training, which is then the default"};

/// Where nothing shall be left to chance.
inline constexpr Choice<rbm::VisibleUnits> visible_as_given{
    "visible", "sampled|thresholded|means", rbm::VisibleUnits::means,
    "how intensities become states: drawn with their probability, on from 1/2, or as they are, so that "
    "nothing is left to chance. Of a model trained on thresholded states, the default is thresholded"};

/// Where real-valued states have no meaning.
inline constexpr Choice<rbm::VisibleUnits> binary_visible{
    "visible", "sampled|thresholded", rbm::VisibleUnits::sampled,
    "how intensities become states: drawn with their probability, or on from 1/2. A model remembers "
    "that of its training"};

}  // namespace option

/// The options of a command that reads DATA: its own, those of DATA, and those of all commands.
inline OptionList with_data_options(OptionList own, const OptionList& of_all) {
  for (const Option* of_data : option::of_data) own.push_back(*of_data);
  own.insert(own.end(), of_all.begin(), of_all.end());
  return own;
}

}  // namespace tool
