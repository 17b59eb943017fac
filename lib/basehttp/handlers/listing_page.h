// The listing of a folder as an HTML page, piece by piece. Names come from the disk and may hold anything: all of it
// is escaped. The page works without its script; with it, sorting needs no request.
#pragma once

#include <string>
#include <string_view>

#include "basehttp/handlers/directory_entries.h"
#include "basehttp/handlers/listing_order.h"

namespace basehttp {

/// The Content-Security-Policy of the page: it runs its own script, uses its own style, and loads nothing.
extern const std::string kListingPolicy;

/// Everything up to the first row. `path` is decoded and ends with a slash.
void append_listing_start(std::string& page, std::string_view path, ListingOrder order);

void append_listing_row(std::string& page, const DirectoryEntry& entry);

/// Everything after the last row, with what `entries` counted.
void append_listing_end(std::string& page, const DirectoryEntries& entries);

/// UTC, within the years 1970 to 9999.
std::tm listed_time(std::time_t time);

}  // namespace basehttp
