#pragma once

#include <string>
#include <vector>

#include "tools/data/dataset.hpp"

namespace tool {

/// Whether a file begins as a WAV file does, or as one of its kin that cannot be read.
bool is_wav(const std::vector<unsigned char>& file);

/// Reads a WAV file (RIFF; PCM of 8, 16, 24 and 32 bits, floats of 32 and 64 bits, plain or
/// WAVE_FORMAT_EXTENSIBLE; its chunks in any order) as a recording: a sample a row, a channel a column,
/// `left` and `right` where there are two, else `channel1`, `channel2` and so on. Whole numbers are as they
/// are, from -32768 to 32767 where they have 16 bits; those of 8 bits, which WAV stores from 0 to 255, have
/// 128 taken away. The rate of the file gives the time of rows.
///
/// A length of 0 or near 2^32, as programs leave it that write to a pipe, stands for all that follows, and a
/// note says so. Throws Failure where the file is none of these, is cut short, or holds a value that cannot
/// be kept.
Dataset read_wav(const std::vector<unsigned char>& file, const std::string& name, const Reading& reading);

}  // namespace tool
