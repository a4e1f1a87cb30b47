#pragma once

#include <limits>

#include "rbm/gibbs.hpp"
#include "tools/command_line/arguments.hpp"

namespace tool {

/// What several commands take by place.
namespace positional {

inline constexpr Positional model{
    "MODEL",
    "a model file, as rbm train writes it, .npz with its tensors or those of scikit-learn, or a header, as "
    "rbm quantize writes it; - for standard input"};

inline constexpr Positional data{
    "DATA", "an IDX, NumPy or CSV file, - for standard input, or the word digits or digits-test"};

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
inline constexpr Whole threads{"threads",  "N", 0, {1, 1024}, "threads to work with; never changes a result",
                               "all cores"};

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
}  // namespace tool
