#pragma once

#include <string>
#include <string_view>
#include <vector>

namespace tool {

/// Whether a file is text in UTF-16: by its byte order mark, or as every second byte of its beginning is 0
/// and no other.
bool is_utf16(const std::vector<unsigned char>& file);

/// Whether the beginning of a file has no control characters but those that lay out text.
bool looks_like_text(const std::vector<unsigned char>& file);

/// The text of a file without a byte order mark. UTF-16, and what is no UTF-8 and so taken for Windows-1252,
/// is converted into `storage`, to UTF-8; any other text is looked at where it is. Throws Failure, with the
/// file's name, for UTF-32 and broken UTF-16.
std::string_view decode_text(const std::vector<unsigned char>& file, const std::string& name,
                             std::string& storage);

}  // namespace tool
