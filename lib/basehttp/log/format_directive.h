// FormatDirective: one part of a log format: a literal text, or one of the directives of Apache's mod_log_config.
//
//     directive = "%" *( "<" / ">" / condition / "{" argument "}" ) ( letter / "^FB" / "^ti" / "^to" )
//     condition = [ "!" ] status *( "," status )        other statuses get "-"
//
//     %a %{c}a     address of the client, of the peer      %A           address of the server
//     %B %b        bytes of content, - for none            %I %O %S     bytes received, sent, both; on the wire
//     %h           the client's name or address            %l           - (what identd would say)
//     %u           authenticated user                      %L           the request's id
//     %t %{…}t     time of arrival                         %D %T %{…}T  how long it took
//     %^FB         microseconds until the first byte       %k           requests before this on its connection
//     %r           request line                            %m %U %q %H  its method, path, query and protocol
//     %s           status                                  %X           how the connection ended
//     %v %V        the site's name, the host asked for     %p %{…}p     port of the server, of the client
//     %P %{…}P     process                                 %f %R        file, kind of handler
//     %{N}i %{N}o  field of request, of response           %{N}C        cookie
//     %{N}^ti      trailer field of request                %{N}^to      - (responses have none)
//     %{N}n        note of a handler                       %{N}e        variable of the environment
#pragma once

#include <cstddef>
#include <cstdint>
#include <expected>
#include <string>
#include <string_view>
#include <vector>

#include "basehttp/log/captured.h"

namespace basehttp {

/// What is wrong with a format string, and at which of its bytes.
struct FormatProblem {
    std::size_t offset = 0;
    std::string message;
};

struct FormatDirective {
    enum class Item : std::uint8_t {
        literal,
        client_name,
        client,
        peer,
        local,
        body_bytes,
        body_bytes_or_dash,
        bytes_in,
        bytes_out,
        bytes_both,
        user,
        request_id,
        time,
        duration,
        first_byte,
        requests_before,
        request_line,
        method,
        path,
        query,
        protocol,
        status,
        ending,
        site,
        host,
        local_port,
        client_port,
        process,
        process_hex,
        referer,
        user_agent,
        captured,
    };
    /// Which moment a time is, and what of it is written.
    enum class Moment : std::uint8_t { arrival, end };
    enum class TimePart : std::uint8_t {
        text,
        seconds,
        milliseconds,
        microseconds,
        millisecond_part,
        microsecond_part
    };

    Item item = Item::literal;
    std::string text;  ///< of a literal; a captured name; a time's strftime format, empty for the usual one
    CaptureKind kind = CaptureKind::request_field;
    Moment moment = Moment::arrival;
    TimePart time_part = TimePart::text;
    std::int64_t unit_ns = 1;               ///< of a duration
    std::size_t time_index = 0;             ///< the compiled format's own
    std::vector<std::uint16_t> statuses{};  ///< written for these alone, or
    bool but_not_these = false;             ///< for all others

    /// Whether it is written for a response with `status`.
    bool applies_to(std::uint16_t status) const;

    /// Reads the directive that starts with the `%` at `format[at]`, and moves `at` past it.
    static std::expected<FormatDirective, FormatProblem> read(std::string_view format, std::size_t& at);
};

}  // namespace basehttp
