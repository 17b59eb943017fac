#include "daemon/ctl/logs/lines/log_record.h"

#include <algorithm>

#include "basehttp/text/ascii.h"

namespace basehttpd {
namespace {

bool is_method(std::string_view text) {
    return !text.empty() && std::ranges::all_of(text, [](char c) { return basehttp::is_token_char(c); });
}

// Another word at the end is a part of a target with spaces.
bool is_protocol(std::string_view text) {
    return text.starts_with("HTTP/") && text.size() <= 16 && !text.contains(' ');
}

}  // namespace

void split_request_line(LogRecord& record) {
    const std::string_view line = record.request;
    const std::size_t first = line.find(' ');
    if (first == std::string_view::npos || !is_method(line.substr(0, first))) return;
    const std::size_t last = line.rfind(' ');
    const bool versioned = last > first && is_protocol(line.substr(last + 1));
    if (!versioned && line.substr(0, first) != "GET") return;
    record.method = line.substr(0, first);
    record.target = versioned ? line.substr(first + 1, last - first - 1) : line.substr(first + 1);
    if (versioned) record.protocol = line.substr(last + 1);
}

}  // namespace basehttpd
