#include "basehttp/upstream/content_decoder.h"

#include <optional>
#include <string>

#include <boost/test/unit_test.hpp>

#include "tests/unit/protocol_rows.h"

using namespace basehttp;
using Kind = BodyFraming::Kind;

namespace {

struct Row {
    std::string_view name;
    BodyFraming framing;
    std::string_view bytes, content;
    bool complete;
    std::string_view left = {};
    bool may_end = false;
};

constexpr Row kRows[] = {
    {"none", {Kind::none}, "HTTP/1.1", "", true, "HTTP/1.1", true},
    {"a length", {Kind::length, 4}, "spam", "spam", true, "", true},
    {"a length, and more", {Kind::length, 4}, "spamHTTP", "spam", true, "HTTP", true},
    {"a length, cut short", {Kind::length, 5}, "spam", "spam", false},
    {"chunks", {Kind::chunked}, "2\r\nsp\r\n2\r\nam\r\n0\r\nA: b\r\n\r\nHTTP", "spam", true, "HTTP", true},
    {"chunks, cut short", {Kind::chunked}, "2\r\nsp\r\n2\r\nam\r\n0\r\n", "spam", false},
    {"until the end", {Kind::until_close}, "spam", "spam", false, "", true},
};

}  // namespace

BOOST_AUTO_TEST_CASE(split_everywhere) {
    for (const Row& row : kRows) {
        for (std::size_t cut = 0; cut <= row.bytes.size(); ++cut) {
            BOOST_TEST_CONTEXT(row.name << ", split at " << cut) {
                ContentDecoder decoder(row.framing);
                std::string content;
                std::string_view input = row.bytes.substr(0, cut);
                for (const std::string_view rest : {row.bytes.substr(cut), std::string_view()}) {
                    for (;;) {
                        const std::string_view piece = decoder.next(input).value_or("");
                        if (piece.empty()) break;
                        content += piece;
                    }
                    input = row.bytes.substr(row.bytes.size() - rest.size() - input.size());
                }
                BOOST_TEST(content == row.content);
                BOOST_TEST(input == row.left);
                BOOST_TEST(decoder.complete() == row.complete);
                BOOST_TEST(decoder.end() == row.may_end);
            }
        }
    }
}

BOOST_AUTO_TEST_CASE(trailers) {
    ContentDecoder decoder({Kind::chunked});
    std::string_view input = "0\r\nA: b\r\n\r\n";
    BOOST_TEST(decoder.next(input)->empty());
    BOOST_REQUIRE(decoder.complete());
    BOOST_TEST(decoder.trailers().find("A").value_or("") == "b");
}

BOOST_AUTO_TEST_CASE(a_bad_chunk) {
    ContentDecoder decoder({Kind::chunked});
    std::string_view input = "x\r\n";
    const auto piece = decoder.next(input);
    BOOST_REQUIRE(!piece.has_value());
    BOOST_TEST(piece.error() == Refusal::bad_chunk);
}
