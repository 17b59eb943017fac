#include "basehttp/handlers/proxy.h"

#include <array>
#include <charconv>
#include <span>

#include "basehttp/io/event_loop.h"
#include "basehttp/io/monotonic_clock.h"
#include "basehttp/protocol/chunked.h"
#include "basehttp/protocol/persistence.h"
#include "basehttp/protocol/response_head.h"
#include "basehttp/text/ascii.h"
#include "basehttp/upstream/forwarded_head.h"

namespace basehttp {
namespace {

constexpr std::size_t kPiece = 16 * 1024;  // of a request's content

OriginFailure failed_client() {
    return {0, "the client has left"};
}

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

std::vector<Method> Proxy::extension_methods() {
    constexpr std::array<std::string_view, 18> kNames{
        "PROPFIND",   "PROPPATCH", "MKCOL",   "COPY",  "MOVE",       "LOCK", "UNLOCK", "REPORT", "SEARCH",
        "MKCALENDAR", "CHECKOUT",  "CHECKIN", "MERGE", "MKACTIVITY", "ACL",  "BIND",   "QUERY",  "PURGE"};
    std::vector<Method> methods;
    for (const std::string_view name : kNames)
        methods.push_back({name, [](RequestHandler& handler) { return static_cast<Proxy&>(handler).forward(); }});
    return methods;
}

Task<> Proxy::forward() {
    const std::int64_t start = monotonic_ns();
    co_await pass_on();
    note("upstream", origin_->name());
    note("upstream_us", fmt::format("{}", (monotonic_ns() - start) / 1000));
}

Task<> Proxy::pass_on() {
    if (const auto framing = decide_body_framing(request())) content_ = *framing;
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
    const auto framing = decide_body_framing(answer, command() == "HEAD");
    if (!framing) {
        fail({502, "bad response: " + std::string(describe(framing.error()).message)});
        co_return;
    }
    origin_->note_success();
    reusable_ = *sent == Sent::all && wants_persistence(answer.fields, answer.version);
    begin_response(answer);
    ContentDecoder content(*framing);
    const auto passed = co_await pass_content_on(content);
    if (!passed) {
        fail(passed.error());
        co_return;
    }
    pass_trailers_on(content);
    keep_connection();
}

Task<OriginResult<Proxy::Sent>> Proxy::send_request() {
    auto sent = co_await send_head();
    if (sent && *sent == Sent::all && content_.kind != BodyFraming::Kind::none) sent = co_await send_content();
    co_return sent;
}

// To the origin whose turn it is; where that one cannot be reached, so that nothing was sent, to the next.
Task<OriginResult<Proxy::Sent>> Proxy::send_head() {
    Upstream& upstream = *options_->upstream;
    for (std::size_t tried = 1;; ++tried) {
        origin_ = &upstream.next(loop().now());
        const std::string head = head_for(*origin_);
        connection_ = origin_->take_kept();
        if (connection_) {
            connection_->serve(stream());
            const auto sent = co_await connection_->send(head);
            if (!sent || *sent != Sent::nothing) co_return sent;
        }
        auto sent = co_await send_head_anew(head);
        if (sent || connection_ || tried >= upstream.size()) co_return sent;
        origin_->note_failure(loop().now());
        log_message(Severity::warning, "{}: {}; the next one is tried", origin_->name(), sent.error().what);
    }
}

// On a new connection; there is none afterwards where it cannot be had.
Task<OriginResult<Proxy::Sent>> Proxy::send_head_anew(std::string_view head) {
    connection_.reset();
    auto connected = co_await origin_->connect(loop(), stream());
    if (!connected) co_return std::unexpected(connected.error());
    connection_ = *std::move(connected);
    const auto sent = co_await connection_->send(head);
    co_return sent;
}

std::string Proxy::head_for(const Origin& origin) const {
    const std::string authority = origin.authority();
    std::string_view host = options_->host;
    if (host.empty()) host = request().host;
    if (host.empty()) host = authority;
    std::string head;
    append_forwarded_head(head, {request(), content_, client_address(), host});
    return head;
}

// What the client sends in chunks goes on in chunks: nobody knows yet how long it is.
Task<OriginResult<Proxy::Sent>> Proxy::send_content() {
    const bool chunked = content_.kind == BodyFraming::Kind::chunked;
    std::string piece(kPiece, '\0');
    std::string framed;
    for (;;) {
        const auto got = co_await read(std::span(piece));
        if (!got) co_return std::unexpected(failed_client());
        if (*got == 0) break;
        std::string_view bytes(piece.data(), *got);
        if (chunked) {
            framed.clear();
            append_chunk_start(framed, bytes.size());
            framed.append(bytes).append(kChunkEnd);
            bytes = framed;
        }
        const auto sent = co_await connection_->send(bytes);
        if (!sent || *sent != Sent::all) co_return sent;
    }
    framed.clear();
    if (chunked) append_last_chunk(framed);
    const auto sent = co_await connection_->send(framed);
    co_return sent;
}

// The final response; interim ones go to the client at once, but for 100, which read() has sent in its time.
Task<OriginResult<void>> Proxy::read_response(ReceivedResponse& answer) {
    for (;;) {
        const auto read = co_await connection_->read_head(answer, stream());
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

void Proxy::begin_response(const ReceivedResponse& answer) {
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
    kept_for_ = keep_alive_time(answer.fields);
    end_headers();
}

Task<OriginResult<void>> Proxy::pass_content_on(ContentDecoder& content) {
    if (!content.complete()) connection_->expect_content();
    while (!content.complete()) {
        const auto passed = co_await pass_piece_on(content);
        if (!passed) co_return passed;
    }
    co_return OriginResult<void>();
}

Task<OriginResult<void>> Proxy::pass_piece_on(ContentDecoder& content) {
    std::string_view left = connection_->received();
    const std::size_t arrived = left.size();
    const auto piece = content.next(left);
    if (!piece)
        co_return std::unexpected(OriginFailure{502, "bad content: " + std::string(describe(piece.error()).message)});
    if (!piece->empty()) {
        const auto written = co_await write(*piece);
        if (!written && written.error().code != kNoContentWanted) co_return std::unexpected(failed_client());
    }
    connection_->consume(arrived - left.size());
    if (piece->empty() && !content.complete()) {
        const auto more = co_await receive_more(content);
        co_return more;
    }
    co_return OriginResult<void>();
}

// What has come so far goes to the client before the origin is waited for.
Task<OriginResult<void>> Proxy::receive_more(ContentDecoder& content) {
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
    if (going_on || content.end()) co_return OriginResult<void>();
    co_return std::unexpected(OriginFailure{502, "the connection was closed within the content of the response"});
}

void Proxy::pass_trailers_on(const ContentDecoder& content) {
    if (response().failure() != 0) return;
    for (const FieldLine& line : content.trailers())
        if (may_be_trailer(line.name)) send_trailer(line.name, line.value);
}

void Proxy::keep_connection() {
    if (reusable_) origin_->keep(loop(), std::move(connection_), kept_for_);
    connection_.reset();
}

// Where the client has failed, it is told by others, or gone.
void Proxy::fail(const OriginFailure& failure) {
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
