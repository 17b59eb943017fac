#include "basehttp/server/head_reader.h"

#include <algorithm>
#include <cerrno>

#include "basehttp/io/monotonic_clock.h"

namespace basehttp {

// Reads until the head is complete. RFC 9112, section 2.1.
Task<std::expected<void, Refusal>> HeadReader::read(Stream& stream, bool first_on_connection) {
    first_on_connection_ = first_on_connection;
    nothing_came_ = false;
    failure_ = 0;
    last_arrival_ns_ = 0;
    start_over();
    const auto progress = parse();
    if (!progress) return std::unexpected(progress.error());
    if (*progress == ParseProgress::complete) return std::expected<void, Refusal>{};
    return read_rest(stream);
}

// Goes on where a part of the head has come.
Task<std::expected<void, Refusal>> HeadReader::read_rest(Stream& stream) {
    stream.set_deadline(limits_.header_timeout);
    for (;;) {
        const auto received = co_await receive(stream);
        if (!received) co_return received;
        const auto progress = parse();
        if (!progress) co_return std::unexpected(progress.error());
        if (*progress == ParseProgress::complete) co_return std::expected<void, Refusal>{};
    }
}

// Parses what there is; afterwards the buffer has space for more.
std::expected<ParseProgress, Refusal> HeadReader::parse() {
    auto progress = parser_.parse(input_.unread(), request_);
    if (!progress || *progress == ParseProgress::complete || !input_.space().empty()) return progress;
    make_room();
    return parser_.parse(input_.unread(), request_);
}

void HeadReader::make_room() {
    if (input_.unread().size() < input_.capacity()) {
        input_.compact();
    } else {
        input_.grow(2 * input_.capacity());
    }
    start_over();
}

// The bytes are elsewhere now, or another request's: what was parsed points to where they were.
void HeadReader::start_over() {
    parser_.restart(first_on_connection_);
}

Task<std::expected<void, Refusal>> HeadReader::receive(Stream& stream) {
    for (;;) {
        const auto got = stream.read_some(input_.space());
        if (got && *got > 0) {
            input_.commit(*got);
            last_arrival_ns_ = monotonic_ns();
            co_return std::expected<void, Refusal>{};
        }
        if (got || !got.error().would_block()) co_return fail(ECONNRESET, Refusal::head_cut_short);
        const auto ready = co_await stream.until_readable();
        if (!ready) co_return fail(ready.error().code, Refusal::head_timed_out);
    }
}

std::unexpected<Refusal> HeadReader::fail(int code, Refusal refusal) {
    failure_ = code;
    nothing_came_ = input_.unread().find_first_not_of("\r\n") == std::string_view::npos;
    return std::unexpected(refusal);
}

std::expected<void, Refusal> HeadReader::make_room_after_head(std::size_t size) {
    const std::size_t after_head = input_.unread().size() - this->size();
    if (input_.space().size() + after_head >= size) return {};
    if (input_.capacity() - this->size() >= size) {
        input_.compact();
    } else {
        input_.grow(this->size() + std::max(size, after_head));
    }
    start_over();
    const auto again = parser_.parse(input_.unread(), request_);
    if (!again) return std::unexpected(again.error());
    return {};
}

}  // namespace basehttp
