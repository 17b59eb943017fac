// LogRecord: what one line of an access log tells, whatever its format. Filled in by a LineReader; lives in
// basehttpctl.
//
// Texts are unescaped: they hold the bytes that the client sent, and must be escaped anew before they are shown. They
// are views into the line, or into the reader's own memory, and last until the reader reads its next line.
#pragma once

#include <cstdint>
#include <optional>
#include <string_view>

namespace basehttpd {

struct LogRecord {
    using Number = std::optional<std::int64_t>;

    Number time_us;  ///< arrival, microseconds since 1970 in UTC
    Number status;   ///< 0: the line says that no response was begun
    Number bytes;    ///< of content
    Number bytes_in;
    Number bytes_out;
    Number client_port;
    Number peer_port;
    Number server_port;
    Number connection;
    Number request_number;
    Number worker;
    Number pid;
    Number serial;
    Number head_us;
    Number handler_us;
    Number first_byte_us;
    Number duration_us;

    // Empty where the line does not say.
    std::string_view client;       ///< its address; of a text format with `resolve_hostnames`, its name
    std::string_view client_name;  ///< where it stands beside the address
    std::string_view peer;
    std::string_view server;
    std::string_view host;
    std::string_view user;
    std::string_view request;  ///< the request line
    std::string_view method;   ///< with target and protocol: of the request line, or named by the format
    std::string_view target;
    std::string_view protocol;  ///< empty for HTTP/0.9, too
    std::string_view referer;
    std::string_view user_agent;
    std::string_view request_id;
    std::string_view site;
    std::string_view route;
    std::string_view run;
    std::string_view ended;  ///< `complete`, `client_left` …; `cut_short` where a format says no more than that
    std::string_view signal;

    /// How much was sent, as well as the line says it: of content, or else with head and framing.
    const Number& size() const { return bytes ? bytes : bytes_out; }

    /// The target without its query.
    std::string_view path() const { return target.substr(0, target.find('?')); }
};

/// Fills in method, target and protocol from the request line where it is one: `GET /path HTTP/1.1`, or `GET /path`
/// of HTTP/0.9. Leaves them empty where it is not.
void split_request_line(LogRecord& record);

}  // namespace basehttpd
