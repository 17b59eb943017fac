// What the service manager keeps for the next instance: the file descriptor store of sd_notify(3). Without a service
// manager there is none.
#pragma once

#include <string>
#include <vector>

#include "basehttp/io/unique_fd.h"

namespace basehttpd {

struct PassedFile {
    std::string name;
    basehttp::UniqueFd file;
};

/// What this process was passed (sd_listen_fds_with_names(3)), once: sockets of socket units, and what an earlier
/// instance had kept.
std::vector<PassedFile> take_passed_files();

/// Has `file` kept under `name`, which has no colon and is not in use.
void keep_file(const std::string& name, int file);

/// Has what is kept under `name` closed, if anything is.
void forget_file(const std::string& name);

}  // namespace basehttpd
