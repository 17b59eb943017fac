// A worker's calls. Measured by strace(1) over the process tests; a handler that needs another one adds it here, with
// the reason.
#include <netinet/in.h>
#include <netinet/tcp.h>
#include <sys/mman.h>
#include <sys/socket.h>

#include "daemon/sandbox/common_calls.h"

namespace basehttpd {

namespace {

void allow_connecting(CallList& list, const std::set<int>& families) {
    constexpr std::uint64_t kTypeMask = ~std::uint64_t{SOCK_NONBLOCK | SOCK_CLOEXEC};
    list.not_on_shared.emplace_back("connect");
    for (const int family : families) {
        list.allowed_if.push_back(
            {"servers that requests are passed on to",
             "socket",
             {{0, ~0ULL, static_cast<std::uint64_t>(family)}, {1, kTypeMask, SOCK_STREAM}, {2, ~0ULL, 0}}});
    }
}

}  // namespace

CallList worker_calls(const std::set<int>& families) {
    CallList list = common_calls();
    append(list,
           {
               .allowed =
                   {
                       {"clients", {"accept4", "sendfile"}},
                       {"what is beneath the roots", {"openat2", "getdents64", "readlinkat", "fadvise64"}},
                   },
               .allowed_if =
                   {
                       {"a client's connection", "setsockopt", {{1, ~0ULL, IPPROTO_TCP}, {2, ~0ULL, TCP_NODELAY}}},
                   },
               .deadly_if = {{"mmap", {2, PROT_EXEC, PROT_EXEC}}},
               .deadly = {{"sockets of its own", {"socketpair", "bind"}},
                          {"files that others have open, and memory as files",
                           {"ftruncate", "fchmod", "fchown", "memfd_create"}}},
           });
    if (families.empty()) {
        list.deadly.push_back({"connections of its own", {"socket", "connect"}});
    } else {
        allow_connecting(list, families);
    }
    return list;
}

}  // namespace basehttpd
