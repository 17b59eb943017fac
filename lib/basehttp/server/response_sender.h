// ResponseSender: gets bytes of a response to the client, however slowly they are taken, and counts those of the
// content that were. Part of a ResponseWriter.
#pragma once

#include <array>
#include <cstddef>
#include <cstdint>
#include <initializer_list>
#include <span>
#include <string_view>

#include "basehttp/io/patience.h"
#include "basehttp/io/stream.h"
#include "basehttp/io/task.h"
#include "basehttp/protocol/limits.h"

namespace basehttp {

class ResponseSender {
  public:
    struct Piece {
        std::string_view bytes;
        bool is_content;
    };

    explicit ResponseSender(const Limits& limits)
        : limits_(limits), patience_(limits.send_timeout, limits.min_rate) {}

    /// Starts on another response.
    void start(Stream& stream) {
        stream_ = &stream;
        content_sent_ = sent_ = turn_ = 0;
        writes_ = 0;
        first_sent_ns_ = 0;
        patience_.restore();
    }

    static constexpr std::size_t kMostPieces = 5;

    /// Sends all pieces in their order. ETIMEDOUT: for Limits::send_timeout the client has taken none, or it
    /// takes them more slowly than Limits::min_rate. However fast it takes them, others have their turn every 512
    /// KiB.
    Task<IoResult<void>> send(std::initializer_list<Piece> pieces, Stream::More more);

    /// Sends `count` bytes of `file` from `offset`, all of them content. ESTALE: the file is shorter.
    Task<IoResult<void>> send_file(int file, std::uint64_t offset, std::uint64_t count);

    /// Waits until all others have had their turn and the client takes bytes.
    Task<IoResult<void>> give_way();

    /// Counts `size` bytes that are not sent as if they were, so that whoever goes on giving them holds up nobody.
    Task<> skip(std::uint64_t size);

    /// Bytes of content that the stream has accepted.
    std::uint64_t content_sent() const { return content_sent_; }

    /// All bytes that it has accepted.
    std::uint64_t sent() const { return sent_; }

    /// When it accepted the first, by the monotonic clock; 0: it has accepted none.
    std::int64_t first_sent_ns() const { return first_sent_ns_; }

    /// In how many pieces it accepted them.
    std::uint64_t writes() const { return writes_; }

  private:
    void note_write(std::size_t size);
    void note_turn(std::uint64_t size);
    bool turn_is_over() const;
    std::span<Piece> left() { return {pieces_.data(), count_}; }
    IoResult<std::size_t> attempt(Stream::More more);
    Task<IoResult<void>> until_taken();
    Task<IoResult<void>> send_rest(IoResult<void> last, Stream::More more);
    void account(std::size_t sent);
    bool nothing_left();

    const Limits& limits_;
    Patience patience_;
    Stream* stream_ = nullptr;
    std::uint64_t content_sent_ = 0;
    std::uint64_t sent_ = 0;
    std::uint64_t writes_ = 0;
    std::uint64_t turn_ = 0;  // what was sent since others had theirs
    std::int64_t first_sent_ns_ = 0;
    std::array<Piece, kMostPieces> pieces_{};  // the first count_: what is left of those that are being sent
    std::size_t count_ = 0;
};

}  // namespace basehttp
