#include "basehttp/handlers/files.h"

#include <system_error>
#include <utility>

#include "basehttp/handlers/static_files.h"
#include "basehttp/protocol/response_head.h"
#include "basehttp/server/route_path.h"

namespace basehttp {
namespace {

// Owns all that StaticFiles handlers of one route share.
class FilesFactory final : public HandlerFactory {
  public:
    FilesFactory(FileRoot root, const std::string& path, const std::string& folder, FilesOptions options)
        : HandlerFactory(methods_of<StaticFiles>()),
          options_{.source = {.root = std::move(root), .types = &types_, .field_lines = field_lines(options)},
                   .cache = &cache_,
                   .folder = folder,
                   .prefix = std::string(route_folder(path)),
                   .settings = {.index = std::move(options.index),
                                .listing = options.listing,
                                .hidden_files = options.hidden_files},
                   .listings = &listings_} {}

    std::unique_ptr<RequestHandler> make() const override { return std::make_unique<StaticFiles>(&options_); }

  private:
    static std::string field_lines(const FilesOptions& options) {
        std::string lines;
        if (!options.cache_control.empty()) append_field_line(lines, "Cache-Control", options.cache_control);
        return lines;
    }

    MediaTypes types_ = MediaTypes::of_system();
    FileCache cache_;
    MemoryBudget listings_{MemoryBudget::kOfListings};
    StaticFilesOptions options_;
};

}  // namespace

Route files(std::string path, const std::string& folder, FilesOptions options) {
    auto root = FileRoot::open(folder, options.symlinks);
    if (!root) throw std::system_error(root.error().code, std::generic_category(), folder);
    auto handlers = std::make_unique<FilesFactory>(std::move(*root), path, folder, std::move(options));
    return {.path = std::move(path), .handlers = std::move(handlers)};
}

}  // namespace basehttp
