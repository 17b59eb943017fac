// ProxyHandler: `handler: proxy`, other servers that answer for a route: its keys and how its handler is made. Read
// and checked by the master; made in each worker.
#pragma once

#include <expected>
#include <memory>
#include <string>
#include <string_view>
#include <vector>

#include "basehttp/io/socket_address.h"
#include "basehttp/upstream/origin_settings.h"
#include "daemon/config/files_config.h"
#include "daemon/config/key_table.h"

namespace basehttp {
class HandlerFactory;
}

namespace basehttpd {

class HandlerResources;

struct ProxyHandler : basehttp::OriginSettings {
    static constexpr std::string_view kName = "proxy";
    static KeyTable<ProxyHandler> keys();

    ProxyHandler() = default;
    explicit ProxyHandler(const FilesConfig&) {}

    /// The handler of the route `path`.
    std::expected<std::unique_ptr<basehttp::HandlerFactory>, std::string> make(const std::string& path,
                                                                               HandlerResources& resources) const;

    std::vector<basehttp::SocketAddress> origins() const;

    std::vector<std::string> to;  ///< as written: `http://ADDRESS:PORT` or `unix:/PATH`
    std::string host;             ///< to send in the place of the client's; empty: the client's
};

}  // namespace basehttpd
