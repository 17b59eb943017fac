// Opening a file beneath a folder, whatever its name says: by openat2(2), and where that is not to be had by a walk
// that comes to the same. systemd's RestrictSUIDSGID= takes openat2 away (ENOSYS, since a filter cannot look into its
// argument), and old container runtimes refuse each call that they do not know (EPERM).
#pragma once

#include <linux/openat2.h>

namespace basehttp {

/// Why openat2(2) cannot be used in this process: its errno, or 0 where it can. Tried once, on the working directory,
/// where only the call itself can be what is refused; a process that forks later passes the answer on.
int openat2_refusal();

/// As openat2(2), of `how.resolve` the flags BENEATH, NO_MAGICLINKS and NO_SYMLINKS. The descriptor, or -1 and errno.
int open_beneath(int folder, const char* path, const open_how& how);

/// The walk: folder by folder, no symbolic link is left to the kernel, and `..` goes back to a folder that was opened
/// on the way. A rename meanwhile can make it fail or find the old folder, but not leave it.
int walk_beneath(int folder, const char* path, const open_how& how);

}  // namespace basehttp
