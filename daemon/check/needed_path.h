// NeededPath: a file or folder that a configuration needs, and where it says so. Master only.
#pragma once

#include <string>
#include <vector>

#include "daemon/config/config.h"

namespace basehttpd {

struct NeededPath {
    std::string path;
    ConfigPosition where;
};

/// What the daemon reads itself, at its start and at each reload: the configuration's own files, and pages.
std::vector<NeededPath> files_to_read(const Config& config);

}  // namespace basehttpd
