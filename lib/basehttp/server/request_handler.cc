#include "basehttp/server/request_handler.h"

#include <algorithm>
#include <array>
#include <stdexcept>
#include <vector>

#include "basehttp/io/pause.h"
#include "basehttp/io/wall_clock.h"
#include "basehttp/log/request_id.h"
#include "basehttp/pages/error_page.h"
#include "basehttp/protocol/host.h"
#include "basehttp/protocol/negotiation.h"
#include "basehttp/protocol/status.h"
#include "basehttp/protocol/target.h"
#include "basehttp/server/blocking_call.h"
#include "basehttp/server/route_path.h"
#include "basehttp/server/server_context.h"

namespace basehttp {
namespace {

std::string_view usual_message(int code) {
    const StatusInfo* info = find_status(code);
    return info != nullptr ? info->phrase : "Unregistered status code";
}

}  // namespace

void RequestHandler::attach(ServerContext& context, Exchange& exchange) {
    context_ = &context;
    exchange_ = &exchange;
}

Task<IoResult<std::size_t>> RequestHandler::read(std::span<char> space) {
    // An interim response cannot follow the start of the final one.
    if (response().sent_anything()) exchange_->body.send_no_continue();
    return exchange_->body.read(space);
}

Task<IoResult<std::string>> RequestHandler::read(std::size_t size) {
    std::string content;
    std::array<char, 4096> piece;
    while (content.size() < size) {
        const auto got = co_await read(std::span(piece).first(std::min(piece.size(), size - content.size())));
        if (!got) co_return std::unexpected(got.error());
        if (*got == 0) break;
        content.append(piece.data(), *got);
    }
    co_return content;
}

Task<IoResult<std::string>> RequestHandler::read_line(std::size_t limit) {
    if (response().sent_anything()) exchange_->body.send_no_continue();
    return exchange_->body.read_line(limit);
}

Task<IoResult<std::string>> RequestHandler::read_all(std::size_t limit) {
    std::string content;
    std::array<char, 4096> piece;
    for (;;) {
        const auto got = co_await read(piece);
        if (!got) co_return std::unexpected(got.error());
        if (*got == 0) co_return content;
        if (content.size() + *got > limit) co_return exchange_->body.fail(EMSGSIZE, Refusal::body_too_large);
        content.append(piece.data(), *got);
    }
}

Task<IoResult<void>> RequestHandler::send_interim_response(int code, std::span<const FieldLine> fields) {
    const StatusInfo* info = find_status(code);
    return response().send_interim(code, info != nullptr ? info->phrase : std::string_view{}, fields);
}

void RequestHandler::send_response(int code, std::string_view message) {
    ResponseWriter& out = response();
    const Version version = protocol_version();
    if (message.empty() && version == kHttp11) {
        out.begin_with(code, context_->openings.find(code, version_string(), wall_clock_seconds()));
        return;
    }
    if (message.empty()) {
        const StatusInfo* info = find_status(code);
        if (info != nullptr) message = info->phrase;
    }
    out.begin(code, message, version);
    if (const auto server = version_string(); !server.empty()) out.plain_field("Server", server);
    out.plain_field("Date", date_time_string());
}

void RequestHandler::end_headers() {
    const Route* route = exchange_->route;
    const Site* site = exchange_->site;
    if (route != nullptr && route->cors) response().prepared_fields(route->cors->field_lines(headers()));
    if (route != nullptr ? route->fields.has_value() : site != nullptr && site->fields)
        response().edit(route != nullptr ? *route->fields : *site->fields);
    response().end_fields();
}

void RequestHandler::send_error(int code, std::string_view message, std::span<const FieldLine> fields) {
    if (message.empty()) message = usual_message(code);
    // What is not there is asked for all day; the access log has it.
    const Severity severity = code >= 500 ? Severity::error : code == 404 ? Severity::debug : Severity::info;
    log_message(severity, "code {}, message {}, request \"{}\"", code, message, request().line);
    send_status_page(code, message, fields);
}

void RequestHandler::send_status_page(int code, std::string_view message, std::span<const FieldLine> fields) {
    if (message.empty()) message = usual_message(code);
    send_response(code);
    for (const FieldLine& field : fields)
        send_header(field.name, field.value);
    if (status_forbids_content(code)) {
        end_headers();
        return;
    }
    send_header("Content-Type", error_content_type(code));
    response().prepared_fields("Vary: Accept\r\nX-Content-Type-Options: nosniff\r\n");
    end_headers();
    std::string page = error_message(code, message);
    response().append(page);
    context_->pages.recycle(std::move(page));
}

void RequestHandler::redirect_to_folder(std::span<const FieldLine> fields) {
    std::string location;
    append_escaped_path(location, path());
    send_moved(location + '/', "The address of a directory ends with a slash", fields);
}

void RequestHandler::redirect_without_slash() {
    std::string location;
    append_escaped_path(location, path());
    if (location.size() > 1 && location.ends_with('/')) location.pop_back();
    send_moved(std::move(location), "This address does not end with a slash", {});
}

// Without a scheme it stays with the one that the client uses, which a proxy may have changed on the way (RFC
// 3986, 4.2).
void RequestHandler::redirect_to_host(std::string_view host) {
    std::string location = "//";
    location.append(host).append(request().host.substr(host_without_port(request().host).size()));
    append_escaped_path(location, path());
    send_moved(std::move(location), "This site has another name", {});
}

void RequestHandler::send_moved(std::string location, std::string_view message, std::span<const FieldLine> fields) {
    if (request().target.has_query) location.append("?").append(request().target.query);
    std::vector<FieldLine> all{{"Location", location}};
    all.insert(all.end(), fields.begin(), fields.end());
    const bool reads = command() == "GET" || command() == "HEAD";  // others must not become a GET
    send_status_page(reads ? 301 : 308, message, all);
}

void RequestHandler::send_content(int code, std::string_view media_type, std::string_view content,
                                  std::initializer_list<FieldLine> fields) {
    send_response(code);
    send_header("Content-Type", media_type);
    send_headers(fields);
    end_headers();
    response().append(content);
}

void RequestHandler::ask_for_credentials(std::string_view realm) {
    std::string challenge = "Basic realm=\"";
    for (const char c : realm) {
        if (c == '"' || c == '\\') challenge += '\\';
        challenge += c;
    }
    challenge += "\", charset=\"UTF-8\"";
    send_error(401, "A name and a password are needed", {{"WWW-Authenticate", challenge}});
}

std::string_view RequestHandler::parameter(std::string_view name) const {
    if (exchange_->route == nullptr) return {};
    return path_parameter(exchange_->route->path, path(), name);
}

Task<bool> RequestHandler::sleep(std::chrono::milliseconds time) {
    constexpr std::chrono::milliseconds kShortest{1};
    constexpr std::chrono::milliseconds kPause{100};
    Stream& stream = *exchange_->stream;
    stream.set_deadline(std::max(time, kShortest));
    const auto left = co_await stream.until_peer_leaves();
    if (!left && left.error().code == ETIMEDOUT) co_return true;
    // A loop that does not look at the result must not keep the process from everything else.
    if (std::exchange(left_in_sleep_, true) && context_->loop != nullptr) {
        Pause pause(*context_->loop, kPause);
        co_await pause;
    }
    co_return false;
}

bool RequestHandler::stopping() const {
    return context_->stopping;
}

std::string RequestHandler::allowed_methods() const {
    return exchange_->route->allow();
}

EventLoop& RequestHandler::loop() const {
    if (context_->loop == nullptr) throw std::logic_error("this server gives its handlers no loop");
    return *context_->loop;
}

Task<> RequestHandler::call_on_thread(std::function<void()> work) {
    if (context_->threads == nullptr) throw std::logic_error("this server has no threads for blocking calls");
    BlockingCall call(*context_->threads, loop(), std::move(work));
    co_await call;
}

void RequestHandler::note(std::string_view name, std::string_view value) {
    if (context_->captures.find(CaptureKind::note, name) == nullptr) return;
    Captured::append(exchange_->captured, CaptureKind::note, name, value);
}

void RequestHandler::log_request(const AccessRecord& record) {
    context_->log.access(record);
}

std::string_view RequestHandler::version_string() const {
    return context_->server_version;
}

std::string RequestHandler::error_message(int code, std::string_view message) const {
    const std::string id = request_id();
    if (prefers_json(headers(), kProblemType)) return problem_json(code, message, id);
    const ErrorPages* pages = exchange_->error_pages;
    if (pages != nullptr && !pages->media_type(code).empty()) return pages->fill(code, message, id);
    return context_->pages.page(code, message, id);
}

std::string_view RequestHandler::error_content_type(int code) const {
    if (prefers_json(headers(), kProblemType)) return kProblemType;
    const ErrorPages* pages = exchange_->error_pages;
    const std::string_view own = pages != nullptr ? pages->media_type(code) : std::string_view{};
    return own.empty() ? kErrorPageType : own;
}

std::string RequestHandler::request_id() const {
    if (!context_->names_requests) return {};
    return exchange_->id.text();
}

std::string_view RequestHandler::date_time_string() const {
    return context_->date.at(wall_clock_seconds());
}

bool RequestHandler::logs(Severity severity) const {
    return context_->logs(severity);
}

void RequestHandler::write_log(Severity severity, std::string_view text) {
    if (!logs(severity)) return;
    context_->log_error(*exchange_, severity, fmt::format("{}: {}", client_address().text(), text));
}

}  // namespace basehttp
