// The keys that the handlers have in common that pass requests on to other servers.
#pragma once

#include <expected>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "basehttp/io/socket_address.h"
#include "basehttp/upstream/origin_settings.h"
#include "daemon/config/config_kinds.h"
#include "daemon/config/config_value.h"

namespace basehttpd {

/// How such a server is dealt with, but for the connections that are kept, whose default differs.
KeyTable<basehttp::OriginSettings> origin_keys();

using KeptConnections = Count;
inline constexpr KeptConnections kKeptConnections{0, 10'000, "none"};
inline constexpr std::string_view kSaysKeepConnections =
    "How many idle connections each worker keeps to each server.";

using ParseOrigin = std::expected<basehttp::SocketAddress, ValueProblem> (*)(std::string_view text);

/// A list of such servers, each as `parse` takes it; `pattern` is the same for editors.
template <ParseOrigin parse, Words pattern>
struct Origins {
    static std::string_view word() { return "list of addresses"; }
    static std::string bounds() { return {}; }
    static Document schema() { return schema_of_list(schema_of_pattern(pattern)); }
    static std::optional<Document> write(const std::vector<std::string>& origins) { return row_of(origins); }
    static const ConfigNode* read(ConfigMap& map, std::string_view key, std::vector<std::string>& origins) {
        return map.for_each_text(key, [&](const std::string& text, const ConfigNode& node) {
            const auto address = parse(text);
            if (!address) return map.report(node, key, text, address.error());
            origins.push_back(text);
        });
    }
};

/// The addresses of servers that were read so.
template <ParseOrigin parse>
std::vector<basehttp::SocketAddress> addresses_of(const std::vector<std::string>& origins) {
    std::vector<basehttp::SocketAddress> addresses;
    for (const std::string& origin : origins)
        addresses.push_back(parse(origin).value());
    return addresses;
}

}  // namespace basehttpd
