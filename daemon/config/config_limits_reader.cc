#include "daemon/config/config_limits_reader.h"

#include "daemon/config/config_map.h"
#include "daemon/config/config_value.h"

namespace basehttpd {
namespace {

constexpr std::size_t kMega = 1024 * 1024;
constexpr std::uint64_t kTera = 1024 * 1024 * std::uint64_t{kMega};

// No timeout can be switched off: a client that sends nothing would keep its connection for ever.
constexpr Range<std::chrono::milliseconds> kTimeout{std::chrono::milliseconds(1), std::chrono::hours(24)};

}  // namespace

void read_limits(const ConfigNode& node, basehttp::Limits& limits, std::vector<ConfigError>& errors) {
    ConfigMap map(node, "'limits'", errors);
    map.read_size("request_line", Range<std::size_t>{64, kMega}, limits.request_line);
    map.read_size("header_bytes", Range<std::size_t>{256, 16 * kMega}, limits.header_bytes);
    map.read_count("header_fields", Range<std::size_t>{1, 10'000}, limits.header_fields);
    map.read_size("body", Range<std::uint64_t>{0, kTera}, limits.body);
    map.read_duration("header_timeout", kTimeout, limits.header_timeout);
    map.read_duration("body_timeout", kTimeout, limits.body_timeout);
    map.read_duration("idle_timeout", kTimeout, limits.idle_timeout);
    map.read_duration("send_timeout", kTimeout, limits.send_timeout);
    map.read_count("connections", Range<std::size_t>{1, 1'000'000}, limits.connections);
    map.read_count("requests_per_connection", Range<std::uint64_t>{0, 1'000'000'000}, limits.requests_per_connection);
    map.read_choice("strictness", kStrictnessNames, &StrictnessName::strictness, limits.strictness);
    map.finish();
}

}  // namespace basehttpd
