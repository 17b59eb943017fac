#include "daemon/sandbox/sandbox.h"

#include <sys/socket.h>

#include <set>

#include <fmt/format.h>
#include <time.h>

#include "daemon/sandbox/call_filter.h"
#include "daemon/sandbox/call_list.h"
#include "daemon/sandbox/file_rules.h"
#include "daemon/sandbox/inspection.h"
#include "daemon/sandbox/kernel_support.h"

namespace basehttpd {

namespace {

// What a process of a role goes on with.
struct Rights {
    CallList calls;
    DeadlyCall deadly;
    FileRules files;
};

// What the kernel is told of the servers that a worker may connect to.
struct Peers {
    std::set<int> families;
    std::set<std::uint16_t> ports;  // of TCP
};

Peers peers_of(const std::vector<basehttp::SocketAddress>& addresses) {
    Peers peers;
    for (const basehttp::SocketAddress& address : addresses) {
        peers.families.insert(address.family());
        if (address.family() != AF_UNIX) peers.ports.insert(address.port());
    }
    return peers;
}

// The table of roles.
Rights rights_of(const Confinement& confinement) {
    if (confinement.role == Role::worker) {
        const Peers peers = peers_of(confinement.peers);
        return {worker_calls(peers.families),
                DeadlyCall::handled,
                {.readable = confinement.readable, .connect_ports = peers.ports}};
    }
    // Where glibc and its modules look for hosts, name servers and time zones, and for the modules themselves.
    return {logger_calls(),
            DeadlyCall::kills,
            {.readable = {"/etc", "/usr", "/lib", "/lib64", "/run"},
             .scratch = {"/dev/shm", "/tmp", "/var/tmp"},  // see process/anonymous_file.h
             .connects_anywhere = true}};
}

}  // namespace

std::vector<std::string> enter_sandbox(SandboxMode mode, const Confinement& confinement) {
    std::vector<std::string> problems;
    const auto note = [&problems](const basehttp::IoResult<void>& step) {
        if (!step) problems.push_back("sandbox: " + step.error().text());
    };
    const KernelSupport support = KernelSupport::find();
    if (mode == SandboxMode::off || support.instrumented) return problems;
    note(forbid_inspection());
    ::tzset();  // the time zone's file cannot be read later
    const Rights rights = rights_of(confinement);
    if (support.landlock != 0) note(restrict_files(support.landlock, rights.files));
    if (support.call_filters) note(filter_calls(rights.calls, rights.deadly, confinement.listeners));
    return problems;
}

std::optional<std::string> sandbox_refusal(SandboxMode mode) {
    if (mode != SandboxMode::required) return std::nullopt;
    const std::string lacking = KernelSupport::find().lacking();
    if (lacking.empty()) return std::nullopt;
    return "the sandbox is required but not available here: " + lacking;
}

std::string sandbox_remark(SandboxMode mode) {
    if (mode == SandboxMode::off) return "the sandbox is off, as configured";
    const std::string lacking = KernelSupport::find().lacking();
    return lacking.empty() ? "" : "the sandbox is not complete here: " + lacking;
}

std::vector<SandboxOfRole> sandbox_report(SandboxMode mode) {
    const KernelSupport support = KernelSupport::find();
    const std::string rights = support.capabilities_stay ? "no new privileges" : "no capabilities, no new privileges";
    std::string shut_in = rights;
    if (mode != SandboxMode::off && !support.instrumented) {
        shut_in += ", not inspectable";
        if (support.call_filters) shut_in += ", seccomp";
        if (support.landlock != 0) shut_in += fmt::format(", Landlock {}", support.landlock);
    }
    return {{"workers", shut_in}, {"the logger", shut_in}, {"log programs", rights}};
}

}  // namespace basehttpd
