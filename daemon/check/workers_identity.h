// As whom the workers run, where that is somebody else than us.
#pragma once

#include <expected>
#include <optional>
#include <string>

#include "daemon/config/config.h"
#include "daemon/process/privileges.h"

namespace basehttpd {

/// Nothing where they stay who we are. The error is a sentence.
std::expected<std::optional<Identity>, std::string> identity_of_workers(const Config& config);

}  // namespace basehttpd
