// HandlerResources: what the handlers of one worker share, and what is made for them. Made by each worker after it
// has become its user, so that the kernel judges what may be read; must outlive the handlers.
#pragma once

#include <cstdint>
#include <expected>
#include <memory>
#include <string>
#include <vector>

#include "basehttp/handlers/file_cache.h"
#include "basehttp/handlers/file_root.h"
#include "basehttp/handlers/media_types.h"
#include "basehttp/handlers/memory_budget.h"
#include "basehttp/upstream/upstream.h"
#include "daemon/config/files_config.h"
#include "daemon/config/missing_roots.h"

namespace basehttp {
class StatusSource;
}

namespace basehttpd {

class HandlerResources {
  public:
    /// `status` must outlive it.
    HandlerResources(const basehttp::FileCacheLimits& limits, MissingRoots missing_roots,
                     const basehttp::StatusSource& status);

    /// The user whose rights files are opened with, by name and number, as logs have it.
    const std::string& user() const { return user_; }

    basehttp::FileCache& cache() { return *cache_; }
    const basehttp::StatusSource& status() const { return *status_; }
    basehttp::MemoryBudget& listings() { return *listings_; }

    /// Opens a folder to serve. Where it cannot be had and that is no reason to end, one that refuses everything.
    std::expected<basehttp::FileRoot, std::string> open_root(const std::string& root, basehttp::Symlinks symlinks);

    /// The media types of the system, and `own` before them.
    const basehttp::MediaTypes* types_with(const std::vector<TypeConfig>& own);

    /// Servers behind a route, none so far.
    basehttp::Upstream& make_upstream(const basehttp::OriginSettings& settings) {
        return *upstreams_.emplace_back(std::make_unique<basehttp::Upstream>(settings));
    }

    /// Ends the connections to such servers that wait for a request: before the loop goes that watches them.
    void close_kept_connections();

    /// Keeps a value for as long as this lives.
    template <typename T>
    const T* keep(T value) {
        auto kept = std::make_shared<const T>(std::move(value));
        const T* raw = kept.get();
        kept_.push_back(std::move(kept));
        return raw;
    }

    /// A sentence for each folder that is served without.
    const std::vector<std::string>& missing() const { return missing_; }

  private:
    MissingRoots missing_roots_;
    const basehttp::StatusSource* status_;  // a pointer, so that this can be moved
    std::string user_;
    std::vector<std::string> missing_;
    std::unique_ptr<basehttp::MediaTypes> types_;
    std::unique_ptr<basehttp::FileCache> cache_;
    std::unique_ptr<basehttp::MemoryBudget> listings_;
    std::vector<std::unique_ptr<basehttp::Upstream>> upstreams_;
    std::vector<std::shared_ptr<const void>> kept_;  // shared for the sake of its deleter: types differ
};

}  // namespace basehttpd
