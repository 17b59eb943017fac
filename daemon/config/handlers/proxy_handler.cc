#include "daemon/config/handlers/proxy_handler.h"

#include <array>

#include <fmt/format.h>

#include "basehttp/handlers/proxy.h"
#include "basehttp/server/handler_factory.h"
#include "daemon/config/config_kinds.h"
#include "daemon/config/handlers/handler_resources.h"
#include "daemon/config/handlers/origin_address.h"
#include "daemon/config/handlers/origin_keys.h"
#include "daemon/text/words.h"

namespace basehttpd {
namespace {

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
    key<&ProxyHandler::to, Origins<parse_http_origin, "^(http://|unix:/)">{}>(
        "to", "The servers that requests are passed on to, in turn.")
        .is_needed("http://127.0.0.1:9000"),
    key<&ProxyHandler::host, HostToSend{}>("host", "The Host of the requests that are passed on.")
        .unless_set("what the client has sent"),
    key_of<ProxyHandler, &ProxyHandler::keep_connections, kKeptConnections>("keep_connections", kSaysKeepConnections),
    keys_of_base<ProxyHandler, basehttp::OriginSettings, origin_keys>(),
};

}  // namespace

KeyTable<ProxyHandler> ProxyHandler::keys() {
    return kKeys;
}

std::vector<basehttp::SocketAddress> ProxyHandler::origins() const {
    return addresses_of<parse_http_origin>(to);
}

std::expected<std::unique_ptr<basehttp::HandlerFactory>, std::string> ProxyHandler::make(
    const std::string&, HandlerResources& resources) const {
    basehttp::Upstream& upstream = resources.make_upstream(*this);
    for (const std::string& origin : to)
        upstream.add(origin, parse_http_origin(origin).value());
    return basehttp::handler<basehttp::Proxy>(resources.keep(basehttp::ProxyOptions{&upstream, host}));
}

}  // namespace basehttpd
