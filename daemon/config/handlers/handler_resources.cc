#include "daemon/config/handlers/handler_resources.h"

namespace basehttpd {

std::expected<basehttp::FileRoot, std::string> HandlerResources::open_root(const std::string& root,
                                                                           basehttp::Symlinks symlinks) {
    auto folder = basehttp::FileRoot::open(root, symlinks);
    if (folder) return *std::move(folder);
    const std::string problem = "root " + root + ": " + folder.error().text();
    if (missing_roots_ == MissingRoots::refuse) return std::unexpected(problem);
    missing_.push_back(problem + "; what is asked for there is refused until a reload");
    return basehttp::FileRoot::missing(folder.error());
}

const basehttp::MediaTypes* HandlerResources::types_with(const FilesConfig::Pairs& own) {
    if (own.empty()) return types_.get();
    basehttp::MediaTypes types = *types_;
    for (const auto& [ending, type] : own)
        types.set(ending, type);
    return keep(std::move(types));
}

}  // namespace basehttpd
