// RequestParser: the head of a request, from bytes to Request. No I/O and, once Request has grown its vectors, no
// allocation. A Connection owns one and feeds it the buffer from the request's first byte, again with each arrival.
//
//     HTTP-message   = start-line CRLF *( field-line CRLF ) CRLF [ message-body ]     (RFC 9112, 2.1)
//     request-line   = method SP request-target SP HTTP-version
//     simple-request = "GET" SP request-target CRLF                                   (HTTP/0.9)
//     field-line     = field-name ":" OWS field-value OWS
//
// States: request_line → fields → complete. A simple request is complete after its line.
#pragma once

#include <array>
#include <cstddef>
#include <cstdint>
#include <expected>
#include <string_view>

#include "basehttp/protocol/limits.h"
#include "basehttp/protocol/parse_progress.h"
#include "basehttp/protocol/refusal.h"
#include "basehttp/protocol/request.h"

namespace basehttp {

class RequestParser {
  public:
    /// `limits` must outlive the parser.
    explicit RequestParser(const Limits& limits) : limits_(limits) {}
    explicit RequestParser(Limits&&) = delete;

    /// Starts over. HTTP/0.9 is accepted only where `first_on_connection`. Also to be called where the bytes have
    /// moved in memory, since what was parsed before points to where they were.
    void restart(bool first_on_connection);

    /// Looks at what has arrived of a request and fills `request`, which the first call clears, with views into it.
    /// `received` starts with the request's first byte, at the same address in each call since restart(). After a
    /// refusal, `request` holds what was understood until then: its `line` as far as it was looked at, its version
    /// HTTP/1.1 unless another was read.
    std::expected<ParseProgress, Refusal> parse(std::string_view received, Request& request);

    /// Bytes of the head with all line ends, once complete: the body starts there.
    std::size_t head_size() const { return line_start_; }

    /// Whether parse() has seen anything but blank lines since restart().
    bool started() const { return scanned_ > line_start_ || state_ != State::request_line; }

  private:
    enum class State : std::uint8_t { request_line, fields, complete };

    std::expected<bool, Refusal> next_line(std::string_view received, std::string_view& line, Request& request);
    std::expected<void, Refusal> check_request_line(std::string_view line) const;
    std::expected<void, Refusal> take_line(std::string_view line, Request& request);
    std::expected<void, Refusal> take_request_line(std::string_view line, Request& request);
    std::expected<void, Refusal> take_simple_request(std::string_view method, std::string_view target,
                                                     Request& request);
    std::expected<void, Refusal> take_version(std::string_view text, Request& request) const;
    std::expected<void, Refusal> take_target(std::string_view raw, Request& request) const;
    std::expected<void, Refusal> finish(Request& request);

    std::expected<void, Refusal> tolerate(Leniency leniency, Request& request) const;

    const Limits& limits_;
    State state_ = State::request_line;
    bool first_on_connection_ = true;
    std::size_t empty_lines_ = 0;
    std::size_t line_start_ = 0;    // of the line that is being received
    std::size_t scanned_ = 0;       // no line end from line_start_ up to here
    std::size_t fields_start_ = 0;  // of the first field line
};

}  // namespace basehttp
