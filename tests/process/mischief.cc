// What a captured worker would try, by name: a request for the file `fault-call-NAME` makes it do so. The file
// MISCHIEF is what it goes for.
#include "mischief.h"

#include <fcntl.h>
#include <linux/filter.h>
#include <linux/openat2.h>
#include <netinet/in.h>
#include <sched.h>
#include <signal.h>
#include <sys/mman.h>
#include <sys/prctl.h>
#include <sys/ptrace.h>
#include <sys/resource.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <unistd.h>

#include <cerrno>
#include <cstring>
#include <string>

#include <stdlib.h>

namespace {

const char* goal() {
    return ::getenv("MISCHIEF");
}

// The first socket that listens.
int listener() {
    for (int fd = 3; fd < 100; ++fd) {
        int listens = 0;
        socklen_t size = sizeof listens;
        if (::getsockopt(fd, SOL_SOCKET, SO_ACCEPTCONN, &listens, &size) == 0 && listens != 0) return fd;
    }
    return -1;
}

long execute() {
    const char* words[] = {"/bin/true", nullptr};
    return ::execv(words[0], const_cast<char**>(words));
}

long filter_listener() {
    sock_filter drop{BPF_RET | BPF_K, 0, 0, 0};
    const sock_fprog program{1, &drop};
    return ::setsockopt(listener(), SOL_SOCKET, SO_ATTACH_FILTER, &program, sizeof program);
}

long open_beneath_root(const char* path, unsigned long long flags) {
    open_how how{};
    how.flags = flags;
    return ::syscall(SYS_openat2, AT_FDCWD, path, &how, sizeof how);
}

long protect_for_execution() {
    void* memory = ::mmap(nullptr, 4096, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
    return ::mprotect(memory, 4096, PROT_READ | PROT_EXEC);
}

long map_for_execution() {
    void* memory = ::mmap(nullptr, 4096, PROT_READ | PROT_EXEC, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
    return memory == MAP_FAILED ? -1 : 0;
}

long ignore_filter() {
    struct sigaction action {};
    action.sa_handler = SIG_IGN;
    return ::sigaction(SIGSYS, &action, nullptr);
}

struct Mischief {
    const char* name;
    long (*act)();
};

const Mischief kAll[] = {
    {"execve", execute},
    {"fork", [] { return static_cast<long>(::syscall(SYS_fork)); }},
    {"clone", [] { return static_cast<long>(::syscall(SYS_clone, SIGCHLD, 0, 0, 0, 0)); }},
    {"ptrace", [] { return static_cast<long>(::syscall(SYS_ptrace, PTRACE_ATTACH, ::getppid(), 0, 0)); }},
    {"kill", [] { return static_cast<long>(::kill(::getppid(), SIGTERM)); }},
    {"tgkill", [] { return static_cast<long>(::syscall(SYS_tgkill, ::getppid(), ::getppid(), SIGTERM)); }},
    {"pidfd_open", [] { return static_cast<long>(::syscall(SYS_pidfd_open, ::getppid(), 0)); }},
    {"process_vm_readv",
     [] { return static_cast<long>(::syscall(SYS_process_vm_readv, ::getppid(), 0, 0, 0, 0, 0)); }},
    {"socket", [] { return static_cast<long>(::syscall(SYS_socket, AF_INET, SOCK_STREAM, 0)); }},
    {"socketpair",
     [] {
         int pair[2];
         return static_cast<long>(::socketpair(AF_UNIX, SOCK_STREAM, 0, pair));
     }},
    {"connect",
     [] {
         const sockaddr_in6 nowhere{};
         return static_cast<long>(::connect(listener(), reinterpret_cast<const sockaddr*>(&nowhere), sizeof nowhere));
     }},
    {"shutdown", [] { return static_cast<long>(::shutdown(listener(), SHUT_RDWR)); }},
    {"copy", [] { return static_cast<long>(::fcntl(listener(), F_DUPFD_CLOEXEC, 0)); }},
    {"dup", [] { return static_cast<long>(::dup(listener())); }},
    {"listen", [] { return static_cast<long>(::listen(listener(), 0)); }},
    {"filter", filter_listener},
    {"unlink", [] { return static_cast<long>(::unlink(goal())); }},
    {"rename", [] { return static_cast<long>(::rename(goal(), (std::string(goal()) + ".stolen").c_str())); }},
    {"truncate", [] { return static_cast<long>(::truncate(goal(), 0)); }},
    {"chmod", [] { return static_cast<long>(::chmod(goal(), 0666)); }},
    {"append", [] { return static_cast<long>(::open(goal(), O_WRONLY | O_APPEND | O_CLOEXEC)); }},
    {"append_beneath", [] { return open_beneath_root(goal(), O_WRONLY | O_APPEND | O_CLOEXEC); }},
    {"create",
     [] { return open_beneath_root((std::string(goal()) + ".new").c_str(), O_WRONLY | O_CREAT | O_CLOEXEC); }},
    {"read", [] { return static_cast<long>(::open("/etc/passwd", O_RDONLY | O_CLOEXEC)); }},
    {"read_beneath", [] { return open_beneath_root("/etc/passwd", O_RDONLY | O_CLOEXEC); }},
    {"memory", [] { return open_beneath_root("/proc/self/mem", O_RDWR | O_CLOEXEC); }},
    {"mmap", map_for_execution},
    {"mprotect", protect_for_execution},
    {"memfd_create", [] { return static_cast<long>(::memfd_create("x", 0)); }},
    {"unshare", [] { return static_cast<long>(::unshare(CLONE_NEWUSER)); }},
    {"mount", [] { return static_cast<long>(::syscall(SYS_mount, 0, 0, 0, 0, 0)); }},
    {"bpf", [] { return static_cast<long>(::syscall(SYS_bpf, 0, 0, 0)); }},
    {"userfaultfd", [] { return static_cast<long>(::syscall(SYS_userfaultfd, 0)); }},
    {"io_uring_setup", [] { return static_cast<long>(::syscall(SYS_io_uring_setup, 1, 0)); }},
    {"keyctl", [] { return static_cast<long>(::syscall(SYS_keyctl, 0, 0, 0, 0, 0)); }},
    {"rt_sigaction", ignore_filter},
    {"dumpable", [] { return static_cast<long>(::prctl(PR_SET_DUMPABLE, 1, 0, 0, 0)); }},
    {"priority", [] { return static_cast<long>(::setpriority(PRIO_PROCESS, static_cast<id_t>(::getppid()), 19)); }},
    {"prlimit",
     [] {
         const rlimit none{0, 0};
         return static_cast<long>(::prlimit(::getppid(), RLIMIT_NOFILE, &none, nullptr));
     }},
};

}  // namespace

void misbehave(const char* name) {
    constexpr int kDone = 99;
    for (const Mischief& each : kAll) {
        if (std::strcmp(each.name, name) != 0) continue;
        errno = 0;
        ::_exit(each.act() >= 0 ? kDone : kDone + 1 + errno);
    }
}
