#include "basehttp/server/connection.h"

#include <algorithm>
#include <limits>
#include <utility>

#include <fmt/format.h>

#include "basehttp/io/deadline.h"
#include "basehttp/io/monotonic_clock.h"
#include "basehttp/io/wall_clock.h"
#include "basehttp/protocol/body_framing.h"
#include "basehttp/protocol/persistence.h"
#include "basehttp/server/client_limit.h"
#include "basehttp/server/linger.h"

namespace basehttp {
namespace {

// Tells a watcher, if there is one, of the time in which a connection waits for a request.
class IdleTime {
  public:
    explicit IdleTime(Connection::Watcher* watcher) : watcher_(watcher) {
        if (watcher_ != nullptr) watcher_->on_idle();
    }
    IdleTime(const IdleTime&) = delete;
    IdleTime& operator=(const IdleTime&) = delete;
    ~IdleTime() {
        if (watcher_ != nullptr) watcher_->on_busy();
    }

  private:
    Connection::Watcher* watcher_;
};

// One connection alone waits: others are served meanwhile. Its handler has done its work, and what happens now is not
// this request's doing.
Task<> until_there_is_room(LogRoom& log, Stream& stream) {
    stream.push();
    stream.set_focus(nullptr, 0);
    LogRoom::Awaiter room(log);
    co_await room;
}

}  // namespace

Task<> Connection::serve() {
    if (proxy_protocol_ == ProxyProtocol::required) {
        const bool known = co_await read_proxy_header();
        close_connection_ = !known;
    }
    while (!close_connection_) {
        const bool arrived = co_await next_request();
        if (!arrived) break;
        co_await handle_one_request();
    }
    if (exchange_) context_.exchanges.give_back(std::move(exchange_));
    if (lingers_) co_await linger(stream_);
}

// Whose connection this is. False: it does not say so as it must, and is to be closed.
Task<bool> Connection::read_proxy_header() {
    bool came = co_await await_request();
    while (came) {
        const auto taken = take_proxy_header();
        if (!taken) {
            log_closed(fmt::format("it begins with {}", describe(taken.error())));
            co_return false;
        }
        if (*taken) co_return enter_client();
        came = co_await receive_more();
    }
    if (exchange_) log_closed("it begins with a PROXY header that does not end");
    co_return false;
}

// Bytes that follow those that are there. False: none do.
Task<bool> Connection::receive_more() {
    for (;;) {
        const auto read = stream_.read_some(exchange_->input.space());
        if (read) {
            exchange_->input.commit(*read);
            co_return *read > 0;
        }
        if (!read.error().would_block()) co_return false;
        const auto ready = co_await stream_.until_readable();
        if (!ready) co_return false;
    }
}

// Whether it was there as a whole.
std::expected<bool, ProxyHeaderFault> Connection::take_proxy_header() {
    const auto header = parse_proxy_header(exchange_->input.unread());
    if (!header) return std::unexpected(header.error());
    if (!*header) return false;
    exchange_->input.consume((*header)->size);
    client_ = (*header)->client.value_or(peer_);
    return true;
}

// False: the client that the header names has as many connections as it may.
bool Connection::enter_client() {
    if (context_.clients == nullptr || !is_of_one_client(context_, client_, ProxyProtocol::off)) return true;
    counted_ = context_.clients->enter(client_);
    if (counted_) return true;
    add_to(context_.counters.refused, std::uint64_t{1});
    log_closed(
        fmt::format("limits.connections_per_client: {} has {} open", client_.text(), context_.clients->most()));
    return false;
}

void Connection::log_closed(std::string_view why) {
    const auto times = context_.closed_at_once.count(Clock::now());
    if (!times || !context_.logs(Severity::warning)) return;
    const std::string count = *times > 1 ? fmt::format(" ({} times since the last such line)", *times) : "";
    context_.log.error(Severity::warning, fmt::format("{}: connection closed: {}{}", peer_.text(), why, count));
}

// Waits for the first bytes of another request. False: there is none.
Task<bool> Connection::next_request() {
    constexpr std::uint32_t kTurn = 32;
    if (!exchange_ || exchange_->input.empty()) return await_request();
    note_arrival();  // pipelined
    if (requests_ % kTurn == 0 && requests_ > 0) return take_turn();
    return true;
}

Task<bool> Connection::take_turn() {
    stream_.give_way();
    // A deadline that passes here is met again, and answered, by whatever waits next.
    [[maybe_unused]] const auto ready = co_await stream_.until_writable();
    co_return true;
}

Task<bool> Connection::await_request() {
    if (exchange_) context_.exchanges.give_back(std::move(exchange_));
    if (context_.stopping && requests_ > 0) co_return false;
    stream_.set_deadline(requests_ == 0 ? context_.limits.header_timeout : context_.limits.idle_timeout);
    const IdleTime idle(watcher_);
    for (;;) {
        const auto ready = co_await stream_.until_readable();
        if (!ready) co_return false;
        exchange_ = context_.exchanges.borrow();
        const auto read = stream_.read_some(exchange_->input.space());
        if (read && *read > 0) {
            exchange_->input.commit(*read);
            note_arrival();
            co_return true;
        }
        context_.exchanges.give_back(std::move(exchange_));
        if (read || !read.error().would_block()) co_return false;
    }
}

void Connection::note_arrival() {
    arrival_ns_ = wall_clock_ns();
    arrived_at_ = monotonic_ns();
}

void Connection::begin_exchange() {
    ++requests_;
    head_at_ = handled_at_ = 0;
    exchange_->id = {context_.instance, serial_, requests_};
    exchange_->client = client_;
    exchange_->scheme = "http";
    exchange_->stream = &stream_;
    exchange_->error_pages = nullptr;
    exchange_->site = nullptr;
    exchange_->route = nullptr;
    exchange_->user.clear();
    exchange_->captured.clear();
    exchange_->body.start(stream_, 0, {}, false);
}

Task<> Connection::handle_one_request() {
    begin_exchange();
    RequestsInFlight::Mark mark(context_.in_flight, stream_,
                                {arrival_ns_, client_, exchange_->id, exchange_->input.unread()});
    const auto head = co_await exchange_->head.read(stream_, requests_ == 1);
    if (exchange_->head.nothing_came()) {
        close_connection_ = true;
        co_return;
    }
    CountedIn busy(context_.counters.busy);
    if (head) hear_proxies();
    mark.identify(exchange_->request, exchange_->client);
    const auto body = head ? start_body() : head;
    exchange_->response.start(stream_, exchange_->request, body && may_persist());
    dispatcher_.start(*exchange_);
    if (body) {
        head_at_ = std::max(arrived_at_, exchange_->head.last_arrival_ns());
        Task<> answering = dispatcher_.run();
        if (!answering.start()) stream_.push();  // what it waits for need not be the client
        co_await answering;
        handled_at_ = monotonic_ns();
    } else {
        dispatcher_.answer_refusal(body.error());
        lingers_ = true;  // the rest of the request may be on its way
    }
    co_await finish_response();
    busy.end();
    if (context_.log_room != nullptr && !context_.log_room->has_room())
        co_await until_there_is_room(*context_.log_room, stream_);
    mark.note_logging(context_.log.position());
    log_exchange();
    dispatcher_.finish();
    co_await finish_body();
}

// Who asks for what, where proxies that are trusted know better than this connection.
void Connection::hear_proxies() {
    if (context_.trusted_proxies.empty()) return;
    const Forwarding told = context_.trusted_proxies.forwarding(client_, exchange_->request.fields);
    exchange_->client = told.client;
    if (!told.host.empty()) exchange_->request.host = told.host;
    if (!told.scheme.empty()) exchange_->scheme = told.scheme;
}

// Decides how the content comes, before a handler sees the request.
std::expected<void, Refusal> Connection::start_body() {
    constexpr std::size_t kContentRoom = 4096;
    const auto framing = decide_body_framing(exchange_->request);
    if (!framing) return std::unexpected(framing.error());
    const auto expects = expects_continue(exchange_->request);
    if (!expects) return std::unexpected(expects.error());
    const std::uint64_t most = framing->kind != BodyFraming::Kind::none ? most_content() : 0;
    if (framing->length > most) return std::unexpected(Refusal::body_too_large);
    if (framing->kind != BodyFraming::Kind::none) {
        if (auto room = exchange_->head.make_room_after_head(kContentRoom); !room) return room;
        hear_proxies();  // the fields have moved
    }
    exchange_->body.start(stream_, exchange_->head.size(), *framing, *expects, most);
    if (exchange_->body.announces_too_much()) return std::unexpected(Refusal::body_too_large);
    return {};
}

// What the route of the request says about its content, else the server.
std::uint64_t Connection::most_content() const {
    const Request& request = exchange_->request;
    const auto own = context_.router.body_limit(request.host, request.path());
    if (!own) return context_.limits.body;
    return *own != 0 ? *own : std::numeric_limits<std::uint64_t>::max();
}

bool Connection::may_persist() const {
    const std::uint64_t most = context_.limits.requests_per_connection;
    return !context_.draining && wants_persistence(exchange_->request) && (most == 0 || requests_ < most);
}

// Sends what is left of the response and settles whether another request can follow.
Task<> Connection::finish_response() {
    ResponseWriter& response = exchange_->response;
    if (!exchange_->body.worth_draining()) response.close_after();
    // The answers to requests that came together leave together: the last one, or the next wait, sends them all.
    const bool another_follows = response.persists() && exchange_->body.is_followed();
    Task<IoResult<void>> finishing = response.finish(another_follows ? Stream::More::yes : Stream::More::no);
    if (!finishing.done() || response.failure() != 0) return see_to_the_end_of(std::move(finishing));
    settle_persistence(true);
    return {};
}

// Waits until the response has ended. One that fails before anything of it was sent has another sent in its place.
Task<> Connection::see_to_the_end_of(Task<IoResult<void>> finishing) {
    ResponseWriter& response = exchange_->response;
    auto sent = co_await finishing;
    if (!sent) {
        dispatcher_.log_cut(sent.error());
        if (!response.sent_anything() && !response.abandoned()) {
            response.close_after();
            response.discard();
            dispatcher_.answer_error(500, sent.error().code == ENODATA
                                              ? "The content does not have the length that was announced"
                                              : "The content cannot be read");
            sent = co_await response.finish();
        }
    }
    settle_persistence(sent.has_value());
}

void Connection::settle_persistence(bool sent) {
    const BodyReader& body = exchange_->body;
    close_connection_ = !sent || !exchange_->response.persists();
    lingers_ = close_connection_ && sent && (lingers_ || !body.complete() || wants_persistence(exchange_->request));
}

// Reads what the handler left of the content, so that the next request can follow.
Task<> Connection::finish_body() {
    if (!close_connection_ && !exchange_->body.complete()) return drain_body();
    end_body();
    return {};
}

Task<> Connection::drain_body() {
    const bool drained = co_await exchange_->body.drain();
    close_connection_ = lingers_ = !drained;
    end_body();
}

void Connection::end_body() {
    exchange_->body.finish();
    // More than was asked for, and maybe still more on its way: closing at once would reset what the answer is in.
    if (close_connection_ && exchange_->response.failure() == 0 && !exchange_->input.empty()) lingers_ = true;
}

void Connection::log_exchange() {
    const Request& request = exchange_->request;
    AccessRecord record;
    record.arrival_ns = arrival_ns_;
    fill_durations(record);
    record.client = exchange_->client;
    record.peer = peer_;
    record.local = local_;
    record.status = static_cast<std::uint16_t>(exchange_->response.status());
    record.ending = ending();
    record.persists = !close_connection_;
    fill_sizes(record);
    record.id = exchange_->id;
    record.request_line = request.line;
    record.host = request.host;
    record.referer = request.fields.find(KnownField::referer).value_or("");
    record.user_agent = request.fields.find(KnownField::user_agent).value_or("");
    record.user = exchange_->user;
    if (exchange_->site != nullptr) record.site = exchange_->site->name();
    if (exchange_->route != nullptr) record.route = exchange_->route->path;
    if (!context_.captures.empty()) dispatcher_.capture_names();
    record.captured = Captured::of(exchange_->captured);
    count(record);
    dispatcher_.log_request(record);
}

void Connection::count(const AccessRecord& record) {
    Counters& all = context_.counters;
    add_to(all.requests, std::uint64_t{1});
    add_to(all.body_bytes, record.body_bytes);
    add_to(all.duration_ns, static_cast<std::uint64_t>(record.duration_ns));
    all.responses.add(record.status);
    all.times.add(record.duration_ns);
    if (context_.site_counters.empty() || exchange_->site == nullptr) return;
    SiteCounters& site = *context_.site_counters[exchange_->site->order];
    site.responses.add(record.status);
    add_to(site.body_bytes, record.body_bytes);
}

void Connection::fill_durations(AccessRecord& record) const {
    const ResponseSender& sender = exchange_->response.sender();
    if (head_at_ != 0) record.head_ns = head_at_ - arrived_at_;
    if (handled_at_ != 0) record.handler_ns = handled_at_ - head_at_;
    if (sender.writes() != 0) record.first_byte_ns = sender.first_sent_ns() - arrived_at_;
    // Most responses leave as a whole: when that was is known, and looking at the clock once more is saved.
    const bool at_once = sender.writes() == 1 && exchange_->response.failure() == 0;
    const std::int64_t ended = at_once ? std::max(sender.first_sent_ns(), handled_at_) : monotonic_ns();
    record.duration_ns = ended - arrived_at_;
}

void Connection::fill_sizes(AccessRecord& record) const {
    const ResponseSender& sender = exchange_->response.sender();
    const BodyReader& body = exchange_->body;
    // Of a request that never became one, everything that came was read for it.
    record.bytes_in = head_at_ != 0 ? exchange_->head.size() + body.bytes_in() : exchange_->input.unread().size();
    record.body_bytes = sender.content_sent();
    record.bytes_out = sender.sent() + body.bytes_out();
}

// The first thing that went wrong tells how the exchange ended: with the request, else with the response.
Ending Connection::ending() const {
    for (const int failure : {exchange_->head.failure(), exchange_->body.failure(), exchange_->response.failure()}) {
        switch (failure) {
            case 0:
            case EBADMSG:  // content that was refused, and the refusal is an answer
            case EMSGSIZE:
                break;
            case EPIPE:
            case ECONNRESET:
                return Ending::client_left;
            case ETIMEDOUT:
                return Ending::timed_out;
            default:
                return Ending::aborted;
        }
    }
    return Ending::complete;
}

}  // namespace basehttp
