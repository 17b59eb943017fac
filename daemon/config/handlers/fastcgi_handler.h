// FastCgiHandler: `handler: fastcgi`, programs that a FastCGI server runs for a route: its keys and how its handler
// is made. Read and checked by the master; made in each worker.
#pragma once

#include <expected>
#include <memory>
#include <optional>
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

/// Files that are not scripts are served as the site says, but for `index` and `try`.
struct FastCgiHandler : FilesConfig, basehttp::OriginSettings {
    static constexpr std::string_view kName = "fastcgi";
    static KeyTable<FastCgiHandler> keys();

    FastCgiHandler() : FastCgiHandler(FilesConfig()) {}
    explicit FastCgiHandler(const FilesConfig& site);

    /// The handler of the route `path`. The error is a sentence that names what cannot be opened.
    std::expected<std::unique_ptr<basehttp::HandlerFactory>, std::string> make(const std::string& path,
                                                                               HandlerResources& resources) const;

    /// A place in `try` that is not a script.
    std::optional<std::string> problem() const;

    std::vector<basehttp::SocketAddress> origins() const;

    std::vector<std::string> to;  ///< as written: `ADDRESS:PORT` or `unix:/PATH`
    std::string root;             ///< absolute
    ConfigPosition root_where;
    std::string split = ".php";
    bool pass_authorization = false;
};

}  // namespace basehttpd
