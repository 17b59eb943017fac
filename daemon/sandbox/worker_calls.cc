// A worker's calls. Measured by strace(1) over the process tests; a handler that needs another one adds it here, with
// the reason.
#include <netinet/in.h>
#include <netinet/tcp.h>
#include <sys/mman.h>

#include "daemon/sandbox/common_calls.h"

namespace basehttpd {

CallList worker_calls() {
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
               .deadly = {{"sockets of its own", {"socket", "socketpair", "connect", "bind"}},
                          {"files that others have open, and memory as files",
                           {"ftruncate", "fchmod", "fchown", "memfd_create"}}},
           });
    return list;
}

}  // namespace basehttpd
