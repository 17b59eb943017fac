// LogRecord: what one line of an access log says, whatever its format: an AccessRecord as far as it can be read back.
// Filled in by whoever reads lines; which directive and which JSON key fills which member is in their tables
// (log_directive.h, json_keys.h).
//
// Texts are unescaped: they hold the bytes that the client sent, and must be escaped anew before they are shown. They
// are views into the line, or into the reader's own memory, and last until the reader reads its next line.
#pragma once

#include <cstdint>
#include <optional>
#include <string_view>
#include <vector>

#include "basehttp/log/captured.h"

namespace basehttp {

struct LogRecord {
    using Number = std::optional<std::int64_t>;

    Number time_us;  ///< arrival, microseconds since 1970 in UTC
    Number status;   ///< 0: the line says that no response was begun
    Number bytes;    ///< of content
    Number bytes_in;
    Number bytes_out;
    Number bytes_both;  ///< received and sent, where the line has no more than the sum
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
    std::string_view query;     ///< with its `?`, where the format names it apart from the path
    std::string_view protocol;  ///< empty for HTTP/0.9, too
    std::string_view referer;
    std::string_view user_agent;
    std::string_view request_id;
    std::string_view site;
    std::string_view route;
    std::string_view run;
    std::string_view ended;  ///< `complete`, `client_left` …; `cut_short` where a format says no more than that
    std::string_view signal;

    std::vector<Captured::Entry> captured;  ///< fields, cookies, notes and the like that the format names

    /// How much was sent, as well as the line says it: of content, or else with head and framing.
    const Number& size() const { return bytes ? bytes : bytes_out; }

    /// The target without its query.
    std::string_view path() const { return target.substr(0, target.find('?')); }
};

}  // namespace basehttp
