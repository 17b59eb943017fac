#include "daemon/config/config_site_reader.h"

#include <algorithm>
#include <string>
#include <vector>

#include <boost/test/unit_test.hpp>

#include "daemon/config/config_reader.h"
#include "tests/unit/config_errors_of.h"
#include "tests/unit/temporary_folder.h"

namespace basehttpd {
namespace {

using basehttpd_test::errors_of;
using basehttpd_test::TemporaryFolder;

// Something that stands in a site beside `root: a`; the column and the message of its one error.
struct WrongSiteRow {
    std::string text;
    int column;
    std::string message;
};

const std::vector<WrongSiteRow> kWrongSites{
    {"host: []", 25, "the list of 'host' is empty; leave the key out for its default"},
    {"host: 'a b'", 25, "'host': 'a b' is more than one host; write [\"a\", \"b\"]"},
    {"host: [a, '*']", 29, "'*' matches every host that no other site has, and must be the only one"},
    {"host: [a, A]", 29, "duplicate host 'a'; it has its site already, at DIR/a.yaml:1"},
    {"index: a/b", 26, "'index': 'a/b' is not the name of a file; write a name without directories, like index.html"},
    {"index: [..]", 27, "'index': '..' is not the name of a file; write a name without directories, like index.html"},
    {"listing: 1", 28, "'listing': '1' is neither true nor false; write true"},
    {"hidden_files: ", 19, "'hidden_files' has no value; give it one, or leave the key out"},
    {"routes: {}", 27,
     "'routes' takes a list, not a block of keys; begin each item with '- ', or put [ ] around them"},
    {"routes: [a]", 28,
     "a route takes keys with values, not the value 'a'; write - {path: /PATH/, handler: files, root: FOLDER}"},
    {"routes: [{handler: files, root: a}]", 28, "this route has no 'path'; write path: /FOLDER/"},
    {"routes: [{path: /a}]", 28,
     "this route has no 'handler'; write handler: files, handler: redirect, handler: respond, handler: health, "
     "handler: status, handler: proxy or handler: fastcgi"},
    {"routes: [{path: /a, handler: cgi}]", 48,
     "unknown handler 'cgi'; valid here: files, redirect, respond, health, status, proxy, fastcgi"},
    {"routes: [{path: /a, handler: files}]", 28, "handler 'files' needs 'root'; write root: FOLDER"},
    {"routes: [{path: /a, handler: redirect}]", 28, "handler 'redirect' needs 'to'; write to: /PATH/"},
    {"routes: [{path: /a, handler: proxy}]", 28, "handler 'proxy' needs 'to'; write to: http://127.0.0.1:9000"},
    {"routes: [{path: /a, handler: proxy, to: 127.0.0.1:9000}]", 59,
     "'to': '127.0.0.1:9000' must begin with 'http://' or 'unix:'; write http://127.0.0.1:9000"},
    {"routes: [{path: /a, handler: proxy, to: 'https://a'}]", 59,
     "'to': 'https://a' is reached by TLS, which this server does not speak; write http://ADDRESS:PORT"},
    {"routes: [{path: /a, handler: proxy, to: 'http://localhost:9000'}]", 59,
     "'to': 'http://localhost:9000' has a name, and names are not looked up; write http://127.0.0.1:9000"},
    {"routes: [{path: /a, handler: proxy, to: 'http://127.0.0.1:9000/b'}]", 59,
     "'to': 'http://127.0.0.1:9000/b' has more than an address and a port; requests keep the path that they have"},
    {"routes: [{path: /a, handler: proxy, to: 'http://*:9000'}]", 59,
     "'to': 'http://*:9000' is not the address of one server; write http://127.0.0.1:9000"},
    {"routes: [{path: /a, handler: proxy, to: ['unix:app.sock']}]", 60,
     "'to': 'unix:app.sock' is not an address: a unix socket's path must start with '/'"},
    {"routes: [{path: /a, handler: proxy, to: 'http://127.0.0.1', host: 'a b'}]", 85,
     "'host': 'a b' is not a host; write one like app.example.org, with a port if need be"},
    {"routes: [{path: /a, handler: fastcgi, to: 'http://127.0.0.1:9000', root: b}]", 61,
     "'to': 'http://127.0.0.1:9000' has a scheme, which FastCGI has not; write ADDRESS:PORT or unix:/PATH"},
    {"routes: [{path: /a, handler: fastcgi, to: /run/php.sock, root: b}]", 61,
     "'to': '/run/php.sock' is a path without 'unix:'; write unix:/run/php.sock"},
    {"routes: [{path: /a, handler: fastcgi, to: 'localhost:9000', root: b}]", 61,
     "'to': 'localhost:9000' has a name, and names are not looked up; write 127.0.0.1:9000"},
    {"routes: [{path: /a, handler: fastcgi, to: '*:9000', root: b}]", 61,
     "'to': '*:9000' is not the address of one server; write 127.0.0.1:9000"},
    {"routes: [{path: /a, handler: fastcgi, to: '127.0.0.1:1', root: b, split: php}]", 92,
     "'split': 'php' is not the suffix of a name; write one like .php"},
    {"routes: [{path: /a, handler: files, root: b, to: /c}]", 68,
     "'to' has no meaning for handler 'files'; it belongs to 'redirect', 'proxy' or 'fastcgi'"},
    {"routes: [{path: /a, handler: redirect, to: /b, root: c}]", 72,
     "'root' has no meaning for handler 'redirect'; it belongs to 'files' or 'fastcgi'"},
    {"routes: [{path: a, handler: redirect, to: /b}]", 35, "'path': 'a' must begin with '/'; write '/a'"},
    {"routes: [{path: '=/a', handler: redirect, to: /b}]", 35, "'path': '=/a' must begin with '/'; write '= /a'"},
    {"routes: [{path: '= a', handler: redirect, to: /b}]", 35, "'path': '= a' must begin with '/'; write '= /a'"},
    {"routes: [{path: '= /a//', handler: redirect, to: /b}]", 35,
     "'path': '= /a//' can never match: it has an empty part, '.' or '..'; requests are matched without these"},
    {"routes: [{path: /a, handler: health, methods: get}]", 65, "'methods': 'get' is not a method; write GET"},
    {"routes: [{path: /a, handler: health, methods: [G T]}]", 66, "'methods': 'G T' is not a method"},
    {"routes: [{path: /a, handler: health, methods: []}]", 65,
     "the list of 'methods' is empty; leave the key out for its default"},
    {"expect: GET /a", 27, "'expect': 'GET /a' has no '->'; write one like GET /old/x -> 301 /new/x"},
    {"expect: [a -> 404]", 28,
     "'expect': 'a -> 404' has a path that does not begin with '/'; write one like GET /old/x -> 301 /new/x"},
    {"expect: ['-> 404']", 28,
     "'expect': '-> 404' does not begin with a method and a path; write one like GET /old/x -> 301 /new/x"},
    {"expect: [GET /a b -> 404]", 28,
     "'expect': 'GET /a b -> 404' does not begin with a method and a path; write one like GET /old/x -> 301 /new/x"},
    {"expect: [/a -> ok]", 28,
     "'expect': '/a -> ok' has no status from 200 to 599 after '->'; write one like GET /old/x -> 301 /new/x"},
    {"expect: [/a ->]", 28,
     "'expect': '/a ->' has no status from 200 to 599 after '->'; write one like GET /old/x -> 301 /new/x"},
    {"expect: [/a -> 404 /b]", 28,
     "'expect': '/a -> 404 /b' has a location, and 404 is not the status of a redirect; leave it out"},
    {"expect: [/a -> 301 /b c]", 28,
     "'expect': '/a -> 301 /b c' goes on after the location; write one like GET /old/x -> 301 /new/x"},
    {"cors: '*'", 25,
     "'cors' takes keys with values, not the value '*'; write cors: {origins: [https://app.example.org]}"},
    {"cors: {credentials: true}", 25, "'cors' has no 'origins'; write origins: [https://app.example.org]"},
    {"cors: {origins: []}", 35, "the list of 'origins' is empty; leave the key out for its default"},
    {"cors: {origins: a.example}", 35, "'origins': 'a.example' is not an origin; write https://a.example"},
    {"cors: {origins: [https://a.example/]}", 36,
     "'origins': 'https://a.example/' has more than scheme, host and port; write https://a.example"},
    {"cors: {origins: ['https://a:443']}", 36,
     "'origins': 'https://a:443' has the port that browsers leave out; write https://a"},
    {"cors: {origins: ['https://a.*.b']}", 36,
     "'origins': 'https://a.*.b' is not an origin; write one like https://app.example.org or https://*.example.org"},
    {"cors: {origins: 'null'}", 35,
     "'origins': 'null' is the origin of every page without one of its own; leave it out"},
    {"cors: {origins: ['*', 'https://a']}", 35, "'origins': '*' stands for all; leave the others out"},
    {"cors: {origins: '*', credentials: true}", 35,
     "'origins' cannot be '*' with 'credentials': browsers refuse it; name the origins"},
    {"cors: {origins: 'https://a', headers: '*', credentials: true}", 57,
     "'headers' cannot be '*' with 'credentials': browsers refuse it; name the headers"},
    {"cors: {origins: 'https://a', methods: put}", 57, "'methods': 'put' is not a method; write PUT"},
    {"cors: {origins: 'https://a', expose: [a b]}", 57,
     "'expose': 'a b' is not the name of a field; letters, digits and '-' make one, like Content-Type"},
    {"cors: {origins: 'https://a', max_age: 10ms}", 57, "'max_age' counts whole seconds; write 1s or more, or 0"},
    {"cors: {origin: 'https://a'}", 26, "unknown key 'origin'; did you mean 'origins'?"},
    {"canonical_host: '*.a'", 35, "'canonical_host': '*.a' is not a single name; write one like www.example.org"},
    {"host: [a, '*.b'], canonical_host: c", 53,
     "'canonical_host': this site does not answer to 'c'; add it to 'host'"},
    {"auth: {}", 25, "'auth' has no 'basic'; write auth: {basic: {htpasswd: FILE}}"},
    {"auth: {basic: {realm: a}}", 33, "'basic' has no 'htpasswd'; write basic: {htpasswd: FILE}"},
    {"auth: {basic: {htpasswd: a, realm: 'a\"b'}}", 54,
     "'realm': 'a\"b' has a quotation mark or a backslash; leave it out"},
    {"auth: {digest: {}}", 26, "unknown key 'digest'; valid here: basic"},
    {"allow: 10.0.0.300", 26,
     "'allow': '10.0.0.300' is not an address; write 192.0.2.7, 192.0.2.0/24 or 2001:db8::/32"},
    {"deny: 10.0.0.0/33", 25,
     "'deny': '10.0.0.0/33' has a prefix whose length is not 0 to 32; write 192.0.2.7, 192.0.2.0/24 or "
     "2001:db8::/32"},
    {"routes: [{path: /a, handler: health, allow: 10.0.0.1/8}]", 63,
     "'allow': '10.0.0.1/8' is an address within a network; write 10.0.0.0/8 for the network, or 10.0.0.1 for the "
     "address"},
    {"routes: [{path: /a, handler: health, body: 0}]", 62, "'body' must be from 1 to 1024G"},
    {"routes: [{path: /a, handler: health, status: 200}]", 64,
     "'status' has no meaning for handler 'health'; it belongs to 'redirect' or 'respond'"},
    {"routes: [{path: /a, handler: respond, status: 301}]", 65,
     "'status' of a response is 200 to 299, or 400 to 599; write handler: redirect for a redirect"},
    {"routes: [{path: /a, handler: respond, status: 100}]", 65,
     "'status' of a response is 200 to 299, or 400 to 599"},
    {"routes: [{path: /a, handler: respond, status: ok}]", 65, "'status' of a response is 200 to 299, or 400 to 599"},
    {"routes: [{path: /a, handler: respond, type: html}]", 63,
     "'type': 'html' is not a media type; write one like text/plain"},
    {"routes: [{path: /a, handler: respond, text: [a]}]", 63,
     "'text' takes one value, not a list; leave out the '-' or the [ ]"},
    {"routes: [{path: /a, handler: respond, status: 204, text: a}]", 28,
     "a response with status 204 has no content; leave 'text' out"},
    {"routes: [{path: /a, handler: respond, close: true, text: a}]", 28,
     "with 'close' there is no response; leave 'text' out"},
    {"routes: [{path: '/a?b', handler: redirect, to: /b}]", 35,
     "'path': '/a?b' has no '?' or '#'; write the path alone"},
    {"routes: [{path: /a//b, handler: redirect, to: /b}]", 35,
     "'path': '/a//b' can never match: it has an empty part, '.' or '..'; requests are matched without these"},
    {"routes: [{path: /a/.., handler: redirect, to: /b}]", 35,
     "'path': '/a/..' can never match: it has an empty part, '.' or '..'; requests are matched without these"},
    {"routes: [{path: /a, handler: redirect, to: b}]", 62, "'to': 'b' must begin with '/', 'http://' or 'https://'"},
    {"routes: [{path: /a, handler: redirect, to: //b}]", 62,
     "'to': '//b' must begin with '/', 'http://' or 'https://'"},
    {"routes: [{path: /a, handler: redirect, to: /b c}]", 62,
     "'to': '/b c' has a character that a URL cannot have; write it percent-encoded, like %20 for a space"},
    {"routes: [{path: /a, handler: redirect, to: \"/b\\r\\n\"}]", 62, "'to' has a control character in it"},
    {"routes: [{path: /a, handler: redirect, to: /b, status: 200}]", 74,
     "'status' of a redirect is 301, 302, 303, 307 or 308"},
    {"routes: [{path: /a/, handler: redirect, to: /a/b/}]", 28,
     "this redirect leads to itself: '/a/b/' begins with '/a/'"},
    {"routes: [{path: /a, handler: files, root: b}, {path: /a, handler: files, root: c}]", 65,
     "duplicate path '/a'; it has its route already, on line 1"}};

BOOST_AUTO_TEST_CASE(wrong_sites) {
    for (const WrongSiteRow& row : kWrongSites) {
        BOOST_TEST_CONTEXT(row.text) {
            const TemporaryFolder folder;
            const std::string line = "sites: [{root: a, " + row.text + "}]";
            const std::string head = "DIR/a.yaml:1:" + std::to_string(row.column) + ": error: " + row.message + "\n";
            const std::string errors = errors_of(folder, folder.write("a.yaml", line));
            BOOST_TEST(errors.substr(0, head.size()) == head);
            BOOST_TEST(std::count(errors.begin(), errors.end(), '\n') == 3);
        }
    }
}

// Routing wants the end of a segment, and a query is no part of the path.
const std::vector<std::string> kNoLoops{"{path: /old, handler: redirect, to: /old-site/}",
                                        "{path: /old, handler: redirect, to: /older}",
                                        "{path: /a/b, handler: redirect, to: \"/a?/a/b\"}",
                                        "{path: /a, handler: redirect, to: \"https://example.org/a\"}",
                                        "{path: '= /a', handler: redirect, to: /a/}",
                                        "{path: '= /', handler: redirect, to: /app/}"};
const std::vector<std::string> kLoops{
    "{path: /old, handler: redirect, to: /old}",         "{path: /old, handler: redirect, to: /old/site/}",
    "{path: /old, handler: redirect, to: \"/old?a=b\"}", "{path: /a/, handler: redirect, to: /a}",
    "{path: /, handler: redirect, to: /app/}",           "{path: '= /a', handler: redirect, to: /a}"};

BOOST_AUTO_TEST_CASE(redirects_that_lead_to_themselves) {
    const TemporaryFolder folder;
    const auto errors = [&](const std::string& route) {
        return errors_of(folder, folder.write("a.yaml", "sites: [{root: a, routes: [" + route + "]}]"));
    };
    for (const std::string& route : kNoLoops)
        BOOST_TEST(errors(route) == "accepted", route);
    for (const std::string& route : kLoops)
        BOOST_TEST(errors(route).find(":1:28: error: this redirect leads to itself") != std::string::npos, route);
}

}  // namespace
}  // namespace basehttpd
