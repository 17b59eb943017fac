#include "basehttp/server/body_reader.h"

#include <algorithm>
#include <array>

#include "basehttp/io/monotonic_clock.h"
#include "basehttp/server/response_sender.h"

namespace basehttp {
namespace {

constexpr std::uint64_t kMostToDrain = 64 * 1024;

// A client that sends faster than its content is read holds up nobody: after so much, others have their turn.
constexpr std::uint64_t kTurn = 512 * 1024;

}  // namespace

void BodyReader::start(Stream& stream, std::size_t head_size, const BodyFraming& framing, bool expects_continue,
                       std::uint64_t most) {
    stream_ = &stream;
    head_size_ = head_size;
    taken_ = 0;
    framing_ = framing;
    if (chunked()) decoder_ = ChunkedDecoder(ChunkedDecoder::kMostLineBytes, most);
    left_ = framing.length;
    read_ = 0;
    most_ = most;
    bytes_in_ = bytes_out_ = turn_ = 0;
    complete_ = framing.kind == BodyFraming::Kind::none;
    expects_continue_ = expects_continue && !complete_;
    failure_ = 0;
    patience_.restore();
    refusal_.reset();
}

bool BodyReader::announces_too_much() const {
    if (!chunked()) return false;
    ChunkedDecoder ahead = decoder_;
    for (std::string_view input = buffered();;) {
        const auto piece = ahead.next(input);
        if (!piece) return piece.error() == Refusal::body_too_large;
        if (piece->data.empty()) return false;
    }
}

Task<IoResult<std::size_t>> BodyReader::read(std::span<char> space) {
    if (failure_ != 0) co_return std::unexpected(IoError{failure_, "read"});
    if (complete_ || space.empty()) co_return std::size_t{0};
    if (expects_continue_) {
        const auto sent = co_await send_continue();
        if (!sent) co_return fail(sent.error().code, std::nullopt);
    }
    stream_->set_deadline(patience_.left());
    for (;;) {
        const auto buffered = take_buffered(space);
        if (!buffered || *buffered > 0 || complete_) co_return buffered;
        const auto received = co_await receive(space);
        if (!received) co_return std::unexpected(received.error());
        if (*received > 0) co_return account(*received);
    }
}

Task<IoResult<std::string>> BodyReader::read_line(std::size_t limit) {
    std::string line;
    while (!line.ends_with('\n')) {
        char byte = '\0';
        IoResult<std::size_t> got = may_take_buffered() ? take_buffered({&byte, 1}) : 0;
        if (got && *got == 0) got = co_await read({&byte, 1});
        if (!got) co_return std::unexpected(got.error());
        if (*got == 0) break;
        if (line.size() == limit) co_return fail(EMSGSIZE, Refusal::body_too_large);
        line += byte;
    }
    co_return line;
}

// Content from the buffer; 0 where that is used up.
IoResult<std::size_t> BodyReader::take_buffered(std::span<char> space) {
    if (chunked()) return take_chunked(space);
    const auto size = static_cast<std::size_t>(std::min<std::uint64_t>({space.size(), buffered().size(), left_}));
    std::ranges::copy(buffered().substr(0, size), space.begin());
    taken_ += size;
    bytes_in_ += size;
    return size > 0 ? account(size) : 0;
}

IoResult<std::size_t> BodyReader::take_chunked(std::span<char> space) {
    std::size_t written = 0;
    while (written < space.size() && !complete_) {
        // The decoder must not yield more than there is space for.
        std::string_view input = buffered().substr(0, space.size() - written);
        const std::size_t offered = input.size();
        if (offered == 0) break;
        const auto piece = decoder_.next(input);
        if (!piece) return fail(piece.error() == Refusal::body_too_large ? EMSGSIZE : EBADMSG, piece.error());
        taken_ += offered - input.size();
        bytes_in_ += offered - input.size();
        std::ranges::copy(piece->data, space.begin() + static_cast<std::ptrdiff_t>(written));
        written += piece->data.size();
        complete_ = piece->complete;
    }
    return written > 0 ? account(written) : 0;
}

// More bytes from the stream: content straight into `space` where its length is known and `space` is no smaller than
// the buffer's, else into the buffer (then 0).
Task<IoResult<std::size_t>> BodyReader::receive(std::span<char> space) {
    input_.erase(head_size_, taken_);
    taken_ = 0;
    const bool direct = framing_.kind == BodyFraming::Kind::length &&
                        space.size() >= std::min<std::uint64_t>(left_, input_.space().size());
    space =
        direct ? space.first(static_cast<std::size_t>(std::min<std::uint64_t>(space.size(), left_))) : input_.space();
    if (turn_ >= kTurn) {
        turn_ = 0;
        stream_->give_way();
        const auto ready = co_await stream_->until_readable();
        if (!ready) co_return fail(ready.error().code, Refusal::body_timed_out);
    }
    for (;;) {
        const auto got = stream_->read_some(space);
        if (got && *got == 0) co_return fail(ECONNRESET, Refusal::body_cut_short);
        if (got) turn_ += *got;
        if (got && !direct) input_.commit(*got);
        if (got && direct) bytes_in_ += *got;
        if (got) co_return direct ? *got : std::size_t{0};
        if (!got.error().would_block()) co_return fail(got.error().code, Refusal::body_cut_short);
        const std::int64_t since = monotonic_ns();
        const auto ready = co_await stream_->until_readable();
        if (!ready) co_return fail(ready.error().code, Refusal::body_timed_out);
        patience_.waited(std::chrono::nanoseconds(monotonic_ns() - since));
        turn_ = 0;
    }
}

IoResult<std::size_t> BodyReader::account(std::size_t size) {
    read_ += size;
    patience_.moved(size);
    if (framing_.kind == BodyFraming::Kind::length) {
        left_ -= size;
        complete_ = left_ == 0;
    }
    if (read_ > most_) return fail(EMSGSIZE, Refusal::body_too_large);
    return size;
}

Task<IoResult<void>> BodyReader::send_continue() {
    expects_continue_ = false;
    ResponseSender sender(limits_);
    sender.start(*stream_);
    constexpr ResponseSender::Piece kContinue{"HTTP/1.1 100 Continue\r\n\r\n", false};
    Task<IoResult<void>> sending = sender.send({kContinue}, Stream::More::no);
    auto sent = co_await sending;
    bytes_out_ += sender.sent();
    co_return sent;
}

bool BodyReader::worth_draining() const {
    if (complete_) return true;
    if (failure_ != 0 || expects_continue_) return false;
    return chunked() || left_ <= kMostToDrain;
}

Task<bool> BodyReader::drain() {
    std::array<char, 512> dropped;
    for (std::uint64_t total = 0; !complete_ && total <= kMostToDrain;) {
        const auto got = co_await read(dropped);
        if (!got) co_return false;
        total += *got;
    }
    co_return complete_;
}

void BodyReader::finish() {
    input_.consume(head_size_ + taken_);
}

std::unexpected<IoError> BodyReader::fail(int code, std::optional<Refusal> refusal) {
    failure_ = code;
    refusal_ = refusal;
    return std::unexpected(IoError{code, "read"});
}

}  // namespace basehttp
