// Why a sink takes no lines, in words. Used by the logger, and by the master for `status`.
#pragma once

#include <string>

namespace basehttpd {

/// `failure` is an errno value, EAGAIN where the sink just stands still; or, below zero, what getaddrinfo(3)
/// returned.
std::string failure_text(int failure);

}  // namespace basehttpd
