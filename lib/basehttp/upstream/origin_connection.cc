#include "basehttp/upstream/origin_connection.h"

namespace basehttp {
namespace {

constexpr int kBadGateway = 502;
constexpr int kGatewayTimeout = 504;

// What content comes in at most at once.
constexpr std::size_t kContentRoom = 32 * 1024;

OriginFailure left_by_client() {
    return {0, "the client has left"};
}

// Waits until the origin has sent something, or the client is gone.
Task<OriginResult<void>> until_readable(SocketStream& origin, std::chrono::milliseconds timeout, Stream& client) {
    constexpr std::chrono::milliseconds kLater{1000};
    origin.set_deadline(timeout);
    client.set_deadline(timeout + kLater);  // no matter: the origin's comes first
    Stream::AnyReady any(origin, Stream::Direction::read, client, Stream::Direction::departure);
    const auto ready = co_await any;
    if (client.peer_left()) co_return std::unexpected(left_by_client());
    if (!ready) co_return std::unexpected(origin_failure(ready.error()));
    co_return OriginResult<void>();
}

}  // namespace

OriginFailure origin_failure(const IoError& error) {
    if (error.code == ETIMEDOUT) return {kGatewayTimeout, std::string(error.operation) + ": timed out"};
    return {kBadGateway, error.text()};
}

void OriginConnection::serve(const Stream& client) {
    stream_->share_focus(client);
    sent_ = 0;
    ended_ = false;
}

void OriginConnection::expect_content() {
    if (input_.capacity() < kContentRoom) input_.grow(kContentRoom);
}

void OriginConnection::rest() {
    was_kept_ = true;
    if (input_.capacity() > InputBuffer::kFirstCapacity) input_ = InputBuffer();
}

// True: something has come. The buffer has room.
IoResult<bool> OriginConnection::read_what_is_there() {
    const auto got = stream_->read_some(input_.space());
    if (!got && got.error().would_block()) return false;
    if (!got) return std::unexpected(got.error());
    ended_ = *got == 0;
    input_.commit(*got);
    return true;
}

bool OriginConnection::is_quiet_now() {
    if (!is_quiet()) return false;
    const auto came = read_what_is_there();
    return came && !*came;
}

Task<OriginResult<OriginConnection::Sent>> OriginConnection::send(std::string_view bytes, UpstreamCodec& codec) {
    while (!bytes.empty()) {
        const iovec piece{const_cast<char*>(bytes.data()), bytes.size()};  // sendmsg(2) only reads it
        const auto written = stream_->write_some({&piece, 1}, Stream::More::no);
        if (written) {
            sent_ += *written;
            bytes.remove_prefix(*written);
            continue;
        }
        if (!written.error().would_block()) co_return sent_ == 0 ? Sent::nothing : Sent::some;
        const auto came = read_what_is_there();
        if (!came || (*came && is_answered(codec)))
            co_return sent_ == 0 && input_.empty() ? Sent::nothing : Sent::some;
        if (*came) continue;
        stream_->set_deadline(timeout_);
        const auto ready = co_await stream_->until_either();
        if (!ready) co_return std::unexpected(origin_failure({ready.error().code, "send"}));
    }
    co_return Sent::all;
}

// Whether what has come is the end of the connection, or something of the response.
bool OriginConnection::is_answered(UpstreamCodec& codec) {
    std::string_view left = input_.unread();
    const bool is_other = codec.passes_over(left);
    input_.consume(input_.unread().size() - left.size());
    return ended_ || !is_other;
}

void OriginConnection::make_room() {
    if (!input_.space().empty()) return;
    if (input_.unread().size() < input_.capacity()) {
        input_.compact();
    } else {
        input_.grow(2 * input_.capacity());
    }
}

Task<OriginResult<void>> OriginConnection::read_head(UpstreamCodec& codec, ReceivedResponse& response,
                                                     Stream& client) {
    for (bool begun = false;;) {
        begun = begun || !input_.empty();
        std::string_view left = input_.unread();
        const auto progress = codec.take_head(left, response);
        // The views stay: consumed bytes are overwritten by receive() alone.
        input_.consume(input_.unread().size() - left.size());
        if (!progress) co_return std::unexpected(progress.error());
        if (*progress == ParseProgress::complete) co_return OriginResult<void>();
        const auto came = co_await receive(client);
        if (!came) co_return std::unexpected(came.error());
        if (*came) continue;
        const char* what = begun ? "the connection was closed within the head of the response"
                                 : "the connection was closed without a response";
        co_return std::unexpected(OriginFailure{kBadGateway, what});
    }
}

OriginResult<std::optional<bool>> OriginConnection::receive_now() {
    if (ended_) return false;
    make_room();
    const auto came = read_what_is_there();
    if (!came) return std::unexpected(origin_failure(came.error()));
    if (!*came) return std::nullopt;
    return !ended_;
}

Task<OriginResult<bool>> OriginConnection::receive(Stream& client) {
    for (;;) {
        const auto now = receive_now();
        if (!now) co_return std::unexpected(now.error());
        if (now->has_value()) co_return **now;
        const auto ready = co_await until_readable(*stream_, timeout_, client);
        if (!ready) co_return std::unexpected(ready.error());
    }
}

}  // namespace basehttp
