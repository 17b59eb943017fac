#include "daemon/check/service_folders.h"

#include <algorithm>
#include <vector>

#include <fmt/format.h>

namespace basehttpd {

bool is_shared(const std::string& folder) {
    static const std::vector<std::string> kShared{"/",    "/etc", "/home", "/opt",     "/root",    "/run",    "/srv",
                                                  "/tmp", "/usr", "/var",  "/var/lib", "/var/log", "/var/run"};
    return std::ranges::find(kShared, folder) != kShared.end();
}

std::string own_folder_for(std::string_view what) {
    const bool log = what == "the log";
    return fmt::format("put it into a directory of the service, such as {}, which systemd creates for it: {}",
                       log ? "/var/log/basehttpd" : "/run/basehttpd",
                       log ? "LogsDirectory=basehttpd" : "RuntimeDirectory=basehttpd");
}

}  // namespace basehttpd
