// Privileges: everything about who a process is, in the one order that is safe. Used by each child right after the
// fork and by the check of the configuration.
#pragma once

#include <sys/types.h>

#include <expected>
#include <optional>
#include <string>
#include <vector>

#include "basehttp/io/io_result.h"

namespace basehttpd {

/// A user with all groups, as the kernel sees it.
struct Identity {
    std::string user;
    uid_t uid;
    gid_t gid;
    std::vector<gid_t> groups;

    bool operator==(const Identity&) const = default;
};

/// Which of the two is unknown, or why it cannot be looked up.
struct UnknownAccount {
    enum class Part : unsigned char { user, group } part;
    std::string message;
};

/// The account of the name or number `user` and its groups, with `group` in the place of its own one unless that is
/// empty. A number needs no account.
std::expected<Identity, UnknownAccount> find_identity(const std::string& user, const std::string& group);

/// The group of that name or number.
std::expected<gid_t, UnknownAccount> find_group(const std::string& group);

/// Whether this process is a member of it.
bool is_own_group(gid_t group);

/// Whether this process could change its identity.
bool started_as_root();

/// In a child of the master, for good: becomes `identity` (groups, group, user, in this order), gives up every
/// capability, and what exec could regain: no set-user-ID program raises this process or its children again. Where
/// capset(2) is refused, as by an old filter of a service, capabilities stay: capabilities_stay().
basehttp::IoResult<void> give_up_privileges(const std::optional<Identity>& identity);

/// In the master, for good: gives up every capability but those that it needs as root: for the users of children,
/// for files of any owner, for ports, and to end children and see what stands in its way.
void keep_masters_capabilities();

/// Whether this process, and so its children, has capabilities that it cannot give up.
bool capabilities_stay();

}  // namespace basehttpd
