#include "daemon/check/config_check.h"

#include <sys/stat.h>
#include <unistd.h>

#include <filesystem>
#include <string>
#include <vector>

#include <boost/test/unit_test.hpp>

#include "daemon/config/config_defaults.h"
#include "daemon/config/config_reader.h"
#include "tests/unit/temporary_folder.h"

namespace basehttpd {
namespace {

using basehttpd_test::TemporaryFolder;

bool is_root() {
    return ::geteuid() == 0;
}

boost::test_tools::assertion_result as_root(boost::unit_test::test_unit_id) {
    return is_root();
}

boost::test_tools::assertion_result as_nobody_special(boost::unit_test::test_unit_id) {
    return !is_root();
}

const std::string kStreams = "log: {access: [{stdout: }], error: [{stderr: }]}\n";

// What the checks say of `yaml`, which stands in `folder`, with that folder written DIR.
std::string complaints(const TemporaryFolder& folder, const std::string& yaml) {
    auto config = read_config(folder.write("a.yaml", yaml));
    BOOST_TEST_REQUIRE(config.has_value());
    return folder.without_path(render(check_config(*config, ConfigOrigin::file)));
}

// The account that the workers of these tests run as where a check would else complain about its lack.
std::string user_line() {
    return is_root() ? "user: nobody\n" : "";
}

struct OpenFolder : TemporaryFolder {
    OpenFolder() { ::chmod(path().c_str(), 0755); }
};

BOOST_AUTO_TEST_CASE(nothing_to_complain_about) {
    const OpenFolder folder;
    folder.make_folder("www");
    BOOST_TEST(complaints(folder, kStreams + user_line() + "sites: [{root: www}]\n") == "");
    BOOST_TEST(complaints(folder, user_line() + "log: {access: [{file: a.log}], error: [{file: /dev/null}]}\n" +
                                      "sites: [{routes: [{path: /, handler: redirect, to: 'https://a/'}]}]\n") == "");
    BOOST_TEST(!std::filesystem::exists(folder.path("a.log")));
}

BOOST_AUTO_TEST_CASE(roots) {
    const OpenFolder folder;
    folder.write("file", "");
    folder.make_folder("www");
    const std::string yaml = user_line() + kStreams + "sites:\n  - root: gone/too\n  - {host: a, root: file}\n" +
                             "  - {host: b, root: www, routes: [{path: /x, handler: files, root: nowhere}]}\n";
    const int line = is_root() ? 4 : 3;
    const auto at = [&](int offset) { return std::to_string(line + offset); };
    BOOST_TEST(
        complaints(folder, yaml) ==
        "DIR/a.yaml:" + at(0) +
            ":11: error: the directory 'DIR/gone/too' does not exist (nor does 'DIR/gone'); "
            "create it, or correct the path\n    " +
            at(0) +
            " |   - root: gone/too\n      |           ^\n"
            "DIR/a.yaml:" +
            at(1) + ":21: error: 'DIR/file' is not a directory; a root is the directory to serve\n    " + at(1) +
            " |   - {host: a, root: file}\n      |                     ^\n"
            "DIR/a.yaml:" +
            at(2) + ":68: error: the directory 'DIR/nowhere' does not exist; create it, or correct the path\n    " +
            at(2) + " |   - {host: b, root: www, routes: [{path: /x, handler: files, root: nowhere}]}\n      | " +
            std::string(67, ' ') + "^\n");
}

BOOST_AUTO_TEST_CASE(accounts) {
    const OpenFolder folder;
    BOOST_TEST(
        complaints(folder, "user: no-such-user\n" + kStreams + "sites: [{root: .}]\n") ==
        "DIR/a.yaml:1:7: error: there is no user 'no-such-user' on this machine; make it with 'adduser --system "
        "--group no-such-user', or name another one\n    1 | user: no-such-user\n      |       ^\n");
    BOOST_TEST(complaints(folder, "user: nobody\ngroup: no-such-group\n" + kStreams + "sites: [{root: .}]\n") ==
               "DIR/a.yaml:2:8: error: there is no group 'no-such-group' on this machine; make it with 'addgroup "
               "--system no-such-group', or name another one\n    2 | group: no-such-group\n      |        ^\n");
}

BOOST_AUTO_TEST_CASE(a_group_in_the_value_of_user) {
    const OpenFolder folder;
    const std::string_view remedy = "write one name; the group has a key of its own: group: www-data\n";
    for (const char* user : {"www-data www-data", "www-data:www-data", "nobody:www-data"}) {
        const std::string yaml = "user: " + std::string(user) + "\n" + kStreams + "sites: [{root: .}]\n";
        BOOST_TEST(complaints(folder, yaml).contains(remedy), user);
    }
}

BOOST_AUTO_TEST_CASE(accounts_by_number) {
    const OpenFolder folder;
    for (const char* account : {"user: 65534", "user: 54321", "user: nobody\ngroup: 54321", "user: 54321\ngroup: 0"})
        BOOST_TEST(complaints(folder, account + ("\n" + kStreams) + "sites: [{root: .}]\n") == "", account);
    for (const char* user : {"4294967295", "4294967296", "-1", "0x21", "#33"})
        BOOST_TEST(complaints(folder, "user: '" + std::string(user) + "'\n" + kStreams + "sites: [{root: .}]\n")
                       .contains("there is no user '" + std::string(user) + "' on this machine"));
    if (is_root())
        BOOST_TEST(complaints(folder, "user: 0\n" + kStreams + "sites: [{root: .}]\n").contains("run as root"));
}

BOOST_AUTO_TEST_CASE(two_names_of_one_log) {
    const TemporaryFolder folder;
    folder.write("there.log", "");
    folder.link("link.log", "there.log");
    folder.make_folder("sub");
    const auto of = [&folder](const std::string& access, const std::string& error) {
        return complaints(folder, user_line() + "log: {access: [{file: " + access + "}], error: [{file: " + error +
                                      "}]}\nsites: [{routes: [{path: /, handler: redirect, to: 'https://a/'}]}]\n");
    };
    BOOST_TEST(of("there.log", "there.log") == "");
    BOOST_TEST(of("a.log", "a.log") == "");
    BOOST_TEST(of("a.log", "sub/a.log") == "");
    BOOST_TEST(of("/dev/null", "/dev/./null") == "");
    BOOST_TEST(of("there.log", "link.log").contains("'DIR/link.log' is the same file as 'DIR/there.log'; write its"));
    BOOST_TEST(of("a.log", "sub/../a.log").contains("is the same file as"));
}

BOOST_AUTO_TEST_CASE(names_in_formats) {
    const TemporaryFolder folder;
    const auto naming = [](int first, int last) {
        std::string format;
        for (int i = first; i <= last; ++i)
            format += " %{X-" + std::to_string(i) + "}i";
        return format;
    };
    const auto of = [&](int names) {
        return complaints(folder, user_line() + "log: {access: [{file: a.log, format: '" + naming(1, 40) +
                                      "'}]}\nsites:\n- routes: [{path: /, handler: redirect, to: 'https://a/'}]\n" +
                                      "  log: {access: [{file: b.log, format: '" + naming(20, names) + "'}]}\n");
    };
    BOOST_TEST(!of(64).contains("more than"));
    BOOST_TEST(of(65).contains(": error: the formats of the access logs name more than 64 fields"));
}

BOOST_AUTO_TEST_CASE(logs) {
    const OpenFolder folder;
    folder.write("file", "");
    const std::string yaml = "log:\n  access: [{file: x/y/a.log}, {file: .}]\n  error: [{file: file/e.log}]\n" +
                             user_line() + "sites: [{root: .}]\n";
    BOOST_TEST(
        complaints(folder, yaml) ==
        "DIR/a.yaml:2:19: error: the log directory 'DIR/x/y' does not exist (nor does 'DIR/x'); create it, or set "
        "'log' to write elsewhere\n    2 |   access: [{file: x/y/a.log}, {file: .}]\n      |                   ^\n"
        "DIR/a.yaml:2:38: error: the log 'DIR' is a directory; name a file\n"
        "    2 |   access: [{file: x/y/a.log}, {file: .}]\n      |                                      ^\n"
        "DIR/a.yaml:3:18: error: cannot write the log 'DIR/file/e.log': Not a directory\n"
        "    3 |   error: [{file: file/e.log}]\n      |                  ^\n");
}

BOOST_AUTO_TEST_CASE(programs) {
    const OpenFolder folder;
    folder.write("text", "");
    const auto about = [&](const std::string& command) {
        return complaints(folder, "log: {access: [{pipe: " + command + "}], error: []}\n" + user_line() +
                                      "sites: [{routes: [{path: /, handler: redirect, to: 'https://a/'}]}]\n");
    };
    BOOST_TEST(about("cat -u") == "");
    BOOST_TEST(about("/bin/cat") == "");
    BOOST_TEST(
        about("spam a") ==
        "DIR/a.yaml:1:23: error: there is no program 'spam' in any directory of PATH; install it, or write its path\n"
        "    1 | log: {access: [{pipe: spam a}], error: []}\n      |                       ^\n");
    BOOST_TEST(about("./spam a").contains(":1:23: error: the program 'DIR/spam' does not exist; install it"));
    BOOST_TEST(about("../").contains(":1:23: error: 'DIR/../' is not a program"));
    const std::string who = is_root() ? "user 'nobody'" : "'";
    BOOST_TEST(about("./text").contains(
        who + " cannot execute 'DIR/text': Permission denied; give it that right, or " + "name another program"));
    folder.make_folder("closed");
    folder.write("closed/program", "");
    ::chmod(folder.path("closed/program").c_str(), 0755);
    ::chmod(folder.path("closed").c_str(), 0700);
    const std::string obstacle = "cannot enter 'DIR/closed' on the way to 'DIR/closed/program'";
    BOOST_TEST(about("closed/program").contains(obstacle) == is_root());
}

BOOST_AUTO_TEST_CASE(sockets_that_logs_go_to) {
    const OpenFolder folder;
    folder.write("file", "");
    const std::string yaml =
        "log:\n  access: [{journal: {path: gone}}]\n  error: [{journal: {path: file}}, {syslog: {to: "
        "'udp:gone:1'}}]\n" +
        user_line() + "sites: [{root: .}]\n";
    BOOST_TEST(
        complaints(folder, yaml) ==
        "DIR/a.yaml:2:22: warning: nothing accepts log lines at 'DIR/gone' now: No such file or directory; they "
        "wait, and some may be lost, until somebody does\n"
        "    2 |   access: [{journal: {path: gone}}]\n      |                      ^\n"
        "DIR/a.yaml:3:21: error: 'DIR/file' is no socket; for a file write {file: PATH}\n"
        "    3 |   error: [{journal: {path: file}}, {syslog: {to: 'udp:gone:1'}}]\n      |                     ^\n");
}

BOOST_AUTO_TEST_CASE(templates) {
    const OpenFolder folder;
    const std::string yaml = kStreams + user_line() +
                             "sites:\n  - root: .\n    listing: true\n    listing_template: l.html\n"
                             "    error_pages: {404: e.html, 500: none.html, 503: .}\n"
                             "    routes: [{path: /a/, handler: files, root: .}]\n";
    folder.write("l.html", "<h1>{{path}}</h1>\n<p>{{#entries}}{{nam}}{{/entries}}\n");
    folder.write("e.html", "{{code}}\n  {{#message}}\n");
    const std::string found = complaints(folder, yaml);
    for (const std::string_view part :
         {"DIR/l.html:2:16: error: 'nam' is unknown here; did you mean 'name'?\n"
          "    2 | <p>{{#entries}}{{nam}}{{/entries}}\n      |                ^\n",
          "DIR/e.html:2:3: error: unclosed section \"message\"\n",
          "error: the error page 'DIR/none.html' does not exist; write it, or leave the key out for the built-in "
          "page\n",
          "error: cannot read the error page 'DIR':"}) {
        BOOST_TEST(found.contains(part), found);
    }
    BOOST_TEST(found.find("l.html:2") == found.rfind("l.html:2"));  // the site's and the route's are one
    folder.write("l.html", "{{#entries}}{{name}}{{/entries}}");
    folder.write("e.html", "{{code}}");
    auto config = read_config(folder.write("a.yaml", kStreams + user_line() +
                                                         "sites: [{root: ., listing_template: l.html, "
                                                         "error_pages: {404: e.html}}]\n"))
                      .value();
    BOOST_TEST(render(check_config(config, ConfigOrigin::file)) == "");
    BOOST_TEST(config.sites[0].listing_template.text == "{{#entries}}{{name}}{{/entries}}");
    BOOST_TEST(config.sites[0].error_pages[0].page.text == "{{code}}");
}

BOOST_AUTO_TEST_CASE(one_missing_log_folder_is_reported_once) {
    const OpenFolder folder;
    Config config = default_config("a.yaml");
    config.user = is_root() ? "nobody" : "";
    config.log.access[0].sink.path = folder.path("x/a.log");
    config.log.error[0].sink.path = folder.path("x/e.log");
    config.sites.emplace_back();
    config.sites[0].root = folder.path();
    BOOST_TEST(
        folder.without_path(render(check_config(config, ConfigOrigin::file))) ==
        "a.yaml: error: the log directory 'DIR/x' does not exist; create it, or set 'log' to write elsewhere\n");
}

BOOST_AUTO_TEST_CASE(root_needs_a_user, *boost::unit_test::precondition(as_root)) {
    const OpenFolder folder;
    BOOST_TEST(
        complaints(folder, kStreams + "sites: [{root: .}]\n") ==
        "DIR/a.yaml: error: started as root, but 'user' is not set; write user: NAME for the workers to run as\n");
    BOOST_TEST(complaints(folder, "user: root\n" + kStreams + "sites: [{root: .}]\n") ==
               "DIR/a.yaml:1:7: error: the workers would run as root; name an account without rights\n"
               "    1 | user: root\n      |       ^\n");
    Config served = quick_config(folder.path(), "", 8000);
    const auto warnings = check_config(served, ConfigOrigin::command_line);
    BOOST_TEST(!has_error(warnings));
    BOOST_TEST(render(warnings).starts_with("basehttpd: warning: serving as root"));
}

BOOST_AUTO_TEST_CASE(folders_that_the_workers_cannot_use, *boost::unit_test::precondition(as_root)) {
    const OpenFolder folder;
    folder.make_folder("closed/www");
    folder.make_folder("blind");
    ::chmod(folder.path("closed").c_str(), 0700);
    ::chmod(folder.path("blind").c_str(), 0711);
    std::filesystem::create_directory_symlink(folder.path("closed/www"), folder.path("link"));
    const std::string yaml = "user: nobody\n" + kStreams +
                             "sites:\n  - root: closed/www\n  - {host: a, root: closed}\n  - {host: b, root: blind}\n"
                             "  - {host: c, root: link}\n";
    BOOST_TEST(
        complaints(folder, yaml) ==
        R"(DIR/a.yaml:4:11: error: user 'nobody' cannot enter 'DIR/closed' on the way to 'DIR/closed/www': Permission denied; give it that right, or serve another directory
    4 |   - root: closed/www
      |           ^
DIR/a.yaml:5:21: error: user 'nobody' cannot enter 'DIR/closed': Permission denied; give it that right, or serve another directory
    5 |   - {host: a, root: closed}
      |                     ^
DIR/a.yaml:6:21: error: user 'nobody' cannot read 'DIR/blind': Permission denied; give it that right, or serve another directory
    6 |   - {host: b, root: blind}
      |                     ^
DIR/a.yaml:7:21: error: user 'nobody' cannot enter 'DIR/closed' on the way to 'DIR/link': Permission denied; give it that right, or serve another directory
    7 |   - {host: c, root: link}
      |                     ^
)");
}

BOOST_AUTO_TEST_CASE(the_group_counts, *boost::unit_test::precondition(as_root)) {
    const OpenFolder folder;
    folder.make_folder("www");
    // Of the group daemon (1 on every Debian) and nobody else.
    BOOST_TEST(::chown(folder.path("www").c_str(), 0, 1) == 0);
    ::chmod(folder.path("www").c_str(), 0750);
    const std::string rest = kStreams + "sites: [{root: www}]\n";
    BOOST_TEST(complaints(folder, "user: nobody\ngroup: daemon\n" + rest) == "");
    BOOST_TEST(complaints(folder, "user: nobody\n" + rest).find("user 'nobody' cannot enter 'DIR/www'") !=
               std::string::npos);
}

BOOST_AUTO_TEST_CASE(folders_that_we_cannot_use, *boost::unit_test::precondition(as_nobody_special)) {
    const OpenFolder folder;
    folder.make_folder("closed/www");
    ::chmod(folder.path("closed").c_str(), 0);
    const std::string text =
        complaints(folder, "sites: [{root: closed/www}]\nlog: {access: [{file: closed/a}], error: []}\n");
    ::chmod(folder.path("closed").c_str(), 0700);
    BOOST_TEST(text.contains("' cannot enter 'DIR/closed' on the way to 'DIR/closed/www': Permission denied"), text);
    BOOST_TEST(text.contains("DIR/a.yaml:2:22: "), text);
}

BOOST_AUTO_TEST_CASE(what_is_expected_of_a_site) {
    const OpenFolder folder;
    folder.make_folder("www");
    ::chmod(folder.path("www").c_str(), 0755);
    folder.write("www/a.txt", "a");
    ::chmod(folder.path("www/a.txt").c_str(), 0644);
    const std::string sites = kStreams + user_line() + R"(sites:
  - {host: other.example, root: www, expect: /old/x -> 404}
  - host: [a.example, b.example]
    canonical_host: b.example
    root: www
    routes:
      - {path: /old/, handler: redirect, to: /new/}
      - {path: /mine/, handler: respond, text: mine, allow: 127.0.0.1}
    expect: ["GET /old/x?y -> 301 /new/x?y", POST /old/ -> 301, /.git/config -> 404, /a.txt -> 200, HEAD /a.txt -> 200,
      PUT /a.txt -> 405, /mine/ -> 403, "http://a.example/a.txt -> 301 //b.example/a.txt", /old/ -> 301)";
    BOOST_TEST(complaints(folder, sites + "]\n") == "");
    const std::string wrong = complaints(folder, sites + ", /none -> 200,\n      /old/x -> 301 /x]\n");
    BOOST_TEST(wrong.contains("error: expected '/none -> 200', but the answer is 404\n"));
    BOOST_TEST(wrong.contains("error: expected '/old/x -> 301 /x', but the answer is 301 /new/x\n"));
    BOOST_TEST(wrong.contains("DIR/a.yaml:12:"));
}

}  // namespace
}  // namespace basehttpd
