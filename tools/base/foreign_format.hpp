/// Files that are not for this program, told by what they begin with.
#pragma once

#include <string>
#include <vector>

namespace tool {

/// What a file is that some other program wrote, and how to get at what it holds: "is an HDF5 file: save ..."
/// with `save` as the way out for files that hold arrays; `name` is what messages call it. Empty if no such
/// format is known.
std::string describe_foreign(const std::vector<unsigned char>& file, const std::string& name,
                             const std::string& save);

}  // namespace tool
