// BodyReader: the content of one request, read from what is already buffered and then from the stream. Part of an
// Exchange. It stops at the content's end to the byte: what follows in the buffer is the next request.
#pragma once

#include <cstdint>
#include <optional>
#include <span>
#include <string>

#include "basehttp/io/input_buffer.h"
#include "basehttp/io/patience.h"
#include "basehttp/io/stream.h"
#include "basehttp/io/task.h"
#include "basehttp/protocol/body_framing.h"
#include "basehttp/protocol/chunked.h"
#include "basehttp/protocol/limits.h"

namespace basehttp {

class BodyReader {
  public:
    BodyReader(InputBuffer& input, const Limits& limits)
        : input_(input), limits_(limits), patience_(limits.body_timeout, limits.min_rate) {}

    /// Starts on a request whose head takes `head_size` bytes of the buffer. `most`: bytes of content that it may
    /// have.
    void start(Stream& stream, std::size_t head_size, const BodyFraming& framing, bool expects_continue,
               std::uint64_t most = 0);

    /// Whether what has come of chunked content announces more than it may have: there is no need to wait for it.
    bool announces_too_much() const;

    /// Up to `space.size()` bytes of content; 0 at its end. Errors: EBADMSG bad chunk, EMSGSIZE past `most` or
    /// announced to be,
    /// ETIMEDOUT, ECONNRESET the client left before the end; the same error again from then on.
    Task<IoResult<std::size_t>> read(std::span<char> space);

    /// One line with its LF, or what there is before the content's end; empty at its end. EMSGSIZE: it is longer than
    /// `limit` bytes. Otherwise as read().
    Task<IoResult<std::string>> read_line(std::size_t limit);

    /// The trailer fields of chunked content, once it was read to its end; views that hold until finish().
    Fields trailers() const { return complete_ && chunked() ? decoder_.trailers() : Fields(); }

    /// Gives up: all reading fails with `code` from now on, and the client is to blame where there is a `refusal`.
    std::unexpected<IoError> fail(int code, std::optional<Refusal> refusal);

    /// Lets the client wait for no `100 Continue`, since the response has begun.
    void send_no_continue() { expects_continue_ = false; }

    /// Whether all content was read, or there is none.
    bool complete() const { return complete_; }

    /// Whether the buffer holds bytes of another request after this one's.
    bool is_followed() const { return complete_ && input_.unread().size() > head_size_ + taken_; }

    /// Whether what is unread may be so little, and is so surely on its way, that reading it beats a new connection.
    bool worth_draining() const;

    /// Reads and drops the rest. False: it cannot be had, or is too much.
    Task<bool> drain();

    /// Takes head and content out of the buffer.
    void finish();

    /// Bytes that were taken off the wire for the content, its framing included.
    std::uint64_t bytes_in() const { return bytes_in_; }

    /// Bytes that were sent to ask for it.
    std::uint64_t bytes_out() const { return bytes_out_; }

    /// errno of what made reading fail, or 0.
    int failure() const { return failure_; }

    /// Why the content cannot be read, where the client is to blame.
    std::optional<Refusal> refusal() const { return refusal_; }

  private:
    bool chunked() const { return framing_.kind == BodyFraming::Kind::chunked; }
    bool may_take_buffered() const { return failure_ == 0 && !complete_ && !expects_continue_; }
    IoResult<std::size_t> take_buffered(std::span<char> space);
    IoResult<std::size_t> take_chunked(std::span<char> space);
    Task<IoResult<std::size_t>> receive(std::span<char> space);
    Task<IoResult<void>> send_continue();
    IoResult<std::size_t> account(std::size_t size);
    std::string_view buffered() const { return input_.unread().substr(head_size_ + taken_); }

    InputBuffer& input_;
    const Limits& limits_;
    Patience patience_;
    Stream* stream_ = nullptr;
    std::size_t head_size_ = 0;
    std::size_t taken_ = 0;  // bytes after the head that were used up
    BodyFraming framing_;
    ChunkedDecoder decoder_;
    std::uint64_t left_ = 0;  // of a body with a length
    std::uint64_t read_ = 0;
    std::uint64_t most_ = 0;
    std::uint64_t bytes_in_ = 0;
    std::uint64_t bytes_out_ = 0;
    std::uint64_t turn_ = 0;  // what was received since others had theirs
    bool expects_continue_ = false;
    bool complete_ = true;
    int failure_ = 0;
    std::optional<Refusal> refusal_;
};

}  // namespace basehttp
