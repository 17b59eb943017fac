#include "daemon/config/config_printer.h"

#include <string>
#include <vector>

#include <boost/test/unit_test.hpp>

#include "daemon/config/config_defaults.h"
#include "daemon/config/config_reader.h"
#include "tests/unit/temporary_folder.h"

namespace basehttpd {
namespace {

using basehttpd_test::TemporaryFolder;
using std::chrono::milliseconds;

Config read_back(const std::string& yaml) {
    const TemporaryFolder folder;
    const auto config = read_config(folder.write("a.yaml", yaml));
    BOOST_TEST_REQUIRE(config.has_value(), (config ? "" : render(config.error()) + yaml));
    return *config;
}

LogCondition make_condition() {
    LogCondition when;
    when.statuses = {{.least = 500, .most = 599},
                     {.least = 404, .most = 404},
                     {.least = 400, .most = 402},
                     {.least = 0, .most = 0}};
    when.paths = {{.glob = "/a*"}, {.glob = "/a b", .excludes = true}};
    when.slower = milliseconds(1500);
    when.sample = 10;
    return when;
}

SinkConfig make_syslog() {
    SinkConfig sink;
    sink.kind = SinkConfig::Kind::syslog;
    SyslogConfig& syslog = sink.syslog;
    syslog.to.transport = SyslogAddress::Transport::tcp;
    syslog.to.host = "::1";
    syslog.to.port = 601;
    syslog.form = SyslogConfig::Form::rfc5424;
    syslog.facility = 23;
    syslog.tag = "spam";
    return sink;
}

void fill_server(Config& config) {
    config.listen.resize(5);
    config.listen[3].address = "[::1]:82";
    config.listen[3].proxy_protocol = true;
    config.listen[4].address = "unix:/run/d.sock";
    config.listen[4].proxy_protocol = true;
    config.listen[0].address = "127.0.0.1:81";
    config.listen[1].address = "unix:/run/a b.sock";
    config.listen[2].address = "unix:/run/c.sock";
    config.listen[2].mode = 0620;
    config.listen[2].owner = "www";
    config.listen[2].group = "033";
    config.user = "www";
    config.group = "web";
    config.workers.count = 7;
    config.workers.watchdog = milliseconds(0);
    config.workers.crash_limit = 3;
    config.workers.poison_limit = 1'000;
    config.workers.max_requests = 5;
    config.workers.max_memory = 256ULL << 20U;
    config.shutdown_timeout = milliseconds(1500);
    config.control = "/run/a b.sock";
    config.limits.request_line = 100;
    config.limits.header_bytes = 3 * 1024;
    config.limits.header_fields = 5;
    config.limits.body = 1ULL << 40;
    config.limits.header_timeout = milliseconds(1);
    config.limits.body_timeout = milliseconds(120'000);
    config.limits.idle_timeout = milliseconds(90'000);
    config.limits.send_timeout = milliseconds(7'200'000);
    config.limits.min_rate = 2048;
    config.limits.connections = 12;
    config.limits.connections_per_client = 14;
    config.limits.requests_per_connection = 13;
    config.limits.strictness = basehttp::Strictness::strict;
    config.trusted_proxies = {.networks = {basehttp::AddressRange::parse("10.0.0.0/8").value(),
                                           basehttp::AddressRange::parse("::1").value()},
                              .unix_sockets = true,
                              .fields = {.x_forwarded_for = true, .x_forwarded_proto = true}};
    config.server_tokens = ServerTokens::none;
    config.sandbox = SandboxMode::off;
}

void fill_log(Config& config) {
    config.log.access.resize(3);
    config.log.access[0].sink.path = "/var/log/a: b #c";
    config.log.access[0].format = "%h \"%r\" 'x' \\ \t%%";
    config.log.access[1].sink.kind = SinkConfig::Kind::standard_error;
    config.log.access[1].format = "common";
    config.log.access[1].when = make_condition();
    config.log.access[2].sink.kind = SinkConfig::Kind::pipe;
    config.log.access[2].sink.command = "a 'b c' \"d: e\" # f";
    config.log.access[2].sink.words = {"a", "b c", "d: e", "#", "f"};
    config.log.access.resize(5);
    config.log.access[4].sink = make_syslog();
    config.log.access[3].sink.kind = SinkConfig::Kind::journal;
    config.log.access[3].sink.path = "/run/systemd/journal.spam/socket";
    config.log.error.resize(1);
    config.log.error[0].sink.kind = SinkConfig::Kind::standard_output;
    config.log.error[0].level = basehttp::Severity::critical;
    config.log.privacy = {.ipv4 = 24, .ipv6 = 48};
    config.log.ring_wait = milliseconds(0);
    config.log.survive = false;
}

void add_routes(SiteConfig& site) {
    FilesHandler files(site);
    files.root = "/srv/@x";
    files.symlinks = basehttp::Symlinks::follow;
    site.routes.resize(2);
    site.routes[0].path = "/files/";
    site.routes[0].headers.set = {{"X-A", "b: c"}, {"X-B", "'d'"}};
    site.routes[0].handler = files;
    RedirectHandler redirect;
    site.routes[1].headers = {.set = {{"set", "a"}},
                              .add = {{"Vary", "Cookie"}, {"Link", "<a>"}, {"Link", "<b>"}},
                              .remove = {"Server"},
                              .always = true};
    redirect.to = "/new/?a=%20";
    redirect.status = 307;
    site.routes[1].path = "/old/";
    site.routes[1].handler = redirect;
}

SiteConfig make_site() {
    SiteConfig site;
    site.log.access.emplace().resize(1);
    site.log.access->front().sink.path = "/var/log/site.log";
    site.log.access->front().when.statuses = {{.least = 404, .most = 404}};
    site.log.error.emplace();
    site.hosts = {"example.org", "*.example.org", "[::1]"};
    site.root = "/srv/true";
    site.canonical_host = "www.example.org";
    site.expect = {{.written = "GET /a:# -> 301 /b"}, {.written = "/x -> 404"}};
    site.cors = {.origins = {"https://a.example", "https://*.b.example"},
                 .methods = {"PUT"},
                 .headers = {"X-A"},
                 .expose = {"X-B", "X-C"},
                 .max_age = milliseconds(3'600'000),
                 .credentials = true};
    site.allow = {basehttp::AddressRange::parse("::1").value(), basehttp::AddressRange::parse("10.0.0.0/8").value()};
    site.deny = {basehttp::AddressRange::parse("2001:db8::/32").value()};
    site.index = {"true", "null", "~", "- a", "{b}", "\xC3\xBC.html", " padded "};
    site.tries = {{basehttp::TryStep::Kind::path, ".html"},
                  {basehttp::TryStep::Kind::folder},
                  {basehttp::TryStep::Kind::file, "a/app.html"}};
    site.try_suffixed = true;
    site.trailing_slash = basehttp::TrailingSlash::remove;
    site.hidden_files = true;
    site.precompressed = false;
    site.symlinks = basehttp::Symlinks::never;
    site.expires = milliseconds(3'600'000);
    site.types = {{"md", "text/markdown; charset=utf-8"}, {"on", "a/b"}, {"js.gz", "c/d", "gzip"}};
    site.error_pages.resize(2);
    site.error_pages[0].status = 404;
    site.error_pages[0].page.file = "/srv/a b.html";
    site.error_pages[1].status = 500;
    site.error_pages[1].page.file = "/srv/500.html";
    site.strictness = basehttp::Strictness::seed;
    add_routes(site);
    for (RouteConfig& route : site.routes) {
        static_cast<basehttp::ClientRules&>(route) = site;
        route.cors = site.cors;
    }
    site.auth = AuthConfig{.htpasswd = "/etc/ht", .realm = "a: b"};
    site.routes[0].auth = AuthConfig{};
    site.routes[1].auth = site.auth;
    return site;
}

Config make_full() {
    Config config = default_config({});
    fill_server(config);
    fill_log(config);
    config.file_cache = {.valid = milliseconds(0), .entries = 12, .bytes = 3 << 20};
    config.sites = {make_site(), SiteConfig{}};
    config.sites[1].root = "/";
    config.sites[1].listing = true;
    config.sites[1].listing_template.file = "/srv/l.html";
    return config;
}

BOOST_AUTO_TEST_CASE(what_is_printed) {
    Config config = default_config({});
    config.workers.count = 2;
    config.sites.emplace_back();
    config.sites[0].root = "/srv/www";
    BOOST_TEST(print_config(config) == R"(listen:
  - 0.0.0.0:80
  - "[::]:80"
workers:
  count: 2
  watchdog: 10s
  crash_limit: 10
  poison_limit: 3
  max_requests: 0
  max_memory: 0
shutdown_timeout: 30s
control: /run/basehttpd/control.sock
limits:
  request_line: 8K
  header_bytes: 32K
  header_fields: 100
  body: 1M
  header_timeout: 10s
  body_timeout: 30s
  idle_timeout: 1m
  send_timeout: 30s
  min_rate: 240
  connections: 10000
  connections_per_client: 0
  requests_per_connection: 0
  strictness: default
server_tokens: full
sandbox: auto
log:
  access:
    - file: /var/log/basehttpd/access.log
      format: combined
  error:
    - file: /var/log/basehttpd/error.log
      level: info
  privacy:
    ipv4: 32
    ipv6: 128
  resolve_hostnames: false
  ring_wait: 1s
  survive: true
file_cache:
  valid: 1s
  entries: 1000
  bytes: 64M
sites:
  - host: "*"
    root: /srv/www
    index: [index.html]
    listing: false
    try_suffixed: false
    trailing_slash: keep
    hidden_files: false
    symlinks: within
    precompressed: true
    strictness: default
)");
}

BOOST_AUTO_TEST_CASE(what_is_printed_reads_back_the_same) {
    Config silent = quick_config("/", "", 1);
    silent.log = {};
    for (const Config& config : {make_full(), quick_config("/srv", "", 8000), silent}) {
        const std::string printed = print_config(config);
        BOOST_TEST(print_config(read_back(printed)) == printed);
    }
    BOOST_TEST(print_config(silent).find("log:\n  access: []\n  error: []\n") != std::string::npos);
}

// All values that a file can have, and what is read of them once they were printed.
struct Survivors {
    const Config wanted = make_full();
    const Config read = read_back(print_config(wanted));
};

BOOST_FIXTURE_TEST_CASE(addresses_and_accounts_survive, Survivors) {
    BOOST_TEST(read.listen[1].address == wanted.listen[1].address);
    BOOST_TEST(read.listen[1].mode == 0666U);
    BOOST_TEST(read.listen[2].address == wanted.listen[2].address);
    BOOST_TEST(read.listen[2].mode == 0620U);
    BOOST_TEST(read.listen[2].owner == "www");
    BOOST_TEST(read.listen[2].group == "033");
    BOOST_TEST(read.listen[3].address == "[::1]:82");
    BOOST_TEST(read.listen[3].proxy_protocol);
    BOOST_TEST(read.listen[4].address == "unix:/run/d.sock");
    BOOST_TEST(read.listen[4].proxy_protocol);
    BOOST_TEST(!read.listen[2].proxy_protocol);
    BOOST_TEST(read.user == wanted.user);
    BOOST_TEST(read.group == wanted.group);
    BOOST_TEST(read.control == wanted.control);
}

BOOST_FIXTURE_TEST_CASE(workers_and_limits_survive, Survivors) {
    BOOST_TEST(read.workers.count == wanted.workers.count);
    BOOST_TEST((read.workers.watchdog == wanted.workers.watchdog));
    BOOST_TEST(read.workers.crash_limit == wanted.workers.crash_limit);
    BOOST_TEST(read.workers.poison_limit == wanted.workers.poison_limit);
    BOOST_TEST(read.workers.max_requests == wanted.workers.max_requests);
    BOOST_TEST(read.workers.max_memory == wanted.workers.max_memory);
    BOOST_TEST((read.shutdown_timeout == wanted.shutdown_timeout));
    BOOST_TEST(read.limits.request_line == wanted.limits.request_line);
    BOOST_TEST(read.limits.header_bytes == wanted.limits.header_bytes);
    BOOST_TEST(read.limits.header_fields == wanted.limits.header_fields);
    BOOST_TEST(read.limits.body == wanted.limits.body);
    BOOST_TEST((read.limits.header_timeout == wanted.limits.header_timeout));
    BOOST_TEST((read.limits.body_timeout == wanted.limits.body_timeout));
    BOOST_TEST((read.limits.idle_timeout == wanted.limits.idle_timeout));
    BOOST_TEST((read.limits.send_timeout == wanted.limits.send_timeout));
    BOOST_TEST(read.limits.min_rate == wanted.limits.min_rate);
    BOOST_TEST(read.limits.connections == wanted.limits.connections);
    BOOST_TEST(read.limits.connections_per_client == wanted.limits.connections_per_client);
    BOOST_TEST(read.limits.requests_per_connection == wanted.limits.requests_per_connection);
    BOOST_TEST((read.limits.strictness == wanted.limits.strictness));
    BOOST_TEST((read.server_tokens == wanted.server_tokens));
    BOOST_TEST((read.sandbox == wanted.sandbox));
    BOOST_TEST((read.file_cache.valid == wanted.file_cache.valid));
    BOOST_TEST(read.file_cache.entries == wanted.file_cache.entries);
    BOOST_TEST(read.file_cache.bytes == wanted.file_cache.bytes);
}

BOOST_FIXTURE_TEST_CASE(proxies_survive, Survivors) {
    BOOST_TEST(print_config(wanted).find("trusted_proxies: [10.0.0.0/8, \"::1\", unix]\n"
                                         "trusted_fields: [x-forwarded-for, x-forwarded-proto]\n") !=
               std::string::npos);
    BOOST_TEST(read.trusted_proxies.networks.size() == 2U);
    BOOST_TEST(read.trusted_proxies.unix_sockets);
    BOOST_TEST((read.trusted_proxies.fields == wanted.trusted_proxies.fields));
}

BOOST_FIXTURE_TEST_CASE(logs_survive, Survivors) {
    BOOST_TEST(read.log.access[0].sink.path == wanted.log.access[0].sink.path);
    BOOST_TEST(read.log.access[0].format == wanted.log.access[0].format);
    BOOST_TEST((read.log.access[1].sink.kind == wanted.log.access[1].sink.kind));
    BOOST_TEST(read.log.access[2].sink.command == wanted.log.access[2].sink.command);
    BOOST_TEST((read.log.access[2].sink.words == wanted.log.access[2].sink.words));
    BOOST_TEST(print_config(wanted).find(R"(
      when:
        status: [5xx, 404, 400-402, none]
        path: [/a*, "!/a b"]
        slower: 1500ms
        sample: 10
)") != std::string::npos);
    BOOST_TEST((read.log.access[3].sink.kind == wanted.log.access[3].sink.kind));
    BOOST_TEST(read.log.access[3].sink.path == wanted.log.access[3].sink.path);
    BOOST_TEST(print_config(wanted).find(R"(
    - syslog:
        facility: local7
        tag: spam
        to: tcp:[::1]:601
        form: rfc5424
      format: combined
)") != std::string::npos);
    BOOST_TEST((read.log.error[0].sink.kind == wanted.log.error[0].sink.kind));
    BOOST_TEST((read.log.error[0].level == wanted.log.error[0].level));
    BOOST_TEST(read.log.privacy.ipv4 == 24U);
    BOOST_TEST(read.log.privacy.ipv6 == 48U);
    BOOST_TEST(read.log.ring_wait.count() == 0);
    BOOST_TEST(!read.log.survive);
    BOOST_TEST(!read.log.resolve_hostnames);
    BOOST_TEST(print_config(read) == print_config(wanted));
}

BOOST_FIXTURE_TEST_CASE(names_of_clients_survive, Survivors) {
    Config named = wanted;
    named.log.privacy = {};
    named.log.resolve_hostnames = true;
    BOOST_TEST(read_back(print_config(named)).log.resolve_hostnames);
}

BOOST_FIXTURE_TEST_CASE(logs_of_a_site_survive, Survivors) {
    BOOST_TEST_REQUIRE(read.sites.size() == 2U);
    BOOST_TEST_REQUIRE(read.sites[0].log.access.value().size() == 1U);
    BOOST_TEST(read.sites[0].log.access->front().sink.path == "/var/log/site.log");
    BOOST_TEST(read.sites[0].log.access->front().when.statuses.size() == 1U);
    BOOST_TEST(read.sites[0].log.error.value().empty());
    BOOST_TEST(!read.sites[1].log.access.has_value());
}

BOOST_FIXTURE_TEST_CASE(a_site_survives, Survivors) {
    BOOST_TEST_REQUIRE(read.sites.size() == 2U);
    BOOST_TEST(read.sites[0].hosts == wanted.sites[0].hosts, boost::test_tools::per_element());
    BOOST_TEST((read.sites[0].cors == wanted.sites[0].cors));
    BOOST_TEST_REQUIRE(read.sites[0].expect.size() == 2U);
    BOOST_TEST(read.sites[0].expect[0].written == wanted.sites[0].expect[0].written);
    BOOST_TEST(read.sites[0].root == wanted.sites[0].root);
    BOOST_TEST(read.sites[0].index == wanted.sites[0].index, boost::test_tools::per_element());
    BOOST_TEST((read.sites[0].tries == wanted.sites[0].tries));
    BOOST_TEST(read.sites[0].try_suffixed);
    BOOST_TEST((read.sites[0].trailing_slash == basehttp::TrailingSlash::remove));
    BOOST_TEST(read.sites[0].hidden_files);
    BOOST_TEST(!read.sites[0].precompressed);
    BOOST_TEST((read.sites[0].symlinks == basehttp::Symlinks::never));
    BOOST_TEST((read.sites[0].expires == wanted.sites[0].expires));
    BOOST_TEST((read.sites[0].types == wanted.sites[0].types));
    BOOST_TEST_REQUIRE(read.sites[0].error_pages.size() == 2U);
    BOOST_TEST(read.sites[0].error_pages[0].status == 404);
    BOOST_TEST(read.sites[0].error_pages[0].page.file == "/srv/a b.html");
    BOOST_TEST((read.sites[0].strictness == wanted.sites[0].strictness));
}

BOOST_FIXTURE_TEST_CASE(routes_survive, Survivors) {
    BOOST_TEST_REQUIRE(read.sites[0].routes.size() == 2U);
    const auto& files = std::get<FilesHandler>(read.sites[0].routes[0].handler);
    const auto& wanted_files = std::get<FilesHandler>(wanted.sites[0].routes[0].handler);
    for (std::size_t i : {0, 1})
        BOOST_TEST((read.sites[0].routes[i].headers == wanted.sites[0].routes[i].headers));
    BOOST_TEST((files.symlinks == basehttp::Symlinks::follow));
    BOOST_TEST(files.root == wanted_files.root);
    BOOST_TEST(read.sites[0].routes[1].path == wanted.sites[0].routes[1].path);
    const auto& redirect = std::get<RedirectHandler>(read.sites[0].routes[1].handler);
    BOOST_TEST(redirect.to == "/new/?a=%20");
    BOOST_TEST(redirect.status == 307);
}

BOOST_FIXTURE_TEST_CASE(users_survive, Survivors) {
    BOOST_TEST(read.sites[0].auth.value().htpasswd == "/etc/ht");
    BOOST_TEST(read.sites[0].auth->realm == "a: b");
    BOOST_TEST(read.sites[0].routes[0].auth.value().htpasswd.empty());
    BOOST_TEST(read.sites[0].routes[1].auth.value().htpasswd == "/etc/ht");
    BOOST_TEST(!read.sites[1].auth.has_value());
}

BOOST_FIXTURE_TEST_CASE(another_site_survives, Survivors) {
    BOOST_TEST_REQUIRE(read.sites.size() == 2U);
    BOOST_TEST(read.sites[1].hosts.empty());
    BOOST_TEST(read.sites[1].root == "/");
    BOOST_TEST(read.sites[1].listing);
    BOOST_TEST(read.sites[1].listing_template.file == "/srv/l.html");
}

}  // namespace
}  // namespace basehttpd
