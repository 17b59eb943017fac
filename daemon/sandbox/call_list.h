// CallList: which system calls a process may make, as a filter is made from it: names in groups, each with the reason
// that it is there. Plain values.
//
// A call that is in no group is answered ENOSYS, as by a kernel that does not have it, so that glibc and libraries of
// handlers take another way. One that nobody but an attacker wants ends the process.
#pragma once

#include <cstdint>
#include <set>
#include <string_view>
#include <vector>

namespace basehttpd {

/// Calls that belong together.
struct CallGroup {
    std::string_view why;
    std::vector<const char*> names;
};

/// A call that is allowed only where all conditions hold; of several rules for one call any will do.
struct CallRule {
    struct Condition {
        unsigned argument;  ///< from 0
        std::uint64_t mask;
        std::uint64_t value;  ///< of the bits of the mask
    };
    std::string_view why;
    const char* name;
    std::vector<Condition> conditions;
};

/// A call that ends the process where the condition holds, and is allowed else where a rule does.
struct CallTrap {
    const char* name;
    CallRule::Condition condition;
};

struct CallList {
    std::vector<CallGroup> allowed{};
    std::vector<CallRule> allowed_if{};
    std::vector<CallTrap> deadly_if{};
    std::vector<CallGroup> deadly{};
    /// Allowed, but deadly on the sockets that the process shares with others.
    std::vector<const char*> not_on_shared{};
};

/// Those of a worker: it serves the connections that it accepts with what it has opened. Where it passes requests on
/// to other servers, it may make stream sockets of the address families that these have, and connect.
CallList worker_calls(const std::set<int>& families = {});

/// Those of the logger: it writes to files that it was given, and speaks to syslog, journald and name servers.
CallList logger_calls();

}  // namespace basehttpd
