#pragma once

#include <cstddef>
#include <cstdint>
#include <string>
#include <vector>

namespace tool {

/// A stretch of a recording, in the sensor's own steps.
struct PlayedRecording {
  std::string data_name;      ///< as messages show it
  std::size_t first_row = 0;  ///< of the recording, from 0
  std::size_t channels = 1;
  std::vector<std::int16_t> readings;  ///< [rows][channels]
};

/// A C99 program that watches a sensor with the detector of a generated header, `header_file`, whose model is
/// called `name`; the program itself is `program_file`. It plays the recording where a device would take
/// readings, and prints what is odd, so that it runs on a desktop as it is. The same arguments give the same
/// text.
std::string watching_program(const std::string& name, const std::string& header_file,
                             const std::string& program_file, const PlayedRecording& recording);

}  // namespace tool
