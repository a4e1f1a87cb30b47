/// Data files that exist for one test only.
#pragma once

#include <doctest/doctest.h>

#include <cstddef>
#include <optional>
#include <string>
#include <vector>

#include "tests/support/folder.hpp"
#include "tools/base/failure.hpp"
#include "tools/data/data_file.hpp"
#include "tools/data/dataset.hpp"

namespace fixture {

/// What the bytes of a file, called "data" in messages and notes, are read as.
inline tool::Dataset open_bytes(const std::string& bytes, const tool::Reading& reading = {}) {
  const Folder folder;
  folder.write("data", bytes);
  const std::string name = folder.path("data");
  const auto renamed = [&](std::string message) {
    for (std::size_t at; (at = message.find(name)) != message.npos;) message.replace(at, name.size(), "data");
    return message;
  };
  try {
    tool::Dataset data = tool::open_dataset(name, reading);
    for (std::string& note : data.notes) note = renamed(note);
    return data;
  } catch (const tool::Failure& failure) {
    throw tool::Failure(renamed(failure.what()), failure.exit_status);
  }
}

/// Every intensity, row by row.
inline std::vector<float> all_intensities(const tool::Dataset& data) {
  std::vector<float> values(data.rows * data.columns);
  for (std::size_t n = 0; n < data.rows; ++n) data.row(n, values.data() + n * data.columns);
  return values;
}

}  // namespace fixture

/// Reading these bytes fails with this message, in which the file is called data.
#define CHECK_REFUSED(bytes, message) CHECK_THROWS_WITH_AS(open_bytes(bytes), message, tool::Failure)
