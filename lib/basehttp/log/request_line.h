// RequestLine: a request line as logs keep it, taken apart again. What was received need not have been a request.
#pragma once

#include <optional>
#include <string>
#include <string_view>

namespace basehttp {

struct RequestLine {
    std::string_view method;
    std::string_view target;    ///< as received
    std::string_view protocol;  ///< `HTTP/1.1`; `HTTP/0.9` where the line has none

    /// The words of `line`; nothing where it is no request.
    static std::optional<RequestLine> split(std::string_view line);

    /// The target's path, not decoded: without scheme and host, and without its query.
    std::string_view path() const;

    /// The path as the handlers have it, decoded and without dot segments; where it cannot be decoded, as received.
    std::string decoded_path() const;

    /// The query with its question mark, or empty.
    std::string_view query() const;
};

}  // namespace basehttp
