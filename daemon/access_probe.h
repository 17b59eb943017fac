// AccessProbe: can a user enter and read a folder? Asked of the kernel and not of mode bits, so that access lists,
// groups and mounts count: a short-lived child takes on the user's identity and tries. Master only.
#pragma once

#include <expected>
#include <optional>
#include <string>
#include <vector>

#include "daemon/privileges.h"

namespace basehttpd {

/// What keeps somebody out of a folder.
struct AccessObstacle {
    enum class Right : unsigned char { enter, read } right;
    std::string path;  ///< the folder itself or one above it
    int error;         ///< errno
};

/// For each of `folders`, all existing, the first obstacle that `identity` meets; without an identity: that we meet.
/// The error is an errno: the child could not be started or could not become that user.
std::expected<std::vector<std::optional<AccessObstacle>>, int> probe_folders(const std::vector<std::string>& folders,
                                                                             const std::optional<Identity>& identity);

}  // namespace basehttpd
