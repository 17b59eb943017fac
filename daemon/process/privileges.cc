#include "daemon/process/privileges.h"

#include <grp.h>
#include <linux/capability.h>
#include <pwd.h>
#include <sys/prctl.h>
#include <sys/syscall.h>
#include <unistd.h>

#include <algorithm>
#include <array>
#include <cerrno>
#include <charconv>
#include <cstdint>
#include <cstring>
#include <optional>
#include <span>
#include <string_view>

#include <fmt/format.h>

#include "daemon/text/words.h"

namespace basehttpd {
namespace {

std::string lookup_failure(std::string_view what, const std::string& name, int error) {
    // getpwnam(3): several errno values, and 0, mean that there is no such entry.
    const bool absent = error == 0 || error == ENOENT || error == ESRCH || error == EBADF || error == EPERM;
    if (absent) return fmt::format("there is no {} {} on this machine", what, in_quotes(name));
    return fmt::format("cannot look up the {} {}: {}", what, in_quotes(name), std::strerror(error));
}

std::vector<gid_t> groups_of(const std::string& user, gid_t gid) {
    std::vector<gid_t> groups(64);
    int count = static_cast<int>(groups.size());
    while (::getgrouplist(user.c_str(), gid, groups.data(), &count) < 0) {
        const std::size_t wanted = std::max(groups.size() * 2, static_cast<std::size_t>(count));
        groups.resize(wanted);
        count = static_cast<int>(wanted);
    }
    groups.resize(static_cast<std::size_t>(count));
    return groups;
}

// A user or group number in decimal. The largest one is no number of anybody's: to setresuid(2) it means "unchanged".
std::optional<id_t> parse_id(const std::string& text) {
    id_t id = 0;
    const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), id);
    if (error != std::errc{} || end != text.data() + text.size() || id == static_cast<id_t>(-1)) return std::nullopt;
    return id;
}

// A number that no account has is an identity too, with the group of the same number: containers often have no
// /etc/passwd.
std::expected<Identity, UnknownAccount> find_user(const std::string& user) {
    const auto uid = parse_id(user);
    errno = 0;
    const passwd* account = uid ? ::getpwuid(*uid) : ::getpwnam(user.c_str());
    if (account != nullptr) return Identity{account->pw_name, account->pw_uid, account->pw_gid, {}};
    if (uid) return Identity{user, *uid, *uid, {}};
    return std::unexpected(UnknownAccount{UnknownAccount::Part::user, lookup_failure("user", user, errno)});
}

// Of capabilities(7), those that the master goes on with. CAP_SYS_PTRACE is for reading /proc: who holds a port, and
// how much memory a worker has.
constexpr std::array kMasters{CAP_CHOWN,  CAP_DAC_OVERRIDE, CAP_DAC_READ_SEARCH,  CAP_FOWNER,     CAP_KILL,
                              CAP_SETGID, CAP_SETUID,       CAP_NET_BIND_SERVICE, CAP_SYS_PTRACE, CAP_SETPCAP};

// The three sets of a process, each of 64 bits in two words.
struct Capabilities {
    __user_cap_header_struct header{_LINUX_CAPABILITY_VERSION_3, 0};
    std::array<__user_cap_data_struct, _LINUX_CAPABILITY_U32S_3> words{};

    static Capabilities present() {
        Capabilities present;
        ::syscall(SYS_capget, &present.header, present.words.data());
        return present;
    }
    bool set() { return ::syscall(SYS_capset, &header, words.data()) == 0; }
    bool none() const {
        return std::ranges::all_of(words,
                                   [](const auto& word) { return word.permitted == 0 && word.inheritable == 0; });
    }
    void keep(std::span<const int> kept) {
        for (std::size_t i = 0; i < words.size(); ++i) {
            std::uint32_t mask = 0;
            for (const int capability : kept)
                if (static_cast<std::size_t>(capability) / 32 == i)
                    mask |= 1U << (static_cast<unsigned>(capability) % 32);
            words[i].effective &= mask;
            words[i].permitted &= mask;
            words[i].inheritable &= mask;
        }
    }
};

// What exec can give to a process of root at all. Needs CAP_SETPCAP; who lacks that has nothing that exec could give,
// once new privileges are forbidden.
void bound_exec_by(std::span<const int> kept) {
    for (int capability = 0; ::prctl(PR_CAPBSET_READ, capability, 0, 0, 0) >= 0; ++capability) {
        if (std::ranges::find(kept, capability) == kept.end()) ::prctl(PR_CAPBSET_DROP, capability, 0, 0, 0);
    }
}

basehttp::IoResult<void> become(const Identity& identity) {
    if (::setgroups(identity.groups.size(), identity.groups.data()) < 0) return basehttp::io_failure("setgroups");
    if (::setresgid(identity.gid, identity.gid, identity.gid) < 0) return basehttp::io_failure("setresgid");
    if (::setresuid(identity.uid, identity.uid, identity.uid) < 0) return basehttp::io_failure("setresuid");
    if (identity.uid != 0 && ::setuid(0) == 0) {
        errno = EPERM;  // the kernel gave root back: nothing here may go on
        return basehttp::io_failure("setresuid");
    }
    return {};
}

}  // namespace

std::expected<gid_t, UnknownAccount> find_group(const std::string& group) {
    if (const auto gid = parse_id(group)) return *gid;
    errno = 0;
    const struct group* entry = ::getgrnam(group.c_str());
    if (entry != nullptr) return entry->gr_gid;
    return std::unexpected(UnknownAccount{UnknownAccount::Part::group, lookup_failure("group", group, errno)});
}

std::expected<Identity, UnknownAccount> find_identity(const std::string& user, const std::string& group) {
    auto identity = find_user(user);
    if (!identity) return identity;
    if (!group.empty()) {
        const auto gid = find_group(group);
        if (!gid) return std::unexpected(gid.error());
        identity->gid = *gid;
    }
    identity->groups = groups_of(identity->user, identity->gid);
    return identity;
}

bool is_own_group(gid_t group) {
    std::vector<gid_t> groups(static_cast<std::size_t>(std::max(0, ::getgroups(0, nullptr))));
    if (!groups.empty()) ::getgroups(static_cast<int>(groups.size()), groups.data());
    return group == ::getegid() || std::ranges::find(groups, group) != groups.end();
}

bool started_as_root() {
    return ::geteuid() == 0;
}

basehttp::IoResult<void> give_up_privileges(const std::optional<Identity>& identity) {
    bound_exec_by({});
    if (identity) {
        if (auto became = become(*identity); !became) return became;
    }
    Capabilities capabilities = Capabilities::present();
    if (!capabilities.none()) {
        capabilities.keep({});
        capabilities.set();
    }
    if (::prctl(PR_SET_NO_NEW_PRIVS, 1, 0, 0, 0) < 0) return basehttp::io_failure("prctl");
    return {};
}

void keep_masters_capabilities() {
    if (!started_as_root()) return;
    bound_exec_by(kMasters);
    Capabilities capabilities = Capabilities::present();
    capabilities.keep(kMasters);
    capabilities.set();
}

bool capabilities_stay() {
    Capabilities present = Capabilities::present();
    return !present.none() && !present.set();
}

}  // namespace basehttpd
