#include "daemon/process/child.h"

#include <signal.h>
#include <sys/prctl.h>
#include <sys/socket.h>
#include <unistd.h>

#include <algorithm>
#include <array>
#include <cstdio>
#include <cstdlib>
#include <exception>
#include <limits>

#include "daemon/process/signals.h"

namespace basehttpd {
namespace {

void close_all_but(std::vector<int> keep) {
    std::ranges::sort(keep);
    unsigned first = STDERR_FILENO + 1;
    for (const int fd : keep) {
        const auto kept = static_cast<unsigned>(fd);
        if (fd < 0 || kept < first) continue;
        if (kept > first) ::close_range(first, kept - 1, 0);
        first = kept + 1;
    }
    ::close_range(first, std::numeric_limits<unsigned>::max(), 0);
}

int run_body(const std::function<int()>& body) {
    try {
        return body();
    } catch (const std::exception& error) {
        std::fprintf(stderr, "basehttpd: %s\n", error.what());
    } catch (...) {
        std::fputs("basehttpd: an exception of unknown type\n", stderr);
    }
    return EXIT_FAILURE;
}

}  // namespace

basehttp::IoResult<Channel> Channel::create() {
    std::array<int, 2> ends{};
    if (::socketpair(AF_UNIX, SOCK_SEQPACKET | SOCK_CLOEXEC | SOCK_NONBLOCK, 0, ends.data()) < 0) {
        return basehttp::io_failure("socketpair");
    }
    return Channel{basehttp::UniqueFd(ends[0]), basehttp::UniqueFd(ends[1])};
}

void send_message(int channel, char message) {
    [[maybe_unused]] const ssize_t sent = ::send(channel, &message, 1, MSG_NOSIGNAL | MSG_DONTWAIT);
}

basehttp::IoResult<pid_t> fork_child(const std::vector<int>& keep, const std::function<int()>& body) {
    const pid_t pid = ::fork();
    if (pid < 0) return basehttp::io_failure("fork");
    if (pid > 0) return pid;
    leave_signals_to_master();
    close_all_but(keep);
    ::_exit(run_body(body));
}

bool die_with_parent(pid_t parent) {
    ::prctl(PR_SET_PDEATHSIG, SIGKILL, 0, 0, 0);
    return ::getppid() == parent;
}

}  // namespace basehttpd
