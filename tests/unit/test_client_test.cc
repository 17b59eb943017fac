// What handlers are offered, asked through TestClient as users' tests would.
#include "basehttp/testing/test_client.h"

#include <stdexcept>
#include <string>
#include <thread>

#include <boost/test/unit_test.hpp>

#include "basehttp/io/event_loop.h"

namespace {

using namespace std::chrono_literals;
using basehttp::RequestHandler;
using basehttp::Site;
using basehttp::Task;
using basehttp::TestClient;

struct Plain : RequestHandler {
    Task<> do_GET() {
        send_content(200, "text/plain", std::string(parameter("id")), {{"X-Kind", "plain"}});
        co_return;
    }
    Task<> do_POST() {
        const auto content = co_await read_all(1'000'000);
        if (!content) co_return;
        send_content(200, "text/plain", std::to_string(content->size()));
    }
};

struct Waiting : RequestHandler {
    Task<> do_GET() {
        const std::string what(path());
        const auto loop_thread = std::this_thread::get_id();
        send_response(200);
        end_headers();
        if (what == "/void") co_await run_blocking([] {});
        if (what == "/throws") co_await run_blocking([] { throw std::runtime_error("no such thing"); });
        const bool elsewhere =
            co_await run_blocking([loop_thread] { return std::this_thread::get_id() != loop_thread; });
        const bool back = std::this_thread::get_id() == loop_thread;
        co_await write(elsewhere && back ? "elsewhere" : "here");
    }
};

struct Endless : RequestHandler {
    Task<> do_GET() {
        send_response(200);
        end_headers();
        for (bool here = true; here;) {
            co_await write("tick\n");
            co_await flush();
            here = co_await sleep(1h);
        }
        log_message(basehttp::Severity::info, "left: {}", client_left());
    }
};

BOOST_AUTO_TEST_CASE(an_answer_is_taken_apart) {
    TestClient client(basehttp::handler<Plain>());
    const auto answer = client.get("/");
    BOOST_TEST(answer.status == 200);
    BOOST_TEST(answer.field("x-kind") == "plain");
    BOOST_TEST(answer.content.empty());
    BOOST_TEST(answer.complete);
    const auto posted = client.request("POST", "/", {}, "spam");
    BOOST_TEST(posted.content == "4");
    BOOST_TEST(client.request("HEAD", "/").complete);
    BOOST_TEST(client.request("PUT", "/").status == 405);
    BOOST_TEST(client.converse("GET /\r\n").empty());
    BOOST_TEST(client.access_lines().front() == "GET / HTTP/1.1 200 0");
}

BOOST_AUTO_TEST_CASE(path_parameters_reach_the_handler) {
    Site site;
    site.add("/items/{id}", basehttp::handler<Plain>());
    TestClient client(std::move(site));
    BOOST_TEST(client.get("/items/a%20b").content == "a b");
    BOOST_TEST(client.get("/items/").status == 404);
    BOOST_TEST(client.get("/items/5/6").status == 404);
}

BOOST_AUTO_TEST_CASE(a_route_has_its_own_body_limit) {
    Site site;
    site.add({.path = "/small", .handlers = basehttp::handler<Plain>(), .body_limit = 3});
    site.add({.path = "/any", .handlers = basehttp::handler<Plain>(), .body_limit = 0});
    site.add("/", basehttp::handler<Plain>());
    basehttp::Limits limits;
    limits.body = 10;
    TestClient client(std::move(site), limits);
    const std::string large(11, 'x');
    BOOST_TEST(client.request("POST", "/small", {}, "four").status == 413);
    BOOST_TEST(client.request("POST", "/small", {}, "abc").status == 200);
    BOOST_TEST(client.request("POST", "/any", {}, large).content == "11");
    BOOST_TEST(client.request("POST", "/", {}, large).status == 413);
    const std::string chunked =
        "POST /small HTTP/1.1\r\nHost: t\r\nTransfer-Encoding: chunked\r\n\r\n4\r\nfour\r\n0\r\n\r\n";
    BOOST_TEST(client.converse(chunked).starts_with("HTTP/1.1 413 "));
}

BOOST_AUTO_TEST_CASE(blocking_calls_run_on_a_thread_and_come_back) {
    TestClient client(basehttp::handler<Waiting>());
    BOOST_TEST(client.get("/").content == "elsewhere");
    BOOST_TEST(client.get("/void").content == "elsewhere");
    BOOST_TEST(client.get("/throws").status == 500);
    BOOST_TEST(client.error_lines().front().find("no such thing") != std::string::npos);
}

BOOST_AUTO_TEST_CASE(a_client_that_leaves_ends_a_sleep) {
    TestClient client(basehttp::handler<Endless>());
    client.leave_after(300);
    const auto answer = client.get("/");
    BOOST_TEST(answer.status == 200);
    BOOST_TEST(!answer.complete);
    BOOST_TEST(answer.content.starts_with("tick\ntick\n"));
    BOOST_TEST(client.error_lines().back().ends_with("left: true"));
}

BOOST_AUTO_TEST_CASE(functions_answer_by_method) {
    const std::string who = "spam";  // captured: it must outlive each request
    const auto answer = [who](const char* text) {
        return [who, text](RequestHandler& http) -> Task<> {
            http.send_content(200, "text/plain", who + text);
            co_return;
        };
    };
    Site site;
    site.add("/", basehttp::on({{"GET", answer(" got")}, {"POST", answer(" posted")}}));
    site.add("/spam", basehttp::on("SPAM", answer("!")));
    TestClient client(std::move(site));
    BOOST_TEST(client.get("/").content == "spam got");
    BOOST_TEST(client.request("POST", "/").content == "spam posted");
    BOOST_TEST(client.request("HEAD", "/").field("Content-Length") == "8");
    BOOST_TEST(client.request("PUT", "/").field("Allow") == "GET, POST, HEAD");
    BOOST_TEST(client.request("SPAM", "/spam").content == "spam!");
    BOOST_TEST(client.get("/spam").status == 405);
}

BOOST_AUTO_TEST_CASE(error_pages_are_the_sites_for_every_refusal) {
    Site site;
    for (const int status : {400, 404, 405, 413, 501})
        site.error_page(status, "own {{code}}: {{message}}");
    site.add("/item", basehttp::handler<Plain>());
    basehttp::Limits limits;
    limits.body = 1;
    TestClient client(std::move(site), limits);
    BOOST_TEST(client.get("/").content.starts_with("own 404"));
    BOOST_TEST(client.request("PUT", "/item").content.starts_with("own 405"));
    BOOST_TEST(client.request("SPAM", "/item").content.starts_with("own 501"));
    BOOST_TEST(client.request("POST", "/item", {}, "four").content.starts_with("own 413"));
    BOOST_TEST(client.converse("GET / HTTP/1.1\r\n\r\n").find("own 400: Host is missing") != std::string::npos);
    BOOST_TEST(client.converse("spam\r\n\r\n").find("own 400: Bad request line") != std::string::npos);
    BOOST_CHECK_THROW(Site().error_page(404, "{{spam}}"), std::invalid_argument);
}

BOOST_AUTO_TEST_CASE(credentials_are_asked_for) {
    TestClient client(basehttp::on("GET", [](RequestHandler& http) -> Task<> {
        http.ask_for_credentials("a \"b\"");
        co_return;
    }));
    const auto answer = client.get("/");
    BOOST_TEST(answer.status == 401);
    BOOST_TEST(answer.field("WWW-Authenticate") == "Basic realm=\"a \\\"b\\\"\", charset=\"UTF-8\"");
}

BOOST_AUTO_TEST_CASE(another_host) {
    Site site;
    site.hosts = {"a.example"};
    site.add("/", basehttp::handler<Plain>());
    TestClient client(std::move(site));
    BOOST_TEST(client.get("/").status == 421);
    BOOST_TEST(client.get("/", {{"host", "a.example"}}).status == 200);
}

}  // namespace
