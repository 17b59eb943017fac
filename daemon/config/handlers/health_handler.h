// HealthHandler: `handler: health`, whether the daemon serves. It has no keys.
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

struct HealthHandler {
    static constexpr std::string_view kName = "health";
    static KeyTable<HealthHandler> keys();

    HealthHandler() = default;
    explicit HealthHandler(const FilesConfig&) {}

    std::expected<std::unique_ptr<basehttp::HandlerFactory>, std::string> make(const std::string& path,
                                                                               HandlerResources& resources) const;
};

}  // namespace basehttpd
