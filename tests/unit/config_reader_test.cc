#include "daemon/config/config_reader.h"

#include <string>
#include <vector>

#include <boost/test/unit_test.hpp>

#include "daemon/config/config_defaults.h"
#include "tests/unit/config_errors_of.h"
#include "tests/unit/temporary_folder.h"

namespace basehttpd {
namespace {

using basehttpd_test::errors_of;
using basehttpd_test::TemporaryFolder;
using std::chrono::milliseconds;

Config read_text(const std::string& yaml) {
    const TemporaryFolder folder;
    const auto config = read_config(folder.write("a.yaml", yaml));
    BOOST_TEST_REQUIRE(config.has_value(), (config ? "" : render(config.error())));
    return *config;
}

BOOST_AUTO_TEST_CASE(defaults) {
    const Config config = read_text("sites: [{root: /srv/www}]");
    BOOST_TEST_REQUIRE(config.listen.size() == 2U);
    BOOST_TEST(config.listen[0].address == "0.0.0.0:80");
    BOOST_TEST(config.listen[1].address == "[::]:80");
    BOOST_TEST(config.user.empty());
    BOOST_TEST(config.workers.count == available_cpus());
    BOOST_TEST((config.workers.watchdog == milliseconds(10'000)));
    BOOST_TEST((config.shutdown_timeout == milliseconds(30'000)));
    BOOST_TEST(config.limits.request_line == 8192U);
    BOOST_TEST((config.limits.strictness == basehttp::Strictness::standard));
    BOOST_TEST_REQUIRE(config.log.access.size() == 1U);
    BOOST_TEST(config.log.access[0].sink.path == "/var/log/basehttpd/access.log");
    BOOST_TEST(config.log.access[0].format == "combined");
    BOOST_TEST_REQUIRE(config.log.error.size() == 1U);
    BOOST_TEST(config.log.error[0].sink.path == "/var/log/basehttpd/error.log");
    BOOST_TEST((config.log.error[0].level == basehttp::Severity::info));
    BOOST_TEST(!config.log.privacy.on());
    BOOST_TEST(config.log.ring_wait.count() == 1000);
    BOOST_TEST_REQUIRE(config.sites.size() == 1U);
    BOOST_TEST(config.sites[0].hosts.empty());
    BOOST_TEST(config.sites[0].root == "/srv/www");
    BOOST_TEST(config.sites[0].index == std::vector<std::string>{"index.html"}, boost::test_tools::per_element());
    BOOST_TEST(!config.sites[0].listing);
    BOOST_TEST(!config.sites[0].hidden_files);
    BOOST_TEST(config.sites[0].routes.empty());
    BOOST_TEST(config.sites[0].root_where.column == 16);
}

BOOST_AUTO_TEST_CASE(every_key) {
    const Config config = read_text(R"(
listen: unix:/run/a.sock
user: www
group: web
workers: {count: 3, watchdog: 0}
shutdown_timeout: 1m
limits: {request_line: 1K, header_bytes: 2K, header_fields: 3, body: 4, header_timeout: 5s, body_timeout: 6s,
  idle_timeout: 7s, send_timeout: 8ms, min_rate: 1K, connections: 9, connections_per_client: 11, requests_per_connection: 10,
  strictness: seed}
server_tokens: name
sandbox: required
log:
  access: [{stdout: {}, format: "%h\t%u"}, {file: /a, format: common,
    when: {status: [5xx, 404, 400-402, none], path: ["/api/*", "!/api/health"], slower: 500ms, sample: 10}}]
  error: [{stderr: , level: debug}]
  privacy: {ipv4: 24, ipv6: 48}
  ring_wait: 0
sites:
  - host: [A.example, "*.b.example"]
    root: /srv
    index: i.html
    listing: yes
    hidden_files: on
    strictness: strict
    routes:
      - {path: /a/, handler: files, root: /a}
      - {path: /b/, handler: redirect, to: "https://b.example/", status: 308}
)");
    BOOST_TEST_REQUIRE(config.listen.size() == 1U);
    BOOST_TEST(config.listen[0].address == "unix:/run/a.sock");
    BOOST_TEST(config.listen[0].where.line == 2);
    BOOST_TEST(config.listen[0].where.column == 9);
    BOOST_TEST(config.user == "www");
    BOOST_TEST(config.user_where.line == 3);
    BOOST_TEST(config.group == "web");
    BOOST_TEST(config.group_where.line == 4);
    BOOST_TEST(config.workers.count == 3U);
    BOOST_TEST(config.workers.watchdog.count() == 0);
    BOOST_TEST(config.shutdown_timeout.count() == 60'000);
    BOOST_TEST(config.limits.request_line == 1024U);
    BOOST_TEST(config.limits.header_bytes == 2048U);
    BOOST_TEST(config.limits.header_fields == 3U);
    BOOST_TEST(config.limits.body == 4U);
    BOOST_TEST(config.limits.header_timeout.count() == 5000);
    BOOST_TEST(config.limits.body_timeout.count() == 6000);
    BOOST_TEST(config.limits.idle_timeout.count() == 7000);
    BOOST_TEST(config.limits.send_timeout.count() == 8);
    BOOST_TEST(config.limits.min_rate == 1024U);
    BOOST_TEST(config.limits.connections == 9U);
    BOOST_TEST(config.limits.connections_per_client == 11U);
    BOOST_TEST(config.limits.requests_per_connection == 10U);
    BOOST_TEST((config.limits.strictness == basehttp::Strictness::seed));
    BOOST_TEST((config.server_tokens == ServerTokens::name));
    BOOST_TEST((config.sandbox == SandboxMode::required));
    BOOST_TEST_REQUIRE(config.log.access.size() == 2U);
    BOOST_TEST((config.log.access[0].sink.kind == SinkConfig::Kind::standard_output));
    BOOST_TEST(config.log.access[0].format == "%h\t%u");
    BOOST_TEST(config.log.access[1].sink.path == "/a");
    BOOST_TEST(config.log.access[1].format == "common");
    BOOST_TEST(config.log.access[0].when.always_holds());
    const LogCondition& when = config.log.access[1].when;
    BOOST_TEST_REQUIRE(when.statuses.size() == 4U);
    BOOST_TEST(when.statuses[0].least == 500U);
    BOOST_TEST(when.statuses[0].most == 599U);
    BOOST_TEST(when.statuses[1].most == 404U);
    BOOST_TEST(when.statuses[2].least == 400U);
    BOOST_TEST(when.statuses[2].most == 402U);
    BOOST_TEST(when.statuses[3].most == 0U);
    BOOST_TEST_REQUIRE(when.paths.size() == 2U);
    BOOST_TEST(when.paths[0].glob == "/api/*");
    BOOST_TEST(!when.paths[0].excludes);
    BOOST_TEST(when.paths[1].glob == "/api/health");
    BOOST_TEST(when.paths[1].excludes);
    BOOST_TEST(when.slower.count() == 500);
    BOOST_TEST(when.sample == 10U);
    BOOST_TEST_REQUIRE(config.log.error.size() == 1U);
    BOOST_TEST((config.log.error[0].sink.kind == SinkConfig::Kind::standard_error));
    BOOST_TEST((config.log.error[0].level == basehttp::Severity::debug));
    BOOST_TEST(config.log.privacy.ipv4 == 24U);
    BOOST_TEST(config.log.privacy.ipv6 == 48U);
    BOOST_TEST(config.log.ring_wait.count() == 0);
    BOOST_TEST_REQUIRE(config.sites.size() == 1U);
    const SiteConfig& site = config.sites[0];
    BOOST_TEST(site.hosts == (std::vector<std::string>{"a.example", "*.b.example"}),
               boost::test_tools::per_element());
    BOOST_TEST(site.index == std::vector<std::string>{"i.html"}, boost::test_tools::per_element());
    BOOST_TEST(site.listing);
    BOOST_TEST(site.hidden_files);
    BOOST_TEST((site.strictness == basehttp::Strictness::strict));
    BOOST_TEST_REQUIRE(site.routes.size() == 2U);
    BOOST_TEST(std::get<FilesHandler>(site.routes[0].handler).root == "/a");
    BOOST_TEST(site.routes[1].path == "/b/");
    const auto& redirect = std::get<RedirectHandler>(site.routes[1].handler);
    BOOST_TEST(redirect.to == "https://b.example/");
    BOOST_TEST(redirect.status == 308);
}

struct AcceptedRow {
    std::string name;
    std::string yaml;
};

const std::vector<AcceptedRow> kAccepted{
    {"a byte order mark and CRLF", "\xEF\xBB\xBFuser: a\r\nsites:\r\n- root: /srv\r\n"},
    {"the default site by its star", "sites: [{host: '*', root: /srv}]"},
    {"routes and no root",
     "sites: [{routes: [{path: /, handler: redirect, to: /www/}, {path: /www/, handler: files, root: a}]}]"},
    {"no access log", "log: {access: []}\nsites: [{root: /srv}]"},
    {"an alias", "sites: [{host: a, root: /srv, index: &i [a.html]}, {host: b, root: /srv, index: *i}]"},
    {"quoted numbers", "workers: {count: \"2\"}\nsites: [{root: /srv}]"},
    {"an include that matches nothing", "include: [none/*.yaml, '*.none']\nsites: [{root: /srv}]"},
    {"a default site beside others", "sites: [{root: /srv}, {host: a, root: /srv}]"},
    {"one log file for both", "log: {access: [{file: a}], error: [{file: a}]}\nsites: [{root: /srv}]"}};

BOOST_AUTO_TEST_CASE(accepted) {
    for (const AcceptedRow& row : kAccepted) {
        BOOST_TEST_CONTEXT(row.name) {
            const TemporaryFolder folder;
            BOOST_TEST(errors_of(folder, folder.write("a.yaml", row.yaml)) == "accepted");
        }
    }
}

BOOST_AUTO_TEST_CASE(a_site_has_the_strictness_of_limits_unless_it_says_its_own) {
    const Config config = read_text(R"(
sites:
  - {host: a, root: /}
  - {host: b, root: /, strictness: seed}
limits: {strictness: strict}
)");
    BOOST_TEST((config.sites[0].strictness == basehttp::Strictness::strict));
    BOOST_TEST((config.sites[1].strictness == basehttp::Strictness::seed));
}

}  // namespace
}  // namespace basehttpd
