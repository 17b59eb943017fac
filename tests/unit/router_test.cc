#include "basehttp/server/router.h"

#include <string>

#include <boost/test/unit_test.hpp>

#include "basehttp/server/route_path.h"

namespace {

using basehttp::Router;
using basehttp::Site;

Site site(std::vector<std::string> hosts, std::vector<std::string> paths = {"/"}) {
    Site made;
    made.hosts = std::move(hosts);
    for (auto& path : paths)
        made.routes.push_back({std::move(path), nullptr});
    return made;
}

std::string first_host(const Router& router, std::string_view host) {
    const Site* found = router.find_site(host);
    if (found == nullptr) return "none";
    return found->hosts.empty() ? "default" : found->hosts.front();
}

BOOST_AUTO_TEST_CASE(sites_by_host) {
    Router router;
    router.add(site({"a.example", "www.a.example"}));
    router.add(site({"*.example"}));
    router.add(site({"*.b.example"}));
    const struct {
        const char* host;
        const char* site;
    } rows[]{
        {"a.example", "a.example"},
        {"A.EXAMPLE:8080", "a.example"},
        {"www.a.example.", "a.example"},
        {"x.a.example", "*.example"},
        {"x.b.example", "*.b.example"},
        {"y.x.b.example:80", "*.b.example"},
        {"b.example", "*.example"},
        {"example", "none"},
        {".example", "none"},
        {"other", "none"},
        {"[::1]:80", "none"},
        {"", "a.example"},
        {"xa.example", "*.example"},
    };
    for (const auto& row : rows)
        BOOST_TEST(first_host(router, row.host) == row.site, row.host);
}

BOOST_AUTO_TEST_CASE(the_default_site_takes_the_rest) {
    Router router;
    router.add(site({"a.example"}));
    router.add(site({}));
    router.add(site({"*"}));
    BOOST_TEST(first_host(router, "other") == "default");
    BOOST_TEST(first_host(router, "") == "default");
    BOOST_TEST(first_host(router, "a.example") == "a.example");
    Router star;
    star.add(site({"b.example", "*"}));
    BOOST_TEST(first_host(star, "other") == "b.example");
}

BOOST_AUTO_TEST_CASE(no_site_at_all) {
    BOOST_TEST(first_host({}, "x") == "none");
    BOOST_TEST(first_host({}, "") == "none");
}

BOOST_AUTO_TEST_CASE(the_longest_route_wins) {
    Router router;
    router.add(site({}, {"/", "/img/", "/img/icons/", "/hello", "/img"}));
    const struct {
        const char* path;
        const char* route;
    } rows[]{
        {"/", "/"},
        {"/x", "/"},
        {"/img/", "/img/"},
        {"/img/a", "/img/"},
        {"/img", "/img"},
        {"/image", "/"},
        {"/img/icons/x", "/img/icons/"},
        {"/hello", "/hello"},
        {"/hello/", "/hello"},
        {"/hello/x", "/hello"},
        {"/hellox", "/"},
    };
    for (const auto& row : rows)
        BOOST_TEST(Router::find_route(*router.find_site(""), row.path)->path == row.route, row.path);
}

BOOST_AUTO_TEST_CASE(the_route_below_a_path_without_its_slash) {
    Router router;
    router.add(site({}, {"/", "/b/", "/c", "/c/", "/d/e/"}));
    const Site& all = *router.find_site("");
    BOOST_TEST(Router::find_route_below(all, "/b")->path == "/b/");
    BOOST_TEST(Router::find_route_below(all, "/d/e")->path == "/d/e/");
    for (const char* path : {"", "/", "/b/", "/c", "/d", "/x", "/bb"})
        BOOST_TEST(Router::find_route_below(all, path) == nullptr, path);
}

BOOST_AUTO_TEST_CASE(routes_with_parameters) {
    Router router;
    router.add(site({}, {"/{x}", "/items/{id}", "/items/new", "/items/{id}/", "/items/{id}/pages/{page}", "/i/{a}/x",
                         "/i/y/{b}", "/"}));
    const struct {
        const char* path;
        const char* route;
    } rows[]{
        {"/", "/"},
        {"/a", "/{x}"},
        {"/a/", "/"},
        {"/items/5", "/items/{id}"},
        {"/items/new", "/items/new"},
        {"/items/newer", "/items/{id}"},
        {"/items/", "/"},
        {"/items/5/", "/items/{id}/"},
        {"/items/5/x", "/items/{id}/"},
        {"/items/5/pages/6", "/items/{id}/pages/{page}"},
        {"/items/5/pages/6/7", "/items/{id}/"},
        {"/items//5", "/"},
        {"/i/y/x", "/i/{a}/x"},  // as long as the other, and added first
        {"/i/z/x", "/i/{a}/x"},
    };
    for (const auto& row : rows)
        BOOST_TEST(Router::find_route(*router.find_site(""), row.path)->path == row.route, row.path);
}

BOOST_AUTO_TEST_CASE(routes_for_one_path_alone) {
    Router router;
    router.add(site({}, {"/", "= /", "/a", "= /a", "= /a/", "/b/", "= /b", "/{x}", "= /c/{x}"}));
    const struct {
        const char* path;
        const char* route;
    } rows[]{
        {"/", "= /"},   {"/a", "= /a"}, {"/a/", "= /a/"},     {"/a/x", "/a"}, {"/b", "= /b"},  {"/b/", "/b/"},
        {"/x", "/{x}"}, {"/x/y", "/"},  {"/c/5", "= /c/{x}"}, {"/c/5/", "/"}, {"/c/5/6", "/"}, {"/c/", "/"},
    };
    for (const auto& row : rows)
        BOOST_TEST(Router::find_route(*router.find_site(""), row.path)->path == row.route, row.path);
    BOOST_TEST(basehttp::path_parameter("= /c/{x}", "/c/5", "x") == "5");
    BOOST_TEST(Router::find_route_below(*router.find_site(""), "/b") == nullptr);
    Router alone(site({}, {"= /d/"}));
    BOOST_TEST(Router::find_route_below(*alone.find_site(""), "/d") == nullptr);
}

BOOST_AUTO_TEST_CASE(the_folder_of_a_route) {
    BOOST_TEST(basehttp::route_folder("/a/b/") == "/a/b/");
    BOOST_TEST(basehttp::route_folder("/a/b") == "/a/b");
    BOOST_TEST(basehttp::route_folder("= /a/b.txt") == "/a/");
    BOOST_TEST(basehttp::route_folder("= /a/") == "/a/");
}

struct Getter : basehttp::RequestHandler {
    basehttp::Task<> do_GET() { co_return; }
    basehttp::Task<> do_POST() { co_return; }
};

BOOST_AUTO_TEST_CASE(methods_of_routes) {
    const basehttp::Route all{.path = "/", .handlers = basehttp::handler<Getter>()};
    BOOST_TEST(all.allow() == "GET, HEAD, POST");
    BOOST_TEST(all.find_method("PUT") == nullptr);
    const basehttp::Route some{.path = "/", .handlers = basehttp::handler<Getter>(), .methods = {"GET", "PUT"}};
    BOOST_TEST(some.allow() == "GET, HEAD");
    BOOST_TEST(some.find_method("HEAD")->name == "HEAD");
    BOOST_TEST(some.find_method("POST") == nullptr);
    BOOST_TEST(some.find_method("PUT") == nullptr);
}

BOOST_AUTO_TEST_CASE(parameters_of_a_path) {
    const struct {
        const char* route;
        const char* path;
        const char* name;
        const char* value;
    } rows[]{
        {"/items/{id}", "/items/5", "id", "5"},
        {"/items/{id}", "/items/5", "other", ""},
        {"/items/{id}/", "/items/5/x/y", "id", "5"},
        {"/{a}/{b}", "/x/y", "a", "x"},
        {"/{a}/{b}", "/x/y", "b", "y"},
        {"/items/{id}", "/other/5", "id", ""},
        {"/items/", "/items/5", "id", ""},
        {"/", "/5", "", ""},
    };
    for (const auto& row : rows)
        BOOST_TEST(basehttp::path_parameter(row.route, row.path, row.name) == row.value, row.path);
}

BOOST_AUTO_TEST_CASE(body_limits_of_routes) {
    Router router;
    BOOST_TEST(!router.body_limit("", "/a").has_value());
    Site limited = site({}, {"/"});
    limited.add({.path = "/a/", .handlers = nullptr, .body_limit = 5});
    router.add(std::move(limited));
    BOOST_TEST(router.body_limit("", "/a/b").value() == 5U);
    BOOST_TEST(!router.body_limit("", "/b").has_value());
    BOOST_TEST(!router.body_limit("", "").has_value());
}

BOOST_AUTO_TEST_CASE(a_path_without_route) {
    Router router;
    router.add(site({}, {"/a/"}));
    BOOST_TEST(Router::find_route(*router.find_site(""), "/b") == nullptr);
    BOOST_TEST(Router::find_route(*router.find_site(""), "/a") == nullptr);
}

}  // namespace
