#include "basehttp/protocol/response_framing.h"

#include <ostream>
#include <vector>

#include <boost/test/data/test_case.hpp>
#include <boost/test/unit_test.hpp>

namespace {

using basehttp::kHttp09;
using basehttp::kHttp10;
using basehttp::kHttp11;
using basehttp::ResponseFacts;
using basehttp::ResponseFraming;
using Kind = basehttp::ResponseFraming::Kind;

constexpr auto kHead = ResponseFacts::Method::head;
constexpr auto kAll = ResponseFacts::Extent::all;

struct Row {
    const char* name;
    ResponseFacts facts;
    ResponseFraming framing;
    bool content = true;

    friend std::ostream& operator<<(std::ostream& out, const Row& row) { return out << row.name; }
};

const std::vector<Row> kRows{
    {"all of it is there", {.given = 5, .extent = kAll}, {Kind::length, 5}},
    {"all of it is nothing", {.extent = kAll}, {Kind::length, 0}},
    {"announced", {.announced = 9, .given = 5}, {Kind::length, 9}},
    {"announced, and all there", {.announced = 5, .given = 5, .extent = kAll}, {Kind::length, 5}},
    {"announced as nothing", {.announced = 0}, {Kind::length, 0}},
    {"more may come", {.given = 5}, {Kind::chunked, 0}},
    {"more may come after nothing", {}, {Kind::chunked, 0}},
    {"more may come, in 1.0", {.asked = kHttp10, .given = 5}, {Kind::close, 0}},
    {"more may come, in 0.9", {.asked = kHttp09, .given = 5}, {Kind::close, 0}},
    {"more may come, from a handler of 1.0", {.answered = kHttp10, .given = 5}, {Kind::close, 0}},
    {"announced, in 1.0", {.asked = kHttp10, .announced = 9, .given = 5}, {Kind::length, 9}},
    {"all there, in 1.0", {.asked = kHttp10, .given = 5, .extent = kAll}, {Kind::length, 5}},
    {"an error like any other", {.status = 404, .given = 5, .extent = kAll}, {Kind::length, 5}},
    {"HEAD, all counted", {.method = kHead, .given = 5, .extent = kAll}, {Kind::length, 5}, false},
    {"HEAD, announced", {.method = kHead, .announced = 9}, {Kind::length, 9}, false},
    {"HEAD, nothing given", {.method = kHead, .extent = kAll}, {Kind::none, 0}, false},
    {"HEAD, nothing given so far", {.method = kHead}, {Kind::none, 0}, false},
    {"HEAD, more may come", {.method = kHead, .given = 5}, {Kind::chunked, 0}, false},
    {"HEAD, more may come, in 1.0", {.method = kHead, .asked = kHttp10, .given = 5}, {Kind::none, 0}, false},
    {"204", {.status = 204, .extent = kAll}, {Kind::none, 0}, false},
    {"204, content given", {.status = 204, .given = 5}, {Kind::none, 0}, false},
    {"204, announced", {.status = 204, .announced = 0, .extent = kAll}, {Kind::none, 0}, false},
    {"205", {.status = 205}, {Kind::length, 0}, false},
    {"205, announced", {.status = 205, .announced = 9, .given = 9, .extent = kAll}, {Kind::length, 0}, false},
    {"205 to HEAD", {.method = kHead, .status = 205}, {Kind::length, 0}, false},
    {"304", {.status = 304, .extent = kAll}, {Kind::none, 0}, false},
    {"304, content given", {.status = 304, .given = 5}, {Kind::none, 0}, false},
    {"304, announced", {.status = 304, .announced = 9}, {Kind::length, 9}, false},
};

BOOST_DATA_TEST_CASE(decisions, kRows) {
    const ResponseFraming framing = basehttp::decide_response_framing(sample.facts);
    BOOST_TEST(static_cast<int>(framing.kind) == static_cast<int>(sample.framing.kind));
    BOOST_TEST(framing.length == sample.framing.length);
    BOOST_TEST(basehttp::carries_content(sample.facts) == sample.content);
}

}  // namespace
