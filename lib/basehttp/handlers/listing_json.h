// The listing of a folder as JSON: `{"path": …, "entries": [{"name", "href", "type", "size", "modified"}, …]}`,
// piece by piece.
#pragma once

#include <string>
#include <string_view>

#include "basehttp/handlers/directory_entries.h"

namespace basehttp {

inline constexpr std::string_view kListingJsonType = "application/json";

void append_json_listing_start(std::string& out, std::string_view path);

/// Bytes of the name that are not UTF-8 become U+FFFD; the link has them all.
void append_json_listing_entry(std::string& out, const DirectoryEntry& entry, bool first);

void append_json_listing_end(std::string& out);

}  // namespace basehttp
