// Config: what the YAML file says, as plain values with every default filled in. Read by the master before anything
// else is done; children get it by fork and only read it.
#pragma once

#include <algorithm>
#include <array>
#include <chrono>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "basehttp/handlers/file_cache_limits.h"
#include "basehttp/io/socket_address.h"
#include "basehttp/log/severity.h"
#include "basehttp/protocol/field_rules.h"
#include "basehttp/protocol/limits.h"
#include "basehttp/server/client_rules.h"
#include "basehttp/server/cors.h"
#include "basehttp/server/trusted_proxies.h"
#include "daemon/config/config_position.h"
#include "daemon/config/expectation.h"
#include "daemon/config/files_config.h"
#include "daemon/config/handlers/handler_config.h"
#include "daemon/text/path_patterns.h"

namespace basehttpd {

/// An address to listen on: `host:port`, `[v6]:port` or `unix:/path`, as written.
struct ListenConfig {
    std::string address;
    ConfigPosition where;
    bool proxy_protocol = false;  ///< each connection begins with a header of the PROXY protocol
    // Of a unix socket.
    unsigned mode = 0666;          ///< whatever the umask
    std::string owner{};           ///< a name or number; empty: who starts the daemon
    std::string group{};           ///< the same
    ConfigPosition owner_where{};  ///< line 0 where it is left out
    ConfigPosition group_where{};
};

struct WorkersConfig {
    unsigned count = 0;  ///< never 0 once read: `auto` has become the number of CPUs this process may use
    std::chrono::milliseconds watchdog{10'000};  ///< a worker silent for so long is killed and replaced; 0: never
    unsigned crash_limit = 10;       ///< so many young deaths in a row end the daemon; 0: it never gives up
    unsigned poison_limit = 3;       ///< a request that kills so many workers in a minute is kept away; 0: none is
    std::uint64_t max_requests = 0;  ///< a worker is replaced after about so many; 0: never
    std::uint64_t max_memory = 0;    ///< a worker is replaced when its own memory is larger, in bytes; 0: never
};

/// Where syslog messages are sent.
struct SyslogAddress {
    enum class Transport : std::uint8_t { unix_socket, udp, tcp };
    Transport transport = Transport::unix_socket;
    std::string path = "/dev/log";  ///< of the socket
    std::string host{};             ///< udp and tcp: a name, or an address without brackets
    std::uint16_t port = 514;
};

/// A syslog, and what messages to it say of themselves.
struct SyslogConfig {
    /// What readers of /dev/log take, or RFC 5424, which they do not understand.
    enum class Form : std::uint8_t { local, rfc5424 };
    SyslogAddress to;
    Form form = Form::local;
    unsigned facility = 3;  ///< daemon
    std::string tag = "basehttpd";
};

/// Where journald takes entries, unless another place is configured.
inline constexpr std::string_view kJournalSocket = "/run/systemd/journal/socket";

/// What an access record's MESSAGE in the journal is, where no format is given: the journal has time and process.
inline constexpr std::string_view kJournalFormat = "%h \"%r\" %>s %b";

/// One place that log lines go to.
struct SinkConfig {
    enum class Kind : std::uint8_t { file, standard_output, standard_error, syslog, journal, pipe };
    Kind kind = Kind::file;
    std::string path;  ///< absolute; of the file, or of the journal's socket
    SyslogConfig syslog;
    std::string command;             ///< pipe: as written
    std::vector<std::string> words;  ///< pipe: the program and its arguments
    ConfigPosition where;
};

/// Which records a log is for: all conditions that are given must hold.
struct LogCondition {
    /// Both ends included; 0 is for records without a status.
    struct Statuses {
        unsigned least;
        unsigned most;
    };

    /// Whether every record has its line.
    bool always_holds() const { return statuses.empty() && paths.empty() && slower.count() == 0 && sample == 1; }

    std::vector<Statuses> statuses;
    std::vector<PathPattern> paths;       ///< decoded
    std::chrono::milliseconds slower{0};  ///< those that took longer
    std::uint64_t sample = 1;             ///< one in so many of those that match
};

struct AccessSinkConfig {
    SinkConfig sink;
    std::string format = "combined";  ///< `common`, `combined` or a string in Apache's % notation
    LogCondition when;
};

struct ErrorSinkConfig {
    SinkConfig sink;
    basehttp::Severity level = basehttp::Severity::info;  ///< what is less grave is left out
};

struct LogConfig {
    std::vector<AccessSinkConfig> access;
    std::vector<ErrorSinkConfig> error;
};

/// How much of a client's address the access logs keep, in bits.
struct PrivacyConfig {
    unsigned ipv4 = 32;
    unsigned ipv6 = 128;

    bool on() const { return ipv4 < 32 || ipv6 < 128; }
};

/// What holds for the logs of the daemon and of all sites.
struct LoggingConfig : LogConfig {
    PrivacyConfig privacy;
    bool resolve_hostnames = false;
    std::chrono::milliseconds ring_wait{1000};  ///< the longest that a full ring holds a worker up
    bool survive = true;                        ///< the service manager keeps the rings for the next instance
};

/// The logs of a site, in the place of the daemon's.
struct SiteLogConfig {
    std::optional<std::vector<AccessSinkConfig>> access;
    std::optional<std::vector<ErrorSinkConfig>> error;
};

/// A page of the operator's for an error.
struct ErrorPageConfig {
    int status = 0;
    PageConfig page;
};

/// The users that a site or route is for, each with a password.
struct AuthConfig {
    std::string htpasswd;  ///< absolute; empty: everybody is served
    std::string realm = "restricted";
    ConfigPosition where{};  ///< of `htpasswd`
    std::string text{};      ///< what the file holds; read by check_config()
};

/// A part of a site's URL space with a handler of its own.
struct RouteConfig : basehttp::ClientRules {
    std::string path;  ///< begins with '/', or `= /` for that alone; the longest one that a request lies in wins
    std::vector<std::string> methods;   ///< none: all that the handler has
    std::optional<std::uint64_t> body;  ///< bytes; nothing: that of `limits`
    basehttp::FieldRules headers;
    std::optional<basehttp::CorsRules> cors;
    std::optional<AuthConfig> auth;  ///< nothing: that of the site
    HandlerConfig handler;
    ConfigPosition where;
};

/// What the Server field of responses tells.
enum class ServerTokens : std::uint8_t { full, name, none };

struct ServerTokensName {
    ServerTokens tokens;
    std::string_view name;
};

inline constexpr std::array<ServerTokensName, 3> kServerTokensNames{
    {{ServerTokens::full, "full"}, {ServerTokens::name, "name"}, {ServerTokens::none, "none"}}};

/// Whether processes give up what they do not need: as far as the kernel can, or entirely or not at all.
enum class SandboxMode : std::uint8_t { automatic, required, off };

struct SandboxModeName {
    SandboxMode mode;
    std::string_view name;
};

inline constexpr std::array<SandboxModeName, 3> kSandboxModeNames{
    {{SandboxMode::automatic, "auto"}, {SandboxMode::required, "required"}, {SandboxMode::off, "off"}}};

struct SiteConfig : FilesConfig, basehttp::ClientRules {
    std::vector<std::string> hosts;  ///< names in lower case, `*.name`, or none: the default site
    std::string canonical_host;      ///< in lower case; empty: any of its hosts
    std::string root;                ///< absolute; empty where only routes serve
    basehttp::Strictness strictness = basehttp::Strictness::standard;  ///< that of `limits` where it is left out
    std::optional<AuthConfig> auth;
    std::vector<RouteConfig> routes;
    basehttp::FieldRules headers;
    std::optional<basehttp::CorsRules> cors;
    std::vector<ErrorPageConfig> error_pages;
    SiteLogConfig log;
    std::vector<Expectation> expect;
    ConfigPosition where;       ///< the site
    ConfigPosition root_where;  ///< the value of `root`
};

struct Config {
    std::vector<ListenConfig> listen;
    std::string user;           ///< empty: stay who we are
    std::string group;          ///< empty: the user's own group
    ConfigPosition user_where;  ///< line 0 where it is left out
    ConfigPosition group_where;
    WorkersConfig workers;
    std::chrono::milliseconds shutdown_timeout{30'000};
    std::string control;           ///< path of the control socket; empty: none
    ConfigPosition control_where;  ///< line 0 where it is left out
    basehttp::TrustedProxies trusted_proxies;
    basehttp::Limits limits;
    ServerTokens server_tokens = ServerTokens::full;
    SandboxMode sandbox = SandboxMode::automatic;
    LoggingConfig log;
    basehttp::FileCacheLimits file_cache;
    std::vector<SiteConfig> sites;
};

/// A folder that is served, and where the configuration says so.
struct ServedRoot {
    std::string path;
    ConfigPosition where;
};

/// The roots of all sites and routes, in the order of the configuration.
std::vector<ServedRoot> served_roots(const Config& config);

/// Those beneath which a worker may open files: the served roots, and everything where symbolic links are followed to
/// wherever they lead.
std::vector<std::string> readable_folders(const Config& config);

/// What logs and figures call a site: the first of its hosts, or `*`.
std::string_view site_name(const SiteConfig& site);

/// Whether any route shows what the daemon does.
bool shows_status(const Config& config);

/// Where the servers are that requests are passed on to.
std::vector<basehttp::SocketAddress> origin_addresses(const Config& config);

/// Whatever asks for passwords, in the order of the configuration; those of one file repeat it.
std::vector<AuthConfig*> auths_of(Config& config);
std::vector<const AuthConfig*> auths_of(const Config& config);

/// Whether `listen` names the address of `socket`, in numbers. The service manager may have passed that socket.
bool names(const ListenConfig& listen, const basehttp::SocketAddress& socket);

/// Whether connections to a socket of that address must begin with a header of the PROXY protocol.
bool requires_proxy_protocol(const Config& config, const basehttp::SocketAddress& socket);

/// How long a full ring may delay a worker: `ring_wait`, but never so long that the watchdog takes the worker for
/// hung.
inline std::chrono::milliseconds longest_ring_wait(const Config& config) {
    if (config.workers.watchdog.count() == 0) return config.log.ring_wait;
    return std::min(config.log.ring_wait, config.workers.watchdog / 2);
}

}  // namespace basehttpd
