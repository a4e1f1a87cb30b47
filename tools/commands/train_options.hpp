#pragma once

#include <cstdint>
#include <optional>
#include <string>

#include "tools/command_line/false_alarms.hpp"
#include "tools/training/checkpoint.hpp"

namespace tool {

enum class NamedRecipe { tutorial, likelihood, labels };

/// What `rbm train` is called with beside the recipe.
namespace training {

inline constexpr Choice<NamedRecipe> recipe{
    "recipe", "tutorial|likelihood|labels", NamedRecipe::tutorial,
    "options that belong together: tutorial is the well-known one, likelihood gives the best "
    "model in nats, labels tells labels apart best. Every option but --shuffle can still be changed",
    "labels with --labels; else tutorial, of readings likelihood"};
inline constexpr Whole epochs{
    "epochs",
    "N",
    0,
    {1, most_epochs},
    "passes over the data",
    "10; likelihood: 60, and at least 50,000 batches; of readings 30,000 batches, but 5 to 1,000 epochs; "
    "labels: 200, but 10,000 to 30,000 batches"};
inline constexpr Text out{"out", "FILE", "model.safetensors", "where the model goes, - for standard output"};
inline constexpr Text resume{"resume", "FILE", "",
                             "resume from this checkpoint, with its options; DATA must be the same"};
inline constexpr Text validation{
    "validation", "DATA", "",
    "data not learned from: after each epoch their mean free energy is compared with that of "
    "training data. The gap grows where the model learns by heart",
    "none"};
inline constexpr Text validation_labels{
    "validation-labels", "COLUMN|FILE", "",
    "column of --validation, by number or name, or file that holds its labels", "the column of --labels"};
inline constexpr Real hold_out{"hold-out",
                               "SHARE",
                               0,
                               {0.001, 0.9},
                               "hold this last share of DATA out for validation; with labels, of each label",
                               "none"};
inline constexpr OptionalReal stop_gap{
    "stop-gap",
    "NATS",
    std::nullopt,
    {0, 1e6},
    "stop after the epoch in which the free-energy gap of validation exceeds this",
    "never"};
inline constexpr Whole nats{
    "nats",
    "N",
    0,
    {1, 1000000},
    "estimate the log-likelihood every N epochs and at the end, of validation data too; takes "
    "seconds each time for large models",
    "never"};
inline constexpr FalseAlarmsOption false_alarms{
    "false-alarms",
    "set a limit for what is odd, which this share of normal examples may exceed, or so many alarms in a "
    "time: 1%, '1 a day'. Four more models learn, each without a quarter of DATA, which it scores",
    "no limit"};
inline constexpr VotesOption votes{
    "votes", "with --false-alarms: the K-th largest of the last N scores counts for the limit"};
inline constexpr Text report{
    "report", "FILE", "",
    "a page (HTML) of the run: curves, histograms, filters, samples, options, the command to repeat it",
    "none"};

}  // namespace training

/// The recipe that a command line asks for: the named one, with the options that were given in its place.
/// Without a name, labels are learned by their recipe, else readings by likelihood, and intensities as in the
/// tutorial. Throws Misuse where options contradict each other.
Recipe read_recipe(const Arguments& arguments, DataKind kind);

/// What a command line says of the numbers in DATA: intensities or readings, or nothing where the file
/// decides. Throws Misuse where options contradict each other.
std::optional<DataKind> read_kind(const Arguments& arguments);

/// Sets what readings decide where the command line does not: whether one scale serves all, and how many
/// factors.
void fit_recipe(Recipe& recipe, const Arguments& arguments, const Dataset& data,
                const ReadingStatistics& statistics);

/// How many epochs over this many examples a command line asks for.
std::uint64_t read_epochs(const Arguments& arguments, const Recipe& recipe, DataKind kind,
                          std::uint64_t examples);

/// Throws Misuse where an option is given that a checkpoint fixes.
void refuse_choices(const Arguments& arguments);

/// Where the model goes. A resumed run goes on to the file that it was begun for.
std::string output_name(const Arguments& arguments);

/// FILE.checkpoint, beside the output.
std::string checkpoint_name(const std::string& output);

/// The options that no checkpoint fixes, as they were given, each after a space, as a shell takes them.
std::string words_beside_recipe(const Arguments& arguments);

}  // namespace tool
