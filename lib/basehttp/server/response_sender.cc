#include "basehttp/server/response_sender.h"

#include <algorithm>
#include <array>

#include "basehttp/io/monotonic_clock.h"

namespace basehttp {
namespace {

constexpr std::size_t kMostPieces = 5;

// A file goes out in pieces of this size, and between two of them other connections have their turn.
constexpr std::uint64_t kMostAtOnce = 512 * 1024;

iovec as_iovec(std::string_view bytes) {
    return {const_cast<char*>(bytes.data()), bytes.size()};  // writev's interface; it only reads
}

}  // namespace

Task<IoResult<void>> ResponseSender::send(std::span<Piece> pieces, Stream::More more) {
    bool waited = false;
    for (;;) {
        std::array<iovec, kMostPieces> vectors;
        std::size_t count = 0;
        for (const Piece& piece : pieces) {
            if (!piece.bytes.empty()) vectors[count++] = as_iovec(piece.bytes);
        }
        if (count == 0) co_return IoResult<void>{};
        const auto sent = stream_->write_some({vectors.data(), count}, more);
        if (sent) {
            note_write(*sent);
            account(pieces, *sent);
            waited = false;
            continue;
        }
        if (!sent.error().would_block()) co_return std::unexpected(sent.error());
        if (!waited) stream_->set_deadline(limits_.send_timeout);
        waited = true;
        const auto ready = co_await stream_->until_writable();
        if (!ready) co_return ready;
    }
}

void ResponseSender::note_write(std::size_t size) {
    if (writes_++ == 0) first_sent_ns_ = monotonic_ns();
    sent_ += size;
}

// Takes `sent` bytes off the front of the pieces.
void ResponseSender::account(std::span<Piece> pieces, std::size_t sent) {
    for (Piece& piece : pieces) {
        const std::size_t taken = std::min(sent, piece.bytes.size());
        piece.bytes.remove_prefix(taken);
        if (piece.is_content) content_sent_ += taken;
        sent -= taken;
    }
}

Task<IoResult<void>> ResponseSender::send_file(int file, std::uint64_t offset, std::uint64_t count) {
    while (count > 0) {
        const auto size = static_cast<std::size_t>(std::min(count, kMostAtOnce));
        const auto some = stream_->send_file_some(file, static_cast<off_t>(offset), size);
        if (some && *some == 0) co_return std::unexpected(IoError{ENODATA, "sendfile"});
        if (!some && !some.error().would_block()) co_return std::unexpected(some.error());
        if (some) {
            offset += *some;
            count -= *some;
            content_sent_ += *some;
            note_write(*some);
            if (*some < size || count == 0) continue;
            stream_->give_way();
        }
        stream_->set_deadline(limits_.send_timeout);
        const auto ready = co_await stream_->until_writable();
        if (!ready) co_return ready;
    }
    co_return IoResult<void>{};
}

Task<IoResult<void>> ResponseSender::give_way() {
    stream_->give_way();
    stream_->set_deadline(limits_.send_timeout);
    const auto ready = co_await stream_->until_writable();
    co_return ready;
}

}  // namespace basehttp
