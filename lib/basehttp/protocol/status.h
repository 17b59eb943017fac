// Status codes: the seed's responses table, grown to today's IANA registry. Constant data; used in every process.
#pragma once

#include <span>
#include <string_view>

namespace basehttp {

/// One row of the responses table.
struct StatusInfo {
    int code;
    std::string_view phrase;       ///< the reason phrase of the status line
    std::string_view explanation;  ///< one sentence for the error page, without its full stop
};

/// The row for `code`, or nullptr where the registry has none.
const StatusInfo* find_status(int code);

/// All rows in order of their codes.
std::span<const StatusInfo> all_statuses();

/// True where a response of this status never has content (RFC 9110, 6.4.1): 1xx, 204 and 304.
constexpr bool status_forbids_content(int code) {
    return (code >= 100 && code < 200) || code == 204 || code == 304;
}

}  // namespace basehttp
