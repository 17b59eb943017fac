#include "daemon/config/cors_keys.h"

#include <algorithm>
#include <array>
#include <optional>
#include <string>
#include <vector>

#include <fmt/format.h>

#include "basehttp/text/ascii.h"
#include "daemon/config/name_lists.h"
#include "daemon/text/words.h"

namespace basehttpd {
namespace {

using basehttp::CorsRules;

bool is_any(std::string_view name) {
    return name == "*";
}

// The scheme, host and port of a page, as browsers write them (RFC 6454, 6.2).
std::optional<ValueProblem> find_origin_problem(std::string_view origin) {
    if (is_any(origin)) return std::nullopt;
    if (origin == "null") return ValueProblem{"is the origin of every page without one of its own", "leave it out"};
    const std::size_t colon = origin.find("://");
    if (colon == 0 || colon == std::string_view::npos)
        return ValueProblem{"is not an origin", fmt::format("write https://{}", origin)};
    std::string_view host = origin.substr(colon + 3);
    if (const std::size_t slash = host.find_first_of("/?#"); slash != std::string_view::npos)
        return ValueProblem{"has more than scheme, host and port",
                            fmt::format("write {}", origin.substr(0, colon + 3 + slash))};
    const std::string_view scheme = origin.substr(0, colon);
    for (const auto& [name, port] : {std::pair("http", ":80"), std::pair("https", ":443")}) {
        if (scheme == name && host.ends_with(port))
            return ValueProblem{"has the port that browsers leave out",
                                fmt::format("write {}", origin.substr(0, origin.rfind(':')))};
    }
    if (host.starts_with("*.")) host.remove_prefix(2);
    if (host.contains('*') || !(parse_host(host) || parse_listen_address(host)))
        return ValueProblem{"is not an origin", "write one like https://app.example.org or https://*.example.org"};
    return std::nullopt;
}

struct Origins {
    static std::string_view word() { return "list of names"; }
    static std::string bounds() { return {}; }
    static Document schema() { return schema_of_list(schema_of_pattern("^([*]$|[A-Za-z])")); }
    static std::optional<Document> write(const std::vector<std::string>& origins) { return Document::row(origins); }
    static const ConfigNode* read(ConfigMap& map, std::string_view key, std::vector<std::string>& origins) {
        return map.for_each_text(key, [&](std::string origin, const ConfigNode& node) {
            for (char& c : origin)
                c = basehttp::to_lower(c);
            if (const auto problem = find_origin_problem(origin)) return map.report(node, key, origin, *problem);
            origins.push_back(std::move(origin));
        });
    }
};

constexpr std::array kCors{
    key<&CorsRules::origins, Origins{}>("origins", "The origins whose scripts may read responses, or '*' for all.")
        .is_needed("https://app.example.org"),
    key<&CorsRules::methods, Methods{}>("methods", "The methods that these scripts may use.")
        .unless_set("those of the route"),
    key<&CorsRules::headers, FieldNames{}>("headers", "The fields that these scripts may send.").unless_set("none"),
    key<&CorsRules::expose, FieldNames{}>("expose", "The fields of responses that these scripts may read.")
        .unless_set("none"),
    key<&CorsRules::max_age, WholeSeconds{}>("max_age", "How long a browser may keep the answer to a preflight.")
        .unless_set("what the browser chooses"),
    key<&CorsRules::credentials, Switch{}>("credentials", "Whether these scripts may send cookies and passwords."),
};

void check_any(ConfigMap& map, std::string_view key, const std::vector<std::string>& names, bool credentials) {
    if (std::ranges::none_of(names, is_any)) return;
    const ConfigNode& node = *map.find_bare(key);
    if (names.size() > 1) map.report(node, fmt::format("'{}': '*' stands for all", key), "leave the others out");
    if (credentials)
        map.report(node, fmt::format("'{}' cannot be '*' with 'credentials': browsers refuse it", key),
                   fmt::format("name the {}", key));
}

}  // namespace

KeyTable<CorsRules> cors_keys() {
    return kCors;
}

void check_cors(ConfigMap& map, const CorsRules& rules) {
    if (map.node().kind != ConfigNode::Kind::map) return;  // what it is was reported
    if (map.find_bare("origins") == nullptr)
        map.report_absence("'cors' has no 'origins'", "write origins: [https://app.example.org]");
    check_any(map, "origins", rules.origins, rules.credentials);
    check_any(map, "headers", rules.headers, rules.credentials);
    check_any(map, "expose", rules.expose, rules.credentials);
}

}  // namespace basehttpd
