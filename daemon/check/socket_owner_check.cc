#include "daemon/check/socket_owner_check.h"

#include <algorithm>
#include <optional>

#include <fmt/format.h>

#include "daemon/config/config_value.h"
#include "daemon/process/privileges.h"
#include "daemon/text/words.h"

namespace basehttpd {
namespace {

bool is_root(const ServiceLimits& limits) {
    return limits.user.empty() || limits.user == "root" || limits.user == "0";
}

bool has_group(const ServiceLimits& limits, const Identity& self, gid_t group) {
    return group == self.gid || std::ranges::find(self.groups, group) != self.groups.end() ||
           std::ranges::any_of(limits.groups, [&](const std::string& name) { return find_group(name) == group; });
}

// Others than root can give a socket to no other user, and to groups of their own.
std::optional<SocketOwnerProblem> check_right(const ListenConfig& listen, const ServiceLimits& limits,
                                              const Identity& self, uid_t owner, gid_t group) {
    if (is_root(limits)) return std::nullopt;
    if (owner != self.uid) {
        return SocketOwnerProblem{listen.owner_where,
                                  fmt::format("{} runs as {} and cannot give the socket to {}", limits.unit,
                                              in_quotes(limits.user), in_quotes(listen.owner)),
                                  "leave 'owner' out, and name a group that may connect",
                                  {}};
    }
    if (has_group(limits, self, group)) return std::nullopt;
    return SocketOwnerProblem{listen.group_where,
                              fmt::format("{} runs as {}, who is not in the group {} and cannot give it the socket",
                                          limits.unit, in_quotes(limits.user), in_quotes(listen.group)),
                              {},
                              "SupplementaryGroups=" + listen.group};
}

}  // namespace

std::vector<SocketOwnerProblem> check_socket_owner(const ListenConfig& listen, const ServiceLimits& limits) {
    if (limits.dynamic_user) return {};
    const auto self = find_identity(is_root(limits) ? "root" : limits.user, limits.group);
    if (!self) return {};
    const auto named = find_identity(listen.owner, {});
    const uid_t owner = listen.owner.empty() || !named ? self->uid : named->uid;
    const gid_t group = listen.group.empty() ? self->gid : find_group(listen.group).value_or(self->gid);
    std::vector<SocketOwnerProblem> problems;
    if (auto problem = check_right(listen, limits, *self, owner, group)) {
        problems.push_back(*std::move(problem));
        if (problems.back().setting.empty()) return problems;
    }
    // A socket that is the service's own from the start is not given to anybody.
    const bool given = owner != self->uid || group != self->gid;
    if (given && !limits.allows_call("fchownat")) {
        problems.push_back({group != self->gid ? listen.group_where : listen.owner_where,
                            fmt::format("{} cannot change the owner or the group of the socket: its "
                                        "SystemCallFilter= forbids fchownat(2)",
                                        limits.unit),
                            {},
                            "SystemCallFilter=fchownat"});
    }
    return problems;
}

}  // namespace basehttpd
