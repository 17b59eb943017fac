// RedirectHandler: `handler: redirect`, another address for all of a route: its keys, its checks and how its handler
// is made. Read and checked by the master; made in each worker.
#pragma once

#include <expected>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "basehttp/handlers/redirect_options.h"
#include "daemon/config/files_config.h"
#include "daemon/config/key_table.h"

namespace basehttp {
class HandlerFactory;
}

namespace basehttpd {

class HandlerResources;
struct RouteConfig;

/// `from` is set when the handler is made.
struct RedirectHandler : basehttp::RedirectOptions {
    static constexpr std::string_view kName = "redirect";
    static KeyTable<basehttp::RedirectOptions> keys();

    RedirectHandler() = default;
    explicit RedirectHandler(const FilesConfig&) {}

    /// What is wrong with this redirect among the routes of its site: one that leads to itself.
    std::optional<std::string> problem_among(const std::vector<RouteConfig>& routes) const;

    /// The handler of the route `path`.
    std::expected<std::unique_ptr<basehttp::HandlerFactory>, std::string> make(const std::string& path,
                                                                               HandlerResources& resources) const;
};

}  // namespace basehttpd
