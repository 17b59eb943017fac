// AccessProbe: can a user enter, read or write a folder or file, or execute a program? Asked of the kernel and not of
// mode bits, so that access lists, groups and mounts count: a short-lived child takes on the user's identity and
// tries. Master only.
#pragma once

#include <expected>
#include <optional>
#include <string>
#include <vector>

#include "daemon/process/privileges.h"

namespace basehttpd {

/// What keeps somebody out of a folder, or from a program.
struct AccessObstacle {
    enum class Right : unsigned char { enter, read, write, execute } right;
    std::string path;  ///< the folder or program itself, or a folder above it
    int error;         ///< errno
};

/// For each of `paths`, all existing, the first obstacle on the way to `right` that `identity` meets; without an
/// identity: that we meet. The error is an errno: the child could not be started or could not become that user.
std::expected<std::vector<std::optional<AccessObstacle>>, int> probe_access(const std::vector<std::string>& paths,
                                                                            AccessObstacle::Right right,
                                                                            const std::optional<Identity>& identity);

}  // namespace basehttpd
