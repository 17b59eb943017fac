#include "basehttp/handlers/listing_json.h"

#include <iterator>

#include <fmt/chrono.h>
#include <fmt/format.h>

#include "basehttp/handlers/listing_page.h"
#include "basehttp/protocol/target.h"
#include "basehttp/text/json.h"

namespace basehttp {

void append_json_listing_start(std::string& out, std::string_view path) {
    out += "{\"path\":";
    append_json_string(out, path);
    out += ",\"entries\":[";
}

void append_json_listing_entry(std::string& out, const DirectoryEntry& entry, bool first) {
    std::string link = "./";
    append_escaped_path(link, entry.name);
    if (entry.is_directory) link += '/';
    const std::tm utc = listed_time(entry.modified);
    out += first ? "\n{\"name\":" : ",\n{\"name\":";
    append_json_string(out, entry.name);
    out += ",\"href\":";
    append_json_string(out, link);
    out += entry.is_directory ? ",\"type\":\"folder\"" : ",\"type\":\"file\"";
    if (!entry.is_directory) fmt::format_to(std::back_inserter(out), ",\"size\":{}", entry.size);
    fmt::format_to(std::back_inserter(out), ",\"modified\":\"{:%Y-%m-%dT%H:%M:%SZ}\"}}", utc);
}

void append_json_listing_end(std::string& out) {
    out += "\n]}\n";
}

}  // namespace basehttp
