#include "daemon/config/config_diff.h"

#include <boost/test/unit_test.hpp>

#include "daemon/config/config_defaults.h"

namespace basehttpd {
namespace {

Config some() {
    Config config = default_config({});
    config.workers.count = 2;
    config.sites.emplace_back().root = "/srv/www";
    return config;
}

using Lines = std::vector<std::string>;

BOOST_AUTO_TEST_CASE(the_same_has_no_changes) {
    BOOST_TEST(changed_keys(some(), some()) == Lines{}, boost::test_tools::per_element());
}

BOOST_AUTO_TEST_CASE(each_key_old_and_new) {
    Config after = some();
    after.workers.count = 4;
    after.limits.body = 2048;
    after.sites[0].root = "/srv/other";
    const Lines expected{"workers.count: 2 -> 4", "limits.body: 1M -> 2K", "sites[*].root: /srv/www -> /srv/other"};
    BOOST_TEST(changed_keys(some(), after) == expected, boost::test_tools::per_element());
}

BOOST_AUTO_TEST_CASE(keys_that_come_and_go) {
    Config after = some();
    after.listen.pop_back();
    after.user = "www";
    const Lines expected{"listen: [::]:80 -> (none)", "user: (none) -> www"};
    BOOST_TEST(changed_keys(some(), after) == expected, boost::test_tools::per_element());
}

BOOST_AUTO_TEST_CASE(a_type_that_gets_a_coding) {
    Config before = some();
    before.sites[0].types = {{"a.gz", "a/b"}, {"b.gz", "a/b", "gzip"}};
    Config after = some();
    after.sites[0].types = {{"a.gz", "a/b", "gzip"}, {"b.gz", "a/b", "br"}};
    const Lines expected{"sites[*].types.a.gz: a/b -> {type: a/b, coding: gzip}",
                         "sites[*].types.b.gz.coding: gzip -> br"};
    BOOST_TEST(changed_keys(before, after) == expected, boost::test_tools::per_element());
}

BOOST_AUTO_TEST_CASE(a_socket_and_who_may_connect) {
    Config before = some();
    before.listen.resize(1);
    before.listen[0].address = "unix:/a";
    Config after = before;
    after.listen[0].mode = 0660;
    BOOST_TEST(changed_keys(before, after) == Lines{"listen: unix:/a -> {unix: /a, mode: 0660}"},
               boost::test_tools::per_element());
    before = after;
    after.listen[0].group = "www";
    BOOST_TEST(changed_keys(before, after) == Lines{"listen[unix:/a].group: (none) -> www"},
               boost::test_tools::per_element());
}

SiteConfig site_of(const std::string& host) {
    SiteConfig site;
    site.hosts = {host};
    site.root = "/srv/" + host;
    return site;
}

RouteConfig route_of(const std::string& path) {
    RouteConfig route;
    route.path = path;
    FilesHandler files;
    files.root = "/srv";
    route.handler = files;
    return route;
}

BOOST_AUTO_TEST_CASE(a_row_that_comes_or_goes_is_one_line) {
    Config before = some();
    before.sites.push_back(site_of("b.example"));
    before.sites.back().routes = {route_of("/a/"), route_of("/c/")};
    Config after = before;
    after.sites.insert(after.sites.begin(), site_of("a.example"));
    auto& routes = after.sites.back().routes;
    routes.insert(routes.begin() + 1, route_of("/b/"));
    std::get<FilesHandler>(routes.back().handler).listing = true;
    after.log.access.emplace(after.log.access.begin())->sink.kind = SinkConfig::Kind::standard_output;
    after.log.access.back().format = "common";
    const Lines expected{"log.access[/var/log/basehttpd/access.log].format: combined -> common",
                         "log.access[standard output]: added", "sites[b.example].routes[/c/].listing: false -> true",
                         "sites[b.example].routes[/b/]: added", "sites[a.example]: added"};
    BOOST_TEST(changed_keys(before, after) == expected, boost::test_tools::per_element());
    after = before;
    after.sites.erase(after.sites.begin());
    BOOST_TEST(changed_keys(before, after) == Lines{"sites[*]: removed"}, boost::test_tools::per_element());
}

BOOST_AUTO_TEST_CASE(another_order_is_said) {
    Config before = some();
    before.sites.push_back(site_of("a.example"));
    before.sites.push_back(site_of("b.example"));
    Config after = before;
    std::swap(after.sites[1], after.sites[2]);
    BOOST_TEST(changed_keys(before, after) == Lines{"sites: another order"}, boost::test_tools::per_element());
}

BOOST_AUTO_TEST_CASE(an_empty_list_is_not_a_missing_one) {
    Config after = some();
    after.sites[0].log.access.emplace();
    BOOST_TEST(changed_keys(some(), after) == Lines{"sites[*].log.access: (none) -> []"},
               boost::test_tools::per_element());
}

}  // namespace
}  // namespace basehttpd
