// StatusHandler: `handler: status`, what the daemon does, as a page, as JSON and for Prometheus. It has no keys.
#pragma once

#include <expected>
#include <memory>
#include <string>
#include <string_view>

#include "daemon/config/files_config.h"
#include "daemon/config/key_table.h"

namespace basehttp {
class HandlerFactory;
}

namespace basehttpd {

class HandlerResources;

struct StatusHandler {
    static constexpr std::string_view kName = "status";
    static KeyTable<StatusHandler> keys();

    StatusHandler() = default;
    explicit StatusHandler(const FilesConfig&) {}

    std::expected<std::unique_ptr<basehttp::HandlerFactory>, std::string> make(const std::string& path,
                                                                               HandlerResources& resources) const;
};

}  // namespace basehttpd
