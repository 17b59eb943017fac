#include "daemon/check/access_probe.h"

#include <fcntl.h>
#include <sys/wait.h>
#include <unistd.h>

#include <algorithm>
#include <array>
#include <cerrno>
#include <cstdlib>
#include <filesystem>
#include <memory>
#include <string_view>

#include "basehttp/io/unique_fd.h"
#include "daemon/process/effective_access.h"

namespace basehttpd {
namespace {

using Right = AccessObstacle::Right;

// One question to the kernel: has the caller this right on this path?
struct Probe {
    std::size_t asked;  // index in the list of paths that are asked about
    Right right;
    std::string path;
};

void add_parents(std::vector<Probe>& probes, std::size_t asked, const std::string& path) {
    for (std::size_t slash = 0; slash != std::string::npos; slash = path.find('/', slash + 1)) {
        probes.push_back({asked, Right::enter, path.substr(0, std::max<std::size_t>(1, slash))});
    }
}

bool is_folder(const std::string& path) {
    std::error_code error;
    return std::filesystem::is_directory(path, error);
}

// Every folder on the way, those behind symbolic links first, and then the path itself.
std::vector<Probe> plan_probes(const std::vector<std::string>& paths, Right right) {
    std::vector<Probe> probes;
    for (std::size_t i = 0; i < paths.size(); ++i) {
        const std::unique_ptr<char, void (*)(void*)> real(::realpath(paths[i].c_str(), nullptr), &std::free);
        if (real != nullptr) add_parents(probes, i, real.get());
        if (real == nullptr || paths[i] != real.get()) add_parents(probes, i, paths[i]);
        if (right == Right::read && is_folder(paths[i])) probes.push_back({i, Right::enter, paths[i]});
        probes.push_back({i, right, paths[i]});
    }
    return probes;
}

int mode_of(Right right) {
    switch (right) {
        case Right::enter:
        case Right::execute:
            return X_OK;
        case Right::read:
            return R_OK;
        case Right::write:
            return W_OK;
    }
    return F_OK;
}

int try_probe(const Probe& probe) {
    return effective_access(probe.path.c_str(), mode_of(probe.right));
}

std::vector<int> try_probes(const std::vector<Probe>& probes) {
    std::vector<int> results;
    results.reserve(probes.size());
    for (const Probe& probe : probes)
        results.push_back(try_probe(probe));
    return results;
}

bool write_all(int fd, const void* data, std::size_t size) {
    const char* next = static_cast<const char*>(data);
    while (size > 0) {
        const ssize_t count = ::write(fd, next, size);
        if (count < 0 && errno == EINTR) continue;
        if (count <= 0) return false;
        next += count;
        size -= static_cast<std::size_t>(count);
    }
    return true;
}

bool read_all(int fd, void* data, std::size_t size) {
    char* next = static_cast<char*>(data);
    while (size > 0) {
        const ssize_t count = ::read(fd, next, size);
        if (count < 0 && errno == EINTR) continue;
        if (count <= 0) return false;
        next += count;
        size -= static_cast<std::size_t>(count);
    }
    return true;
}

// Runs in the child: answers each probe with its errno, and leaves without running anything of the parent's.
[[noreturn]] void answer_as(const Identity& identity, const std::vector<Probe>& probes, int out) {
    const auto became = give_up_privileges(identity);
    const int verdict = became ? 0 : became.error().code;
    if (!write_all(out, &verdict, sizeof(verdict)) || !became) ::_exit(1);
    for (const Probe& probe : probes) {
        const int result = try_probe(probe);
        if (!write_all(out, &result, sizeof(result))) ::_exit(1);
    }
    ::_exit(0);
}

std::expected<std::vector<int>, int> collect_answers(int in, std::size_t count) {
    int verdict = 0;
    if (!read_all(in, &verdict, sizeof(verdict))) return std::unexpected(EIO);
    if (verdict != 0) return std::unexpected(verdict);
    std::vector<int> results(count);
    if (!read_all(in, results.data(), count * sizeof(int))) return std::unexpected(EIO);
    return results;
}

std::expected<std::vector<int>, int> try_probes_as(const Identity& identity, const std::vector<Probe>& probes) {
    std::array<int, 2> ends{};
    if (::pipe2(ends.data(), O_CLOEXEC) != 0) return std::unexpected(errno);
    basehttp::UniqueFd in(ends[0]);
    basehttp::UniqueFd out(ends[1]);
    const pid_t child = ::fork();
    if (child == 0) answer_as(identity, probes, out.get());
    const int fork_error = errno;
    out.reset();
    auto results = child < 0 ? std::unexpected(fork_error) : collect_answers(in.get(), probes.size());
    in.reset();
    while (child > 0 && ::waitpid(child, nullptr, 0) < 0 && errno == EINTR) {
    }
    return results;
}

}  // namespace

std::expected<std::vector<std::optional<AccessObstacle>>, int> probe_access(const std::vector<std::string>& paths,
                                                                            Right right,
                                                                            const std::optional<Identity>& identity) {
    const std::vector<Probe> probes = plan_probes(paths, right);
    const auto results = identity ? try_probes_as(*identity, probes) : try_probes(probes);
    if (!results) return std::unexpected(results.error());
    std::vector<std::optional<AccessObstacle>> obstacles(paths.size());
    for (std::size_t i = 0; i < probes.size(); ++i) {
        auto& obstacle = obstacles[probes[i].asked];
        if ((*results)[i] == 0 || obstacle) continue;
        obstacle = AccessObstacle{probes[i].right, probes[i].path, (*results)[i]};
    }
    return obstacles;
}

}  // namespace basehttpd
