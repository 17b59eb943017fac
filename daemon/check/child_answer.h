// ask_child(): has a question answered by a short-lived child process, which may first become another user. Master
// only.
#pragma once

#include <expected>
#include <functional>
#include <optional>
#include <string>

#include "daemon/process/privileges.h"

namespace basehttpd {

/// What `answer` returns in a child that has become `identity`, or stayed who we are. The error is an errno: the
/// child could not be started or become that user; EIO: it ended without an answer.
std::expected<std::string, int> ask_child(const std::optional<Identity>& identity,
                                          const std::function<std::string()>& answer);

}  // namespace basehttpd
