// effective_access(): what this process may do with a path, with the rights that it has now.
#pragma once

#include <fcntl.h>
#include <unistd.h>

#include <cerrno>

namespace basehttpd {

/// As access(2) with the effective user: 0, or errno. With a flag it is faccessat2(2), which old container profiles
/// refuse with EPERM, while glibc does without it for ENOSYS alone; the real user is the effective one in such a
/// place.
inline int effective_access(const char* path, int mode) {
    if (::faccessat(AT_FDCWD, path, mode, AT_EACCESS) == 0) return 0;
    if (errno == EPERM && ::access(path, mode) == 0) return 0;
    return errno;
}

}  // namespace basehttpd
