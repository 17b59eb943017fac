#include "daemon/check/service_check.h"

#include <sys/stat.h>
#include <unistd.h>

#include <algorithm>
#include <cerrno>
#include <cstring>
#include <fstream>
#include <optional>
#include <string_view>

#include <fmt/format.h>

#include "daemon/check/access_probe.h"
#include "daemon/check/needed_path.h"
#include "daemon/check/service_folders.h"
#include "daemon/check/socket_owner_check.h"
#include "daemon/config/config_source.h"
#include "daemon/config/config_value.h"
#include "daemon/config/sink_name.h"
#include "daemon/config/syslog_address.h"
#include "daemon/process/stop_times.h"
#include "daemon/text/parent_folder.h"
#include "daemon/text/words.h"

namespace basehttpd {
namespace {

using std::chrono::milliseconds;

// What a process holds beside connections: as the worker has it.
constexpr std::uint64_t kOtherDescriptors = 64;

std::string name_of_user(uid_t uid) {
    const auto identity = find_identity(std::to_string(uid), {});
    return identity ? identity->user : std::to_string(uid);
}

std::string mebibytes(std::uint64_t bytes) {
    constexpr std::uint64_t kMebi = 1024 * 1024;
    return fmt::format("{}M", (bytes + kMebi - 1) / kMebi);
}

// Ports below this one need a right (ip(7)).
int first_free_port() {
    constexpr int kUsual = 1024;
    std::ifstream file("/proc/sys/net/ipv4/ip_unprivileged_port_start");
    int port = kUsual;
    return file >> port ? port : kUsual;
}

class ServiceChecker {
  public:
    ServiceChecker(const Config& config, const ServiceLimits& limits) : config_(config), limits_(limits) {}

    ServiceVerdict check() {
        find_user();
        check_read();
        check_written();
        check_listen();
        check_account();
        check_numbers();
        check_reload();
        return std::move(verdict_);
    }

  private:
    void find_user();
    bool is_hidden(const NeededPath& needed);
    void check_read();
    void check_rights(const std::vector<NeededPath>& needed, AccessObstacle::Right right);
    void report_obstacle(const NeededPath& needed, const AccessObstacle& obstacle);
    void check_written();
    void check_log(const SinkConfig& sink);
    void check_log_socket(const NeededPath& socket);
    void check_syslog(const SinkConfig& sink);
    void check_written_file(const NeededPath& file, std::string_view what);
    void check_owner(const NeededPath& file, std::string_view what);
    void check_listen();
    void check_address(const ListenConfig& listen);
    void check_given(const ListenConfig& listen);
    void check_family(const std::string& family, const ConfigPosition& where, std::string_view what_for);
    void check_account();
    void check_numbers();
    void check_reload();
    void report(const ConfigPosition& where, std::string message, std::string hint = {});
    void warn(const ConfigPosition& where, std::string message);
    void want(std::string setting);

    const Config& config_;
    const ServiceLimits& limits_;
    std::optional<Identity> user_;  // as whom the service's processes run, where we can try what that user may
    ServiceVerdict verdict_;
};

void ServiceChecker::check_read() {
    std::vector<NeededPath> roots;
    for (const auto& [path, where] : served_roots(config_))
        roots.push_back({path, where});
    for (const std::vector<NeededPath>& needed : {roots, files_to_read(config_)}) {
        std::vector<NeededPath> seen;
        std::ranges::copy_if(needed, std::back_inserter(seen),
                             [this](const NeededPath& each) { return !is_hidden(each); });
        check_rights(seen, AccessObstacle::Right::read);
    }
}

// True where the unit shows the service something else, or nothing, in its place.
bool ServiceChecker::is_hidden(const NeededPath& needed) {
    static const std::vector<std::string> kHomes{"/home", "/root", "/run/user"};
    static const std::vector<std::string> kTemporary{"/tmp", "/var/tmp"};
    if (lies_in_any(needed.path, limits_.visible)) return false;
    const bool no_home = limits_.protect_home == "yes" || limits_.protect_home == "tmpfs";
    if (no_home && lies_in_any(needed.path, kHomes)) {
        report(needed.where, fmt::format("{} sees nothing of {}: the unit has ProtectHome={}", limits_.unit,
                                         in_quotes(needed.path), limits_.protect_home));
        want("ProtectHome=read-only");
        return true;
    }
    if (limits_.private_tmp && lies_in_any(needed.path, kTemporary)) {
        report(needed.where, fmt::format("{} sees another {} than this one: the unit has PrivateTmp=yes",
                                         limits_.unit, in_quotes(needed.path)));
        want("BindReadOnlyPaths=" + needed.path);
        return true;
    }
    if (!lies_in_any(needed.path, limits_.inaccessible)) return false;
    report(needed.where, fmt::format("{} sees nothing of {}: it is among the unit's InaccessiblePaths=", limits_.unit,
                                     in_quotes(needed.path)));
    want("InaccessiblePaths=");
    return true;
}

// Only root can try what another user may.
void ServiceChecker::find_user() {
    const std::string& user = limits_.user.empty() ? config_.user : limits_.user;
    if (user.empty() || limits_.dynamic_user || ::geteuid() != 0) return;
    auto identity = find_identity(user, limits_.user.empty() ? config_.group : limits_.group);
    if (identity) {
        user_ = *std::move(identity);
    } else {
        report({}, fmt::format("{} runs as a user that is not there: {}", limits_.unit, identity.error().message));
    }
}

void ServiceChecker::check_rights(const std::vector<NeededPath>& needed, AccessObstacle::Right right) {
    if (!user_) return;
    std::vector<std::string> paths;
    for (const NeededPath& each : needed)
        paths.push_back(each.path);
    const auto obstacles = probe_access(paths, right, user_);
    if (!obstacles) return;
    for (std::size_t i = 0; i < needed.size(); ++i) {
        const auto& obstacle = (*obstacles)[i];
        if (obstacle && obstacle->error != ENOENT)
            report_obstacle(needed[i], *obstacle);  // the check tells of ENOENT
    }
}

void ServiceChecker::report_obstacle(const NeededPath& needed, const AccessObstacle& obstacle) {
    const bool enter = obstacle.right == AccessObstacle::Right::enter;
    const std::string_view right = enter ? "x" : obstacle.right == AccessObstacle::Right::write ? "w" : "r";
    struct stat info {};
    const bool folder = ::stat(obstacle.path.c_str(), &info) == 0 && S_ISDIR(info.st_mode);
    std::string message = fmt::format("user {} has no right {} on the {} {}", in_quotes(user_->user), right,
                                      folder ? "directory" : "file", in_quotes(obstacle.path));
    if (obstacle.path != needed.path) message += fmt::format(", on the way to {}", in_quotes(needed.path));
    message += fmt::format(": {}", std::strerror(obstacle.error));
    const std::string_view wanted = enter || !folder ? right : "rx";
    report(needed.where, std::move(message),
           obstacle.error == EACCES
               ? fmt::format("setfacl -m u:{0}:{1} {2}, or chmod o+{1} {2}", user_->user, wanted, obstacle.path)
               : "");
}

void ServiceChecker::check_written() {
    for (const SinkConfig& sink : sinks_of(config_))
        check_log(sink);
    if (!config_.control.empty()) check_written_file({config_.control, config_.control_where}, "the control socket");
}

void ServiceChecker::check_log(const SinkConfig& sink) {
    switch (sink.kind) {
        case SinkConfig::Kind::file:
            return check_written_file({sink.path, sink.where}, "the log");
        case SinkConfig::Kind::journal:
            return check_log_socket({sink.path, sink.where});
        case SinkConfig::Kind::syslog:
            return check_syslog(sink);
        case SinkConfig::Kind::standard_output:
        case SinkConfig::Kind::standard_error:
        case SinkConfig::Kind::pipe:
            return;
    }
}

void ServiceChecker::check_log_socket(const NeededPath& socket) {
    if (is_hidden(socket)) return;
    check_family("AF_UNIX", socket.where, socket.path);
}

void ServiceChecker::check_syslog(const SinkConfig& sink) {
    const SyslogAddress& to = sink.syslog.to;
    if (to.transport == SyslogAddress::Transport::unix_socket) return check_log_socket({to.path, sink.where});
    const std::string address = format_syslog_address(to);
    if (limits_.private_network) {
        report(sink.where,
               fmt::format("{} has a network of its own (PrivateNetwork=yes): it does not reach {}", limits_.unit,
                           in_quotes(address)),
               "send to /dev/log, and let the syslog there pass it on");
        want("PrivateNetwork=no");
    }
    check_family(to.host.contains(':') ? "AF_INET6" : "AF_INET", sink.where, address);
}

void ServiceChecker::check_written_file(const NeededPath& file, std::string_view what) {
    const std::string folder = parent_folder(file.path);
    if (limits_.lets_write(folder)) return check_owner(file, what);
    report(file.where,
           fmt::format("{} cannot write {} {}: the unit lets it write elsewhere only", limits_.unit, what,
                       in_quotes(file.path)),
           is_shared(folder) ? own_folder_for(what) : "");
    if (!is_shared(folder)) want("ReadWritePaths=" + folder);
}

// The unit allows it; does the folder, by owner and mode? Those that systemd makes for the service are the service's.
void ServiceChecker::check_owner(const NeededPath& file, std::string_view what) {
    const std::string folder = parent_folder(file.path);
    struct stat info {};
    if (!user_ || lies_in_any(folder, limits_.own) || ::stat(folder.c_str(), &info) != 0) return;
    if (::stat(file.path.c_str(), &info) == 0 && !S_ISSOCK(info.st_mode))
        return check_rights({file}, AccessObstacle::Right::write);
    const auto obstacles = probe_access({folder}, AccessObstacle::Right::write, user_);
    if (!obstacles || !obstacles->front() || ::stat(folder.c_str(), &info) != 0) return;
    report(file.where,
           fmt::format("user {} may not make {} {} in {} ({}, {:04o})", in_quotes(user_->user), what,
                       in_quotes(file.path), in_quotes(folder), name_of_user(info.st_uid), info.st_mode & 07777),
           own_folder_for(what));
}

void ServiceChecker::check_listen() {
    if (limits_.has_socket) {
        const ConfigPosition& where = config_.listen.empty() ? ConfigPosition{} : config_.listen.front().where;
        if (where.line > 0)
            warn(where, fmt::format("'listen' has no effect: {} gets its sockets from systemd", limits_.unit));
        return;
    }
    for (const ListenConfig& listen : config_.listen)
        check_address(listen);
}

void ServiceChecker::check_address(const ListenConfig& listen) {
    const auto address = parse_listen_address(listen.address);
    if (!address) return;
    if (address->kind == ListenAddress::Kind::unix_path) {
        check_written_file({address->host, listen.where}, "the socket");
        check_given(listen);
        return;
    }
    if (limits_.private_network) {
        report(listen.where, fmt::format("{} has a network of its own (PrivateNetwork=yes): nobody reaches {} in it",
                                         limits_.unit, in_quotes(listen.address)));
        want("PrivateNetwork=no");
    }
    check_family(listen.address.starts_with('[') ? "AF_INET6" : "AF_INET", listen.where, listen.address);
    const bool root = limits_.user.empty() || limits_.user == "root";
    const bool may_bind =
        root || std::ranges::find(limits_.capabilities, "cap_net_bind_service") != limits_.capabilities.end();
    if (address->port == 0 || address->port >= first_free_port() || may_bind) return;
    report(listen.where, fmt::format("{} runs as {} and may not bind port {}", limits_.unit, in_quotes(limits_.user),
                                     address->port));
    want("AmbientCapabilities=CAP_NET_BIND_SERVICE");
    want("CapabilityBoundingSet=CAP_NET_BIND_SERVICE");
}

void ServiceChecker::check_given(const ListenConfig& listen) {
    for (SocketOwnerProblem& problem : check_socket_owner(listen, limits_)) {
        report(problem.where, std::move(problem.message), std::move(problem.hint));
        if (!problem.setting.empty()) want(std::move(problem.setting));
    }
}

void ServiceChecker::check_family(const std::string& family, const ConfigPosition& where, std::string_view what_for) {
    if (!limits_.address_families ||
        std::ranges::find(*limits_.address_families, family) != limits_.address_families->end()) {
        return;
    }
    report(where, fmt::format("{} may not use {}, which {} needs", limits_.unit, family, in_quotes(what_for)));
    want("RestrictAddressFamilies=" + family);
}

// The unit's User= is who the daemon is from its start on.
void ServiceChecker::check_account() {
    const bool root = limits_.user.empty() || limits_.user == "root" || limits_.user == "0";
    if (root || config_.user.empty() || config_.user == limits_.user) return;
    warn(config_.user_where, fmt::format("'user' has no effect: {} is started as {}, not as root", limits_.unit,
                                         in_quotes(limits_.user)));
}

void ServiceChecker::check_numbers() {
    const std::uint64_t connections = config_.limits.connections;
    const std::uint64_t descriptors = 2 * connections + kOtherDescriptors;
    if (limits_.descriptors && connections != 0 && *limits_.descriptors < descriptors) {
        report({},
               fmt::format("limits.connections is {}, for which a worker needs {} descriptors; {} has LimitNOFILE={}",
                           connections, descriptors, limits_.unit, *limits_.descriptors));
        want(fmt::format("LimitNOFILE={}", descriptors));
    }
    const std::uint64_t memory = config_.workers.count * config_.workers.max_memory;
    if (limits_.memory && *limits_.memory < memory) {
        report({}, fmt::format("{} workers of at most {} (workers.max_memory) need {}; {} has MemoryMax={}",
                               config_.workers.count, mebibytes(config_.workers.max_memory), mebibytes(memory),
                               limits_.unit, mebibytes(*limits_.memory)));
        want("MemoryMax=" + mebibytes(memory + memory / 4));
    }
    // In a reload the old workers stand beside the new ones, and logger and master beside both.
    const std::uint64_t tasks = std::uint64_t{2} * config_.workers.count + 4;
    if (limits_.tasks && *limits_.tasks < tasks) {
        report({}, fmt::format("{} workers and their successors in a reload need {} tasks; {} has TasksMax={}",
                               config_.workers.count, tasks, limits_.unit, *limits_.tasks));
        want(fmt::format("TasksMax={}", tasks));
    }
    const milliseconds stop = longest_stop(config_.shutdown_timeout);
    if (limits_.stop_timeout && *limits_.stop_timeout < stop) {
        report({}, fmt::format("shutdown_timeout is {} ms, and {} is killed {} ms after it was told to stop",
                               config_.shutdown_timeout.count(), limits_.unit, limits_.stop_timeout->count()));
        want(fmt::format("TimeoutStopSec={}", std::chrono::ceil<std::chrono::seconds>(stop).count()));
    }
}

// `systemctl reload` speaks to the daemon over its control socket.
void ServiceChecker::check_reload() {
    constexpr std::string_view kDefault = BASEHTTPD_RUNSTATEDIR "/basehttpd/control.sock";
    if (!limits_.sends_reload || config_.control == kDefault) return;
    if (config_.control.empty()) {
        report(config_.control_where, "without a control socket 'systemctl reload' cannot reach the daemon");
        want("ExecReload=");
        want("ExecReload=/bin/kill -HUP $MAINPID");
        return;
    }
    report(config_.control_where, fmt::format("'systemctl reload' asks at {}, and not at {}", in_quotes(kDefault),
                                              in_quotes(config_.control)));
    want("ExecReload=");
    want("ExecReload=/usr/sbin/basehttpctl -s " + config_.control + " reload");
}

void ServiceChecker::report(const ConfigPosition& where, std::string message, std::string hint) {
    verdict_.problems.push_back({where, std::move(message), std::move(hint), read_excerpt(where)});
}

void ServiceChecker::warn(const ConfigPosition& where, std::string message) {
    report(where, std::move(message));
    verdict_.problems.back().kind = ConfigError::Kind::warning;
}

void ServiceChecker::want(std::string setting) {
    if (std::ranges::find(verdict_.settings, setting) == verdict_.settings.end())
        verdict_.settings.push_back(std::move(setting));
}

}  // namespace

std::string ServiceVerdict::text(const std::string& unit) const {
    std::string text = render(problems);
    if (settings.empty()) return text;
    text += fmt::format("\nThis would allow it, in /etc/systemd/system/{}.d/needs.conf:\n\n    [Service]\n", unit);
    for (const std::string& setting : settings)
        text += "    " + setting + "\n";
    text += "\nThen: systemctl daemon-reload && systemctl restart " + unit + "\n";
    return text;
}

ServiceVerdict check_service(const Config& config, const ServiceLimits& limits) {
    return ServiceChecker(config, limits).check();
}

}  // namespace basehttpd
