#include "daemon/config/handlers/redirect_handler.h"

#include <algorithm>
#include <array>
#include <variant>

#include <fmt/format.h>

#include "basehttp/handlers/redirect.h"
#include "basehttp/server/handler_factory.h"
#include "basehttp/server/route_path.h"
#include "basehttp/text/ascii.h"
#include "daemon/config/config.h"
#include "daemon/config/config_kinds.h"
#include "daemon/config/config_value.h"
#include "daemon/config/handlers/handler_resources.h"
#include "daemon/text/words.h"

namespace basehttpd {
namespace {

// What other servers put values into: $host, $1, ${uri}, %{REQUEST_URI}, {path}.
std::optional<ValueProblem> find_variable(std::string_view to) {
    for (std::size_t at = to.find_first_of("${"); at < to.size(); at = to.find_first_of("${", at + 1)) {
        const char next = at + 1 < to.size() ? to[at + 1] : '\0';
        const bool names = basehttp::is_token_char(next) || next == '{';
        if (to[at] == '{' || names) {
            return ValueProblem{fmt::format("has a '{}', which has no meaning here", to[at]),
                                "the rest of the request's path is added by itself"};
        }
    }
    return std::nullopt;
}

bool is_percent_encoded(std::string_view text) {
    for (std::size_t at = text.find('%'); at != std::string_view::npos; at = text.find('%', at + 1)) {
        const bool complete = at + 2 < text.size();
        if (!complete || basehttp::hex_value(text[at + 1]) < 0 || basehttp::hex_value(text[at + 2]) < 0) return false;
    }
    return true;
}

// The host and port of a URL, its path and what follows being cut off.
bool is_authority(std::string_view authority) {
    return parse_host(authority) || parse_listen_address(authority);
}

// What goes into a Location field as it is: a path or a URL of printable ASCII (RFC 3986, 4.1 and 4.3).
std::optional<ValueProblem> find_target_problem(std::string_view to) {
    const std::size_t scheme = to.starts_with("http://") ? 7 : to.starts_with("https://") ? 8 : 0;
    if (scheme == 0 && (!to.starts_with('/') || to.starts_with("//")))
        return ValueProblem{"must begin with '/', 'http://' or 'https://'", ""};
    if (auto variable = find_variable(to)) return variable;
    const std::string_view authority = scheme == 0 ? "" : to.substr(scheme, to.find_first_of("/?#", scheme) - scheme);
    if (scheme > 0 && !is_authority(authority))
        return ValueProblem{fmt::format("is not a URL: {} is not a host", in_quotes(authority)),
                            "write https://HOST/PATH, or /PATH on this host"};
    const std::string_view rest = to.substr(scheme + authority.size());
    const auto forbidden = [](char c) {
        return c <= ' ' || c > '~' || std::string_view("\"<>[\\]^`{|}").contains(c);
    };
    if (std::ranges::any_of(rest, forbidden))
        return ValueProblem{"has a character that a URL cannot have",
                            "write it percent-encoded, like %20 for a space"};
    if (!is_percent_encoded(rest))
        return ValueProblem{"has a '%' without two hexadecimal digits", "write %25 for the character itself"};
    if (std::ranges::count(rest, '#') > 1)
        return ValueProblem{"has more than one '#'", "write %23 for the character itself"};
    return std::nullopt;
}

struct Target {
    static std::string_view word() { return "text"; }
    static std::string bounds() { return {}; }
    static Document schema() { return schema_of_pattern("^(/|https?://)"); }
    static std::optional<Document> write(const std::string& to) { return Text::write(to); }
    static const ConfigNode* read(ConfigMap& map, std::string_view key, std::string& to) {
        const ConfigNode* node = map.read_text(key, to);
        if (node == nullptr) return nullptr;
        const auto problem = find_target_problem(to);
        if (!problem) return node;
        map.report(*node, key, to, *problem);
        to.clear();  // nothing else is to be said of this target
        return nullptr;
    }
};

struct RedirectStatus {
    static constexpr std::array<std::string_view, 5> kStatuses{"301", "302", "303", "307", "308"};

    static std::string_view word() { return "number"; }
    static std::string bounds() { return join_alternatives(kStatuses); }
    static Document schema() {
        Document numbers = Document::list();
        for (const std::string_view status : kStatuses)
            numbers.items.push_back(Document::bare(std::string(status)));
        return Document::map().add("enum", std::move(numbers));
    }
    static std::optional<Document> write(int status) { return Document::bare(std::to_string(status)); }
    static const ConfigNode* read(ConfigMap& map, std::string_view key, int& value) {
        std::string status;
        const ConfigNode* node = map.read_text(key, status);
        if (node == nullptr) return nullptr;
        if (std::ranges::find(kStatuses, status) == kStatuses.end()) {
            map.report(*node, fmt::format("'{}' of a redirect is {}", key, bounds()));
            return nullptr;
        }
        value = static_cast<int>(*parse_count(status));
        return node;
    }
};

using basehttp::RedirectOptions;

constexpr std::array kKeys{
    key<&RedirectOptions::to, Target{}>("to",
                                        "The target, a path or URL; the rest of the request's path is appended.")
        .is_needed("/PATH/"),
    key<&RedirectOptions::status, RedirectStatus{}>("status", "The status of the redirect."),
};

}  // namespace

KeyTable<RedirectOptions> RedirectHandler::keys() {
    return kKeys;
}

std::optional<std::string> RedirectHandler::problem_among(const std::vector<RouteConfig>& routes) const {
    if (to.empty()) return std::nullopt;            // what it was is reported already
    if (!to.starts_with('/')) return std::nullopt;  // another host's, or wrong
    const auto is_own = [this](const RouteConfig& route) {
        return std::get_if<RedirectHandler>(&route.handler) == this;
    };
    const auto own = std::ranges::find_if(routes, is_own);
    const bool exact = own != routes.end() && basehttp::route_pattern(own->path).exact;
    std::string target = to.substr(0, to.find_first_of("?#"));
    if (!exact && !target.ends_with('/')) target += '/';  // what is left of the request's path follows after a slash
    const RouteConfig* next = nullptr;                    // the route that serves the target
    for (const RouteConfig& route : routes) {
        if (route.path.empty() || !basehttp::lies_in(target, route.path)) continue;
        if (next == nullptr || basehttp::route_weight(route.path) > basehttp::route_weight(next->path)) next = &route;
    }
    if (next == nullptr || !is_own(*next)) return std::nullopt;
    return fmt::format("this redirect leads to itself: {} begins with {}", in_quotes(to), in_quotes(next->path));
}

std::expected<std::unique_ptr<basehttp::HandlerFactory>, std::string> RedirectHandler::make(
    const std::string& path, HandlerResources& resources) const {
    RedirectOptions options = *this;
    options.from = basehttp::route_pattern(path).path;
    return basehttp::handler<basehttp::Redirect>(resources.keep(std::move(options)));
}

}  // namespace basehttpd
