// ResponseParser: the head of a response from another server, from bytes to ReceivedResponse. No I/O. Strict, since
// what two readers could take differently is a smuggler's tool in this direction too:
//
//     status-line = HTTP-version SP status-code SP [ reason-phrase ]     (RFC 9112, 4; the last SP may be missing)
//     head        = status-line CRLF *( field-line CRLF ) CRLF
//
// Lines end with CRLF and nothing else, and the version is HTTP/1.0 to HTTP/1.9. A program's response has another
// form (RFC 3875, 6): no status line, but perhaps a field Status, and lines that may end with LF alone. States:
// status_line → fields → complete.
#pragma once

#include <cstddef>
#include <cstdint>
#include <expected>
#include <string_view>

#include "basehttp/protocol/limits.h"
#include "basehttp/protocol/parse_progress.h"
#include "basehttp/protocol/received_response.h"
#include "basehttp/protocol/refusal.h"

namespace basehttp {

class ResponseParser {
  public:
    enum class Form : std::uint8_t { http, cgi };

    /// Of `limits`, request_line bounds the status line, and header_bytes and header_fields the field lines. They
    /// must outlive the parser.
    explicit ResponseParser(const Limits& limits, Form form = Form::http) : limits_(limits), form_(form) {
        restart();
    }
    explicit ResponseParser(Limits&&, Form = Form::http) = delete;

    /// Starts over. Also to be called where the bytes have moved in memory.
    void restart();

    /// Looks at what has arrived of a response and fills `response`, which the first call clears, with views into it.
    /// `received` starts with the response's first byte, at the same address in each call since restart().
    std::expected<ParseProgress, Refusal> parse(std::string_view received, ReceivedResponse& response);

    /// Bytes of the head, once complete: the content starts there.
    std::size_t head_size() const { return line_start_; }

  private:
    enum class State : std::uint8_t { status_line, fields, complete };

    std::expected<void, Refusal> check_size(std::size_t line_size) const;
    std::expected<void, Refusal> take_line(std::string_view line, ReceivedResponse& response);

    const Limits& limits_;
    Form form_;
    State state_ = State::status_line;
    std::size_t line_start_ = 0;    // of the line that is being received
    std::size_t scanned_ = 0;       // no line end from line_start_ up to here
    std::size_t fields_start_ = 0;  // of the first field line
};

}  // namespace basehttp
