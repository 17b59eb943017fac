// What a configuration holds where nothing is said. Master only.
#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include "daemon/config/config.h"

namespace basehttpd {

/// Where basehttpctl looks for the daemon.
inline constexpr const char* kDefaultControl = BASEHTTPD_RUNSTATEDIR "/basehttpd/control.sock";

/// The number of CPUs that this process may use: `count: auto`.
unsigned available_cpus();

/// `0.0.0.0:PORT` and `[::]:PORT`.
std::vector<ListenConfig> listen_everywhere(std::uint16_t port);

/// `127.0.0.1:PORT` and `[::1]:PORT`.
std::vector<ListenConfig> listen_locally(std::uint16_t port);

/// A configuration of which only the sites are missing. `file` is the one it stands for, in messages.
Config default_config(const std::string& file);

/// What `basehttpd serve` runs: one site for all hosts, listings on, logs to the standard streams.
/// `bind` is an address without a port, with or without brackets; empty: the loopback addresses.
Config quick_config(const std::string& directory, const std::string& bind, std::uint16_t port);

/// `bind` as the host of an address or a URL: an IPv6 address in brackets.
std::string host_part(const std::string& bind);

}  // namespace basehttpd
