#include "basehttp/upstream/meta_variables.h"

#include <map>
#include <string>

#include <boost/test/unit_test.hpp>

#include "basehttp/protocol/host.h"
#include "basehttp/protocol/request_parser.h"

using namespace basehttp;

namespace {

struct Asked {
    std::string line = "GET /app/x.php/a%20b?q=%41 HTTP/1.1";
    std::string fields = "Host: example.org:8080\r\n";
    std::string scheme = "http";
    std::string user{};
    BodyFraming content{};
    bool pass_authorization = false;
};

std::map<std::string, std::string> variables_of(const Asked& asked) {
    const std::string head = asked.line + "\r\n" + asked.fields + "\r\n";
    const Limits limits;
    RequestParser parser(limits);
    Request request;
    BOOST_REQUIRE((parser.parse(head, request) == ParseProgress::complete));
    BOOST_REQUIRE(decide_host(request).has_value());
    const Script script{.name = "/app/x.php", .file = "/srv/x.php", .info = "/a b", .root = "/srv"};
    ClientAddress client = *ClientAddress::parse("192.0.2.1");
    client.port = 4711;
    std::map<std::string, std::string> variables;
    for_each_meta_variable(
        {request, script, asked.content, client, asked.scheme, asked.user, "basehttpd/0.1", asked.pass_authorization},
        [&variables](std::string_view name, std::string_view value) {
            const bool is_new = variables.emplace(name, value).second;
            BOOST_TEST(is_new, name << " comes twice");
        });
    return variables;
}

void expect(const Asked& asked, const std::map<std::string, std::string>& wanted,
            const std::vector<std::string>& absent = {}) {
    const auto variables = variables_of(asked);
    for (const auto& [name, value] : wanted) {
        const auto found = variables.find(name);
        BOOST_TEST_CONTEXT(name) {
            BOOST_REQUIRE(found != variables.end());
            BOOST_TEST(found->second == value);
        }
    }
    for (const std::string& name : absent)
        BOOST_TEST(!variables.contains(name), name << " is there");
}

}  // namespace

BOOST_AUTO_TEST_CASE(of_a_request) {
    expect({},
           {{"GATEWAY_INTERFACE", "CGI/1.1"},
            {"SERVER_PROTOCOL", "HTTP/1.1"},
            {"SERVER_SOFTWARE", "basehttpd/0.1"},
            {"SERVER_NAME", "example.org"},
            {"SERVER_PORT", "8080"},
            {"HTTP_HOST", "example.org:8080"},
            {"REQUEST_METHOD", "GET"},
            {"REQUEST_URI", "/app/x.php/a%20b?q=%41"},
            {"QUERY_STRING", "q=%41"},
            {"SCRIPT_NAME", "/app/x.php"},
            {"SCRIPT_FILENAME", "/srv/x.php"},
            {"PATH_INFO", "/a b"},
            {"PATH_TRANSLATED", "/srv/a b"},
            {"DOCUMENT_ROOT", "/srv"},
            {"DOCUMENT_URI", "/app/x.php/a b"},
            {"REMOTE_ADDR", "192.0.2.1"},
            {"REMOTE_PORT", "4711"},
            {"REQUEST_SCHEME", "http"},
            {"REDIRECT_STATUS", "200"}},
           {"HTTPS", "AUTH_TYPE", "REMOTE_USER", "CONTENT_LENGTH", "CONTENT_TYPE"});
}

BOOST_AUTO_TEST_CASE(of_content) {
    expect({.fields = "Host: a\r\nContent-Length: 7\r\nContent-Type: text/x\r\n",
            .content = {BodyFraming::Kind::length, 7}},
           {{"CONTENT_LENGTH", "7"}, {"CONTENT_TYPE", "text/x"}}, {"HTTP_CONTENT_LENGTH", "HTTP_CONTENT_TYPE"});
}

BOOST_AUTO_TEST_CASE(of_https_and_a_user) {
    expect({.fields = "Host: a\r\n", .scheme = "https", .user = "ann"},
           {{"HTTPS", "on"}, {"SERVER_PORT", "443"}, {"REMOTE_USER", "ann"}, {"AUTH_TYPE", "Basic"}});
    expect({.fields = "Host: [::1]\r\n"}, {{"SERVER_NAME", "[::1]"}, {"SERVER_PORT", "80"}});
}

BOOST_AUTO_TEST_CASE(of_fields) {
    expect({.fields =
                "Host: a\r\nAccept: x\r\naccept: y\r\nCookie: a=b\r\nCOOKIE: c=d\r\nX-A: 1\r\nX_B: 2\r\nX.C: 3\r\n"},
           {{"HTTP_ACCEPT", "x, y"}, {"HTTP_COOKIE", "a=b; c=d"}, {"HTTP_X_A", "1"}},
           {"HTTP_X_B", "HTTP_X.C", "HTTP_X_C"});
}

BOOST_AUTO_TEST_CASE(fields_that_are_kept_back) {
    const std::string fields =
        "Host: a\r\nProxy: evil\r\nX-Forwarded-For: 6.6.6.6\r\nX-Real-IP: 6.6.6.6\r\nForwarded: for=6.6.6.6\r\n"
        "Connection: X-Hop\r\nX-Hop: 1\r\nUpgrade: x\r\nAuthorization: Basic YTpi\r\nX-Forwarded_For: 6.6.6.6\r\n";
    expect({.fields = fields}, {},
           {"HTTP_PROXY", "HTTP_X_FORWARDED_FOR", "HTTP_X_REAL_IP", "HTTP_FORWARDED", "HTTP_CONNECTION", "HTTP_X_HOP",
            "HTTP_UPGRADE", "HTTP_AUTHORIZATION"});
    expect({.fields = fields, .pass_authorization = true}, {{"HTTP_AUTHORIZATION", "Basic YTpi"}});
}
