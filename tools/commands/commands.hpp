#pragma once

#include <array>
#include <string>
#include <string_view>

#include "tools/command_line/arguments.hpp"
#include "tools/command_line/options.hpp"

namespace tool {

extern const Command train_command;
extern const Command watch_command;
extern const Command evaluate_command;
extern const Command classify_command;
extern const Command score_command;
extern const Command fill_command;
extern const Command reconstruct_command;
extern const Command sample_command;
extern const Command filters_command;
extern const Command features_command;
extern const Command quantize_command;
extern const Command info_command;
extern const Command help_command;

/// Every command of the program, in the order of the help text.
inline constexpr std::array<const Command*, 13> commands{
    &train_command,    &watch_command,       &evaluate_command, &classify_command, &score_command,
    &fill_command,     &reconstruct_command, &sample_command,   &filters_command,  &features_command,
    &quantize_command, &info_command,        &help_command};

/// The command of that name. Throws Misuse, suggesting the nearest, if there is none.
const Command& find_command(std::string_view name);

/// What the program is, in a line.
inline constexpr std::string_view program_summary =
    "restricted Boltzmann machines, learned here, run on a microcontroller";

/// What holds for all commands.
inline constexpr std::string_view program_notes =
    "A first tour, with the 8x8 digits that come with it:\n"
    "  rbm train digits --hidden 64 --epochs 30 --out model.safetensors\n"
    "  rbm filters model.safetensors --image filters.png\n"
    "  rbm reconstruct model.safetensors digits-test --count 32 --image pairs.png\n"
    "  rbm sample model.safetensors --count 64 --steps 1000 --image samples.png\n"
    "  rbm quantize model.safetensors --bits 8 --out digits_rbm.h\n\n"
    "DATA: an IDX (MNIST's format), NumPy .npy or CSV file, - for standard input, or\n"
    "the word digits (for learning) or digits-test (held out).\n"
    "Exit status: 0 done, 1 failed, 2 wrong usage, 130 interrupted.\n";

/// What `rbm help` prints: every command, a first tour, the kinds of data.
std::string overview();

/// What `rbm help NAME` prints: usage, positionals, options with their defaults, notes.
std::string help_text(const Command& command);

/// All of `rbm help` as a manual page, in the language of man.
std::string man_page();

}  // namespace tool
