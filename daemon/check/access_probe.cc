#include "daemon/check/access_probe.h"

#include <fcntl.h>
#include <unistd.h>

#include <algorithm>
#include <cerrno>
#include <cstdlib>
#include <cstring>
#include <filesystem>
#include <memory>
#include <string_view>

#include "daemon/check/child_answer.h"
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

std::expected<std::vector<int>, int> try_probes_as(const Identity& identity, const std::vector<Probe>& probes) {
    const auto answer = ask_child(identity, [&] {
        const std::vector<int> results = try_probes(probes);
        return std::string(reinterpret_cast<const char*>(results.data()), results.size() * sizeof(int));
    });
    if (!answer) return std::unexpected(answer.error());
    std::vector<int> results(probes.size());
    if (answer->size() != results.size() * sizeof(int)) return std::unexpected(EIO);
    if (!results.empty()) std::memcpy(results.data(), answer->data(), answer->size());
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
