// The scalars of a configuration: text to value and back. Pure functions that know neither YAML nor files.
#pragma once

#include <array>
#include <chrono>
#include <cstdint>
#include <expected>
#include <string>
#include <string_view>

#include "basehttp/protocol/limits.h"

namespace basehttpd {

/// Why a text is not the value it should be: `message` continues "'8Q' is ...".
struct ValueProblem {
    std::string message;
    std::string hint{};
};

/// `8192`, `8K`, `32m`, `1G`, in bytes; the letters, of either case, count by 1024.
std::expected<std::uint64_t, ValueProblem> parse_size(std::string_view text);

/// `250ms`, `10s`, `5m`, `1h`, or `0`.
std::expected<std::chrono::milliseconds, ValueProblem> parse_duration(std::string_view text);

/// Digits alone.
std::expected<std::uint64_t, ValueProblem> parse_count(std::string_view text);

/// `true`, `yes`, `on`, `false`, `no` or `off`, in any case.
std::expected<bool, ValueProblem> parse_switch(std::string_view text);

/// An address to listen on, in parts.
struct ListenAddress {
    enum class Kind : std::uint8_t { ip4, ip6, name, unix_path };
    Kind kind = Kind::ip4;
    std::string host;  ///< without brackets; a name in lower case; for `unix_path` the path
    std::uint16_t port = 0;

    bool operator==(const ListenAddress&) const = default;
};

/// `host:port`, `[v6]:port` or `unix:/path`. Two texts for one address give equal results, however they are written.
std::expected<ListenAddress, ValueProblem> parse_listen_address(std::string_view text);

/// The name of a site: a host name, an address, or `*.` and a host name. Returned as it is compared: in lower case.
std::expected<std::string, ValueProblem> parse_host(std::string_view text);

struct StrictnessName {
    basehttp::Strictness strictness;
    std::string_view name;
};

inline constexpr std::array<StrictnessName, 3> kStrictnessNames{{{basehttp::Strictness::seed, "seed"},
                                                                 {basehttp::Strictness::standard, "default"},
                                                                 {basehttp::Strictness::strict, "strict"}}};

/// The shortest text that parse_size() reads as `bytes`.
std::string format_size(std::uint64_t bytes);

/// The text in the largest whole unit that parse_duration() reads as `duration`.
std::string format_duration(std::chrono::milliseconds duration);

}  // namespace basehttpd
