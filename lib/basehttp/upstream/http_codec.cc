#include "basehttp/upstream/http_codec.h"

#include <charconv>

#include "basehttp/protocol/chunked.h"
#include "basehttp/protocol/persistence.h"

namespace basehttp {
namespace {

// `Keep-Alive: timeout=5`: for how long the origin keeps the connection.
std::optional<std::chrono::seconds> keep_alive_time(const Fields& fields) {
    std::optional<std::chrono::seconds> time;
    fields.for_each("Keep-Alive", [&time](std::string_view value) {
        for_each_member(value, [&time](std::string_view member) {
            constexpr std::string_view kName = "timeout=";
            unsigned seconds = 0;
            if (!member.starts_with(kName)) return;
            member.remove_prefix(kName.size());
            const auto [end, error] = std::from_chars(member.data(), member.data() + member.size(), seconds);
            if (error == std::errc{}) time = std::chrono::seconds(seconds);
        });
    });
    return time;
}

}  // namespace

void HttpCodec::append_head(std::string& out, std::string_view authority) const {
    ForwardedRequest request = request_;
    if (request.host.empty()) request.host = authority;
    append_forwarded_head(out, request);
}

// What the client sends in chunks goes on in chunks: nobody knows yet how long it is.
std::string_view HttpCodec::frame(std::string_view piece, std::string& room) const {
    if (!is_chunked()) return piece;
    room.clear();
    append_chunk_start(room, piece.size());
    return room.append(piece).append(kChunkEnd);
}

void HttpCodec::append_end(std::string& out) const {
    if (is_chunked()) append_last_chunk(out);
}

OriginResult<ParseProgress> HttpCodec::take_head(std::string_view& received, ReceivedResponse& response) {
    const auto progress = parser_.parse(received, response);
    if (progress && *progress == ParseProgress::complete) received.remove_prefix(parser_.head_size());
    return progress;
}

OriginResult<void> HttpCodec::begin_content(const ReceivedResponse& response, bool to_head) {
    const auto framing = decide_body_framing(response, to_head);
    if (!framing)
        return std::unexpected(OriginFailure{502, "bad response: " + std::string(describe(framing.error()).message)});
    content_ = ContentDecoder(*framing);
    persists_ = wants_persistence(response.fields, response.version);
    waits_for_ = keep_alive_time(response.fields);
    return {};
}

OriginResult<std::string_view> HttpCodec::next(std::string_view& received) {
    const auto piece = content_.next(received);
    if (!piece)
        return std::unexpected(OriginFailure{502, "bad content: " + std::string(describe(piece.error()).message)});
    return *piece;
}

}  // namespace basehttp
