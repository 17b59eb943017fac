#include "basehttp/server/dispatcher.h"

#include <cerrno>
#include <chrono>

#include "basehttp/io/monotonic_clock.h"
#include "basehttp/protocol/host.h"
#include "basehttp/server/answered_by.h"
#include "basehttp/server/authentication.h"
#include "basehttp/server/capturing.h"
#include "basehttp/text/ascii.h"

namespace basehttp {
namespace {

// What Limits::send_timeout and Limits::min_rate make of a client that does not take a response.
std::string slow_client_text(const Limits& limits) {
    std::string text = fmt::format(": the client accepted nothing for {} s",
                                   std::chrono::ceil<std::chrono::seconds>(limits.send_timeout).count());
    if (limits.min_rate != 0) text += fmt::format(", or less than {} bytes a second", limits.min_rate);
    return text;
}

}  // namespace

// The seed's dispatch: a request SPAM goes to do_SPAM() of the handler that the router finds.
Task<> Dispatcher::run() {
    const Method* method = route();
    if (method == nullptr) return {};
    Authentication* authentication = exchange_->route->authentication.get();
    return authentication != nullptr ? authenticate(*method, *authentication) : call(*method);
}

// Called only where the handler does not answer: on the usual way it costs nothing.
void Dispatcher::note(AnsweredBy what) const {
    if (context_.answered_by != nullptr) *context_.answered_by = what;
}

// The method is called if the client proves to be somebody.
Task<> Dispatcher::authenticate(const Method& method, Authentication& authentication) {
    auto given = basic_credentials(exchange_->request.fields);
    if (!given) {
        note(AnsweredBy::authentication);
        answer_unauthorized(authentication, "A user name and a password are needed");
        co_return;
    }
    std::string user = given->user;
    std::exception_ptr thrown;
    auto verdict = Authentication::Verdict::wrong;
    try {
        verdict = co_await authentication.check(context_, *std::move(given));
    } catch (...) {
        thrown = std::current_exception();
    }
    if (!thrown && verdict == Authentication::Verdict::right) {
        exchange_->user = std::move(user);
        co_await call(method);
        co_return;
    }
    note(AnsweredBy::authentication);
    if (thrown) {
        answer_exception(thrown);
    } else if (verdict == Authentication::Verdict::wrong) {
        answer_unauthorized(authentication, "The user name or the password is wrong");
    } else {
        const FieldLine field{"Retry-After", "1"};
        answer_error(503, "Too many passwords are being checked; try again shortly", {&field, 1});
    }
}

Task<> Dispatcher::call(const Method& method) {
    std::exception_ptr thrown;
    try {
        handler_ = exchange_->route->handlers->make();
        handler_->attach(context_, *exchange_);
        Task<> task = method.call(*handler_);
        if (!task.start()) return wait_for(std::move(task));
        task.result();
        check_response();
    } catch (...) {
        thrown = std::current_exception();
    }
    if (thrown) answer_exception(thrown);
    return {};
}

Task<> Dispatcher::wait_for(Task<> method) {
    std::exception_ptr thrown;
    try {
        co_await method;
        check_response();
    } catch (...) {
        thrown = std::current_exception();
    }
    if (thrown) answer_exception(thrown);
}

// The method that answers. nullptr: there is none, and the request has been answered.
const Method* Dispatcher::route() {
    if (answer_quarantined()) return nullptr;
    const Request& request = exchange_->request;
    const Site* site = context_.router.find_site(request.host);
    if (site == nullptr) {
        note(AnsweredBy::no_site);
        answer_error(421, "This server does not answer for that host");
        return nullptr;
    }
    exchange_->site = site;
    exchange_->error_pages = &site->error_pages;
    if (request.leniency && site->strictness > request.leniency->taken_by) {
        answer_refusal(request.leniency->refusal);
        note(AnsweredBy::strictness);
        return nullptr;
    }
    if (request.target.form == Target::Form::asterisk) {
        answer_asterisk();
        return nullptr;
    }
    if (!site->canonical_host.empty() && redirects_to_canonical_host(*site)) return nullptr;
    if (const Route* below = Router::find_route_below(*site, request.path())) {
        exchange_->route = below;
        if (!refuses_client()) redirect_to_folder();
        return nullptr;
    }
    const Route* route = request.path().empty() ? nullptr : Router::find_route(*site, request.path());
    exchange_->route = route;
    if (route != nullptr && (refuses_client() || answers_preflight())) return nullptr;
    const Method* method = route != nullptr ? route->find_method(request.method) : nullptr;
    if (method == nullptr) answer_unhandled();
    return method;
}

// A request of HTTP/1.0 may name no host, and is served.
bool Dispatcher::redirects_to_canonical_host(const Site& site) {
    std::string_view name = host_without_port(exchange_->request.host);
    if (name.ends_with('.')) name.remove_suffix(1);
    if (name.empty() || equals_ignoring_case(name, site.canonical_host)) return false;
    note(AnsweredBy::canonical_host);
    RequestHandler plain;
    plain.attach(context_, *exchange_);
    plain.redirect_to_host(site.canonical_host);
    return true;
}

// Whether the route is not for this client, which has then been answered.
bool Dispatcher::refuses_client() {
    const ClientRules& clients = exchange_->route->clients;
    if (clients.empty() || clients.admit(exchange_->client)) return false;
    note(AnsweredBy::clients);
    answer_error(403, "This is not served to the client's address");
    return true;
}

// A preflight asks in the name of a request that is to follow, and carries none of its credentials.
bool Dispatcher::answers_preflight() {
    const Route& route = *exchange_->route;
    if (!route.cors || !Cors::is_preflight(exchange_->request)) return false;
    note(AnsweredBy::preflight);
    RequestHandler plain;
    plain.attach(context_, *exchange_);
    plain.send_response(204);
    exchange_->response.prepared_fields(route.cors->preflight_lines(exchange_->request.fields, route.allow()));
    plain.end_headers();
    return true;
}

void Dispatcher::answer_unauthorized(const Authentication& authentication, std::string_view message) {
    const FieldLine field{"WWW-Authenticate", authentication.challenge()};
    answer_error(401, message, {&field, 1});
}

// After the method has ended: there is a response or is to be none, or one is given in its stead.
void Dispatcher::check_response() {
    if (exchange_->response.head_ended() || exchange_->response.abandoned()) return;
    const auto refusal = exchange_->body.refusal();
    if (exchange_->response.begun()) {
        exchange_->response.discard();
        answer_error(500, "The handler did not end the head of its response");
    } else if (refusal) {
        answer_refusal(*refusal);
    } else {
        answer_error(500, "The handler gave no response");
    }
}

// No do_SPAM(): 501 where nobody knows SPAM, 405 where it is only this resource that does not (RFC 9110, 15.5.6).
void Dispatcher::answer_unhandled() {
    const Request& request = exchange_->request;
    if (!is_standard_method(request.method) || request.method == "CONNECT") {
        // Some take what follows CONNECT for a tunnel's bytes whatever its fields say: nobody is to mistake them.
        if (request.method == "CONNECT") exchange_->response.close_after();
        note(AnsweredBy::unknown_method);
        answer_error(501, "Unsupported method");
        return;
    }
    if (exchange_->route == nullptr) {
        note(AnsweredBy::no_route);
        answer_error(404, "Nothing is served at this path");
        return;
    }
    note(AnsweredBy::methods);
    const std::string allow = exchange_->route->allow();
    const FieldLine field{"Allow", allow};
    answer_error(405, "This resource does not answer that method", {&field, 1});
}

// A request that other workers have crashed on. False: it is none.
bool Dispatcher::answer_quarantined() {
    if (context_.quarantine == nullptr || context_.quarantine->empty()) return false;
    const std::int64_t now_ms = monotonic_ms();
    const auto until_ms = context_.quarantine->until_ms(RequestsInFlight::fingerprint(exchange_->request), now_ms);
    if (!until_ms) return false;
    note(AnsweredBy::quarantine);
    const std::string seconds = fmt::format("{}", (*until_ms - now_ms + 999) / 1000);
    const FieldLine field{"Retry-After", seconds};
    answer_error(503, "This request repeatedly crashed the server and is refused for now", {&field, 1});
    return true;
}

// `OPTIONS *` asks for nothing but a sign of life (RFC 9110, 9.3.7).
void Dispatcher::answer_asterisk() {
    note(AnsweredBy::asterisk);
    RequestHandler plain;
    plain.attach(context_, *exchange_);
    plain.send_response(204);
    plain.end_headers();
}

void Dispatcher::redirect_to_folder() {
    note(AnsweredBy::folder);
    RequestHandler plain;
    plain.attach(context_, *exchange_);
    plain.redirect_to_folder();
}

void Dispatcher::answer_refusal(Refusal refusal) {
    note(AnsweredBy::refusal);
    const auto [status, message] = describe(refusal);
    exchange_->response.close_after();  // where the message ends is not certain any more
    exchange_->response.insist_on_head();
    if (exchange_->error_pages == nullptr) {
        const Site* site = context_.router.find_site(exchange_->request.host);
        if (site != nullptr) exchange_->error_pages = &site->error_pages;
    }
    answer_error(status, message);
}

// By the handler, whose pages may look its own way, or where there is none, or it fails at that too, by a plain one.
void Dispatcher::answer_error(int status, std::string_view message, std::span<const FieldLine> fields) {
    if (handler_) {
        try {
            handler_->send_error(status, message, fields);
            return;
        } catch (...) {
            log_exception("send_error()", std::current_exception());
            exchange_->response.discard();
        }
    }
    RequestHandler plain;
    plain.attach(context_, *exchange_);
    plain.send_error(status, message, fields);
}

void Dispatcher::answer_exception(std::exception_ptr thrown) {
    log_exception("the handler", std::move(thrown));
    ResponseWriter& response = exchange_->response;
    response.close_after();
    if (response.sent_anything()) {
        response.abandon();
        return;
    }
    response.discard();
    answer_error(500, "The handler failed");
}

void Dispatcher::log_exception(std::string_view where, std::exception_ptr thrown) {
    std::string what = "an exception of unknown type";
    try {
        std::rethrow_exception(std::move(thrown));
    } catch (const std::exception& error) {
        what = error.what();
    } catch (...) {
    }
    log_error(fmt::format("{} threw: {}", where, what));
}

void Dispatcher::log_cut(const IoError& error) {
    switch (error.code) {
        case EPIPE:
        case ECONNRESET:
        case ECANCELED:
            return;
        case ENODATA:
            log_error("the response's content and its Content-Length differ");
            return;
        case ETIMEDOUT:
            if (!context_.logs(Severity::info)) return;
            log_error(cut_text() + slow_client_text(context_.limits), Severity::info);
            return;
        case ESTALE:
            log_error(cut_text() + ": the file became shorter while it was sent");
            return;
        default:
            log_error(cut_text() + ": " + error.text());
    }
}

std::string Dispatcher::cut_text() const {
    std::string text = "the response was cut after ";
    text += fmt::format("{} bytes of content", exchange_->response.body_bytes_sent());
    const std::string file = handler_ ? handler_->file_name() : std::string();
    return file.empty() ? text : text + ", file " + file;
}

void Dispatcher::log_error(std::string_view text, Severity severity) {
    if (!context_.logs(severity)) return;
    context_.log_error(
        *exchange_, severity,
        fmt::format("{}: {}, request \"{}\"", exchange_->client.text(), text, exchange_->request.line));
}

void Dispatcher::capture_names() {
    capture(context_.captures, *exchange_, handler_.get());
}

void Dispatcher::log_request(const AccessRecord& record) {
    if (!handler_) {
        context_.log.access(record);
        return;
    }
    try {
        handler_->log_request(record);
    } catch (...) {
        log_exception("log_request()", std::current_exception());
    }
}

}  // namespace basehttp
