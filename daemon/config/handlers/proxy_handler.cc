#include "daemon/config/handlers/proxy_handler.h"

#include <array>

#include <fmt/format.h>

#include "basehttp/handlers/proxy.h"
#include "basehttp/server/handler_factory.h"
#include "daemon/config/config_kinds.h"
#include "daemon/config/handlers/handler_resources.h"
#include "daemon/config/handlers/origin_address.h"
#include "daemon/text/words.h"

namespace basehttpd {
namespace {

struct Origins {
    static std::string_view word() { return "list of addresses"; }
    static std::string bounds() { return {}; }
    static Document schema() { return schema_of_list(schema_of_pattern("^(http://|unix:/)")); }
    static std::optional<Document> write(const std::vector<std::string>& origins) { return row_of(origins); }
    static const ConfigNode* read(ConfigMap& map, std::string_view key, std::vector<std::string>& origins) {
        return map.for_each_text(key, [&](const std::string& text, const ConfigNode& node) {
            const auto address = parse_http_origin(text);
            if (!address) return map.report(node, key, text, address.error());
            origins.push_back(text);
        });
    }
};

// Sent as it is, in a field of every request.
struct HostToSend {
    static std::string_view word() { return "host"; }
    static std::string bounds() { return {}; }
    static Document schema() { return Text::schema(); }
    static std::optional<Document> write(const std::string& host) { return Text::write(host); }
    static const ConfigNode* read(ConfigMap& map, std::string_view key, std::string& host) {
        const ConfigNode* node = map.read_text(key, host);
        if (node == nullptr || parse_host(host) || parse_listen_address(host)) return node;
        map.report(*node, fmt::format("'{}': {} is not a host", key, in_quotes(host)),
                   "write one like app.example.org, with a port if need be");
        return nullptr;
    }
};

constexpr std::array kKeys{
    key<&ProxyHandler::to, Origins{}>("to", "The servers that requests are passed on to, in turn.")
        .is_needed("http://127.0.0.1:9000"),
    key<&ProxyHandler::host, HostToSend{}>("host", "The Host of the requests that are passed on.")
        .unless_set("what the client has sent"),
    key_of<ProxyHandler, &ProxyHandler::connect_timeout, Duration{1, kHour}>(
        "connect_timeout", "How long a server may take to accept a connection; after that, 504."),
    key_of<ProxyHandler, &ProxyHandler::timeout, Duration{1, 24 * kHour}>(
        "timeout", "How long a server may take to respond, and pause within a response; after that, 504."),
    key_of<ProxyHandler, &ProxyHandler::keep_connections, Count{0, 10'000, "none"}>(
        "keep_connections", "How many idle connections each worker keeps to each server."),
    key_of<ProxyHandler, &ProxyHandler::failures, Count{1, 1000, "never"}>(
        "failures", "After this many failures in a row, a server is left out."),
    key_of<ProxyHandler, &ProxyHandler::retry_after, Duration{1, kHour}>(
        "retry_after", "How long such a server is left out before it is tried again."),
};

}  // namespace

KeyTable<ProxyHandler> ProxyHandler::keys() {
    return kKeys;
}

std::expected<std::unique_ptr<basehttp::HandlerFactory>, std::string> ProxyHandler::make(
    const std::string&, HandlerResources& resources) const {
    basehttp::Upstream& upstream = resources.make_upstream(*this);
    for (const std::string& origin : to)
        upstream.add(origin, parse_http_origin(origin).value());
    return basehttp::handler<basehttp::Proxy>(resources.keep(basehttp::ProxyOptions{&upstream, host}));
}

}  // namespace basehttpd
