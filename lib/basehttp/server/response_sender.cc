#include "basehttp/server/response_sender.h"

#include <algorithm>
#include <cassert>

#include "basehttp/io/monotonic_clock.h"

namespace basehttp {
namespace {

// Bytes go out in pieces of at most this size, and after so many other connections have their turn.
constexpr std::uint64_t kMostAtOnce = 512 * 1024;

// What a write counts for at least: a system call is dear, however little it sends.
constexpr std::uint64_t kLeastCounted = 4 * 1024;

iovec as_iovec(std::string_view bytes) {
    return {const_cast<char*>(bytes.data()), bytes.size()};  // writev's interface; it only reads
}

}  // namespace

Task<IoResult<void>> ResponseSender::send(std::initializer_list<Piece> pieces, Stream::More more) {
    assert(pieces.size() <= kMostPieces);
    std::uint64_t size = 0;
    std::uint64_t content = 0;
    count_ = 0;
    for (const Piece& piece : pieces) {
        if (piece.bytes.empty()) continue;
        pieces_[count_++] = piece;
        size += piece.bytes.size();
        if (piece.is_content) content += piece.bytes.size();
    }
    if (size == 0) return IoResult<void>{};
    if (turn_is_over()) return send_rest({}, more);
    const IoResult<std::size_t> sent = attempt(more);
    if (!sent) return send_rest(std::unexpected(sent.error()), more);
    if (*sent == size) {  // as most often
        content_sent_ += content;
        return IoResult<void>{};
    }
    account(*sent);
    return send_rest({}, more);
}

// One attempt to send what is left.
IoResult<std::size_t> ResponseSender::attempt(Stream::More more) {
    std::array<iovec, kMostPieces> vectors;
    std::size_t count = 0;
    std::size_t room = kMostAtOnce;
    for (const Piece& piece : left()) {
        const std::string_view bytes = piece.bytes.substr(0, room);
        if (!bytes.empty()) vectors[count++] = as_iovec(bytes);
        room -= bytes.size();
    }
    const auto sent = stream_->write_some({vectors.data(), count}, more);
    if (sent) note_write(*sent);
    return sent;
}

// Goes on until all is sent. `last` is what the last attempt came to.
Task<IoResult<void>> ResponseSender::send_rest(IoResult<void> last, Stream::More more) {
    bool waited = false;
    for (;;) {
        if (last) {
            waited = false;
        } else {
            if (!last.error().would_block()) co_return last;
            if (!waited) stream_->set_deadline(patience_.left());
            waited = true;
            const auto ready = co_await until_taken();
            if (!ready) co_return ready;
        }
        if (nothing_left()) co_return last;
        if (turn_is_over()) {
            const auto others = co_await give_way();
            if (!others) co_return others;
        }
        const auto sent = attempt(more);
        last = sent ? IoResult<void>{} : std::unexpected(sent.error());
        if (sent) account(*sent);
    }
}

bool ResponseSender::nothing_left() {
    return std::ranges::all_of(left(), [](const Piece& piece) { return piece.bytes.empty(); });
}

bool ResponseSender::turn_is_over() const {
    return turn_ >= kMostAtOnce;
}

void ResponseSender::note_turn(std::uint64_t size) {
    turn_ += std::max(size, kLeastCounted);
}

void ResponseSender::note_write(std::size_t size) {
    if (writes_++ == 0) first_sent_ns_ = monotonic_ns();
    sent_ += size;
    patience_.moved(size);
    note_turn(size);
}

// Takes `sent` bytes off the front of the pieces.
void ResponseSender::account(std::size_t sent) {
    for (Piece& piece : left()) {
        const std::size_t taken = std::min(sent, piece.bytes.size());
        piece.bytes.remove_prefix(taken);
        if (piece.is_content) content_sent_ += taken;
        sent -= taken;
    }
}

Task<IoResult<void>> ResponseSender::send_file(int file, std::uint64_t offset, std::uint64_t count) {
    while (count > 0) {
        if (turn_is_over()) {
            const auto others = co_await give_way();
            if (!others) co_return others;
        }
        const auto size = static_cast<std::size_t>(std::min(count, kMostAtOnce));
        const auto some = stream_->send_file_some(file, static_cast<off_t>(offset), size);
        if (some && *some == 0) co_return std::unexpected(IoError{ESTALE, "sendfile"});
        if (some) {
            offset += *some;
            count -= *some;
            content_sent_ += *some;
            note_write(*some);
            continue;
        }
        if (!some.error().would_block()) co_return std::unexpected(some.error());
        stream_->set_deadline(patience_.left());
        const auto ready = co_await until_taken();
        if (!ready) co_return ready;
    }
    co_return IoResult<void>{};
}

// Waits until the client has taken some of what the stream holds; all others have had their turn then.
Task<IoResult<void>> ResponseSender::until_taken() {
    const std::int64_t since = monotonic_ns();
    const auto ready = co_await stream_->until_writable();
    patience_.waited(std::chrono::nanoseconds(monotonic_ns() - since));
    turn_ = 0;
    co_return ready;
}

Task<IoResult<void>> ResponseSender::give_way() {
    turn_ = 0;
    stream_->give_way();
    stream_->set_deadline(limits_.send_timeout);
    const auto ready = co_await stream_->until_writable();
    co_return ready;
}

Task<> ResponseSender::skip(std::uint64_t size) {
    note_turn(size);
    if (!turn_is_over()) co_return;
    // Whether the client is still there is the next write's affair.
    [[maybe_unused]] const auto others = co_await give_way();
}

}  // namespace basehttp
