#include "basehttp/protocol/response_parser.h"

#include <optional>
#include <string>

#include <boost/test/unit_test.hpp>

#include "basehttp/protocol/body_framing.h"
#include "tests/unit/protocol_rows.h"

using namespace basehttp;
using Kind = BodyFraming::Kind;

BOOST_TEST_DONT_PRINT_LOG_VALUE(basehttp::BodyFraming::Kind)

namespace {

Limits small_limits() {
    Limits limits;
    limits.request_line = 60;
    limits.header_bytes = 60;
    limits.header_fields = 3;
    return limits;
}

struct Outcome {
    std::optional<Refusal> refusal{};
    bool complete = false;
    std::string summary{};  // `STATUS MINOR REASON`, then `|NAME=VALUE` for each field line
    std::size_t size = 0;
};

Outcome outcome_of(const ResponseParser& parser, std::expected<ParseProgress, Refusal> progress,
                   const ReceivedResponse& response) {
    if (!progress) return {.refusal = progress.error()};
    if (*progress == ParseProgress::need_more) return {};
    std::string text = std::to_string(response.status) + ' ' + std::to_string(response.version.minor) + ' ';
    text += response.reason;
    for (const FieldLine& line : response.fields)
        ((text += '|') += line.name).append("=").append(line.value);
    return {.complete = true, .summary = text, .size = parser.head_size()};
}

// Whole, split at each byte, and byte by byte: the same outcome each time.
template <typename Check>
void feed_in_all_ways(std::string_view bytes, Check check) {
    const Limits limits = small_limits();
    for (std::size_t cut = 0; cut <= bytes.size(); ++cut) {
        ResponseParser parser(limits);
        ReceivedResponse response;
        auto progress = parser.parse(bytes.substr(0, cut), response);
        if (progress && *progress == ParseProgress::need_more) progress = parser.parse(bytes, response);
        BOOST_TEST_CONTEXT("split at " << cut) check(outcome_of(parser, progress, response));
    }
    ResponseParser parser(limits);
    ReceivedResponse response;
    std::expected<ParseProgress, Refusal> progress = ParseProgress::need_more;
    for (std::size_t size = 0; size <= bytes.size() && progress && *progress == ParseProgress::need_more; ++size)
        progress = parser.parse(bytes.substr(0, size), response);
    BOOST_TEST_CONTEXT("byte by byte") check(outcome_of(parser, progress, response));
}

struct Accepted {
    std::string_view name, head, summary;
    std::string_view after = {};
};

constexpr Accepted kAccepted[] = {
    {"no fields", "HTTP/1.1 200 OK\r\n\r\n", "200 1 OK"},
    {"fields", "HTTP/1.1 404 Not Found\r\nA: b\r\nC:d \r\n\r\n", "404 1 Not Found|A=b|C=d"},
    {"HTTP/1.0", "HTTP/1.0 200 OK\r\n\r\n", "200 0 OK"},
    {"a later version", "HTTP/1.2 200 OK\r\n\r\n", "200 2 OK"},
    {"no reason", "HTTP/1.1 200 \r\n\r\n", "200 1 "},
    {"no space behind the status", "HTTP/1.1 200\r\n\r\n", "200 1 "},
    {"an odd reason", "HTTP/1.1 299 \"a: b\" \xe4\r\n\r\n", "299 1 \"a: b\" \xe4"},
    {"an unknown status", "HTTP/1.1 799 X\r\n\r\n", "799 1 X"},
    {"interim", "HTTP/1.1 103 Early Hints\r\nLink: x\r\n\r\n", "103 1 Early Hints|Link=x", "HTTP/1.1 200 OK\r\n"},
    {"content behind it", "HTTP/1.1 200 OK\r\nX:\r\n\r\n", "200 1 OK|X=", "\r\n\r\nabc"},
    {"a tab in a value", "HTTP/1.1 200 OK\r\nX: a\tb\r\n\r\n", "200 1 OK|X=a\tb"},
    {"as long as may be", "HTTP/1.1 200 OK\r\nX: 3456789012345678901234567890123456789012345678901234567\r\n\r\n",
     "200 1 OK|X=3456789012345678901234567890123456789012345678901234567", ""},
};

struct Refused {
    std::string_view name, head;
    Refusal refusal;
};

constexpr Refused kRefused[] = {
    {"not HTTP", "SSH-2.0-OpenSSH\r\n", Refusal::bad_status_line},
    {"an empty line", "\r\n", Refusal::bad_status_line},
    {"HTTP/2", "HTTP/2.0 200 OK\r\n", Refusal::bad_status_line},
    {"HTTP/0.9", "<html>\r\n", Refusal::bad_status_line},
    {"small letters", "http/1.1 200 OK\r\n", Refusal::bad_status_line},
    {"a longer version", "HTTP/1.11 200 OK\r\n", Refusal::bad_status_line},
    {"two spaces", "HTTP/1.1  200 OK\r\n", Refusal::bad_status_line},
    {"a tab", "HTTP/1.1\t200 OK\r\n", Refusal::bad_status_line},
    {"two digits", "HTTP/1.1 20 OK\r\n", Refusal::bad_status_line},
    {"four digits", "HTTP/1.1 2000 OK\r\n", Refusal::bad_status_line},
    {"a status below 100", "HTTP/1.1 099 OK\r\n", Refusal::bad_status_line},
    {"a sign", "HTTP/1.1 +20 OK\r\n", Refusal::bad_status_line},
    {"a tab behind the status", "HTTP/1.1 200\tOK\r\n", Refusal::bad_status_line},
    {"a CR in the reason", "HTTP/1.1 200 O\rK\r\n", Refusal::bad_status_line},
    {"a control byte in the reason", "HTTP/1.1 200 O\x01K\r\n", Refusal::bad_status_line},
    {"a long status line", "HTTP/1.1 200 456789012345678901234567890123456789012345678901\r\n",
     Refusal::bad_status_line},
    {"a status line without end", "HTTP/1.1 200 45678901234567890123456789012345678901234567890123456",
     Refusal::bad_status_line},
    {"a lone LF", "HTTP/1.1 200 OK\n\n", Refusal::bare_line_feed},
    {"a lone LF behind a field", "HTTP/1.1 200 OK\r\nA: b\n\r\n", Refusal::bare_line_feed},
    {"a lone LF at the end", "HTTP/1.1 200 OK\r\nA: b\r\n\n", Refusal::bare_line_feed},
    {"a lone CR", "HTTP/1.1 200 OK\r\nA: b\rC: d\r\n\r\n", Refusal::bare_carriage_return},
    {"a NUL", std::string_view("HTTP/1.1 200 OK\r\nA: b\0\r\n\r\n", 27), Refusal::bad_field_value},
    {"no colon", "HTTP/1.1 200 OK\r\nA b\r\n\r\n", Refusal::bad_field_line},
    {"no name", "HTTP/1.1 200 OK\r\n: b\r\n\r\n", Refusal::bad_field_line},
    {"a space before the colon", "HTTP/1.1 200 OK\r\nA : b\r\n\r\n", Refusal::space_before_colon},
    {"a folded line", "HTTP/1.1 200 OK\r\nA: b\r\n c\r\n\r\n", Refusal::folded_field_line},
    {"a fold at once", "HTTP/1.1 200 OK\r\n A: b\r\n\r\n", Refusal::folded_field_line},
    {"too many", "HTTP/1.1 200 OK\r\nA:\r\nB:\r\nC:\r\nD:\r\n\r\n", Refusal::too_many_fields},
    {"too large", "HTTP/1.1 200 OK\r\nX: 34567890123456789012345678901234567890123456789012345678\r\n\r\n",
     Refusal::fields_too_large},
    {"a line without end", "HTTP/1.1 200 OK\r\nX: 3456789012345678901234567890123456789012345678901234567890123",
     Refusal::fields_too_large},
};

struct Framed {
    std::string_view name, head;
    Kind kind;
    std::uint64_t length = 0;
    bool to_head = false;
};

constexpr Framed kFramed[] = {
    {"nothing said", "HTTP/1.1 200 OK\r\n\r\n", Kind::until_close},
    {"nothing said in 1.0", "HTTP/1.0 200 OK\r\n\r\n", Kind::until_close},
    {"a length", "HTTP/1.1 200 OK\r\nContent-Length: 7\r\n\r\n", Kind::length, 7},
    {"a length in 1.0", "HTTP/1.0 200 OK\r\nContent-Length: 7\r\n\r\n", Kind::length, 7},
    {"no content", "HTTP/1.1 200 OK\r\nContent-Length: 0\r\n\r\n", Kind::none},
    {"chunked", "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n", Kind::chunked},
    {"to HEAD", "HTTP/1.1 200 OK\r\nContent-Length: 7\r\n\r\n", Kind::none, 0, true},
    {"chunked to HEAD", "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n", Kind::none, 0, true},
    {"204", "HTTP/1.1 204 No Content\r\n\r\n", Kind::none},
    {"204 with a length", "HTTP/1.1 204 No Content\r\nContent-Length: 7\r\n\r\n", Kind::none},
    {"304", "HTTP/1.1 304 Not Modified\r\nContent-Length: 7\r\n\r\n", Kind::none},
    {"interim", "HTTP/1.1 103 Early Hints\r\n\r\n", Kind::none},
    {"101", "HTTP/1.1 101 Switching Protocols\r\n\r\n", Kind::none},
};

struct Unframed {
    std::string_view name, head;
    Refusal refusal;
};

constexpr Unframed kUnframed[] = {
    {"two lengths", "HTTP/1.1 200 OK\r\nContent-Length: 7\r\nContent-Length: 7\r\n\r\n",
     Refusal::content_length_repeated},
    {"a list", "HTTP/1.1 200 OK\r\nContent-Length: 7, 7\r\n\r\n", Refusal::bad_content_length},
    {"both", "HTTP/1.1 200 OK\r\nContent-Length: 7\r\nTransfer-Encoding: chunked\r\n\r\n",
     Refusal::length_and_coding},
    {"both, to whatever", "HTTP/1.1 304 OK\r\nContent-Length: 7\r\nTransfer-Encoding: chunked\r\n\r\n",
     Refusal::length_and_coding},
    {"a coding in 1.0", "HTTP/1.0 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n", Refusal::coding_in_old_version},
    {"gzip", "HTTP/1.1 200 OK\r\nTransfer-Encoding: gzip\r\n\r\n", Refusal::coding_not_supported},
    {"gzip and chunked", "HTTP/1.1 200 OK\r\nTransfer-Encoding: gzip, chunked\r\n\r\n",
     Refusal::coding_not_supported},
    {"chunked twice", "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked, chunked\r\n\r\n", Refusal::chunked_not_last},
};

std::expected<BodyFraming, Refusal> framing_of(std::string_view head, bool to_head) {
    const Limits limits;
    ResponseParser parser(limits);
    ReceivedResponse response;
    const auto progress = parser.parse(head, response);
    BOOST_REQUIRE(progress && *progress == ParseProgress::complete);
    return decide_body_framing(response, to_head);
}

}  // namespace

BOOST_AUTO_TEST_CASE(accepted) {
    for (const Accepted& row : kAccepted) {
        BOOST_TEST_CONTEXT(row.name) {
            const std::string bytes = std::string(row.head) + std::string(row.after);
            feed_in_all_ways(bytes, [&row](const Outcome& outcome) {
                BOOST_TEST(outcome.complete);
                BOOST_TEST(!outcome.refusal.has_value());
                BOOST_TEST(outcome.summary == row.summary);
                BOOST_TEST(outcome.size == row.head.size());
            });
        }
    }
}

BOOST_AUTO_TEST_CASE(refused) {
    for (const Refused& row : kRefused) {
        BOOST_TEST_CONTEXT(row.name) {
            feed_in_all_ways(row.head, [&row](const Outcome& outcome) {
                BOOST_REQUIRE(outcome.refusal.has_value());
                BOOST_TEST(*outcome.refusal == row.refusal);
            });
        }
    }
}

BOOST_AUTO_TEST_CASE(each_beginning_of_a_good_head_needs_more) {
    constexpr std::string_view kHead = "HTTP/1.1 200 OK\r\nA: b\r\n\r\n";
    const Limits limits = small_limits();
    for (std::size_t size = 0; size < kHead.size(); ++size) {
        ResponseParser parser(limits);
        ReceivedResponse response;
        const auto progress = parser.parse(kHead.substr(0, size), response);
        BOOST_TEST((progress && *progress == ParseProgress::need_more), "with " << size << " bytes");
    }
}

BOOST_AUTO_TEST_CASE(framed) {
    for (const Framed& row : kFramed) {
        BOOST_TEST_CONTEXT(row.name) {
            const auto framing = framing_of(row.head, row.to_head);
            BOOST_REQUIRE(framing.has_value());
            BOOST_TEST(framing->kind == row.kind);
            BOOST_TEST(framing->length == row.length);
        }
    }
}

BOOST_AUTO_TEST_CASE(not_framed) {
    for (const Unframed& row : kUnframed) {
        BOOST_TEST_CONTEXT(row.name) {
            const auto framing = framing_of(row.head, false);
            BOOST_REQUIRE(!framing.has_value());
            BOOST_TEST(framing.error() == row.refusal);
        }
    }
}
