#include "daemon/config/config_keys.h"

#include <fmt/format.h>

#include "basehttp/server/client_counts.h"
#include "daemon/config/config_defaults.h"
#include "daemon/config/config_kinds.h"
#include "daemon/config/listen_keys.h"
#include "daemon/config/log_keys.h"
#include "daemon/config/proxy_keys.h"
#include "daemon/config/site_keys.h"

namespace basehttpd {

template <>
Config preset_of() {
    return default_config({});
}

namespace {

// Where the control socket is; the word `none` is an empty path.
struct ControlPath {
    static constexpr std::size_t kLongest = 107;  // unix(7)

    static std::string_view word() { return "path"; }
    static std::string bounds() { return "or none"; }
    static Document schema() { return schema_of_type("string"); }
    static std::optional<Document> write(const std::string& path) {
        return Document::of_text(path.empty() ? "none" : path);
    }
    static const ConfigNode* read(ConfigMap& map, std::string_view key, std::string& value) {
        std::string path;
        const ConfigNode* node = map.read_text(key, path);
        if (node == nullptr) return nullptr;
        value = path == "none" ? "" : node->source->resolve(path);
        if (value.size() > kLongest)
            map.report(*node, fmt::format("'{}' must be at most {} bytes long", key, kLongest));
        return node;
    }
};

// A count, or `auto`, which becomes the number of CPUs; 0 before that.
struct WorkerCount {
    static constexpr Count kCount{1, 1024};

    static std::string_view word() { return "count"; }
    static std::string bounds() { return kCount.bounds() + ", or auto"; }
    static Document schema() { return schema_of_any({kCount.schema(), schema_of_choice({"auto"})}); }
    static std::optional<Document> write(unsigned count) {
        return count == 0 ? Document::of_text("auto") : kCount.write(count);
    }
    static const ConfigNode* read(ConfigMap& map, std::string_view key, unsigned& value) {
        const ConfigNode* node = map.find(key);
        if (node == nullptr || node->text != "auto") return kCount.read(map, key, value);
        value = available_cpus();
        return node;
    }
};

// Keys of whose values no member of Config is made: the reader follows `include` itself.
struct Include {
    static std::string_view word() { return "list of patterns"; }
    static std::string bounds() { return {}; }
    static Document schema() { return schema_of_list(schema_of_type("string")); }
    static std::optional<Document> write(const Config&) { return std::nullopt; }
    static const ConfigNode* read(ConfigMap& map, std::string_view key, Config&) { return map.find_bare(key); }
};

constexpr Duration kTimeout{1, 24 * kHour};  // none can be switched off: a silent client would stay for ever
constexpr Choice<kStrictnessNames, &StrictnessName::strictness> kStrictness;

constexpr std::array kServer{
    key<&Config::listen, Addresses{}>("listen",
                                      "The addresses to accept connections on, unless systemd passes sockets."),
    key<&Config::user, Text{"name"}, &Config::user_where>(
        "user", "The account that the workers run as if the daemon is started as root."),
    key<&Config::group, Text{"name"}, &Config::group_where>("group",
                                                            "The group that the workers run as; only with 'user'.")
        .unless_set("the user's own"),
    key<&Config::workers, Keys<workers_keys>{}>("workers", "The worker processes."),
    key<&Config::shutdown_timeout, Duration{0, kHour}>(
        "shutdown_timeout", "How long requests in flight may take after TERM and after a reload."),
    key<&Config::control, ControlPath{}, &Config::control_where>(
        "control", "The socket on which the daemon accepts commands from basehttpctl.")
        .needs_restart(),
    whole<Config, ProxyAddresses{}>("trusted_proxies",
                                    "The proxies that are believed about the client of a request: networks, or unix.")
        .unless_set("none"),
    whole<Config, ProxyFields{}>("trusted_fields",
                                 "The fields that all of the trusted proxies set; others are any client's word.")
        .unless_set("x-forwarded-for"),
    key<&Config::limits, Keys<limits_keys>{}>("limits", "Bounds for what one client may ask for."),
    key<&Config::server_tokens, Choice<kServerTokensNames, &ServerTokensName::tokens>{}>(
        "server_tokens", "What the Server field of responses contains."),
    key<&Config::sandbox, Choice<kSandboxModeNames, &SandboxModeName::mode>{}>(
        "sandbox", "Whether workers and logger give up every right that they do not need."),
    key<&Config::log, Keys<logging_keys, check_logging>{}>("log", "The logs of the server."),
    key<&Config::file_cache, Keys<file_cache_keys>{}>("file_cache",
                                                      "The cache of recently served files in each worker."),
    key<&Config::sites, SiteList{}>("sites", "The sites to serve."),
    whole<Config, Include{}>("include", "Files that add sites.").unless_set("none"),
};

constexpr std::array kWorkers{
    key<&WorkersConfig::count, WorkerCount{}>("count",
                                              "The number of worker processes; auto: one for each usable CPU."),
    key<&WorkersConfig::watchdog, Duration{kSecond, kHour, "never"}>(
        "watchdog", "A worker that gives no sign of life for this long is killed and replaced."),
    key<&WorkersConfig::crash_limit, Count{0, 1000, "never"}>(
        "crash_limit", "The daemon gives up after this many workers in a row crash within a second of starting."),
    key<&WorkersConfig::poison_limit, Count{0, 1000, "never"}>(
        "poison_limit", "A request that kills this many workers within a minute is answered 503 for a while."),
    key<&WorkersConfig::max_requests, Count{0, 1'000'000'000'000, "never"}>(
        "max_requests", "A worker is replaced after about this many requests."),
    key<&WorkersConfig::max_memory, Size{16 * kMega, kTera, "no limit"}>(
        "max_memory", "A worker whose private memory grows beyond this is replaced."),
};

constexpr std::array kLimits{
    key<&basehttp::Limits::request_line, Size{64, kMega}>(
        "request_line", "The maximum length of the request line; a longer one is answered 414."),
    key<&basehttp::Limits::header_bytes, Size{256, 16 * kMega}>(
        "header_bytes", "The maximum length of all field lines together; more is answered 431."),
    key<&basehttp::Limits::header_fields, Count{1, 10'000}>(
        "header_fields", "The maximum number of field lines; more are answered 431."),
    key<&basehttp::Limits::body, Size{0, kTera}>("body", "The maximum length of the content; more is answered 413."),
    key<&basehttp::Limits::header_timeout, kTimeout>(
        "header_timeout", "The time from the first byte of a request to the end of its head."),
    key<&basehttp::Limits::body_timeout, kTimeout>("body_timeout", "The time between two reads of a body."),
    key<&basehttp::Limits::idle_timeout, kTimeout>("idle_timeout", "The time between two requests on a connection."),
    key<&basehttp::Limits::send_timeout, kTimeout>("send_timeout",
                                                   "The time between two writes that the client accepts."),
    key<&basehttp::Limits::min_rate, Size{1, kMega, "no limit"}>(
        "min_rate",
        "The minimum rate in bytes per second; a client that stays below it beyond the timeout is disconnected."),
    key<&basehttp::Limits::connections, Count{1, 1'000'000}>(
        "connections", "The maximum number of open connections in each worker."),
    key<&basehttp::Limits::connections_per_client, Count{0, basehttp::ClientCounts::kMost, "no limit"}>(
        "connections_per_client",
        "The maximum number of open connections of one client, in all workers; more are closed at once."),
    key<&basehttp::Limits::requests_per_connection, Count{0, 1'000'000'000, "never"}>(
        "requests_per_connection", "A connection is closed after this many requests."),
    key<&basehttp::Limits::strictness, kStrictness>("strictness", "How much of what RFC 9112 forbids is tolerated."),
};

constexpr std::array kFileCache{
    key<&basehttp::FileCacheLimits::valid, Duration{0, kHour, "each request"}>(
        "valid", "How long a cached file is served before the disk is checked again."),
    key<&basehttp::FileCacheLimits::entries, Count{0, 1'000'000, "no cache"}>("entries",
                                                                              "The maximum number of cached files."),
    key<&basehttp::FileCacheLimits::bytes, Size{0, kTera}>("bytes", "The maximum memory for cached files."),
};

}  // namespace

KeyTable<Config> server_keys() {
    return kServer;
}

KeyTable<WorkersConfig> workers_keys() {
    return kWorkers;
}

KeyTable<basehttp::Limits> limits_keys() {
    return kLimits;
}

KeyTable<basehttp::FileCacheLimits> file_cache_keys() {
    return kFileCache;
}

}  // namespace basehttpd
