// The folders that a service may have for itself, and those that it shares. Pure functions, for `check --as-service`.
#pragma once

#include <string>
#include <string_view>

namespace basehttpd {

/// Whether `folder` is everybody's: no service should be allowed to write all over one.
bool is_shared(const std::string& folder);

/// Advice where to put `what`, `the log` or a socket.
std::string own_folder_for(std::string_view what);

}  // namespace basehttpd
