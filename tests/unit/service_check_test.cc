#include "daemon/check/service_check.h"

#include <unistd.h>

#include <functional>
#include <string>

#include <boost/test/unit_test.hpp>

#include "daemon/config/config_defaults.h"
#include "daemon/config/syslog_address.h"

namespace {

using basehttpd::check_service;
using basehttpd::Config;
using basehttpd::parse_service_limits;
using basehttpd::ServiceLimits;

// What `systemctl show` says of the package's unit.
const std::string kUnit =
    "Id=basehttpd.service\nLoadState=loaded\nUser=root\nProtectHome=yes\nProtectSystem=strict\nPrivateTmp=yes\n"
    "LogsDirectory=basehttpd\nRuntimeDirectory=basehttpd\nStateDirectory=basehttpd\nReadWritePaths=\n"
    "AmbientCapabilities=cap_net_bind_service\nRestrictAddressFamilies=AF_UNIX AF_INET AF_INET6\n"
    "LimitNOFILE=65536\nMemoryMax=infinity\nTasksMax=1000\nTimeoutStopUSec=45s\nPrivateNetwork=no\nTriggeredBy=\n"
    "ExecReload={ path=/usr/sbin/basehttpctl ; argv[]=/usr/sbin/basehttpctl reload }\n";

std::string with(std::string text, const std::string& name, const std::string& value) {
    const std::size_t at = text.find(name + "=");
    if (at == std::string::npos) return text + name + "=" + value + "\n";
    return text.replace(at, text.find('\n', at) - at, name + "=" + value);
}

Config small() {
    Config config = basehttpd::default_config({});
    config.workers.count = 2;
    config.log.access = {};
    config.log.error = {};
    config.sites.emplace_back();
    config.sites[0].root = "/usr";
    config.sites[0].root_where = {"f.yaml", 3, 4};
    config.control = BASEHTTPD_RUNSTATEDIR "/basehttpd/control.sock";
    return config;
}

void socket_for(Config& config, const std::string& owner, const std::string& group) {
    config.listen.resize(1);
    config.listen[0].address = "unix:/run/basehttpd/http.sock";
    config.listen[0].owner = owner;
    config.listen[0].owner_where = {"f.yaml", 4, 9};
    config.listen[0].group = group;
    config.listen[0].group_where = {"f.yaml", 5, 9};
}

void log_to(Config& config, const std::string& path) {
    config.log.error.emplace_back().sink.path = path;
}

void journal_to(Config& config, const std::string& path) {
    log_to(config, path);
    config.log.error.back().sink.kind = basehttpd::SinkConfig::Kind::journal;
}

void syslog_to(Config& config, const std::string& address) {
    log_to(config, "");
    config.log.error.back().sink.kind = basehttpd::SinkConfig::Kind::syslog;
    config.log.error.back().sink.syslog.to = basehttpd::parse_syslog_address(address).value();
}

struct Row {
    std::string name;
    std::function<void(Config&)> change;
    std::string property, value;
    std::string problem;  // a part of it; empty: there is none
    std::string setting;
};

const Row kRows[] = {
    {"the package's own", [](Config&) {}, "Id", "basehttpd.service", "", ""},
    {"a root below /home", [](Config& c) { c.sites[0].root = "/home/u/site"; }, "Id", "",
     "sees nothing of '/home/u/site': the unit has ProtectHome=yes", "ProtectHome=read-only"},
    {"one that is only called alike", [](Config& c) { c.sites[0].root = "/homestead"; }, "User", "", "", ""},
    {"a root below /home that may be read", [](Config& c) { c.sites[0].root = "/home/u/site"; }, "ProtectHome",
     "read-only", "", ""},
    {"a root below /home that is bound", [](Config& c) { c.sites[0].root = "/home/u/site"; }, "BindReadOnlyPaths",
     "/srv/u:/home/u:rbind", "", ""},
    {"a root below /tmp", [](Config& c) { c.sites[0].root = "/tmp/site"; }, "Id", "", "another '/tmp/site'",
     "BindReadOnlyPaths=/tmp/site"},
    {"a root that is made inaccessible", [](Config& c) { c.sites[0].root = "/usr/share"; }, "InaccessiblePaths",
     "-/usr/share", "InaccessiblePaths=", "InaccessiblePaths="},
    {"a low port without the right", [](Config& c) { c.listen = {{.address = "0.0.0.0:80", .where = {}}}; },
     "AmbientCapabilities", "", "", ""},
    {"a socket for another user", [](Config& c) { socket_for(c, "nobody", ""); }, "User", "daemon",
     "runs as 'daemon' and cannot give the socket to 'nobody'; leave 'owner' out", ""},
    {"a socket for its own user", [](Config& c) { socket_for(c, "daemon", "daemon"); }, "User", "daemon", "", ""},
    {"a socket for another group", [](Config& c) { socket_for(c, "", "54321"); }, "User", "daemon",
     "is not in the group '54321'", "SupplementaryGroups=54321"},
    {"a socket for a group of the unit", [](Config& c) { socket_for(c, "", "54321"); }, "User",
     "daemon\nSupplementaryGroups=adm 54321", "", ""},
    {"a socket that root gives away", [](Config& c) { socket_for(c, "nobody", "54321"); }, "Id", "", "", ""},
    {"a socket for a group, without the call", [](Config& c) { socket_for(c, "", "54321"); }, "User",
     "daemon\nSupplementaryGroups=54321\nSystemCallFilter=fchmod read write",
     "f.yaml:5:9: error: basehttpd.service cannot change the owner or the group of the socket",
     "SystemCallFilter=fchownat"},
    {"a socket for an owner, without the call", [](Config& c) { socket_for(c, "nobody", ""); }, "SystemCallFilter",
     "read write", "f.yaml:4:9: error: basehttpd.service cannot change the owner", "SystemCallFilter=fchownat"},
    {"a socket for a group, where the call fails by its filter", [](Config& c) { socket_for(c, "", "54321"); },
     "SystemCallFilter", "fchownat:EPERM read", "SystemCallFilter= forbids fchownat(2)", "SystemCallFilter=fchownat"},
    {"a socket for a group, the call forbidden among others", [](Config& c) { socket_for(c, "", "54321"); },
     "SystemCallFilter", "~chown fchownat", "SystemCallFilter= forbids fchownat(2)", "SystemCallFilter=fchownat"},
    {"a socket for a group, others forbidden", [](Config& c) { socket_for(c, "", "54321"); }, "SystemCallFilter",
     "~chown reboot:EPERM", "", ""},
    {"a socket for a group, with the call", [](Config& c) { socket_for(c, "", "54321"); }, "SystemCallFilter",
     "fchmod fchownat read", "", ""},
    {"a socket for its own user, without the call", [](Config& c) { socket_for(c, "daemon", "daemon"); }, "User",
     "daemon\nSystemCallFilter=read write", "", ""},
    {"a log elsewhere", [](Config& c) { log_to(c, "/srv/log/e.log"); }, "Id", "",
     "cannot write the log '/srv/log/e.log'", "ReadWritePaths=/srv/log"},
    {"a log where the unit has its own", [](Config& c) { log_to(c, "/var/log/basehttpd/e"); }, "Id", "", "", ""},
    {"a log elsewhere in a unit that may", [](Config& c) { log_to(c, "/srv/log/e.log"); }, "ReadWritePaths", "/srv",
     "", ""},
    {"a log elsewhere in a unit that protects little", [](Config& c) { log_to(c, "/srv/log/e.log"); },
     "ProtectSystem", "full", "", ""},
    {"a log below /etc", [](Config& c) { log_to(c, "/etc/x/e.log"); }, "ProtectSystem", "full",
     "cannot write the log", "ReadWritePaths=/etc/x"},
    {"a log in a folder of everybody's", [](Config& c) { log_to(c, "/var/log/e.log"); }, "Id", "",
     "elsewhere only; put it into a directory of the service, such as /var/log/basehttpd, which systemd creates for "
     "it: LogsDirectory=basehttpd",
     ""},
    {"a log where the unit allows it and the folder does not", [](Config& c) { log_to(c, "/var/log/e.log"); },
     "ReadWritePaths", "/var/log\nUser=daemon",
     "user 'daemon' may not make the log '/var/log/e.log' in '/var/log' (root, ", ""},
    {"a configuration that the service's user cannot read", [](Config& c) { c.user_where.file = "/etc/shadow"; },
     "User", "daemon",
     "user 'daemon' has no right r on the file '/etc/shadow': Permission denied; setfacl -m u:daemon:r", ""},
    {"one that it can read", [](Config& c) { c.sites[0].where.file = "/etc/passwd"; }, "User", "daemon", "", ""},
    {"an error page that it cannot read",
     [](Config& c) { c.sites[0].error_pages.emplace_back().page.file = "/etc/shadow"; }, "User", "daemon",
     "user 'daemon' has no right r on the file '/etc/shadow'", ""},
    {"a user that is not who it becomes",
     [](Config& c) {
         c.user = "nobody";
         c.user_where = {"f.yaml", 1, 7};
     },
     "User", "daemon", "f.yaml:1:7: warning: 'user' has no effect: basehttpd.service is started as 'daemon'", ""},
    {"addresses for nothing",
     [](Config& c) {
         c.listen[0].where = {"f.yaml", 2, 7};
     },
     "TriggeredBy", "basehttpd.socket", "f.yaml:2:7: warning: 'listen' has no effect", ""},
    {"the journal", [](Config& c) { journal_to(c, "/run/systemd/journal/socket"); }, "Id", "", "", ""},
    {"the journal without its sockets", [](Config& c) { journal_to(c, "/run/systemd/journal/socket"); },
     "RestrictAddressFamilies", "AF_INET", "may not use AF_UNIX, which '/run/systemd/journal/socket' needs",
     "RestrictAddressFamilies=AF_UNIX"},
    {"syslog", [](Config& c) { syslog_to(c, "/dev/log"); }, "Id", "", "", ""},
    {"syslog elsewhere", [](Config& c) { syslog_to(c, "udp:loghost"); }, "Id", "", "", ""},
    {"syslog elsewhere, from a network of its own",
     [](Config& c) {
         c.listen = {};
         syslog_to(c, "tcp:loghost");
     },
     "PrivateNetwork", "yes", "it does not reach 'tcp:loghost:514'", "PrivateNetwork=no"},
    {"syslog elsewhere, without the internet", [](Config& c) { syslog_to(c, "udp:[::1]"); },
     "RestrictAddressFamilies", "AF_UNIX AF_INET", "may not use AF_INET6, which 'udp:[::1]:514' needs",
     "RestrictAddressFamilies=AF_INET6"},
    {"a log's socket that is another's", [](Config& c) { journal_to(c, "/tmp/socket"); }, "Id", "",
     "another '/tmp/socket'", "BindReadOnlyPaths=/tmp/socket"},
    {"descriptors", [](Config& c) { c.limits.connections = 10000; }, "LimitNOFILE", "1024",
     "needs 20064 descriptors; basehttpd.service has LimitNOFILE=1024", "LimitNOFILE=20064"},
    {"memory", [](Config& c) { c.workers.max_memory = 256 << 20; }, "MemoryMax", "268435456",
     "2 workers of at most 256M (workers.max_memory) need 512M; basehttpd.service has MemoryMax=256M",
     "MemoryMax=640M"},
    {"tasks", [](Config& c) { c.workers.count = 8; }, "TasksMax", "9", "need 20 tasks", "TasksMax=20"},
    {"the time to stop", [](Config& c) { c.shutdown_timeout = std::chrono::minutes(2); }, "TimeoutStopUSec",
     "1min 30s", "shutdown_timeout is 120000 ms", "TimeoutStopSec=135"},
    {"a network of its own", [](Config&) {}, "PrivateNetwork", "yes", "has a network of its own",
     "PrivateNetwork=no"},
    {"sockets from systemd", [](Config&) {}, "TriggeredBy", "basehttpd.socket", "", ""},
    {"no internet", [](Config&) {}, "RestrictAddressFamilies", "AF_UNIX", "may not use AF_INET",
     "RestrictAddressFamilies=AF_INET"},
    {"a control socket elsewhere", [](Config& c) { c.control = "/run/basehttpd/other.sock"; }, "Id", "",
     "'systemctl reload' asks at", "ExecReload=/usr/sbin/basehttpctl -s /run/basehttpd/other.sock reload"},
    {"a control socket that cannot be made", [](Config& c) { c.control = "/run/c.sock"; }, "ExecReload", "",
     "cannot write the control socket '/run/c.sock'", ""},
    {"and what to do about it", [](Config& c) { c.control = "/run/c.sock"; }, "ExecReload", "",
     "RuntimeDirectory=basehttpd", ""},
    {"no control socket", [](Config& c) { c.control = ""; }, "Id", "", "without a control socket",
     "ExecReload=/bin/kill -HUP $MAINPID"},
};

}  // namespace

BOOST_AUTO_TEST_SUITE(service_check)

BOOST_AUTO_TEST_CASE(rows) {
    for (const Row& row : kRows) {
        // Only root can try what another user may.
        if (row.problem.contains("user 'daemon' ") && ::geteuid() != 0) continue;
        Config config = small();
        row.change(config);
        const auto limits = parse_service_limits("basehttpd.service", with(kUnit, row.property, row.value));
        BOOST_TEST_REQUIRE(limits.has_value(), row.name);
        const auto verdict = check_service(config, *limits);
        const std::string text = verdict.text("basehttpd.service");
        BOOST_TEST(verdict.problems.empty() == row.problem.empty(), row.name << ": " << text);
        BOOST_TEST(text.find(row.problem) != std::string::npos, row.name << ": " << text);
        BOOST_TEST(text.find("ReadWritePaths=/var/log\n") == std::string::npos, row.name << ": " << text);
        if (!row.setting.empty())
            BOOST_TEST(text.find("\n    " + row.setting + "\n") != std::string::npos, row.name << ": " << text);
    }
}

BOOST_AUTO_TEST_CASE(a_port_that_its_user_may_not_bind) {
    Config config = small();
    config.listen = {{.address = "0.0.0.0:80", .where = {.file = "f.yaml", .line = 1, .column = 1}},
                     {.address = "0.0.0.0:8080", .where = {}}};
    std::string properties = with(with(kUnit, "AmbientCapabilities", ""), "User", "daemon");
    const auto text = check_service(config, *parse_service_limits("u.service", properties)).text("u.service");
    BOOST_TEST(text ==
               "f.yaml:1:1: error: u.service runs as 'daemon' and may not bind port 80\n"
               "\nThis would allow it, in /etc/systemd/system/u.service.d/needs.conf:\n\n    [Service]\n"
               "    AmbientCapabilities=CAP_NET_BIND_SERVICE\n    CapabilityBoundingSet=CAP_NET_BIND_SERVICE\n"
               "\nThen: systemctl daemon-reload && systemctl restart u.service\n");
}

BOOST_AUTO_TEST_CASE(a_unit_that_is_not_there) {
    const auto limits = parse_service_limits("x.service", "LoadState=not-found\n");
    BOOST_TEST_REQUIRE(!limits.has_value());
    BOOST_TEST(limits.error() == "there is no unit 'x.service' (systemd calls it 'not-found')");
    BOOST_TEST(!parse_service_limits("x.service", "").has_value());
}

BOOST_AUTO_TEST_CASE(what_is_not_said_is_no_limit) {
    const auto limits = parse_service_limits("x.service", "LoadState=loaded\n");
    BOOST_TEST_REQUIRE(limits.has_value());
    BOOST_TEST(check_service(small(), *limits).problems.empty());
}

BOOST_AUTO_TEST_SUITE_END()
