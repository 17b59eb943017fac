// Configuration files as people write them who come from other servers, or who fall into one of YAML's traps. Each
// row is a mistake: it must be told once, at its place, with what to do about it.
#include <string>
#include <vector>

#include <boost/test/unit_test.hpp>

#include "daemon/config/config_reader.h"
#include "tests/unit/mistake_rows.h"
#include "tests/unit/temporary_folder.h"

namespace basehttpd {
namespace {

using basehttpd_test::check_mistakes;
using basehttpd_test::MistakeRow;
using basehttpd_test::TemporaryFolder;

const std::vector<MistakeRow> kSyntax{
    {"IPv6 without quotes in a list", "listen:\n  - [::]:80\n", "2:5", {"IPv6", "quoted", "\"[::]:80\""}},
    {"IPv6 without quotes in brackets", "listen: [0.0.0.0:80, [::1]:80]\n", "1:22", {"quoted", "\"[::1]:80\""}},
    {"IPv6 without quotes after the key", "listen: [::]:80\n", "1:9", {"quoted", "\"[::]:80\""}},
    {"a star as address", "listen: *:80\n", "1:9", {"0.0.0.0:80", "\"[::]:80\""}},
    {"a star as first part of a host", "sites: [{host: *.example.org, root: ROOT}]\n", "1:16", {"'*.example.org'"}},
    {"a star alone", "sites:\n  - host: *\n    root: ROOT\n", "2:11", {"quote", "'*'"}},
    {"no colon", "listen 127.0.0.1:80\nuser: x\n", "1:1", {"':' is missing after 'listen'"}},
    {"no colon, within a site",
     "sites:\n  - root: ROOT\n    listing true\n    index: a\n",
     "3:5",
     {"':' is missing after 'listing'"}},
    {"no colon before a list", "user: x\nsites\n  - root: ROOT\n", "2:1", {"':' is missing after 'sites'"}},
    {"an equals sign", "listen = 0.0.0.0:80\nuser: x\n", "1:1", {"':' is missing after 'listen'"}},
    {"no space after the colon", "listen:127.0.0.1:80\nuser: x\n", "1:7", {"space", "listen: 127.0.0.1:80"}},
    {"no space after the colon, within a site",
     "sites:\n  - root:ROOT\n    listing: true\n",
     "2:9",
     {"space", "write root: "}},
    {"no space after the dash", "listen:\n  -0.0.0.0:8181\n", "2:3", {"'-0.0.0.0:8181' begins with '-'", "space"}},
    {"no space after the dash, twice", "listen:\n  -0.0.0.0:80\n  -127.0.0.1:81\n", "2:3", {"'-0.0.0.0:80'"}},
    {"no space after the dash of a site", "sites:\n  -root: ROOT\n", "2:3", {"begins with '-'"}},
    {"no space after the dash of a longer site",
     "sites:\n  -root: ROOT\n   listing: true\n",
     "2:3",
     {"begins with '-'"}},
    {"a tab after the dash", "sites:\n-\troot: ROOT\n", "2:2", {"tab"}},
    {"a brace left open before a list",
     "sites:\n  - {root: ROOT\n    routes:\n      - {path: /x/, handler: redirect, to: /y/}\n",
     "2:5",
     {"'{' is never closed"}},
    {"a brace left open before another",
     "sites:\n  - {root: ROOT\n  - {root: ROOT}\n",
     "2:5",
     {"'{' is never closed"}},
    {"a bracket left open within a brace",
     "sites:\n  - {host: [a, b, root: ROOT}\n",
     "2:12",
     {"'[' is never closed"}},
    {"a brace too many", "sites:\n  - {root: /srv}}\n", "2:17", {"not opened"}},
    {"a comma missing in JSON", "{\n  \"listen\": \"0.0.0.0:80\"\n  \"user\": \"x\"\n}\n", "3:3", {"','"}},
    {"a no-break space as indentation",
     "sites:\n\xC2\xA0\xC2\xA0- root: ROOT\n",
     "2:1",
     {"no-break space (U+00A0) in the indentation"}},
    {"a no-break space after spaces", "sites:\n  - root: ROOT\n  \xC2\xA0 listing: true\n", "3:3", {"U+00A0"}},
    {"a no-break space after the dash", "sites:\n  -\xC2\xA0root: ROOT\n", "2:4", {"U+00A0"}},
    {"an ideographic space as indentation", "sites:\n\xE3\x80\x80- root: ROOT\n", "2:1", {"U+3000"}},
    {"a no-break space after the colon", "user:\xC2\xA0x\n", "1:6", {"U+00A0", "plain space"}},
    {"a full-width colon",
     "sites:\n  - root: ROOT\n    listing\xEF\xBC\x9A true\n",
     "3:12",
     {"'\xEF\xBC\x9A' (U+FF1A) is not :"}},
    {"a full-width comma",
     "sites: [{host: [a\xEF\xBC\x8C"
     "b], root: ROOT}]\n",
     "1:18",
     {"U+FF0C", "is not ,"}},
    {"curly quotes", "sites: [{root: \xE2\x80\x9CROOT\xE2\x80\x9D}]\n", "1:16", {"U+201C", "is not \""}},
    {"an en dash for a list", "sites:\n  \xE2\x80\x93 root: ROOT\n", "2:3", {"U+2013", "is not -"}},
    {"a percent sign without quotes",
     "log:\n  access:\n    - stdout: {}\n      format: %h %l %u\n",
     "4:15",
     {"quote", "'%h %l %u'"}},
    {"a percent sign within braces", "log: {access: [{stdout: {}, format: %h %l}]}\n", "1:37", {"'%h %l'"}},
    {"an at sign", "user: @www@\n", "1:7", {"'@www@'"}},
    {"a backtick", "user: `id`\n", "1:7", {"'`id`'"}},
    {"an exclamation mark", "log: {access: [{stdout: {}, when: {status: !5xx}}]}\n", "1:44", {"quoted", "'!5xx'"}},
    {"an exclamation mark before a path", "log: {access: [{stdout: {}, when: {path: !/x}}]}\n", "1:42", {"'!/x'"}},
    {"a tag of another program", "include: !include conf.d/*.yaml\n", "1:10", {"tags like '!include'"}},
    {"nothing as a key", "user: x\n~: 1\n", "2:1", {"a key is a word"}},
    {"a key left out", "user: x\n: 1\n", "2:1", {"a key is a word"}},
    {"an unknown escape", "log: {access: [{stdout: {}, format: \"%h \\d\"}]}\n", "1:43", {"single quotes"}},
    {"an apostrophe in single quotes",
     "sites:\n  - root: ROOT\n    headers: {X: 'Bob's page'}\n",
     "3:23",
     {"closing quote", "''"}},
    {"an apostrophe in single quotes, without braces",
     "sites:\n  - root: ROOT\n    headers:\n      X: 'Bob's page'\n",
     "4:15",
     {"closing quote", "''"}},
    {"text after a quote", "user: \"a\"b\n", "1:10", {"closing quote"}},
    {"a quote closed by the next value's", "user: \"a\ngroup: \"b\"\n", "1:7", {"add the missing quote"}},
    {"text after a block indicator", "user: >foo\n", "1:8", {"'>'", "quote"}},
    {"the first key too deep", "  user: a\ngroup: b\n", "2:1", {"indentation"}},
    {"a tab as indentation", "sites:\n  - root: ROOT\n\tlisting: true\n", "3:1", {"tab"}},
    {"a list after its key", "sites: - root: ROOT\n", "1:8", {"a list begins on a line of its own"}},
    {"two documents", "user: a\n---\ngroup: b\n", "2:1", {"second document"}},
};

const std::vector<MistakeRow> kValues{
    {"a URL to listen on", "listen: http://0.0.0.0:80\n", "1:9", {"a URL", "write 0.0.0.0:80"}},
    {"nginx's default_server", "listen: 0.0.0.0:80 default_server\n", "1:9", {"leave out what follows the port"}},
    {"nginx's ssl", "listen: 0.0.0.0:443 ssl http2\n", "1:9", {"no TLS"}},
    {"a block to listen on", "listen: [{host: 0.0.0.0, port: 80}]\n", "1:10", {"write 0.0.0.0:80"}},
    {"a block with IPv6", "listen: {address: \"::\", port: 80}\n", "1:9", {"write \"[::]:80\""}},
    {"a mode without quotes",
     "listen: [{unix: /run/a.sock, mode: 0660}]\n",
     "1:36",
     {"a mode is a text", "write \"0660\""}},
    {"a mode that YAML 1.2 takes for 660", "listen: {unix: /run/a.sock, mode: 660}\n", "1:35", {"write \"0660\""}},
    {"chmod's letters", "listen: {unix: /run/a.sock, mode: ug+rw}\n", "1:35", {"\"0660\""}},
    {"an address where the path belongs",
     "listen: {unix: \"unix:/run/a.sock\"}\n",
     "1:16",
     {"write unix: /run/a.sock"}},
    {"a misspelt socket", "listen: [{unx: /run/a.sock, mode: \"0660\"}]\n", "1:11", {"did you mean 'unix'?"}},
    {"a mode without a socket", "listen: [{mode: \"0660\"}]\n", "1:10", {"neither 'unix'", "write {unix: PATH}"}},
    {"docker's ports", "listen: [\"8080:80\"]\n", "1:10", {"write 0.0.0.0:8080"}},
    {"a semicolon", "listen: 0.0.0.0:80;\n", "1:9", {"leave out", "write 0.0.0.0:80"}},
    {"a zero before a number", "workers: {count: 0644}\n", "1:18", {"begins with a zero", "write 644"}},
    {"a size with a blank", "limits: {body: 10 MB}\n", "1:16", {"write 10M"}},
    {"a size with a fraction", "limits: {body: 1.5M}\n", "1:16", {"write 1536K"}},
    {"a size with an exponent", "limits: {body: 1e6}\n", "1:16", {"write 1000000"}},
    {"a size without end", "limits: {body: unlimited}\n", "1:16", {"not a number", "0"}},
    {"a size too large", "limits: {body: 99999999999999999999}\n", "1:16", {"is too large"}},
    {"a duration too large", "limits: {idle_timeout: 99999999999999999999s}\n", "1:24", {"is too large"}},
    {"a negative duration", "limits: {idle_timeout: -5s}\n", "1:24", {"is negative"}},
    {"a negative count", "workers: {count: -1}\n", "1:18", {"is negative"}},
    {"a comma after a switch", "sites:\n  - root: ROOT\n    listing: true,\n", "3:14", {"','", "leave out"}},
    {"a word for a switch", "sites: [{listing: enabled, root: ROOT}]\n", "1:19", {"write true"}},
    {"a number for workers", "workers: 4\n", "1:10", {"write workers: {count: 4}"}},
    {"a word for workers", "workers: auto\n", "1:10", {"write workers: {count: "}},
    {"a list for workers", "workers:\n  - count: 4\n", "2:3", {"leave out the '-'"}},
    {"a switch for privacy", "log: {privacy: true}\n", "1:16", {"write privacy: {ipv4: "}},
    {"a word for a log", "log: {access: [stdout]}\n", "1:16", {"write - {stdout: {}}"}},
    {"a word for the logs", "log: {error: stderr}\n", "1:14", {"write error: [{stderr: {}}]"}},
    {"a path for the logs", "log: {access: /a/b.log}\n", "1:15", {"write access: [{file: /a/b.log}]"}},
    {"no access log", "log: {access: off}\n", "1:15", {"write access: []"}},
    {"no log", "log: none\n", "1:6", {"write log: {access: []}"}},
    {"two hosts in one text",
     "sites: [{host: a.org www.a.org, root: ROOT}]\n",
     "1:16",
     {"[\"a.org\", \"www.a.org\"]"}},
    {"a folder to include", "include: conf.d\n", "1:10", {"is a directory", "conf.d/*.yaml"}},
};

// Words of other servers, and keys that are no keys.
const std::vector<MistakeRow> kKeys{
    {"server_name", "sites: [{root: /, server_name: a}]\n", "1:19", {"here it is 'host'"}},
    {"ServerName", "sites: [{root: /, ServerName: a}]\n", "1:19", {"here it is 'host'"}},
    {"autoindex", "sites: [{root: /, autoindex: on}]\n", "1:19", {"here it is 'listing'"}},
    {"client_max_body_size", "client_max_body_size: 1m\n", "1:1", {"'body', in 'limits'"}},
    {"gzip", "gzip: on\n", "1:1", {"does not compress"}},
    {"tls", "sites: [{root: /, tls: {}}]\n", "1:19", {"has no TLS"}},
    {"alias", "sites: [{root: /, alias: x}]\n", "1:19", {"handler: files"}},
    {"proxy_pass",
     "sites:\n  - routes:\n      - {path: /api/, proxy_pass: 'http://a'}\n",
     "3:23",
     {"unknown key 'proxy_pass'", "handler: proxy"}},
    {"document-root", "sites: [{document-root: /srv}]\n", "1:10", {"here it is 'root'"}},
    {"ports, as in docker-compose", "ports: [\"80:80\"]\n", "1:1", {"listen: HOST:PORT"}},
    {"a merge key in a site", "sites:\n  - <<: {a: b}\n", "2:5", {"unknown key '<<'", "merge keys"}},
    {"a space missing in braces", "sites: [{root:/srv}]\n", "1:10", {"space", "write root: /srv"}},
    {"a space missing in the only key", "sites:\n  - root:/srv\n", "2:5", {"write root: /srv"}},
    {"a colon missing in the last key",
     "sites:\n  - listing: true\n    root /srv\n",
     "3:5",
     {"':' is missing after 'root'"}},
    {"a space missing after a status", "sites: [{error_pages: {404:/x}, root: ROOT}]\n", "1:24", {"404: /x"}},
    {"a path for a site", "sites: [/srv/www]\n", "1:9", {"root: "}},
    {"nginx.conf", "server {\n  listen 80;\n}\n", "1:1", {"YAML"}},
    {"a misspelt key of a site", "sites: [{rot: /srv}]\n", "1:10", {"did you mean 'root'?"}},
    {"a route without a path", "sites: [{routes: [{handler: redirect, to: /new/}]}]\n", "1:19", {"no 'path'"}},
    {"a misspelt path", "sites: [{routes: [{pth: /a/, handler: redirect, to: /new/}]}]\n", "1:20", {"'path'"}},
};

// What is read, and would do something else than its writer meant.
const std::vector<MistakeRow> kRoutes{
    {"nginx's variables",
     "sites:\n  - routes:\n      - {path: /, handler: redirect, to: 'https://$host$request_uri'}\n",
     "3:42",
     {"'$'", "has no meaning here", "added by itself"}},
    {"a group of a pattern",
     "sites:\n  - routes:\n      - {path: /a/, handler: redirect, to: /b/$1}\n",
     "3:44",
     {"'$'"}},
    {"Caddy's placeholders",
     "sites:\n  - routes:\n      - {path: /a/, handler: redirect, to: '/b{uri}'}\n",
     "3:44",
     {"'{'", "has no meaning here"}},
    {"a URL without a host",
     "sites:\n  - routes:\n      - {path: /a/, handler: redirect, to: 'https:///b'}\n",
     "3:44",
     {"not a URL"}},
    {"a blank in the host",
     "sites:\n  - routes:\n      - {path: /a/, handler: redirect, to: 'https://a b/'}\n",
     "3:44",
     {"'a b' is not a host"}},
    {"a blank in the path",
     "sites:\n  - routes:\n      - {path: /a/, handler: redirect, to: 'https://a/b c'}\n",
     "3:44",
     {"percent-encoded"}},
    {"a percent sign alone",
     "sites:\n  - routes:\n      - {path: /a/, handler: redirect, to: /b/100%}\n",
     "3:44",
     {"%25"}},
    {"two fragments", "sites:\n  - routes:\n      - {path: /a/, handler: redirect, to: '/b#c#d'}\n", "3:44", {"%23"}},
    {"a star in a path",
     "sites:\n  - routes:\n      - {path: '/old/*', handler: redirect, to: /new/}\n",
     "3:16",
     {"'*'", "/old/ stands for all"}},
    {"a pattern for a path",
     "sites:\n  - routes:\n      - {path: '~ \\.php$', handler: redirect, to: /new/}\n",
     "3:16",
     {"pattern"}},
    {"an exact path without its space",
     "sites:\n  - routes:\n      - {path: '=/', handler: redirect, to: /new/}\n",
     "3:16",
     {"must begin with '/'", "write '= /'"}},
    {"two fields that differ in case",
     "sites:\n  - root: ROOT\n    headers:\n      X-Frame-Options: DENY\n"
     "      x-frame-options: SAMEORIGIN\n",
     "5:7",
     {"duplicate 'x-frame-options'", "line 4"}},
    {"two endings that differ in case",
     "sites:\n  - root: ROOT\n    types: {a: text/a, A: text/b}\n",
     "3:24",
     {"duplicate 'A'", "line 3"}},
    {"a field that the server writes", "sites:\n  - root: ROOT\n    headers: {Location: /x}\n", "3:15", {"Location"}},
    {"a coding by the name of its program",
     "sites:\n  - root: ROOT\n    types:\n      js.br: {type: text/javascript, coding: brotli}\n",
     "4:46",
     {"unknown coding 'brotli'", "gzip, br, zstd"}},
    {"a coding without a type",
     "sites:\n  - root: ROOT\n    types: {js.gz: {coding: gzip}}\n",
     "3:20",
     {"'js.gz' has no 'type'"}},
    {"nginx's types", "sites:\n  - root: ROOT\n    types: {text/html: html}\n", "3:13", {"html: text/html"}},
    {"nginx's index",
     "sites:\n  - root: ROOT\n    index: index.html index.htm\n",
     "3:12",
     {"[index.html, index.htm]"}},
    {"nginx's log format",
     "log: {access: [{stdout: {}, format: '$remote_addr - $status'}]}\n",
     "1:37",
     {"unknown log format", "Apache's notation", "%h"}},
    {"a negated status", "log: {access: [{stdout: {}, when: {status: '!5xx'}}]}\n", "1:44", {"'!' has no meaning"}},
};

// What the machine shows.
const std::vector<MistakeRow> kPaths{
    {"an owner that is not there",
     "listen:\n  - {unix: /run/a.sock, owner: no-such-user}\n",
     "2:32",
     {"there is no user 'no-such-user'", "leave 'owner' out"}},
    {"a group that is not there",
     "listen:\n  - {unix: /run/a.sock, group: no-such-group}\n",
     "2:32",
     {"there is no group 'no-such-group'"}},
    {"an error page as a URL's path",
     "sites:\n  - root: ROOT\n    error_pages: {404: /404.html}\n",
     "3:24",
     {"'/404.html' does not exist", "write DIR/root/404.html"}},
    {"nginx's default host", "sites:\n  - host: _\n    root: ROOT\n", "2:5", {"warning: '_'", "leave 'host' out"}},
    {"Apache's default host", "sites:\n  - host: _default_\n    root: ROOT\n", "2:5", {"warning: '_default_'"}},
};

BOOST_AUTO_TEST_CASE(syntax) {
    check_mistakes(kSyntax);
}

BOOST_AUTO_TEST_CASE(values) {
    check_mistakes(kValues);
}

BOOST_AUTO_TEST_CASE(keys) {
    check_mistakes(kKeys);
}

BOOST_AUTO_TEST_CASE(routes) {
    check_mistakes(kRoutes);
}

BOOST_AUTO_TEST_CASE(paths_of_other_servers) {
    check_mistakes(kPaths);
}

BOOST_AUTO_TEST_CASE(anchors_may_stand_under_keys_of_their_own) {
    const TemporaryFolder folder;
    const auto config =
        read_config(folder.write("a.yaml", "x-all: &all {X-A: b}\nsites: [{root: /srv, headers: *all}]\n"));
    BOOST_TEST_REQUIRE(config.has_value());
    BOOST_TEST(config->sites.front().headers.set.size() == 1);
}

}  // namespace
}  // namespace basehttpd
