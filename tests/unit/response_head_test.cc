#include "basehttp/protocol/response_head.h"

#include <limits>

#include <boost/test/unit_test.hpp>

using namespace basehttp;
using namespace std::literals;

BOOST_AUTO_TEST_CASE(status_lines) {
    struct Row {
        int status;
        std::string_view phrase, line;
    };
    for (const auto& [status, phrase, line] : {
             Row{200, "OK", "HTTP/1.1 200 OK\r\n"},
             Row{404, "Not Found", "HTTP/1.1 404 Not Found\r\n"},
             Row{599, "", "HTTP/1.1 599 \r\n"},
             Row{200, "a\tb\xe9", "HTTP/1.1 200 a\tb\xe9\r\n"},
             Row{200, "a\r\nSet-Cookie: b\0c\x7f"sv, "HTTP/1.1 200 a  Set-Cookie: b c \r\n"},
         }) {
        std::string out = "|";
        append_status_line(out, kHttp11, status, phrase);
        BOOST_TEST(out == "|" + std::string(line));
    }
}

BOOST_AUTO_TEST_CASE(field_lines) {
    struct Row {
        std::string_view name, value, line;
    };
    for (const auto& [name, value, line] : {
             Row{"Server", "basehttpd", "Server: basehttpd\r\n"},
             Row{"Empty", "", "Empty: \r\n"},
             Row{"X", "a\tb \xff", "X: a\tb \xff\r\n"},
             Row{"Location", "/a\r\nSet-Cookie: b", "Location: /a  Set-Cookie: b\r\n"},
             Row{"X", "\0\x1f\x7f"sv, "X:    \r\n"},
         }) {
        std::string out = "|";
        append_field_line(out, name, value);
        BOOST_TEST(out == "|" + std::string(line));
    }
}

BOOST_AUTO_TEST_CASE(the_seed_s_version) {
    std::string out;
    append_status_line(out, kHttp10, 200, "OK");
    BOOST_TEST(out == "HTTP/1.0 200 OK\r\n");
}

BOOST_AUTO_TEST_CASE(fields_that_may_be_trailers) {
    for (const std::string_view name : {"X-Sum", "Digest", "ETag", "Server-Timing", "Last-Modified", "Contents"})
        BOOST_TEST(may_be_trailer(name), name);
    for (const std::string_view name : {"Content-Length", "transfer-encoding", "TRAILER", "TE", "Host", "Set-Cookie",
                                        "Content-Type", "WWW-Authenticate", "Accept-Ranges", "", "a b", "X:"})
        BOOST_TEST(!may_be_trailer(name), name);
}

BOOST_AUTO_TEST_CASE(field_lines_with_numbers) {
    std::string out;
    append_field_line(out, "Content-Length", std::uint64_t{0});
    append_field_line(out, "Content-Length", std::numeric_limits<std::uint64_t>::max());
    BOOST_TEST(out == "Content-Length: 0\r\nContent-Length: 18446744073709551615\r\n");
}
