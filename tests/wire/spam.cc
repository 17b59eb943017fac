#include "tests/wire/spam.h"

#include <algorithm>
#include <array>
#include <stdexcept>
#include <string>

#include "tests/wire/spam_acts.h"

namespace wire {

using basehttp::Task;

Task<> answer(Spam& h, std::string_view body) {
    h.send_response(200);
    h.send_header("Content-Type", "text/plain");
    h.end_headers();
    co_await h.write(body);
}

Task<> announced(Spam& h, std::uint64_t length, std::string_view first, std::string_view second) {
    h.send_response(200);
    h.send_header("Content-Length", length);
    h.end_headers();
    co_await h.write(first);
    if (second.empty()) co_return;
    co_await h.flush();
    co_await h.write(second);
}

Task<> Spam::do_GET() {
    for (const auto acts : {good_acts(), bad_acts(), body_acts(), form_acts()}) {
        const auto found = std::ranges::find(acts, path(), &Act::path);
        if (found != acts.end()) return found->run(*this);
    }
    return answer(*this, request().target.raw);
}

Task<> Spam::do_POST() {
    return do_GET();
}

Task<> Spam::do_SPAM() {
    co_await answer(*this, "spam, spam, spam");
}

std::span<const basehttp::Method> Spam::extension_methods() {
    static const std::array<basehttp::Method, 1> kMethods{
        {{"SPAM", [](basehttp::RequestHandler& handler) { return static_cast<Spam&>(handler).do_SPAM(); }}}};
    return kMethods;
}

void Spam::log_request(const basehttp::AccessRecord& record) {
    if (path() == "/log-throws") throw std::runtime_error("no log today");
    RequestHandler::log_request(record);
}

basehttp::Version Spam::protocol_version() const {
    return path().starts_with("/seed") ? basehttp::kHttp10 : RequestHandler::protocol_version();
}

std::string Spam::error_message(int code, std::string_view message) const {
    if (path() == "/page-throws") throw std::runtime_error("no page today");
    if (path() == "/own-page") return "my own page";
    if (path() == "/huge-page") return std::string(200'000, 'x');
    return RequestHandler::error_message(code, message);
}

void Spam::write_log(basehttp::Severity severity, std::string_view text) {
    const bool own = path() == "/own-log";
    RequestHandler::write_log(own ? basehttp::Severity::debug : severity, own ? "one of my own" : text);
}

}  // namespace wire
