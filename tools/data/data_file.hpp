#pragma once

#include <string>
#include <vector>

#include "tools/data/dataset.hpp"

namespace tool {

/// The path of the file that holds data of this name; empty for `digits` and `digits-test`, which are no
/// files.
std::string data_file(const std::string& name);

/// Whether a path leads to a regular file that is an IDX or NPY array: open_dataset() maps those, and reads
/// only what is looked at. Other files, and pipes, are read as a whole.
bool is_array_file(const std::string& path);

/// Reads the word `digits` (the first 1,500 of the digits that ship with the project, for training),
/// `digits-test` (the last 297, held out), the path of an IDX, NPY, WAV or CSV file, or `-`, such a file on
/// standard input. Where neither the user nor a model says what means 1, that is 255 in files of bytes (1 if
/// all are 0 or 1), 16 in the shipped digits, else 1.
///
/// Where the reading leaves the kind to the file, these hold intensities: bytes, the shipped digits, pictures
/// (arrays with an extent for height and one for width), numbers that are all 0 or 1, and what a maximum is
/// known of. All else holds readings.
///
/// Throws Failure where the file is none of these, is cut short or holds a value that cannot be kept, as
/// an intensity beyond the maximum (rows, lines and columns in messages count from 1), platform::FileError
/// where the file cannot be read. A maximum must be finite and above 0.
Dataset open_dataset(const std::string& name, const Reading& reading);

/// Reads data from the bytes of a file, which messages call `name`. Throws Failure likewise.
Dataset parse_dataset(std::vector<unsigned char> file, const std::string& name, const Reading& reading);

}  // namespace tool
