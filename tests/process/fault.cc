// Faults on demand, for tests of supervision: preloaded into the daemon, it makes a worker that opens a file called
// `fault-SEGV`, `fault-ABRT`, `fault-KILL` or `fault-hang` die of that signal, or stand still, in the midst of that
// request; `fault-grow` makes it keep 64 MiB; `fault-call-NAME` has it misbehave as mischief.cc says. While there is
// a file FAULT_START, a worker dies before it is ready, and adds a byte to that file where it may. And the time of
// day differs by as many seconds as the file FAULT_CLOCK says. With FAULT_NO_IPV6 the kernel has no IPv6.
#include <dlfcn.h>
#include <fcntl.h>
#include <signal.h>
#include <sys/mman.h>
#include <sys/resource.h>
#include <sys/socket.h>
#include <unistd.h>

#include <cerrno>
#include <cstring>

#include <stdlib.h>
#include <time.h>

#include "interposed.h"
#include "mischief.h"

namespace {

constexpr std::size_t kGrowth = std::size_t{64} << 20;

void commit(const char* path) {
    static const volatile bool forever = true;
    const char* fault = std::strstr(path, "fault-");
    if (fault == nullptr) return;
    fault += std::strlen("fault-");
    if (std::strncmp(fault, "SEGV", 4) == 0) *reinterpret_cast<volatile int*>(0x10) = 1;
    if (std::strncmp(fault, "ABRT", 4) == 0) ::raise(SIGABRT);
    if (std::strncmp(fault, "KILL", 4) == 0) ::raise(SIGKILL);
    if (std::strncmp(fault, "grow", 4) == 0) {
        static char* volatile kept = static_cast<char*>(::malloc(kGrowth));
        std::memset(kept, 1, kGrowth);
    }
    if (std::strncmp(fault, "call-", 5) == 0) misbehave(fault + 5);
    if (std::strncmp(fault, "hang", 4) != 0) return;
    while (forever) {
    }
}

char* copy_of_variable(const char* name) {
    const char* value = ::getenv(name);
    return value != nullptr ? ::strdup(value) : nullptr;
}

// Taken when the program starts: some empty their environment (nginx, in tests/bench/supervision).
const char* const fatal_file = copy_of_variable("FAULT_START");

void die_where_told() {
    if (fatal_file == nullptr || ::access(fatal_file, F_OK) != 0) return;
    const int deaths = ::open(fatal_file, O_WRONLY | O_APPEND | O_CLOEXEC);
    [[maybe_unused]] const ssize_t written = ::write(deaths, ".", 1);
    ::_exit(EXIT_FAILURE);
}

const volatile long* find_clock() {
    static const long none = 0;
    const char* file = ::getenv("FAULT_CLOCK");
    const int fd = file != nullptr ? ::open(file, O_RDONLY | O_CLOEXEC) : -1;
    if (fd < 0) return &none;
    return static_cast<const long*>(::mmap(nullptr, sizeof(long), PROT_READ, MAP_SHARED, fd, 0));
}

}  // namespace

void on_worker_start() {
    die_where_told();
}

void on_open(const char* path) {
    commit(path);
}

// clock_gettime(2)
extern "C" int clock_gettime(clockid_t clock, timespec* now) noexcept {
    static const auto next = reinterpret_cast<int (*)(clockid_t, timespec*)>(::dlsym(RTLD_NEXT, "clock_gettime"));
    static const volatile long* const offset = find_clock();
    const int result = next(clock, now);
    if (clock == CLOCK_REALTIME) now->tv_sec += *offset;
    return result;
}

// socket(2)
extern "C" int socket(int family, int type, int protocol) noexcept {
    static const auto next = reinterpret_cast<int (*)(int, int, int)>(::dlsym(RTLD_NEXT, "socket"));
    static const bool no_ipv6 = ::getenv("FAULT_NO_IPV6") != nullptr;
    if (family != AF_INET6 || !no_ipv6) return next(family, type, protocol);
    errno = EAFNOSUPPORT;
    return -1;
}

// setrlimit(2) by its other name: a worker of nginx, in tests/bench/supervision.
extern "C" int setrlimit64(__rlimit_resource_t resource, const rlimit64* limit) noexcept {
    die_where_told();
    static const auto next =
        reinterpret_cast<int (*)(__rlimit_resource_t, const rlimit64*)>(::dlsym(RTLD_NEXT, "setrlimit64"));
    return next(resource, limit);
}
