// ServiceLimits: what a unit of systemd lets its service do, as `systemctl show` tells it, drop-ins included. Asked
// for by `basehttpd check --as-service`, in the one process that there is then.
#pragma once

#include <chrono>
#include <cstdint>
#include <expected>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace basehttpd {

struct ServiceLimits {
    std::string unit;
    std::string user;                   ///< empty: root
    std::string group;                  ///< empty: the user's own
    std::vector<std::string> groups;    ///< SupplementaryGroups=
    std::string protect_home = "no";    ///< `no`, `yes`, `read-only`, `tmpfs`
    std::string protect_system = "no";  ///< `no`, `yes`, `full`, `strict`
    bool private_tmp = false;
    bool private_network = false;
    bool has_socket = false;  ///< a socket unit starts it: `listen` does not count
    bool dynamic_user = false;
    bool in_use = false;                    ///< it runs, or is enabled
    bool sends_reload = false;              ///< ExecReload speaks to the control socket
    std::vector<std::string> writable;      ///< folders: ReadWritePaths=, LogsDirectory= and those like it
    std::vector<std::string> own;           ///< of those, what systemd makes for the service and gives to its user
    std::vector<std::string> visible;       ///< bound into its view of the files
    std::vector<std::string> inaccessible;  ///< InaccessiblePaths=
    std::vector<std::string> capabilities;  ///< `cap_net_bind_service`: those that it begins with
    std::optional<std::vector<std::string>> address_families;  ///< `AF_INET`; nothing: all
    std::optional<std::vector<std::string>> calls;             ///< SystemCallFilter=, the allowed ones; nothing: all
    std::optional<std::uint64_t> descriptors;                  ///< LimitNOFILE=, the hard one; nothing: no limit
    std::optional<std::uint64_t> memory;                       ///< MemoryMax=, in bytes
    std::optional<std::uint64_t> tasks;                        ///< TasksMax=
    std::optional<std::chrono::milliseconds> stop_timeout;     ///< TimeoutStopSec=

    /// Whether the unit leaves `folder` writable; what its owner and mode allow is another question.
    bool lets_write(const std::string& folder) const;

    /// Whether the unit lets the service make the system call of that name.
    bool allows_call(std::string_view name) const;
};

/// Whether `path` is one of `folders` or below one.
bool lies_in_any(std::string_view path, const std::vector<std::string>& folders);

/// From the output of `systemctl show`: lines `Name=value`. The error is a sentence: there is no such unit.
std::expected<ServiceLimits, std::string> parse_service_limits(const std::string& unit, std::string_view properties);

/// Of the package's services the one that is in use: the one that its socket starts, where that is enabled. Nothing
/// without systemd, and where none of them is installed.
std::optional<ServiceLimits> ask_installed_service();

/// Asks systemd. The error is a sentence.
std::expected<ServiceLimits, std::string> ask_service_limits(const std::string& unit);

}  // namespace basehttpd
