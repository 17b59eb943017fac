#include "daemon/sandbox/common_calls.h"

#include <fcntl.h>
#include <netinet/in.h>
#include <netinet/tcp.h>
#include <sched.h>
#include <signal.h>
#include <sys/mman.h>
#include <sys/prctl.h>
#include <sys/socket.h>

#include <iterator>
#include <utility>

namespace basehttpd {
namespace {

template <typename T>
void move_to(std::vector<T>& to, std::vector<T> from) {
    to.insert(to.end(), std::make_move_iterator(from.begin()), std::make_move_iterator(from.end()));
}

// What ends any process.
std::vector<CallGroup> deadly_calls() {
    return {
        {"other programs", {"execve", "execveat", "fork", "vfork"}},
        {"other processes",
         {"ptrace", "process_vm_readv", "process_vm_writev", "process_madvise", "pidfd_open", "pidfd_getfd",
          "pidfd_send_signal", "kill", "tkill", "rt_sigqueueinfo", "rt_tgsigqueueinfo", "kcmp"}},
        {"sockets of others", {"listen", "accept"}},
        {"files",
         {"creat", "unlink",  "unlinkat", "rename",   "renameat",  "renameat2", "mkdir",    "mkdirat", "rmdir",
          "mknod", "mknodat", "link",     "linkat",   "symlink",   "symlinkat", "truncate", "chmod",   "fchmodat",
          "chown", "lchown",  "fchownat", "setxattr", "lsetxattr", "chdir",     "fchdir",   "chroot",  "pivot_root"}},
        {"the kernel's wider surface",
         {"bpf",
          "perf_event_open",
          "userfaultfd",
          "io_uring_setup",
          "io_uring_enter",
          "io_uring_register",
          "unshare",
          "setns",
          "mount",
          "umount2",
          "move_mount",
          "open_tree",
          "fsopen",
          "fsmount",
          "open_by_handle_at",
          "name_to_handle_at",
          "kexec_load",
          "kexec_file_load",
          "init_module",
          "finit_module",
          "delete_module",
          "keyctl",
          "add_key",
          "request_key",
          "reboot",
          "swapon",
          "swapoff",
          "iopl",
          "ioperm",
          "acct",
          "personality",
          "settimeofday",
          "clock_settime",
          "adjtimex",
          "sethostname",
          "setdomainname",
          "syslog",
          "quotactl",
          "modify_ldt",
          "fanotify_init"}},
        {"who it is",
         {"setuid", "setgid", "setreuid", "setregid", "setresuid", "setresgid", "setgroups", "setfsuid", "setfsgid",
          "capset"}},
    };
}

}  // namespace

CallList common_calls() {
    return {
        .allowed =
            {
                {"memory", {"brk", "munmap", "mremap", "madvise"}},
                {"time", {"clock_gettime", "clock_getres", "clock_nanosleep", "nanosleep", "gettimeofday", "time"}},
                {"events",
                 {"epoll_create1", "epoll_ctl", "epoll_wait", "epoll_pwait", "epoll_pwait2", "eventfd2", "poll",
                  "ppoll", "restart_syscall"}},
                {"descriptors that are there", {"read", "write", "readv", "writev", "pread64", "lseek", "close"}},
                {"threads, of pools and of name look-ups",
                 {"futex", "set_robust_list", "rseq", "sched_yield", "sched_getaffinity", "exit"}},
                {"signals of its own", {"rt_sigprocmask", "rt_sigreturn", "rt_sigtimedwait", "sigaltstack"}},
                {"who and where it is",
                 {"getpid", "gettid", "getuid", "geteuid", "getgid", "getegid", "uname", "sysinfo"}},
                {"chance", {"getrandom"}},
                {"connections, and the line to the master",
                 {"recvfrom", "recvmsg", "sendto", "sendmsg", "getsockopt", "getsockname", "getpeername"}},
                {"what a file is", {"fstat", "newfstatat", "statx"}},
                {"the end", {"exit_group"}},
            },
        .allowed_if =
            {
                {"memory that cannot be executed", "mmap", {{2, PROT_EXEC, 0}}},
                {"the same", "mprotect", {{2, PROT_EXEC, 0}}},
                {"threads; glibc takes this where clone3 is missing", "clone", {{0, CLONE_THREAD, CLONE_THREAD}}},
                {"the name of a thread", "prctl", {{0, ~0ULL, PR_SET_NAME}}},
                {"to read a limit of its own", "prlimit64", {{0, ~0ULL, 0}, {2, ~0ULL, 0}}},
                {"files for reading; openat2 shows its flags to no filter",
                 "openat",
                 {{2, O_ACCMODE | O_CREAT | O_TRUNC | (O_TMPFILE & ~O_DIRECTORY), 0}}},
                {"connections", "setsockopt", {{1, ~0ULL, IPPROTO_TCP}, {2, ~0ULL, TCP_USER_TIMEOUT}}},
                {"the same", "setsockopt", {{1, ~0ULL, SOL_SOCKET}, {2, ~0ULL, SO_KEEPALIVE}}},
                {"the same", "setsockopt", {{1, ~0ULL, SOL_SOCKET}, {2, ~0ULL, SO_SNDBUF}}},
                {"flags of a descriptor", "fcntl", {{1, ~0ULL, F_GETFD}}},
                {"the same", "fcntl", {{1, ~0ULL, F_SETFD}}},
                {"the same", "fcntl", {{1, ~0ULL, F_GETFL}}},
            },
        .deadly_if =
            {
                {"mprotect", {2, PROT_EXEC, PROT_EXEC}},
                {"clone", {0, CLONE_THREAD, 0}},
            },
        .deadly = deadly_calls(),
        .not_on_shared = {"shutdown"},
    };
}

void append(CallList& list, CallList more) {
    move_to(list.allowed, std::move(more.allowed));
    move_to(list.allowed_if, std::move(more.allowed_if));
    move_to(list.deadly_if, std::move(more.deadly_if));
    move_to(list.deadly, std::move(more.deadly));
    move_to(list.not_on_shared, std::move(more.not_on_shared));
}

}  // namespace basehttpd
