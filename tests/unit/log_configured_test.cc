// Which of the configured logs `basehttpctl logs` reads.
#include <boost/test/unit_test.hpp>

#include "daemon/ctl/logs/sources/configured_logs.h"

using namespace basehttpd;

namespace {

AccessSinkConfig file(const char* path, const char* format = "combined") {
    AccessSinkConfig sink;
    sink.sink.path = path;
    sink.format = format;
    return sink;
}

AccessSinkConfig thinned(AccessSinkConfig sink) {
    sink.when.sample = 10;
    return sink;
}

AccessSinkConfig sink_of(SinkConfig::Kind kind) {
    AccessSinkConfig sink;
    sink.sink.kind = kind;
    sink.sink.command = "rotatelogs \x1b x";
    return sink;
}

SiteConfig site(const char* host, std::vector<AccessSinkConfig> access) {
    SiteConfig site;
    site.hosts = {host};
    site.log.access = std::move(access);
    return site;
}

std::string names_of(const Config& config) {
    std::string names;
    for (const LogToRead& log : find_configured_logs(config).access)
        names += log.name + (log.filtered ? "~ " : " ");
    return names;
}

}  // namespace

BOOST_AUTO_TEST_CASE(the_file_that_tells_most) {
    Config config;
    BOOST_TEST(names_of(config).empty());
    config.log.access = {file("/text"), file("/common", "common"), thinned(file("/thin", "json")),
                         file("/json", "json")};
    BOOST_TEST(names_of(config) == "/json ");
    config.log.access.pop_back();
    BOOST_TEST(names_of(config) == "/text ");
    config.log.access = {thinned(file("/a")), thinned(file("/b", "json"))};
    BOOST_TEST(names_of(config) == "/b~ ");
}

BOOST_AUTO_TEST_CASE(logs_of_sites) {
    Config config;
    config.log.access = {file("/all")};
    config.sites = {site("a.example", {file("/a"), file("/a.json", "json")}),
                    site("b.example", {thinned(file("/all", "common"))}), site("c.example", {}), SiteConfig()};
    BOOST_TEST(names_of(config) == "/all~ /a.json ");
    const ConfiguredLogs found = find_configured_logs(config);
    BOOST_TEST(found.elsewhere.empty());
    BOOST_TEST(found.unnumbered ==
               (std::vector<std::string>{"the access log has no JSON",
                                         "the access log of the site b.example has a 'when' in each of its files",
                                         "the access log of the site c.example is in no file"}));
    BOOST_TEST(found.access[0].formats == (std::vector<std::string>{"combined", "common"}));
    BOOST_TEST(log_from_file("/a.json.1", &config).formats == (std::vector<std::string>{"combined", "json"}));
}

BOOST_AUTO_TEST_CASE(logs_that_are_elsewhere) {
    Config config;
    config.log.access = {sink_of(SinkConfig::Kind::journal)};
    config.sites = {site("a.example", {sink_of(SinkConfig::Kind::syslog), file("/a")}),
                    site("b.example", {sink_of(SinkConfig::Kind::syslog)}),
                    site("c.example", {sink_of(SinkConfig::Kind::pipe)}),
                    site("d.example", {sink_of(SinkConfig::Kind::standard_output)})};
    const ConfiguredLogs found = find_configured_logs(config);
    BOOST_TEST(names_of(config) == "/a ");
    BOOST_TEST_REQUIRE(found.elsewhere.size() == 4U);
    BOOST_TEST(found.elsewhere[0].contains("the access log is no file"));
    BOOST_TEST(found.elsewhere[0].contains("journalctl -t basehttpd"));
    BOOST_TEST(found.elsewhere[1].contains("of the site b.example is no file"));
    BOOST_TEST(found.elsewhere[1].contains("syslog"));
    BOOST_TEST(found.elsewhere[2].contains("the program 'rotatelogs \\x1b x'"));
    BOOST_TEST(found.elsewhere[3].contains("journalctl -u basehttpd"));
}

BOOST_AUTO_TEST_CASE(error_logs_that_are_files) {
    Config config;
    ErrorSinkConfig error;
    error.sink.path = "/error";
    config.log.error = {error};
    config.sites.resize(2);
    config.sites[0].log.error = {{error}};
    error.sink.path = "/site-error";
    config.sites[1].log.error = {{error}};
    BOOST_TEST(find_configured_logs(config).errors == (std::vector<std::string>{"/error", "/site-error"}));
}
