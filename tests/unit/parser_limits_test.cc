// The bounds of RequestParser, and what it tells about requests that it does not finish.
#include <boost/test/unit_test.hpp>

#include "basehttp/protocol/request_parser.h"
#include "tests/unit/head_feeding.h"

using namespace basehttp;
using namespace std::literals;

namespace {

std::string repeat(std::string_view text, std::size_t times) {
    std::string all;
    while (times-- > 0)
        all += text;
    return all;
}

// Nothing where `bytes` are a good head.
void expect(std::string_view bytes, const Limits& limits, std::optional<Refusal> refusal) {
    feed_in_all_ways(bytes, limits, true, [&](const HeadOutcome& outcome) {
        BOOST_TEST_REQUIRE(outcome.refusal.has_value() == refusal.has_value());
        if (refusal) BOOST_TEST(*outcome.refusal == *refusal);
        BOOST_TEST(outcome.complete == !refusal);
    });
}

}  // namespace

BOOST_AUTO_TEST_CASE(length_of_the_request_line) {
    Limits limits;
    limits.request_line = 20;  // "GET / HTTP/1.0" has 14
    for (const std::string_view end : {"\r\n"sv, "\n"sv}) {
        for (const std::size_t size : {14U, 19U, 20U, 21U, 22U, 23U, 40U}) {
            BOOST_TEST_CONTEXT(size << " bytes, end of " << end.size()) {
                const std::string head =
                    "GET /" + std::string(size - 14, 'a') + " HTTP/1.0" + std::string(end) + "\r\n";
                expect(head, limits, size <= 20 ? std::nullopt : std::optional(Refusal::request_line_too_long));
                expect("\r\n" + head, limits,
                       size <= 20 ? std::nullopt : std::optional(Refusal::request_line_too_long));
            }
        }
    }
    BOOST_TEST_CONTEXT("no end in sight")
    expect("GET /" + std::string(40, 'a'), limits, Refusal::request_line_too_long);
    limits.strictness = Strictness::strict;
    BOOST_TEST_CONTEXT("strict, lone LF") {
        expect("GET /" + std::string(40, 'a') + " HTTP/1.0\n\n", limits, Refusal::request_line_too_long);
        expect("GET /" + std::string(7, 'a') + " HTTP/1.0\n\n", limits, Refusal::request_line_too_long);
    }
}

BOOST_AUTO_TEST_CASE(a_line_that_is_too_long_is_refused_at_the_first_byte_past_the_limit) {
    Limits limits;
    limits.request_line = 20;
    const std::string bytes = "GET /" + std::string(100, 'a');
    HeadFeeder growing(bytes, limits, true);
    std::size_t size = 0;
    while (!growing.grow(size))
        ++size;
    BOOST_TEST(size == 21U);
}

BOOST_AUTO_TEST_CASE(bytes_of_all_field_lines) {
    Limits limits;
    limits.header_bytes = 40;  // line ends count, the empty line does not
    for (const std::string_view end : {"\r\n"sv, "\n"sv}) {
        for (const std::size_t size : {39U, 40U, 41U, 42U, 60U}) {
            BOOST_TEST_CONTEXT(size << " bytes, end of " << end.size()) {
                std::string lines = "A: 123456789" + std::string(end) + "B:";
                lines += std::string(size - lines.size() - end.size(), 'b') + std::string(end);
                BOOST_TEST_REQUIRE(lines.size() == size);
                const auto refusal = size <= 40 ? std::nullopt : std::optional(Refusal::fields_too_large);
                expect("GET / HTTP/1.0\r\n" + lines + std::string(end), limits, refusal);
                expect("\r\nGET /a HTTP/1.0\r\n" + lines + std::string(end), limits, refusal);
            }
        }
    }
    BOOST_TEST_CONTEXT("no end in sight") {
        expect("GET / HTTP/1.0\r\nA: " + std::string(80, 'a'), limits, Refusal::fields_too_large);
    }
    BOOST_TEST_CONTEXT("many short lines") {
        expect("GET / HTTP/1.0\r\n" + repeat("A:\r\n", 10) + "\r\n", limits, std::nullopt);
        expect("GET / HTTP/1.0\r\n" + repeat("A:\r\n", 11) + "\r\n", limits, Refusal::fields_too_large);
    }
    limits.header_bytes = 0;
    BOOST_TEST_CONTEXT("none at all") {
        expect("GET / HTTP/1.0\r\n\r\n", limits, std::nullopt);
        expect("GET / HTTP/1.0\r\nA:\r\n\r\n", limits, Refusal::fields_too_large);
    }
}

BOOST_AUTO_TEST_CASE(number_of_field_lines) {
    Limits limits;
    limits.header_fields = 3;
    for (const std::size_t count : {0U, 2U, 3U, 4U, 5U}) {
        BOOST_TEST_CONTEXT(count << " lines") {
            expect("GET / HTTP/1.0\r\n" + repeat("A: b\r\n", count) + "\r\n", limits,
                   count <= 3 ? std::nullopt : std::optional(Refusal::too_many_fields));
        }
    }
    limits.header_fields = 0;
    BOOST_TEST_CONTEXT("0 is no limit") expect("GET / HTTP/1.0\r\nA: b\r\nA: b\r\n\r\n", limits, std::nullopt);
}

BOOST_AUTO_TEST_CASE(number_of_empty_lines) {
    for (const std::size_t most : {0U, 1U, 4U}) {
        Limits limits;
        limits.empty_lines = most;
        for (const std::size_t count : {most, most + 1}) {
            BOOST_TEST_CONTEXT(count << " empty lines of " << most) {
                const auto refusal = count <= most ? std::nullopt : std::optional(Refusal::empty_lines);
                expect(repeat("\r\n", count) + "GET / HTTP/1.0\r\n\r\n", limits, refusal);
                expect(repeat("\n", count) + "GET / HTTP/1.0\r\n\r\n", limits, refusal);
            }
        }
    }
}

BOOST_AUTO_TEST_CASE(the_line_is_known_even_where_it_is_refused_and_holds_nothing_else) {
    struct Row {
        std::string_view name, bytes, line;
        Strictness strictness = Strictness::standard;
    };
    const std::string too_long = "GET /" + std::string(9000, 'a') + " HTTP/1.1";
    const std::string too_long_whole = too_long + "\r\nCookie: secret\r\n\r\n";
    for (const Row& row : {
             Row{"good", "GET / HTTP/1.0\r\n\r\n", "GET / HTTP/1.0"},
             Row{"spaces", "GET  /  HTTP/1.0 \r\n\r\n", "GET  /  HTTP/1.0 "},
             Row{"half", "GET /ha", "GET /ha"},
             Row{"half after an empty line", "\r\nGET /ha", "GET /ha"},
             Row{"bad version", "GET / HTTP/x\r\nCookie: secret\r\n\r\n", "GET / HTTP/x"},
             Row{"bad fields", "GET / HTTP/1.0\r\nCookie\r\n\r\n", "GET / HTTP/1.0"},
             Row{"TLS", "\x16\x03\x01", "\x16\x03\x01"},
             Row{"bad method", "(GET) / HTTP/1.0\r\nCookie: secret\r\n\r\n", "(GET) / HTTP/1.0"},
             Row{"strict", "GET / HTTP/1.0\nCookie: secret\r\n\r\n", "GET / HTTP/1.0", Strictness::strict},
             Row{"too long", too_long_whole, too_long},
             Row{"too long and half", std::string_view(too_long).substr(0, 8500),
                 std::string_view(too_long).substr(0, 8500)},
             Row{"half an end", "GET / HTTP/1.0\r", "GET / HTTP/1.0"},
         }) {
        BOOST_TEST_CONTEXT(row.name) {
            Limits limits;
            limits.strictness = row.strictness;
            HeadFeeder feeder(row.bytes, limits, true);
            feeder.grow(row.bytes.size());
            BOOST_TEST(feeder.outcome().line == row.line);
        }
    }
}

BOOST_AUTO_TEST_CASE(a_refusal_is_answered_in_the_version_of_the_request) {
    struct Row {
        std::string_view bytes;
        Version version;
        std::string_view method;
    };
    for (const Row& row : {
             Row{"GET / HTTP/1.0\r\nA\r\n", kHttp10, "GET"},
             Row{"GET / HTTP/2.0\r\n", kHttp11, "GET"},
             Row{"GET / HTTP/x\r\n", kHttp11, "GET"},
             Row{"HEAD a HTTP/1.0\r\n", kHttp10, "HEAD"},
             Row{"POST /\r\n", kHttp11, "POST"},  // malformed, so never headerless
             Row{"GET a\r\n", kHttp11, "GET"},
             Row{"GET http://u@h/\r\n", kHttp11, "GET"},
             Row{"GET\r\n", kHttp11, ""},
             Row{"GET / a b c\r\n", kHttp11, ""},
             Row{"\x01\r\n", kHttp11, ""},
             Row{"G\x01\r\n", kHttp11, ""},
         }) {
        BOOST_TEST_CONTEXT(row.bytes) {
            const Limits limits;
            RequestParser parser(limits);
            Request request;
            BOOST_TEST(!parser.parse(row.bytes, request).has_value());
            BOOST_TEST((request.version == row.version));
            BOOST_TEST(request.method == row.method);
        }
    }
}

BOOST_AUTO_TEST_CASE(started_tells_silence_from_half_a_request) {
    const Limits limits;
    RequestParser parser(limits);
    Request request;
    const std::string_view bytes = "\r\nGET / HTTP/1.0\r\n\r\n";
    BOOST_TEST(!parser.started());
    for (std::size_t size = 0; size <= bytes.size(); ++size) {
        BOOST_TEST_REQUIRE(parser.parse(bytes.substr(0, size), request).has_value());
        BOOST_TEST(parser.started() == (size == 1 || size > 2), size);
    }
    parser.restart(false);
    BOOST_TEST(!parser.started());
}

BOOST_AUTO_TEST_CASE(a_parser_serves_one_request_after_another) {
    const Limits limits;
    RequestParser parser(limits);
    Request request;
    const std::string_view bytes =
        "GET /a HTTP/1.1\r\nHost: h\r\nA: b\r\n\r\n\r\nGET /b?c HTTP/1.0\r\n\r\nGET /c\r\n";
    BOOST_TEST((parser.parse(bytes, request).value() == ParseProgress::complete));
    BOOST_TEST(summary(request) == "GET /a 1.1 h|Host=h|A=b");
    BOOST_TEST((parser.parse(bytes, request).value() == ParseProgress::complete), "complete stays complete");
    std::string_view rest = bytes.substr(parser.head_size());
    parser.restart(false);
    BOOST_TEST((parser.parse(rest, request).value() == ParseProgress::complete));
    BOOST_TEST(summary(request) == "GET /b?c 1.0 ", "the request before it has left traces");
    rest.remove_prefix(parser.head_size());
    parser.restart(false);
    const auto refused = parser.parse(rest, request);
    BOOST_TEST_REQUIRE(!refused.has_value());
    BOOST_TEST(refused.error() == Refusal::simple_request_refused);
    parser.restart(true);
    BOOST_TEST((parser.parse(rest, request).value() == ParseProgress::complete));
    BOOST_TEST(summary(request) == "GET /c 0.9 ");
}
