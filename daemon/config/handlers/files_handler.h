// FilesHandler: `handler: files`, the files of a folder: its keys and how its handler is made. Read and checked by
// the master; made in each worker.
#pragma once

#include <expected>
#include <memory>
#include <string>
#include <string_view>

#include "daemon/config/files_config.h"
#include "daemon/config/key_table.h"

namespace basehttp {
class HandlerFactory;
struct StaticFilesOptions;
}  // namespace basehttp

namespace basehttpd {

class HandlerResources;

struct FilesHandler : FilesConfig {
    static constexpr std::string_view kName = "files";
    static KeyTable<FilesHandler> keys();

    FilesHandler() = default;
    /// With what the site says of its files.
    explicit FilesHandler(const FilesConfig& site) : FilesConfig(site) {}

    /// The handler of the route `path`. The error is a sentence that names what cannot be opened.
    std::expected<std::unique_ptr<basehttp::HandlerFactory>, std::string> make(const std::string& path,
                                                                               HandlerResources& resources) const;

    std::string root;  ///< absolute
    ConfigPosition root_where;
};

/// How the files of the folder `root` are served on the route `path`. The error is as that of make().
std::expected<basehttp::StaticFilesOptions, std::string> static_files_options(const FilesConfig& config,
                                                                              const std::string& root,
                                                                              const std::string& path,
                                                                              HandlerResources& resources);

}  // namespace basehttpd
