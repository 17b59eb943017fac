#include "daemon/master/socket_access.h"

#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

#include <fmt/format.h>

#include "basehttp/io/unique_fd.h"
#include "daemon/process/privileges.h"

namespace basehttpd {

using basehttp::UniqueFd;

SocketAccess SocketAccess::of(const std::string& path) {
    struct stat info {};
    if (path.empty() || ::lstat(path.c_str(), &info) != 0) return {};
    return {info.st_mode & 07777U, info.st_uid, info.st_gid};
}

SocketAccess SocketAccess::wanted(const ListenConfig& config, const SocketAccess& made) {
    SocketAccess access = made;
    access.mode = config.mode;
    if (!config.owner.empty()) {
        if (const auto identity = find_identity(config.owner, {})) access.owner = identity->uid;
    }
    if (!config.group.empty()) access.group = find_group(config.group).value_or(made.group);
    return access;
}

basehttp::IoResult<void> SocketAccess::give_to(const std::string& path) const {
    // Whoever may write in the directory could put a link in its place.
    const UniqueFd file(::open(path.c_str(), O_PATH | O_NOFOLLOW | O_CLOEXEC));
    struct stat info {};
    if (!file || ::fstat(file.get(), &info) < 0) return basehttp::io_failure("open");
    if (!S_ISSOCK(info.st_mode)) return {};
    if ((info.st_uid != owner || info.st_gid != group) && ::fchownat(file.get(), "", owner, group, AT_EMPTY_PATH) < 0)
        return basehttp::io_failure("chown");
    // fchmod(2) takes no descriptor of O_PATH.
    if ((info.st_mode & 07777U) != mode && ::chmod(fmt::format("/proc/self/fd/{}", file.get()).c_str(), mode) < 0)
        return basehttp::io_failure("chmod");
    return {};
}

}  // namespace basehttpd
