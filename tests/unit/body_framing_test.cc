#include "basehttp/protocol/body_framing.h"

#include <span>

#include <boost/test/unit_test.hpp>

#include "basehttp/protocol/persistence.h"
#include "tests/unit/protocol_rows.h"

using namespace basehttp;
using Kind = BodyFraming::Kind;

BOOST_TEST_DONT_PRINT_LOG_VALUE(basehttp::BodyFraming::Kind)

namespace {

struct Accepted {
    std::string_view name, fields;
    Kind kind;
    std::uint64_t length = 0;
    std::string_view version = "1.1";
};

constexpr Accepted kAccepted[] = {
    {"no fields", "", Kind::none},
    {"no fields in 1.0", "", Kind::none, 0, "1.0"},
    {"a length", "Content-Length: 5\r\n", Kind::length, 5},
    {"a length in 1.0", "Content-Length: 5\r\n", Kind::length, 5, "1.0"},
    {"name in other case", "cOnTeNt-LeNgTh: 5\r\n", Kind::length, 5},
    {"nothing", "Content-Length: 0\r\n", Kind::none},
    {"nothing, at length", "Content-Length: 000\r\n", Kind::none},
    {"leading zeros", "Content-Length: 0042\r\n", Kind::length, 42},
    {"leading zeros past any width", "Content-Length: 000000000000000000000000000001\r\n", Kind::length, 1},
    {"white space around", "Content-Length: \t 5 \t\r\n", Kind::length, 5},
    {"no white space", "Content-Length:5\r\n", Kind::length, 5},
    {"largest", "Content-Length: 18446744073709551615\r\n", Kind::length, 18446744073709551615U},
    {"chunked", "Transfer-Encoding: chunked\r\n", Kind::chunked},
    {"chunked in other case", "transfer-encoding: ChunKED\r\n", Kind::chunked},
    {"chunked in a later version", "Transfer-Encoding: chunked\r\n", Kind::chunked, 0, "1.2"},
    {"empty members of the list", "Transfer-Encoding: , chunked ,\r\n", Kind::chunked},
    {"empty second line", "Transfer-Encoding: chunked\r\nTransfer-Encoding:\r\n", Kind::chunked},
    {"TE is another field", "TE: gzip, trailers\r\n", Kind::none},
    {"names alike", "X-Content-Length: 5\r\nContent-Length-X: 6\r\nContent_Length: 7\r\n", Kind::none},
    {"coding names alike", "Transfer_Encoding: chunked\r\nX-Transfer-Encoding: chunked\r\n", Kind::none},
    {"name in a value", "X: Content-Length: 5\r\n", Kind::none},
};

struct Refused {
    std::string_view name, fields;
    Refusal refusal;
    std::string_view version = "1.1";
};

constexpr Refused kRefusedLengths[] = {
    {"empty", "Content-Length:\r\n", Refusal::bad_content_length},
    {"white space", "Content-Length:  \t\r\n", Refusal::bad_content_length},
    {"plus", "Content-Length: +5\r\n", Refusal::bad_content_length},
    {"minus", "Content-Length: -5\r\n", Refusal::bad_content_length},
    {"minus zero", "Content-Length: -0\r\n", Refusal::bad_content_length},
    {"hexadecimal", "Content-Length: 0x5\r\n", Refusal::bad_content_length},
    {"hexadecimal digits", "Content-Length: a\r\n", Refusal::bad_content_length},
    {"fraction", "Content-Length: 5.0\r\n", Refusal::bad_content_length},
    {"exponent", "Content-Length: 5e1\r\n", Refusal::bad_content_length},
    {"underscore", "Content-Length: 5_0\r\n", Refusal::bad_content_length},
    {"thousands", "Content-Length: 1,000\r\n", Refusal::bad_content_length},
    {"inner space", "Content-Length: 5 0\r\n", Refusal::bad_content_length},
    {"quoted", "Content-Length: \"5\"\r\n", Refusal::bad_content_length},
    {"list of equals", "Content-Length: 5, 5\r\n", Refusal::bad_content_length},
    {"list without space", "Content-Length: 5,5\r\n", Refusal::bad_content_length},
    {"empty member", "Content-Length: 5,\r\n", Refusal::bad_content_length},
    {"parameter", "Content-Length: 5;q=1\r\n", Refusal::bad_content_length},
    {"no-break space",
     "Content-Length: \xa0"
     "5\r\n",
     Refusal::bad_content_length},
    {"full-width digit", "Content-Length: \xef\xbc\x95\r\n", Refusal::bad_content_length},
    {"past the largest", "Content-Length: 18446744073709551616\r\n", Refusal::bad_content_length},
    {"wraps around to 5", "Content-Length: 18446744073709551621\r\n", Refusal::bad_content_length},
    {"far past the largest", "Content-Length: 99999999999999999999999999\r\n", Refusal::bad_content_length},
    {"bad in 1.0", "Content-Length: +5\r\n", Refusal::bad_content_length, "1.0"},
    {"two lines", "Content-Length: 5\r\nContent-Length: 6\r\n", Refusal::content_length_repeated},
    {"two equal lines", "Content-Length: 5\r\nContent-Length: 5\r\n", Refusal::content_length_repeated},
    {"two equal lines in 1.0", "Content-Length: 5\r\nContent-Length: 5\r\n", Refusal::content_length_repeated, "1.0"},
    {"two lines, case differs", "Content-Length: 0\r\nX: y\r\ncontent-length: 0\r\n",
     Refusal::content_length_repeated},
    {"two lines, one empty", "Content-Length: 5\r\nContent-Length:\r\n", Refusal::content_length_repeated},
};

constexpr Refused kRefusedCodings[] = {
    {"CL.TE", "Content-Length: 5\r\nTransfer-Encoding: chunked\r\n", Refusal::length_and_coding},
    {"TE.CL", "Transfer-Encoding: chunked\r\nContent-Length: 5\r\n", Refusal::length_and_coding},
    {"length 0 and coding", "Transfer-Encoding: chunked\r\nContent-Length: 0\r\n", Refusal::length_and_coding},
    {"bad length and coding", "Transfer-Encoding: chunked\r\nContent-Length: x\r\n", Refusal::length_and_coding},
    {"length and bad coding", "Content-Length: 5\r\nTransfer-Encoding: xchunked\r\n", Refusal::length_and_coding},
    {"length and empty coding", "Content-Length: 5\r\nTransfer-Encoding:\r\n", Refusal::length_and_coding},
    {"two lengths and coding", "Content-Length: 5\r\nTransfer-Encoding: chunked\r\nContent-Length: 5\r\n",
     Refusal::length_and_coding},
    {"in 1.0", "Transfer-Encoding: chunked\r\n", Refusal::coding_in_old_version, "1.0"},
    {"in 1.0 with a length", "Transfer-Encoding: chunked\r\nContent-Length: 5\r\n", Refusal::coding_in_old_version,
     "1.0"},
    {"unknown in 1.0", "Transfer-Encoding: x\r\n", Refusal::coding_in_old_version, "1.0"},
    {"empty", "Transfer-Encoding:\r\n", Refusal::chunked_not_last},
    {"empty list", "Transfer-Encoding: , ,\r\n", Refusal::chunked_not_last},
    {"chunked twice", "Transfer-Encoding: chunked, chunked\r\n", Refusal::chunked_not_last},
    {"chunked twice in two lines", "Transfer-Encoding: chunked\r\nTransfer-Encoding: chunked\r\n",
     Refusal::chunked_not_last},
    {"chunked not last", "Transfer-Encoding: chunked, gzip\r\n", Refusal::chunked_not_last},
    {"chunked not last, identity", "Transfer-Encoding: chunked, identity\r\n", Refusal::chunked_not_last},
    {"chunked not last in two lines", "Transfer-Encoding: chunked\r\nTransfer-Encoding: identity\r\n",
     Refusal::chunked_not_last},
    {"chunked around another", "Transfer-Encoding: chunked, gzip, chunked\r\n", Refusal::chunked_not_last},
    {"identity", "Transfer-Encoding: identity\r\n", Refusal::coding_not_supported},
    {"identity first", "Transfer-Encoding: identity, chunked\r\n", Refusal::coding_not_supported},
    {"identity first in two lines", "Transfer-Encoding: identity\r\nTransfer-Encoding: chunked\r\n",
     Refusal::coding_not_supported},
    {"gzip", "Transfer-Encoding: gzip\r\n", Refusal::coding_not_supported},
    {"gzip and chunked", "Transfer-Encoding: gzip, chunked\r\n", Refusal::coding_not_supported},
    {"prefixed", "Transfer-Encoding: xchunked\r\n", Refusal::coding_not_supported},
    {"suffixed", "Transfer-Encoding: chunkedx\r\n", Refusal::coding_not_supported},
    {"parameter", "Transfer-Encoding: chunked;a=b\r\n", Refusal::coding_not_supported},
    {"quoted", "Transfer-Encoding: \"chunked\"\r\n", Refusal::coding_not_supported},
    {"single quotes", "Transfer-Encoding: 'chunked'\r\n", Refusal::coding_not_supported},
    {"inner space", "Transfer-Encoding: chu nked\r\n", Refusal::coding_not_supported},
    {"space for a comma", "Transfer-Encoding: gzip chunked\r\n", Refusal::coding_not_supported},
    {"semicolon for a comma", "Transfer-Encoding: x;chunked\r\n", Refusal::coding_not_supported},
    {"colon first", "Transfer-Encoding: : chunked\r\n", Refusal::coding_not_supported},
    {"chunked inside of quotes", "Transfer-Encoding: \"a, chunked\r\n", Refusal::coding_not_supported},
    {"no-break space",
     "Transfer-Encoding: \xa0"
     "chunked\r\n",
     Refusal::coding_not_supported},
    {"long s and Kelvin sign",
     "Transfer-Encoding: chun\xe2\x84\xaa"
     "ed\r\n",
     Refusal::coding_not_supported},
};

std::string line_for(std::string_view version) {
    return "POST /x HTTP/" + std::string(version);
}

std::string with_host(std::string_view fields) {
    return "Host: h\r\n" + std::string(fields);
}

void refuse_all(std::span<const Refused> rows) {
    for (const Refused& row : rows) {
        BOOST_TEST_CONTEXT(row.name) {
            const ParsedRequest parsed(line_for(row.version), with_host(row.fields));
            const auto framing = decide_body_framing(parsed.request);
            BOOST_TEST_REQUIRE(!framing.has_value());
            BOOST_TEST(framing.error() == row.refusal);
        }
    }
}

}  // namespace

BOOST_AUTO_TEST_CASE(accepted_framing) {
    for (const Accepted& row : kAccepted) {
        BOOST_TEST_CONTEXT(row.name) {
            const ParsedRequest parsed(line_for(row.version), with_host(row.fields));
            const auto framing = decide_body_framing(parsed.request);
            BOOST_TEST_REQUIRE(framing.has_value());
            BOOST_TEST(framing->kind == row.kind);
            BOOST_TEST(framing->length == row.length);
        }
    }
}

BOOST_AUTO_TEST_CASE(refused_lengths) {
    refuse_all(kRefusedLengths);
}

BOOST_AUTO_TEST_CASE(refused_codings) {
    refuse_all(kRefusedCodings);
}

BOOST_AUTO_TEST_CASE(a_simple_request_has_no_content) {
    const ParsedRequest parsed("GET /");
    const auto framing = decide_body_framing(parsed.request);
    BOOST_TEST_REQUIRE(framing.has_value());
    BOOST_TEST(framing->kind == Kind::none);
}

BOOST_AUTO_TEST_CASE(who_waits_for_100_continue) {
    enum Outcome { no, yes, unknown };
    struct Row {
        std::string_view name, fields;
        Outcome outcome;
        std::string_view version = "1.1";
    };
    for (const Row& row : {
             Row{"nobody", "", no},
             Row{"asked", "Expect: 100-continue\r\n", yes},
             Row{"asked in other case", "expect: 100-Continue\r\n", yes},
             Row{"asked twice", "Expect: 100-continue\r\nExpect: 100-continue\r\n", yes},
             Row{"asked twice in a list", "Expect: 100-continue, 100-continue\r\n", yes},
             Row{"empty", "Expect:\r\n", no},
             Row{"in 1.0 it is ignored", "Expect: 100-continue\r\n", no, "1.0"},
             Row{"unknown in 1.0 is ignored", "Expect: x\r\n", no, "1.0"},
             Row{"unknown", "Expect: x\r\n", unknown},
             Row{"unknown, alike", "Expect: 100-continued\r\n", unknown},
             Row{"unknown beside a known one", "Expect: 100-continue, x\r\n", unknown},
             Row{"unknown on a second line", "Expect: 100-continue\r\nExpect: x\r\n", unknown},
             Row{"known after an unknown one", "Expect: x\r\nExpect: 100-continue\r\n", unknown},
             Row{"with a parameter", "Expect: 100-continue;a=b\r\n", unknown},
         }) {
        BOOST_TEST_CONTEXT(row.name) {
            const ParsedRequest parsed(line_for(row.version), with_host(row.fields));
            const auto expects = expects_continue(parsed.request);
            BOOST_TEST((expects ? (*expects ? yes : no) : unknown) == row.outcome);
            if (!expects) BOOST_TEST(expects.error() == Refusal::expectation_unknown);
        }
    }
}

BOOST_AUTO_TEST_CASE(persistence_rfc_9112_9_3) {
    struct Row {
        std::string_view name, version, fields;
        bool persists;
    };
    for (const Row& row : {
             Row{"1.1", "1.1", "", true},
             Row{"1.2", "1.2", "", true},
             Row{"1.0", "1.0", "", false},
             Row{"1.1 close", "1.1", "Connection: close\r\n", false},
             Row{"1.1 close in other case", "1.1", "connection: CLOSE\r\n", false},
             Row{"1.1 close in a list", "1.1", "Connection: TE, close\r\n", false},
             Row{"1.1 close on a second line", "1.1", "Connection: TE\r\nConnection: close\r\n", false},
             Row{"1.1 keep-alive", "1.1", "Connection: keep-alive\r\n", true},
             Row{"1.1 both", "1.1", "Connection: keep-alive, close\r\n", false},
             Row{"1.1 other option", "1.1", "Connection: Upgrade\r\n", true},
             Row{"1.1 alike", "1.1", "Connection: closed\r\n", true},
             Row{"1.0 keep-alive", "1.0", "Connection: Keep-Alive\r\n", true},
             Row{"1.0 keep-alive in a list", "1.0", "Connection: x, keep-alive\r\n", true},
             Row{"1.0 both", "1.0", "Connection: keep-alive\r\nConnection: close\r\n", false},
             Row{"1.0 other option", "1.0", "Connection: x\r\n", false},
             Row{"Keep-Alive is another field", "1.0", "Keep-Alive: timeout=5\r\n", false},
         }) {
        BOOST_TEST_CONTEXT(row.name) {
            const ParsedRequest parsed(line_for(row.version), with_host(row.fields));
            BOOST_TEST(wants_persistence(parsed.request) == row.persists);
        }
    }
    BOOST_TEST(!wants_persistence(ParsedRequest("GET /").request));
}
