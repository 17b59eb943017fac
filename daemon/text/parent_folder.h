// Paths as text.
#pragma once

#include <filesystem>
#include <string>

namespace basehttpd {

/// The folder that `path` is in; `.` for a name without one.
inline std::string parent_folder(const std::string& path) {
    const std::filesystem::path parent = std::filesystem::path(path).parent_path();
    return parent.empty() ? "." : parent.string();
}

}  // namespace basehttpd
