#pragma once

#include <string_view>

namespace tool {

/// Whether a text is a date, a time of day or both: 2026-11-27T10:00:00Z, 27.11.2026 10:00, 11/27/26,
/// 27-Nov-2026, 10:00:00.5, 10:00 PM, 20261127T100000Z.
bool is_time(std::string_view text);

}  // namespace tool
