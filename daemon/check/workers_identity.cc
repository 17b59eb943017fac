#include "daemon/check/workers_identity.h"

namespace basehttpd {

std::expected<std::optional<Identity>, std::string> identity_of_workers(const Config& config) {
    if (config.user.empty() || !started_as_root()) return std::nullopt;
    auto identity = find_identity(config.user, config.group);
    if (!identity) return std::unexpected(identity.error().message);
    return std::move(*identity);
}

}  // namespace basehttpd
