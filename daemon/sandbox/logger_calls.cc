// The logger's calls. What it resolves names with is glibc and whatever modules /etc/nsswitch.conf has it load.
#include <fcntl.h>
#include <linux/sockios.h>
#include <netinet/in.h>
#include <sys/ioctl.h>
#include <sys/mman.h>
#include <sys/socket.h>

#include "daemon/sandbox/common_calls.h"

namespace basehttpd {

CallList logger_calls() {
    CallList list = common_calls();
    append(list,
           {
               .allowed =
                   {
                       {"syslog, journald, name servers", {"connect", "sendmmsg"}},
                       {"log files: a line that is half written is taken back", {"ftruncate", "fsync", "fdatasync"}},
                       {"log programs", {"splice", "tee"}},
                       {"large entries of the journal", {"memfd_create"}},
                       {"name look-ups",
                        {"access", "faccessat", "faccessat2", "readlink", "readlinkat", "stat", "lstat", "getdents64",
                         "fstatfs", "statfs"}},
                   },
               .allowed_if =
                   {
                       {"syslog, journald", "socket", {{0, ~0ULL, AF_UNIX}}},
                       {"syslog, name servers", "socket", {{0, ~0ULL, AF_INET}}},
                       {"the same", "socket", {{0, ~0ULL, AF_INET6}}},
                       {"which addresses this machine has", "socket", {{0, ~0ULL, AF_NETLINK}}},
                       {"name servers that cannot be reached",
                        "setsockopt",
                        {{1, ~0ULL, IPPROTO_IP}, {2, ~0ULL, IP_RECVERR}}},
                       {"the same", "setsockopt", {{1, ~0ULL, IPPROTO_IPV6}, {2, ~0ULL, IPV6_RECVERR}}},
                       {"how much waits in a pipe", "ioctl", {{1, ~0ULL, FIONREAD}}},
                       {"how much waits in a socket", "ioctl", {{1, ~0ULL, SIOCOUTQ}}},
                       {"how much a pipe takes", "fcntl", {{1, ~0ULL, F_GETPIPE_SZ}}},
                       {"entries that journald can trust", "fcntl", {{1, ~0ULL, F_ADD_SEALS}}},
                       {"sockets of name look-ups", "fcntl", {{1, ~0ULL, F_SETFL}}},
                       {"the same, by libsystemd", "fcntl", {{1, ~0ULL, F_DUPFD_CLOEXEC}}},
                       // With memfd_create refused, entries of the journal become files without a name.
                       {"large entries of the journal",
                        "openat",
                        {{2, O_ACCMODE | O_CREAT | O_TMPFILE, O_RDWR | O_TMPFILE}}},
                       {"modules of name look-ups",
                        "mmap",
                        {{2, PROT_EXEC | PROT_WRITE, PROT_EXEC}, {3, MAP_ANONYMOUS, 0}}},
                   },
           });
    return list;
}

}  // namespace basehttpd
