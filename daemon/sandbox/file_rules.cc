#include "daemon/sandbox/file_rules.h"

#include <fcntl.h>
#include <sys/prctl.h>
#include <sys/syscall.h>
#include <unistd.h>

#include <algorithm>
#include <array>
#include <cstdint>

#include "basehttp/io/unique_fd.h"

namespace basehttpd {
namespace {

using basehttp::IoResult;
using basehttp::UniqueFd;

// What linux/landlock.h of Debian 12 does not have yet is written out: landlock(7) says since which version it
// exists.
struct RulesetAttributes {
    std::uint64_t files;
    std::uint64_t network;
    std::uint64_t scoped;
};

struct __attribute__((packed)) FolderAttributes {
    std::uint64_t allowed;
    std::int32_t folder;
};

struct PortAttributes {
    std::uint64_t allowed;
    std::uint64_t port;
};

constexpr unsigned kVersionFlag = 1;
constexpr int kBeneathFolder = 1;
constexpr int kAtPort = 2;
constexpr int kVersionWithPorts = 4;

constexpr std::uint64_t kConnectTcp = 1U << 1;

constexpr std::uint64_t kWriteFile = 1U << 1;
constexpr std::uint64_t kReadFile = 1U << 2;
constexpr std::uint64_t kReadFolder = 1U << 3;
constexpr std::uint64_t kMakeFile = 1U << 8;

// All that a version knows, so that all of it is refused but what a rule allows.
std::uint64_t files_of(int version) {
    constexpr std::array<std::uint64_t, 5> kBits{13, 14, 15, 15, 16};
    const auto known = static_cast<std::size_t>(version);
    return (std::uint64_t{1} << kBits.at(std::min(known, kBits.size()) - 1)) - 1;
}

RulesetAttributes attributes_of(int version, const FileRules& rules) {
    constexpr std::uint64_t kBindTcp = 1U << 0;
    constexpr std::uint64_t kSignals = 1U << 1;
    RulesetAttributes attributes{files_of(version), 0, 0};
    if (version >= kVersionWithPorts)
        attributes.network = rules.connects_anywhere ? kBindTcp : kBindTcp | kConnectTcp;
    if (version >= 6) attributes.scoped = kSignals;
    return attributes;
}

// Older kernels know a shorter one, and take a longer one where the rest is zero.
IoResult<UniqueFd> create_ruleset(const RulesetAttributes& attributes) {
    UniqueFd ruleset(static_cast<int>(::syscall(SYS_landlock_create_ruleset, &attributes, sizeof attributes, 0)));
    if (!ruleset) return basehttp::io_failure("landlock_create_ruleset");
    return ruleset;
}

IoResult<void> allow_beneath(int ruleset, const std::string& path, std::uint64_t allowed) {
    const UniqueFd folder(::open(path.c_str(), O_PATH | O_DIRECTORY | O_CLOEXEC));
    if (!folder) return {};  // nothing beneath it can be opened
    const FolderAttributes attributes{allowed, folder.get()};
    if (::syscall(SYS_landlock_add_rule, ruleset, kBeneathFolder, &attributes, 0) < 0)
        return basehttp::io_failure("landlock_add_rule");
    return {};
}

IoResult<void> allow_port(int ruleset, std::uint16_t port) {
    const PortAttributes attributes{kConnectTcp, port};
    if (::syscall(SYS_landlock_add_rule, ruleset, kAtPort, &attributes, 0) < 0)
        return basehttp::io_failure("landlock_add_rule");
    return {};
}

}  // namespace

int landlock_version() {
    const long version = ::syscall(SYS_landlock_create_ruleset, nullptr, 0, kVersionFlag);
    return version > 0 ? static_cast<int>(version) : 0;
}

IoResult<void> restrict_files(int version, const FileRules& rules) {
    auto ruleset = create_ruleset(attributes_of(version, rules));
    if (!ruleset) return std::unexpected(ruleset.error());
    for (const std::string& folder : rules.readable) {
        if (auto allowed = allow_beneath(ruleset->get(), folder, kReadFile | kReadFolder); !allowed) return allowed;
    }
    for (const std::string& folder : rules.scratch) {
        const auto allowed = allow_beneath(ruleset->get(), folder, kMakeFile | kWriteFile | kReadFile);
        if (!allowed) return allowed;
    }
    for (const std::uint16_t port : rules.connect_ports) {
        if (version < kVersionWithPorts) break;
        if (auto allowed = allow_port(ruleset->get(), port); !allowed) return allowed;
    }
    if (::syscall(SYS_landlock_restrict_self, ruleset->get(), 0) < 0)
        return basehttp::io_failure("landlock_restrict_self");
    return {};
}

}  // namespace basehttpd
