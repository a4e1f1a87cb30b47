#pragma once

#include <string>
#include <string_view>
#include <vector>

namespace tool {

/// Text as HTML shows it, in an element as well as in an attribute's double quotes. Bytes that are no UTF-8
/// and control characters, which HTML cannot hold, become U+FFFD; line breaks and tabs stay.
std::string escaped(std::string_view text);

/// RFC 4648, with padding.
std::string base64(const std::vector<unsigned char>& bytes);

/// <name attributes>content</name>; the content is markup, `attributes` is written as it is.
std::string element(std::string_view name, std::string_view attributes, std::string_view content);

}  // namespace tool
