#include "daemon/process/privileges.h"

#include <grp.h>
#include <pwd.h>
#include <sys/prctl.h>
#include <unistd.h>

#include <algorithm>
#include <cerrno>
#include <cstring>
#include <string_view>

#include <fmt/format.h>

#include "daemon/text/words.h"

namespace basehttpd {
namespace {

std::string lookup_failure(std::string_view what, const std::string& name, int error) {
    // getpwnam(3): several errno values, and 0, mean that there is no such entry.
    const bool absent = error == 0 || error == ENOENT || error == ESRCH || error == EBADF || error == EPERM;
    if (absent) return fmt::format("there is no {} {} on this machine", what, in_quotes(name));
    return fmt::format("cannot look up the {} {}: {}", what, in_quotes(name), std::strerror(error));
}

std::vector<gid_t> groups_of(const std::string& user, gid_t gid) {
    std::vector<gid_t> groups(64);
    int count = static_cast<int>(groups.size());
    while (::getgrouplist(user.c_str(), gid, groups.data(), &count) < 0) {
        const std::size_t wanted = std::max(groups.size() * 2, static_cast<std::size_t>(count));
        groups.resize(wanted);
        count = static_cast<int>(wanted);
    }
    groups.resize(static_cast<std::size_t>(count));
    return groups;
}

}  // namespace

std::expected<Identity, UnknownAccount> find_identity(const std::string& user, const std::string& group) {
    errno = 0;
    const passwd* account = ::getpwnam(user.c_str());
    if (account == nullptr) {
        return std::unexpected(UnknownAccount{UnknownAccount::Part::user, lookup_failure("user", user, errno)});
    }
    Identity identity{user, account->pw_uid, account->pw_gid, {}};
    if (!group.empty()) {
        errno = 0;
        const struct group* entry = ::getgrnam(group.c_str());
        if (entry == nullptr) {
            return std::unexpected(
                UnknownAccount{UnknownAccount::Part::group, lookup_failure("group", group, errno)});
        }
        identity.gid = entry->gr_gid;
    }
    identity.groups = groups_of(user, identity.gid);
    return identity;
}

bool started_as_root() {
    return ::geteuid() == 0;
}

basehttp::IoResult<void> become(const Identity& identity) {
    if (::setgroups(identity.groups.size(), identity.groups.data()) < 0) return basehttp::io_failure("setgroups");
    if (::setresgid(identity.gid, identity.gid, identity.gid) < 0) return basehttp::io_failure("setresgid");
    if (::setresuid(identity.uid, identity.uid, identity.uid) < 0) return basehttp::io_failure("setresuid");
    if (identity.uid != 0 && ::setuid(0) == 0) {
        errno = EPERM;  // the kernel gave root back: nothing here may go on
        return basehttp::io_failure("setresuid");
    }
    return {};
}

basehttp::IoResult<void> forbid_new_privileges() {
    if (::prctl(PR_SET_NO_NEW_PRIVS, 1, 0, 0, 0) < 0) return basehttp::io_failure("prctl");
    return {};
}

}  // namespace basehttpd
