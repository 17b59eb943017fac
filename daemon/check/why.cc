#include "daemon/check/why.h"

#include <algorithm>
#include <charconv>
#include <cstring>
#include <system_error>

#include <fmt/format.h>

#include "basehttp/protocol/host.h"
#include "basehttp/server/server_context.h"
#include "basehttp/testing/test_client.h"
#include "basehttp/text/ascii.h"
#include "daemon/check/child_answer.h"
#include "daemon/check/site_host.h"
#include "daemon/check/workers_identity.h"
#include "daemon/status/status_view.h"
#include "daemon/text/url_host.h"
#include "daemon/text/words.h"
#include "daemon/worker/sites.h"

namespace basehttpd {
namespace {

using basehttp::AnsweredBy;
using basehttp::CaptureKind;

// What is passed on is not passed on here: it may change something elsewhere. All rules before that are looked at.
Config without_proxies(const Config& config) {
    Config own = config;
    for (SiteConfig& site : own.sites) {
        for (RouteConfig& route : site.routes) {
            // Which script it is, or that it is none, is found out by the handler itself.
            if (auto* fastcgi = std::get_if<FastCgiHandler>(&route.handler)) fastcgi->to.clear();
            if (!std::holds_alternative<ProxyHandler>(route.handler)) continue;
            RespondHandler silent;
            silent.close = true;
            route.handler = silent;
        }
    }
    return own;
}

// The handler of the route of `answer`, if there is one.
const HandlerConfig* find_handler(const Config& config, const WhyAnswer& answer) {
    const auto site = std::ranges::find(config.sites, answer.site, site_name);
    if (site == config.sites.end()) return nullptr;
    const auto route = std::ranges::find(site->routes, answer.route, &RouteConfig::path);
    return route != site->routes.end() ? &route->handler : nullptr;
}

// Says to whom the request goes on, if the handler passes it on.
void note_origins(WhyAnswer& answer, const HandlerConfig& handler) {
    if (const auto* proxy = std::get_if<ProxyHandler>(&handler)) {
        answer.handler = ProxyHandler::kName;
        answer.passed_on_to = proxy->to;
    } else if (const auto* fastcgi = std::get_if<FastCgiHandler>(&handler)) {
        if (answer.handler == FastCgiHandler::kName && answer.status == 0) answer.passed_on_to = fastcgi->to;
    }
}

void fill(WhyAnswer& answer, const basehttp::AccessRecord& record) {
    const auto captured = [&record](CaptureKind kind) { return record.captured.find(kind, "").value_or(""); };
    answer.client = record.client.text();
    answer.host = record.host;
    answer.site = record.site;
    answer.route = record.route;
    answer.handler = captured(CaptureKind::handler);
    answer.file = captured(CaptureKind::file);
}

// The line of an error log without what is asked anyway.
std::string message_of(std::string_view line, const WhyAnswer& answer) {
    const std::string client = answer.client + ": ";
    if (line.starts_with(client)) line.remove_prefix(client.size());
    return std::string(line.substr(0, line.rfind(", request \"")));
}

WhyAnswer ask(const Config& config, const WhyQuestion& question) {
    WhyAnswer answer;
    answer.method = question.method;
    answer.target = question.target;
    const Config served = without_proxies(config);
    const StatusView status([] { return std::make_unique<StatusFacts>(); });
    auto sites = Sites::open(served, MissingRoots::serve_without, status);
    if (!sites) {
        answer.messages.push_back(sites.error());
        return answer;
    }
    answer.messages = sites->missing();
    basehttp::TestClient client(sites->release_router(), Sites::limits_for(served));
    auto by = AnsweredBy::handler;
    client.context().answered_by = &by;
    client.context().trusted_proxies = served.trusted_proxies;
    client.context().captures.add({CaptureKind::handler, ""});
    client.context().captures.add({CaptureKind::file, ""});
    client.come_from(question.client);
    client.watch([&answer](const basehttp::AccessRecord& record) { fill(answer, record); });
    std::vector<basehttp::FieldLine> fields{{"Host", question.host}};
    for (const auto& [name, value] : question.fields)
        fields.push_back({name, value});
    const auto got = client.request(question.method, question.target, fields);
    answer.status = got.status;
    answer.location = got.field("Location");
    for (const std::string& line : client.error_lines())
        answer.messages.push_back(message_of(line, answer));
    if (const HandlerConfig* handler = find_handler(config, answer); handler != nullptr && by == AnsweredBy::handler)
        note_origins(answer, *handler);
    add_rules(answer, config, question, by);
    sites->close_kept_connections();
    return answer;
}

std::optional<std::uint16_t> port_of(std::string_view host) {
    const std::string_view name = basehttp::host_without_port(host);
    if (host.size() < name.size() + 2) return std::nullopt;
    const std::string_view digits = host.substr(name.size() + 1);
    std::uint16_t port = 0;
    const auto [end, error] = std::from_chars(digits.data(), digits.data() + digits.size(), port);
    if (error != std::errc{} || end != digits.data() + digits.size()) return std::nullopt;
    return port;
}

}  // namespace

std::expected<void, std::string> WhyQuestion::read_url(const std::string& url) {
    constexpr std::uint16_t kHttp = 80;
    constexpr std::uint16_t kHttps = 443;
    std::string_view rest = url;
    host = take_url_host(rest);
    target = rest.substr(0, rest.find('#'));
    if (!target.starts_with('/') || target.find_first_of(" \r\n\t") != std::string::npos)
        return std::unexpected(
            fmt::format("{} is not a URL; write http://HOST/PATH, or /PATH for the first site", in_quotes(url)));
    if (host.empty()) return {};
    address = basehttp::host_without_port(host);
    port = port_of(host).value_or(url.starts_with("https:") ? kHttps : kHttp);
    return {};
}

std::expected<std::string, std::string> explain_answer(const Config& config, const WhyQuestion& question,
                                                       WhyForm form) {
    const auto workers = identity_of_workers(config);
    if (!workers) return std::unexpected(workers.error());
    WhyQuestion whole = question;
    if (whole.host.empty()) whole.host = a_host_of(config.sites.front());
    auto text = ask_child(*workers, [&] {
        const WhyAnswer answer = ask(config, whole);
        return form == WhyForm::json ? answer.json() : answer.text();
    });
    if (!text) return std::unexpected(fmt::format("the sites cannot be asked: {}", std::strerror(text.error())));
    return *std::move(text);
}

}  // namespace basehttpd
