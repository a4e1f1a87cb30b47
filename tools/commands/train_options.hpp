#pragma once

#include <cstdint>

#include "tools/training/checkpoint.hpp"

namespace tool {

enum class NamedRecipe { tutorial, likelihood };

namespace training {

inline constexpr Choice<NamedRecipe> recipe{
    "recipe", "tutorial|likelihood", NamedRecipe::tutorial,
    "options that belong together: tutorial is the well-known one, likelihood is for the best model in nats. "
    "Each but --shuffle can be changed by an option of its own"};
inline constexpr Whole epochs{"epochs",
                              "N",
                              0,
                              {1, most_epochs},
                              "passes over the data",
                              "10; likelihood: 60, and at least 50,000 batches"};

}  // namespace training

/// The recipe that a command line asks for: the named one, with the options that were given in its place.
/// Throws Misuse where they contradict each other.
Recipe read_recipe(const Arguments& arguments);

/// How many epochs over this many examples a command line asks for.
std::uint64_t read_epochs(const Arguments& arguments, const Recipe& recipe, std::uint64_t examples);

/// Throws Misuse where an option is given that a checkpoint fixes.
void refuse_choices(const Arguments& arguments);

}  // namespace tool
