// What the logger's filter of system calls lets through, and what ends it: each row in a process of its own. Those of
// a worker are tried in a real one by tests/process/sandbox_test.py.
#include "daemon/sandbox/call_filter.h"

#include <fcntl.h>
#include <signal.h>
#include <sys/mman.h>
#include <sys/ptrace.h>
#include <sys/socket.h>
#include <sys/syscall.h>
#include <sys/wait.h>
#include <unistd.h>

#include <cerrno>
#include <thread>

#include <boost/test/unit_test.hpp>

#include "daemon/sandbox/kernel_support.h"

namespace {

using namespace basehttpd;

constexpr int kAllowed = 0;
constexpr int kKilled = -1;  // else an errno

struct Row {
    const char* name;
    long (*act)();
    int outcome;
};

const Row kRows[] = {
    {"execve", [] { return static_cast<long>(::syscall(SYS_execve, "/bin/true", nullptr, nullptr)); }, kKilled},
    {"fork", [] { return static_cast<long>(::fork()); }, kKilled},
    {"ptrace", [] { return static_cast<long>(::syscall(SYS_ptrace, PTRACE_ATTACH, ::getppid(), 0, 0)); }, kKilled},
    {"kill", [] { return static_cast<long>(::kill(1, 0)); }, kKilled},
    {"listen", [] { return static_cast<long>(::listen(0, 1)); }, kKilled},
    {"unlink", [] { return static_cast<long>(::unlink("/nothing")); }, kKilled},
    {"bpf", [] { return static_cast<long>(::syscall(SYS_bpf, 0, 0, 0)); }, kKilled},
    {"bind", [] { return static_cast<long>(::bind(0, nullptr, 0)); }, ENOSYS},
    {"a raw packet socket", [] { return static_cast<long>(::socket(AF_PACKET, SOCK_RAW, 0)); }, ENOSYS},
    {"a file for writing", [] { return static_cast<long>(::open("/tmp", O_WRONLY | O_APPEND)); }, ENOSYS},
    {"executable memory",
     [] {
         void* memory = ::mmap(nullptr, 4096, PROT_READ | PROT_EXEC, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
         return memory == MAP_FAILED ? -1L : 0L;
     },
     ENOSYS},
    {"a socket to syslog", [] { return static_cast<long>(::socket(AF_UNIX, SOCK_DGRAM, 0)); }, kAllowed},
    {"a file for reading", [] { return static_cast<long>(::open("/etc/hosts", O_RDONLY)); }, kAllowed},
    {"a thread",
     [] {
         std::thread([] {}).join();
         return 0L;
     },
     kAllowed},
};

// The exit status of a process that makes the call once it is filtered.
int try_it(const Row& row) {
    constexpr int kNoFilter = 255;
    const pid_t child = ::fork();
    if (child == 0) {
        if (!filter_calls(logger_calls(), DeadlyCall::kills, {})) ::_exit(kNoFilter);
        errno = 0;
        ::_exit(row.act() >= 0 ? 0 : errno);
    }
    int status = 0;
    ::waitpid(child, &status, 0);
    return status;
}

}  // namespace

BOOST_AUTO_TEST_CASE(logger) {
    const KernelSupport support = KernelSupport::find();
    if (support.instrumented || !support.call_filters) {
        BOOST_TEST_MESSAGE("no filters of system calls here");
        return;
    }
    for (const Row& row : kRows) {
        BOOST_TEST_CONTEXT(row.name) {
            const int status = try_it(row);
            if (row.outcome == kKilled) {
                BOOST_TEST(WIFSIGNALED(status));
                BOOST_TEST(WTERMSIG(status) == SIGSYS);
            } else {
                BOOST_TEST(WIFEXITED(status));
                BOOST_TEST(WEXITSTATUS(status) == row.outcome);
            }
        }
    }
}
