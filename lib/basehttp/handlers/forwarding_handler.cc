#include "basehttp/handlers/forwarding_handler.h"

#include <span>
#include <vector>

#include <fmt/format.h>

#include "basehttp/io/event_loop.h"
#include "basehttp/io/monotonic_clock.h"
#include "basehttp/protocol/response_head.h"
#include "basehttp/text/ascii.h"
#include "basehttp/upstream/forwarded_head.h"

namespace basehttp {
namespace {

constexpr std::size_t kPiece = 16 * 1024;  // of a request's content

OriginFailure failed_client() {
    return {0, "the client has left"};
}

}  // namespace

Task<> ForwardingHandler::forward(Upstream& upstream, UpstreamCodec& codec) {
    upstream_ = &upstream;
    codec_ = &codec;
    const std::int64_t start = monotonic_ns();
    co_await pass_on();
    note("upstream", origin_->name());
    note("upstream_us", fmt::format("{}", (monotonic_ns() - start) / 1000));
}

Task<> ForwardingHandler::pass_on() {
    const auto sent = co_await send_request();
    if (!sent) {
        fail(sent.error());
        co_return;
    }
    ReceivedResponse answer;
    const auto received = co_await read_response(answer);
    if (!received) {
        fail(received.error());
        co_return;
    }
    const auto begun = codec_->begin_content(answer, command() == "HEAD");
    if (!begun) {
        fail(begun.error());
        co_return;
    }
    origin_->note_success();
    begin_response(answer);
    const auto passed = co_await pass_content_on();
    if (!passed) {
        fail(passed.error());
        co_return;
    }
    pass_trailers_on();
    if (*sent == Sent::all) keep_connection();
}

Task<OriginResult<ForwardingHandler::Sent>> ForwardingHandler::send_request() {
    auto sent = co_await send_head();
    if (sent && *sent == Sent::all && request_content().kind != BodyFraming::Kind::none)
        sent = co_await send_content();
    co_return sent;
}

// To the origin whose turn it is; where that one cannot be reached, so that nothing was sent, to the next.
Task<OriginResult<ForwardingHandler::Sent>> ForwardingHandler::send_head() {
    for (std::size_t tried = 1;; ++tried) {
        origin_ = &upstream_->next(loop().now());
        std::string head;
        codec_->append_head(head, origin_->authority());
        connection_ = origin_->take_kept();
        if (connection_) {
            connection_->serve(stream());
            const auto sent = co_await connection_->send(head, *codec_);
            if (!sent || *sent != Sent::nothing) co_return sent;
        }
        auto sent = co_await send_head_anew(head);
        if (sent || connection_ || tried >= upstream_->size()) co_return sent;
        origin_->note_failure(loop().now());
        log_message(Severity::warning, "{}: {}; the next one is tried", origin_->name(), sent.error().what);
    }
}

// On a new connection; there is none afterwards where it cannot be had.
Task<OriginResult<ForwardingHandler::Sent>> ForwardingHandler::send_head_anew(std::string_view head) {
    connection_.reset();
    auto connected = co_await origin_->connect(loop(), stream());
    if (!connected) co_return std::unexpected(connected.error());
    connection_ = *std::move(connected);
    const auto sent = co_await connection_->send(head, *codec_);
    co_return sent;
}

Task<OriginResult<ForwardingHandler::Sent>> ForwardingHandler::send_content() {
    std::string piece(kPiece, '\0');
    std::string framed;
    for (;;) {
        const auto got = co_await read(std::span(piece));
        if (!got) co_return std::unexpected(failed_client());
        if (*got == 0) break;
        const std::string_view bytes = codec_->frame(std::string_view(piece).substr(0, *got), framed);
        const auto sent = co_await connection_->send(bytes, *codec_);
        if (!sent || *sent != Sent::all) co_return sent;
    }
    framed.clear();
    codec_->append_end(framed);
    const auto sent = co_await connection_->send(framed, *codec_);
    co_return sent;
}

// The final response; interim ones go to the client at once, but for 100, which read() has sent in its time.
Task<OriginResult<void>> ForwardingHandler::read_response(ReceivedResponse& answer) {
    for (;;) {
        const auto read = co_await connection_->read_head(*codec_, answer, stream());
        if (!read) co_return read;
        if (answer.status == 101)
            co_return std::unexpected(OriginFailure{502, "bad response: it changes the protocol unasked"});
        if (!answer.is_interim()) co_return read;
        if (answer.status == 100) continue;
        std::vector<FieldLine> fields;
        for (const FieldLine& line : answer.fields)
            if (!is_hop_by_hop(answer.fields, line.name)) fields.push_back(line);
        const auto sent = co_await send_interim_response(answer.status, fields);
        if (!sent) co_return std::unexpected(failed_client());
    }
}

void ForwardingHandler::begin_response(const ReceivedResponse& answer) {
    ResponseWriter& out = response();
    out.begin(answer.status, answer.reason);
    bool has_date = false;
    bool has_server = false;
    for (const FieldLine& line : answer.fields) {
        if (is_hop_by_hop(answer.fields, line.name) || known_field(line.name) == KnownField::content_length) continue;
        has_date = has_date || equals_ignoring_case(line.name, "Date");
        has_server = has_server || equals_ignoring_case(line.name, "Server");
        out.plain_field(line.name, line.value);
    }
    const std::string_view version = version_string();
    if (!has_server && !version.empty()) out.plain_field("Server", version);
    if (!has_date) out.plain_field("Date", date_time_string());
    if (const auto length = answer.fields.find(KnownField::content_length); length && answer.status != 204)
        out.content_length(parse_content_length(*length).value());
    end_headers();
}

Task<OriginResult<void>> ForwardingHandler::pass_content_on() {
    if (!codec_->complete()) connection_->expect_content();
    while (!codec_->complete()) {
        const auto passed = co_await pass_piece_on();
        if (!passed) co_return passed;
    }
    co_return OriginResult<void>();
}

Task<OriginResult<void>> ForwardingHandler::pass_piece_on() {
    std::string_view left = connection_->received();
    const std::size_t arrived = left.size();
    const auto piece = codec_->next(left);
    if (!piece) co_return std::unexpected(piece.error());
    if (!piece->empty()) {
        const auto written = co_await write(*piece);
        if (!written && written.error().code != kNoContentWanted) co_return std::unexpected(failed_client());
    }
    connection_->consume(arrived - left.size());
    if (piece->empty() && !codec_->complete()) {
        const auto more = co_await receive_more();
        co_return more;
    }
    co_return OriginResult<void>();
}

// What has come so far goes to the client before the origin is waited for.
Task<OriginResult<void>> ForwardingHandler::receive_more() {
    auto now = connection_->receive_now();
    if (!now) co_return std::unexpected(now.error());
    bool going_on = now->value_or(false);
    if (!now->has_value()) {
        const auto flushed = co_await flush();
        if (!flushed && flushed.error().code != kNoContentWanted) co_return std::unexpected(failed_client());
        const auto came = co_await connection_->receive(stream());
        if (!came) co_return std::unexpected(came.error());
        going_on = *came;
    }
    if (going_on || codec_->end()) co_return OriginResult<void>();
    co_return std::unexpected(OriginFailure{502, "the connection was closed within the content of the response"});
}

void ForwardingHandler::pass_trailers_on() {
    if (response().failure() != 0) return;
    for (const FieldLine& line : codec_->trailers())
        if (may_be_trailer(line.name)) send_trailer(line.name, line.value);
}

void ForwardingHandler::keep_connection() {
    if (codec_->persists()) origin_->keep(loop(), std::move(connection_), codec_->waits_for());
    connection_.reset();
}

// Where the client has failed, it is told by others, or gone.
void ForwardingHandler::fail(const OriginFailure& failure) {
    connection_.reset();
    if (failure.status == 0) {
        if (response().begun() || stream().peer_left()) abandon_response();
        return;
    }
    origin_->note_failure(loop().now());
    log_error("{}: {}, request \"{}\"", origin_->name(), failure.what, request().line);
    if (response().sent_anything()) {
        abandon_response();
        return;
    }
    response().discard();
    send_status_page(failure.status,
                     failure.status == 504
                         ? "The program that serves this did not answer in time"
                         : "The program that serves this cannot be reached, or gave no usable response");
}

}  // namespace basehttp
