#include "daemon/config/handlers/handler_resources.h"

#include <pwd.h>
#include <unistd.h>

#include <fmt/format.h>

namespace basehttpd {
namespace {

std::string user_of_this_process() {
    const uid_t uid = ::geteuid();
    const passwd* account = ::getpwuid(uid);
    return account != nullptr ? fmt::format("{} ({})", account->pw_name, uid) : fmt::format("{}", uid);
}

}  // namespace

HandlerResources::HandlerResources(const basehttp::FileCacheLimits& limits, MissingRoots missing_roots,
                                   const basehttp::StatusSource& status)
    : missing_roots_(missing_roots),
      status_(&status),
      user_(user_of_this_process()),
      types_(std::make_unique<basehttp::MediaTypes>(basehttp::MediaTypes::of_system())),
      cache_(std::make_unique<basehttp::FileCache>(limits)),
      listings_(std::make_unique<basehttp::MemoryBudget>(basehttp::MemoryBudget::kOfListings)) {}

std::expected<basehttp::FileRoot, std::string> HandlerResources::open_root(const std::string& root,
                                                                           basehttp::Symlinks symlinks) {
    auto folder = basehttp::FileRoot::open(root, symlinks);
    if (folder) return *std::move(folder);
    const std::string problem = "root " + root + ": " + folder.error().text();
    if (missing_roots_ == MissingRoots::refuse) return std::unexpected(problem);
    missing_.push_back(problem + "; what is asked for there is refused until a reload");
    return basehttp::FileRoot::missing(folder.error());
}

void HandlerResources::close_kept_connections() {
    for (const auto& upstream : upstreams_)
        upstream->close_kept();
}

const basehttp::MediaTypes* HandlerResources::types_with(const std::vector<TypeConfig>& own) {
    if (own.empty()) return types_.get();
    basehttp::MediaTypes types = *types_;
    for (const TypeConfig& each : own) {
        types.set(each.ending, each.type);
        if (!each.coding.empty()) types.set_coding(each.ending, each.coding);
    }
    return keep(std::move(types));
}

}  // namespace basehttpd
