// RespondHandler: `handler: respond`, one response for all requests of a route: its keys, its checks and how its
// handler is made. Read and checked by the master; made in each worker.
#pragma once

#include <expected>
#include <memory>
#include <optional>
#include <string>
#include <string_view>

#include "basehttp/handlers/respond_options.h"
#include "daemon/config/files_config.h"
#include "daemon/config/key_table.h"

namespace basehttp {
class HandlerFactory;
}

namespace basehttpd {

class HandlerResources;

struct RespondHandler : basehttp::RespondOptions {
    static constexpr std::string_view kName = "respond";
    static KeyTable<basehttp::RespondOptions> keys();

    RespondHandler() = default;
    explicit RespondHandler(const FilesConfig&) {}

    /// Which of its keys contradict each other: content for a status that has none.
    std::optional<std::string> problem() const;

    /// The handler of the route `path`.
    std::expected<std::unique_ptr<basehttp::HandlerFactory>, std::string> make(const std::string& path,
                                                                               HandlerResources& resources) const;
};

}  // namespace basehttpd
