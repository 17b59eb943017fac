// HeadReader: the head of one request, read from what is already buffered and then from the stream. Part of an
// Exchange.
#pragma once

#include <cstddef>
#include <cstdint>
#include <expected>

#include "basehttp/io/input_buffer.h"
#include "basehttp/io/stream.h"
#include "basehttp/io/task.h"
#include "basehttp/protocol/limits.h"
#include "basehttp/protocol/request_parser.h"

namespace basehttp {

class HeadReader {
  public:
    HeadReader(InputBuffer& input, Request& request, const Limits& limits)
        : input_(input), request_(request), limits_(limits), parser_(limits) {}

    /// Fills the request with views into the buffer; they hold until its content has been read or the buffer is told
    /// to make room. `first_on_connection`: as RequestParser::restart() has it.
    Task<std::expected<void, Refusal>> read(Stream& stream, bool first_on_connection);

    /// Whether reading failed before anything but blank lines had come: such a connection ends as an idle one does.
    bool nothing_came() const { return nothing_came_; }

    /// errno of what ended the stream before the head did: ECONNRESET, ETIMEDOUT or ECANCELED; or 0.
    int failure() const { return failure_; }

    /// When the last bytes came, by the monotonic clock; 0: they were there before it began to read.
    std::int64_t last_arrival_ns() const { return last_arrival_ns_; }

    /// Bytes of the head, once complete.
    std::size_t size() const { return parser_.head_size(); }

    /// Makes sure that the buffer has room for at least `size` bytes after the head.
    std::expected<void, Refusal> make_room_after_head(std::size_t size);

  private:
    Task<std::expected<void, Refusal>> read_rest(Stream& stream);
    std::expected<ParseProgress, Refusal> parse();
    void make_room();
    Task<std::expected<void, Refusal>> receive(Stream& stream);
    std::unexpected<Refusal> fail(int code, Refusal refusal);
    void start_over();

    InputBuffer& input_;
    Request& request_;
    const Limits& limits_;
    RequestParser parser_;
    bool first_on_connection_ = true;
    bool nothing_came_ = false;
    int failure_ = 0;
    std::int64_t last_arrival_ns_ = 0;
};

}  // namespace basehttp
