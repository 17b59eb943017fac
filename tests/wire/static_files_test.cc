// Static files and redirects through a scripted connection.
#include "basehttp/handlers/static_files.h"

#include <fcntl.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/un.h>

#include <boost/test/unit_test.hpp>
#include <fmt/format.h>

#include "basehttp/handlers/redirect.h"
#include "tests/unit/temporary_folder.h"
#include "tests/unit/until.h"
#include "tests/wire/transcript.h"

namespace {

using basehttp::FileRoot;
using basehttp::RedirectOptions;
using basehttp::Route;
using basehttp::Site;
using basehttp::StaticFiles;
using basehttp::StaticFilesOptions;
using basehttpd_test::TemporaryFolder;

constexpr const char* kModified = "Last-Modified: Sun, 06 Nov 1994 08:49:37 GMT\r\n";

struct Served : wire::Server {
    Served() {
        folder.make_folder("root/sub");
        folder.make_folder("root/listed/\"<b>");
        folder.write("secret", "secret");
        folder.write("root/index.html", "<p>home");
        folder.write("root/hello.txt", "hello");
        folder.write("root/empty", "");
        folder.write("root/.hidden", "hidden");
        folder.make_folder("root/.well-known");
        folder.write("root/.well-known/x", "known");
        folder.write("root/big.bin", std::string(1'200'000, 'x'));
        folder.link("root/out", "../secret");
        ::mkfifo(folder.path("root/fifo").c_str(), 0600);
        for (const char* name : {"index.html", "hello.txt", "empty", "big.bin", ".well-known/x"})
            age(name);
        Site site;
        site.routes.push_back({"/", basehttp::handler<StaticFiles>(&plain)});
        site.routes.push_back({"/l/", basehttp::handler<StaticFiles>(&listing)});
        for (const RedirectOptions& options : redirects)
            site.routes.push_back({options.from, basehttp::handler<basehttp::Redirect>(&options)});
        site.hosts = {"files"};
        router.add(std::move(site));
    }
    void age(std::string_view name) const {
        const timespec times[2]{{784'111'777, 0}, {784'111'777, 0}};
        ::utimensat(AT_FDCWD, folder.path("root/" + std::string(name)).c_str(), times, 0);
    }
    wire::Outcome ask(std::string_view method, std::string_view target) {
        wire::ScriptedStream stream(wire::all(fmt::format("{} {} HTTP/1.1\r\nHost: files\r\n\r\n", method, target)));
        return serve(stream);
    }
    std::string get(std::string_view target) { return ask("GET", target).output; }

    TemporaryFolder folder;
    basehttp::MediaTypes types;
    basehttp::FileCache cache;
    basehttp::MemoryBudget budget{1 << 20};
    StaticFilesOptions plain{.source = {FileRoot::open(made()).value(), &types, {}}, .cache = &cache};
    StaticFilesOptions listing{.source = {FileRoot::open(made()).value(), &types, {}},
                               .cache = &cache,
                               .prefix = "/l/",
                               .settings = {.index = {}, .listing = true, .hidden_files = true},
                               .listings = &budget};
    std::vector<RedirectOptions> redirects{{"/old/", "/new/", 301},
                                           {"/moved", "https://example.org", 307},
                                           {"/slash/", "/", 302},
                                           {"/host/", "https://example.org", 308},
                                           {"/bare", "", 301}};

  private:
    std::string made() {
        folder.make_folder("root");
        return folder.path("root");
    }
};

std::string status_of(const std::string& output) {
    return output.substr(9, 3);
}

std::string field(const std::string& output, std::string_view name) {
    const auto at = output.find(fmt::format("\r\n{}: ", name));
    if (at == std::string::npos) return "none";
    const auto start = at + name.size() + 4;
    return output.substr(start, output.find("\r\n", start) - start);
}

BOOST_FIXTURE_TEST_CASE(a_file, Served) {
    const std::string etag = field(get("/hello.txt"), "ETag");
    const std::string fields = fmt::format(
        "Content-Type: text/plain; charset=utf-8\r\n{}"
        "Accept-Ranges: bytes\r\nETag: {}\r\nContent-Length: 5\r\n",
        kModified, etag);
    BOOST_TEST(get("/hello.txt?query") == wire::response("200 OK", fields, "hello"));
    const auto head = ask("HEAD", "/hello.txt");
    BOOST_TEST(head.output == wire::response("200 OK", fields, ""));
    BOOST_TEST(head.records[0] == "HEAD /hello.txt HTTP/1.1|200|0|complete");
}

BOOST_FIXTURE_TEST_CASE(options_that_cannot_serve_end_the_start, Served) {
    const auto refused = [](const StaticFilesOptions* options) {
        BOOST_CHECK_THROW(basehttp::handler<StaticFiles>(options), std::invalid_argument);
    };
    refused(nullptr);
    listing.listings = nullptr;
    refused(&listing);
    plain.source.types = nullptr;
    refused(&plain);
    plain.source.types = &types;
    plain.cache = nullptr;
    refused(&plain);
}

BOOST_FIXTURE_TEST_CASE(an_empty_file, Served) {
    BOOST_TEST(field(get("/empty"), "Content-Length") == "0");
}

BOOST_FIXTURE_TEST_CASE(a_file_in_memory_is_sent_from_where_it_is, Served) {
    const std::string content(16 * 1024, 'x');
    folder.write("root/16k", content);
    age("16k");
    basehttpd_test::until([&] { return basehttp::FileCache().find(plain.source, "16k").value()->settled(); });
    basehttp::FileCache kept({.valid = std::chrono::hours(1)});
    plain.cache = &kept;
    const auto file = kept.find(plain.source, "16k").value();
    wire::ScriptedStream stream(wire::all("GET /16k HTTP/1.1\r\nHost: files\r\n\r\n"));
    BOOST_TEST(serve(stream).output.ends_with("\r\n\r\n" + content));
    BOOST_TEST_REQUIRE(stream.last_sources().size() == 2U);
    BOOST_TEST(stream.last_sources()[1] == static_cast<const void*>(file->plain.content()->data()));
}

BOOST_FIXTURE_TEST_CASE(a_large_file_goes_by_sendfile_and_gives_way, Served) {
    const auto outcome = ask("GET", "/big.bin");
    BOOST_TEST(field(outcome.output, "Content-Length") == "1200000");
    BOOST_TEST(outcome.output.size() == outcome.output.find("\r\n\r\n") + 4 + 1'200'000);
    BOOST_TEST(outcome.records[0] == "GET /big.bin HTTP/1.1|200|1200000|complete");
    BOOST_TEST(outcome.called("write more"));
    BOOST_TEST(std::ranges::count(outcome.calls, "file") == 3);
    BOOST_TEST(std::ranges::count(outcome.calls, "give way") == 2);
}

// The cache still trusts what it knows of the file.
BOOST_FIXTURE_TEST_CASE(a_small_range_of_a_file_that_has_changed, Served) {
    const auto range = [this] {
        wire::ScriptedStream stream(
            wire::all("GET /big.bin HTTP/1.1\r\nHost: files\r\nRange: bytes=1000-1003\r\n\r\n"));
        return serve(stream).output;
    };
    const auto content = [](const std::string& output) { return output.substr(output.find("\r\n\r\n") + 4); };
    const std::string before = range();
    BOOST_TEST(field(before, "Content-Range") == "bytes 1000-1003/1200000");
    BOOST_TEST(content(before) == "xxxx");

    folder.write("root/big.bin", std::string(1'200'000, 'y'));
    const std::string after = range();
    BOOST_TEST(status_of(after) == "206");
    BOOST_TEST(content(after) == "yyyy");
    BOOST_TEST(field(after, "ETag") != field(before, "ETag"));

    folder.write("root/big.bin", std::string(300'000, 'z'));
    BOOST_TEST(field(range(), "Content-Range") == "bytes 1000-1003/300000");
    BOOST_TEST(content(range()) == "zzzz");

    folder.write("root/big.bin", "short");
    BOOST_TEST(status_of(range()) == "416");
}

BOOST_FIXTURE_TEST_CASE(a_client_that_leaves_in_mid_file, Served) {
    wire::ScriptedStream stream(wire::all("GET /big.bin HTTP/1.1\r\nHost: files\r\n\r\n"));
    stream.leave_after(100'000);
    const auto outcome = serve(stream);
    const auto content = 100'000 - stream.output().find("\r\n\r\n") - 4;
    BOOST_TEST(outcome.records[0] == fmt::format("GET /big.bin HTTP/1.1|200|{}|client_left", content));
}

BOOST_FIXTURE_TEST_CASE(statuses, Served) {
    const struct {
        const char* target;
        const char* status;
    } rows[]{
        {"/", "200"},
        {"/no", "404"},
        {"/hello.txt/", "404"},
        {"/hello.txt/x", "404"},
        {"/sub", "301"},
        {"/sub/", "403"},
        {"/out", "403"},
        {"/fifo", "403"},
        {"/.hidden", "404"},
        {"/sub/.hidden", "404"},
        {"/.well-known/x", "200"},
        {"/sub%2f..", "404"},
        {"/%2e%2e/secret", "400"},
        {"/sub/../hello.txt", "200"},
        {"/hello%2etxt", "200"},
        {"/hello.txt%00", "400"},
        {"/l/.hidden", "200"},
    };
    for (const auto& row : rows)
        BOOST_TEST(status_of(get(row.target)) == row.status, row.target);
    const std::string longest = "/" + std::string(5000, 'x');
    BOOST_TEST(status_of(get(longest)) == "404");
}

BOOST_FIXTURE_TEST_CASE(a_socket_is_no_file, Served) {
    const int fd = ::socket(AF_UNIX, SOCK_STREAM, 0);
    sockaddr_un address{AF_UNIX, {}};
    folder.path("root/socket").copy(address.sun_path, sizeof address.sun_path - 1);
    BOOST_REQUIRE(::bind(fd, reinterpret_cast<const sockaddr*>(&address), sizeof address) == 0);
    const auto outcome = ask("GET", "/socket");
    ::close(fd);
    BOOST_TEST(status_of(outcome.output) == "403");
    BOOST_TEST(outcome.errors[0].starts_with("info: "));
}

BOOST_FIXTURE_TEST_CASE(other_methods, Served) {
    BOOST_TEST(field(ask("POST", "/hello.txt").output, "Allow") == "GET, HEAD, OPTIONS");
    BOOST_TEST(field(ask("OPTIONS", "/hello.txt").output, "Allow") == "GET, HEAD, OPTIONS");
}

BOOST_FIXTURE_TEST_CASE(a_folder_is_sent_to_its_slash, Served) {
    BOOST_TEST(field(get("/sub?x=1"), "Location") == "/sub/?x=1");
    BOOST_TEST(field(get("//sub"), "Location") == "/sub/");
    BOOST_TEST(field(get("/l/sub"), "Location") == "/l/sub/");
    BOOST_TEST(status_of(get("//evil.example/%2e%2e")) != "301");
}

BOOST_FIXTURE_TEST_CASE(so_is_the_name_of_a_route, Served) {
    BOOST_TEST(field(get("/l?x=1"), "Location") == "/l/?x=1");
    BOOST_TEST(field(get("//l"), "Location") == "/l/");
    BOOST_TEST(field(get("/old"), "Location") == "/old/");
    BOOST_TEST(status_of(ask("HEAD", "/l").output) == "301");
    BOOST_TEST(status_of(ask("POST", "/l").output) == "308");
    BOOST_TEST(status_of(get("/lx")) == "404");
    BOOST_TEST(field(get("/moved"), "Location") == "https://example.org");  // a route for the very path
}

BOOST_FIXTURE_TEST_CASE(a_listing, Served) {
    const std::string page = get("/l/listed/");
    BOOST_TEST(status_of(page) == "200");
    BOOST_TEST(page.find("<a class=\"d\" href=\"./%22%3Cb%3E/\">&quot;&lt;b&gt;/</a>") != std::string::npos);
    BOOST_TEST(field(page, "Content-Security-Policy").starts_with("default-src 'none'"));
    BOOST_TEST(field(page, "X-Content-Type-Options") == "nosniff");
}

BOOST_FIXTURE_TEST_CASE(a_date_in_the_future_is_not_sent, Served) {
    const timespec times[2]{{1LL << 33U, 0}, {1LL << 33U, 0}};
    ::utimensat(AT_FDCWD, folder.path("root/hello.txt").c_str(), times, 0);
    BOOST_TEST(field(get("/hello.txt"), "Last-Modified") == "none");
}

BOOST_FIXTURE_TEST_CASE(redirects_stay_where_they_point, Served) {
    const struct {
        const char* target;
        const char* location;
    } rows[]{
        {"/old/", "/new/"},
        {"/old/x%20y?q=1", "/new/x%20y?q=1"},
        {"/old//evil.example", "/new/evil.example"},
        {"/moved", "https://example.org"},
        {"/moved/x", "https://example.org/x"},
        {"/slash//evil.example", "/evil.example"},
        {"/slash/%2fevil.example", "/evil.example"},
        {"/slash/%5cevil.example", "/%5Cevil.example"},
        {"/host/", "https://example.org"},
        {"/host/@evil.example", "https://example.org/@evil.example"},
        {"/host/.evil.example", "https://example.org/.evil.example"},
        {"/host/:80@evil.example", "https://example.org/:80@evil.example"},
        {"/bare/%2f/evil.example", "/evil.example"},
        {"/old/%0d%0aX:%20y", "/new/%0D%0AX:%20y"},
    };
    for (const auto& row : rows)
        BOOST_TEST(field(get(row.target), "Location") == row.location, row.target);
    BOOST_TEST(status_of(get("/moved")) == "307");
    BOOST_TEST(status_of(ask("POST", "/host/x").output) == "308");
}

}  // namespace
