#include "daemon/process/child.h"

#include <dirent.h>
#include <signal.h>
#include <sys/prctl.h>
#include <sys/resource.h>
#include <sys/socket.h>
#include <sys/uio.h>
#include <unistd.h>

#include <algorithm>
#include <array>
#include <charconv>
#include <climits>
#include <cstdio>
#include <cstdlib>
#include <cstring>
#include <exception>
#include <limits>
#include <memory>
#include <numeric>
#include <string_view>
#include <system_error>

#include "daemon/process/signals.h"

namespace basehttpd {
namespace {

std::vector<int> open_descriptors() {
    std::vector<int> open;
    const std::unique_ptr<DIR, int (*)(DIR*)> folder(::opendir("/proc/self/fd"), &::closedir);
    if (folder == nullptr) {
        constexpr rlim_t kMostTried = 1 << 20;
        rlimit limit{};
        ::getrlimit(RLIMIT_NOFILE, &limit);
        open.resize(static_cast<std::size_t>(std::min(limit.rlim_cur, kMostTried)));
        std::iota(open.begin(), open.end(), 0);
        return open;
    }
    while (const dirent* entry = ::readdir(folder.get())) {
        const std::string_view name = entry->d_name;
        int fd = 0;
        if (std::from_chars(name.data(), name.data() + name.size(), fd).ec == std::errc{}) open.push_back(fd);
    }
    return open;
}

// close_range(2) is missing before Linux 5.9, and old container profiles refuse it.
void close_range_of(unsigned first, unsigned last) {
    if (::close_range(first, last, 0) == 0) return;
    for (const int fd : open_descriptors()) {
        const auto number = static_cast<unsigned>(fd);
        if (number >= first && number <= last) ::close(fd);
    }
}

void close_all_but(std::vector<int> keep) {
    std::ranges::sort(keep);
    unsigned first = STDERR_FILENO + 1;
    for (const int fd : keep) {
        const auto kept = static_cast<unsigned>(fd);
        if (fd < 0 || kept < first) continue;
        if (kept > first) close_range_of(first, kept - 1);
        first = kept + 1;
    }
    close_range_of(first, std::numeric_limits<unsigned>::max());
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

namespace {

// The longest name of a file, with the message before it.
constexpr std::size_t kLongestOrder = PATH_MAX + 1;

union Control {
    cmsghdr aligned;
    std::array<char, CMSG_SPACE(sizeof(int))> bytes;
};

basehttp::UniqueFd file_of(msghdr& header) {
    const cmsghdr* control = CMSG_FIRSTHDR(&header);
    if (control == nullptr || control->cmsg_type != SCM_RIGHTS) return {};
    int file = -1;
    std::memcpy(&file, CMSG_DATA(control), sizeof file);
    return basehttp::UniqueFd(file);
}

}  // namespace

Order receive_order(int channel) {
    std::array<char, kLongestOrder> text;
    Control control{};
    iovec piece{text.data(), text.size()};
    msghdr header{};
    header.msg_iov = &piece;
    header.msg_iovlen = 1;
    header.msg_control = control.bytes.data();
    header.msg_controllen = control.bytes.size();
    const ssize_t got = ::recvmsg(channel, &header, MSG_DONTWAIT | MSG_CMSG_CLOEXEC);
    if (got == 0) return {.message = message::kGone};
    if (got < 0) return {};
    return {.message = text[0],
            .name = std::string(text.data() + 1, static_cast<std::size_t>(got) - 1),
            .file = file_of(header)};
}

void send_file(int channel, char message, std::string_view name, int file) {
    std::string text(1, message);
    text.append(name);
    Control control{};
    iovec piece{text.data(), text.size()};
    msghdr header{};
    header.msg_iov = &piece;
    header.msg_iovlen = 1;
    header.msg_control = control.bytes.data();
    header.msg_controllen = control.bytes.size();
    cmsghdr* rights = CMSG_FIRSTHDR(&header);
    rights->cmsg_level = SOL_SOCKET;
    rights->cmsg_type = SCM_RIGHTS;
    rights->cmsg_len = CMSG_LEN(sizeof file);
    std::memcpy(CMSG_DATA(rights), &file, sizeof file);
    [[maybe_unused]] const ssize_t sent = ::sendmsg(channel, &header, MSG_NOSIGNAL | MSG_DONTWAIT);
}

std::string read_whole(int file) {
    std::string text;
    std::array<char, 4096> piece;
    for (;;) {
        const ssize_t got = ::pread(file, piece.data(), piece.size(), static_cast<off_t>(text.size()));
        if (got <= 0) return text;
        text.append(piece.data(), static_cast<std::size_t>(got));
    }
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
