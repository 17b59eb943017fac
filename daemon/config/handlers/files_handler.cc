#include "daemon/config/handlers/files_handler.h"

#include <array>

#include <fmt/format.h>

#include "basehttp/handlers/static_files.h"
#include "basehttp/protocol/response_head.h"
#include "basehttp/server/handler_factory.h"
#include "basehttp/server/route_path.h"
#include "daemon/config/config_kinds.h"
#include "daemon/config/files_keys.h"
#include "daemon/config/handlers/handler_resources.h"

namespace basehttpd {
namespace {

constexpr std::array kKeys{
    key<&FilesHandler::root, Path{}, &FilesHandler::root_where>(
        "root",
        "The directory to serve; the rest of the request's path is appended, after an exact path its last part.")
        .is_needed("FOLDER"),
    keys_of_base<FilesHandler, FilesConfig, files_keys>().unless_set("what the site says"),
};

// The field lines that each file of a route is sent with.
std::string field_lines(const FilesConfig& config) {
    std::string lines;
    if (config.expires) {
        const auto age = std::chrono::duration_cast<std::chrono::seconds>(*config.expires);
        basehttp::append_field_line(lines, "Cache-Control", fmt::format("max-age={}", age.count()));
    }
    return lines;
}

}  // namespace

KeyTable<FilesHandler> FilesHandler::keys() {
    return kKeys;
}

std::expected<basehttp::StaticFilesOptions, std::string> static_files_options(const FilesConfig& config,
                                                                              const std::string& root,
                                                                              const std::string& path,
                                                                              HandlerResources& resources) {
    auto folder = resources.open_root(root, config.symlinks);
    if (!folder) return std::unexpected(folder.error());
    const basehttp::ListingTemplate* listing_page = nullptr;
    if (!config.listing_template.file.empty()) {
        auto page = basehttp::ListingTemplate::parse(config.listing_template.text);
        if (!page)
            return std::unexpected("listing template " + config.listing_template.file + ": " + page.error().message);
        listing_page = resources.keep(*std::move(page));
    }
    basehttp::StaticFilesOptions options{.source = {.root = std::move(*folder),
                                                    .types = resources.types_with(config.types),
                                                    .field_lines = field_lines(config),
                                                    .precompressed = config.precompressed},
                                         .cache = &resources.cache(),
                                         .folder = root,
                                         .user = resources.user(),
                                         .prefix = std::string(basehttp::route_folder(path)),
                                         .settings = config,
                                         .listings = &resources.listings(),
                                         .listing_page = listing_page};
    if (config.expires) options.expires = std::chrono::duration_cast<std::chrono::seconds>(*config.expires);
    return options;
}

std::expected<std::unique_ptr<basehttp::HandlerFactory>, std::string> FilesHandler::make(
    const std::string& path, HandlerResources& resources) const {
    auto options = static_files_options(*this, root, path, resources);
    if (!options) return std::unexpected(options.error());
    // What is looked for without `try`, so that the slash is looked at.
    if (trailing_slash != basehttp::TrailingSlash::keep && tries.empty())
        options->settings.tries = {{basehttp::TryStep::Kind::path}, {basehttp::TryStep::Kind::folder}};
    return basehttp::handler<basehttp::StaticFiles>(resources.keep(*std::move(options)));
}

}  // namespace basehttpd
