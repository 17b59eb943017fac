#include "daemon/check/child_answer.h"

#include <fcntl.h>
#include <sys/wait.h>
#include <unistd.h>

#include <array>
#include <cerrno>
#include <cstring>
#include <string_view>

#include "basehttp/io/unique_fd.h"

namespace basehttpd {
namespace {

bool write_all(int fd, std::string_view data) {
    while (!data.empty()) {
        const ssize_t count = ::write(fd, data.data(), data.size());
        if (count < 0 && errno == EINTR) continue;
        if (count <= 0) return false;
        data.remove_prefix(static_cast<std::size_t>(count));
    }
    return true;
}

// Until the other end is closed.
std::string read_all(int fd) {
    std::string all;
    std::array<char, 4096> piece{};
    for (;;) {
        const ssize_t count = ::read(fd, piece.data(), piece.size());
        if (count < 0 && errno == EINTR) continue;
        if (count <= 0) return all;
        all.append(piece.data(), static_cast<std::size_t>(count));
    }
}

// Runs in the child: whether it became the user, as an errno, and then the answer. It leaves without running anything
// of the parent's.
[[noreturn]] void answer_in_child(const std::optional<Identity>& identity, const std::function<std::string()>& answer,
                                  int out) {
    int verdict = 0;
    if (identity) {
        const auto became = give_up_privileges(*identity);
        if (!became) verdict = became.error().code;
    }
    const std::string_view start(reinterpret_cast<const char*>(&verdict), sizeof(verdict));
    if (!write_all(out, start) || verdict != 0) ::_exit(1);
    try {
        ::_exit(write_all(out, answer()) ? 0 : 1);
    } catch (...) {
        ::_exit(1);
    }
}

// Whether the child left as it should.
bool wait_for(pid_t child) {
    int status = 0;
    while (::waitpid(child, &status, 0) < 0) {
        if (errno != EINTR) return false;
    }
    return WIFEXITED(status) && WEXITSTATUS(status) == 0;
}

}  // namespace

std::expected<std::string, int> ask_child(const std::optional<Identity>& identity,
                                          const std::function<std::string()>& answer) {
    std::array<int, 2> ends{};
    if (::pipe2(ends.data(), O_CLOEXEC) != 0) return std::unexpected(errno);
    const basehttp::UniqueFd in(ends[0]);
    basehttp::UniqueFd out(ends[1]);
    const pid_t child = ::fork();
    if (child < 0) return std::unexpected(errno);
    if (child == 0) answer_in_child(identity, answer, out.get());
    out.reset();
    std::string text = read_all(in.get());
    const bool left_well = wait_for(child);
    int verdict = EIO;
    if (text.size() >= sizeof(verdict)) std::memcpy(&verdict, text.data(), sizeof(verdict));
    if (verdict != 0 || !left_well) return std::unexpected(verdict != 0 ? verdict : EIO);
    return text.substr(sizeof(verdict));
}

}  // namespace basehttpd
