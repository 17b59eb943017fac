#include "daemon/check/owner_check.h"

#include <unistd.h>

#include <fmt/format.h>

#include "daemon/process/privileges.h"
#include "daemon/text/words.h"

namespace basehttpd {
namespace {

void check_owner(const ListenConfig& listen, CheckReport& report) {
    const auto owner = find_identity(listen.owner, {});
    if (!owner) {
        report.add(listen.owner_where, owner.error().message, "name another one, or leave 'owner' out");
    } else if (!started_as_root() && owner->uid != ::geteuid()) {
        report.add(listen.owner_where, fmt::format("only root can give a socket to {}", in_quotes(listen.owner)),
                   "leave 'owner' out, or start the server as root");
    }
}

void check_group(const ListenConfig& listen, CheckReport& report) {
    const auto group = find_group(listen.group);
    if (!group) {
        report.add(listen.group_where, group.error().message, "name another one, or leave 'group' out");
    } else if (!started_as_root() && !is_own_group(*group)) {
        report.add(
            listen.group_where,
            fmt::format("only root and its members can give a socket to the group {}", in_quotes(listen.group)),
            "name a group of who starts the server, or start it as root");
    }
}

}  // namespace

void check_owners(const Config& config, CheckReport& report) {
    for (const ListenConfig& listen : config.listen) {
        if (!listen.owner.empty()) check_owner(listen, report);
        if (!listen.group.empty()) check_group(listen, report);
    }
}

}  // namespace basehttpd
