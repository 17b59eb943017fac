#include "basehttp/protocol/negotiation.h"

#include <string_view>
#include <vector>

#include <boost/test/unit_test.hpp>

namespace basehttp {
namespace {

struct CodingRow {
    std::string_view accepts;
    std::string_view coding;
    Quality quality;
};

const std::vector<CodingRow> kCodings{
    {"gzip", "gzip", 1000},
    {"gzip", "br", 0},
    {"gzip", "identity", 1},
    {"x-gzip", "gzip", 1000},
    {"GZIP", "gzip", 1000},
    {"gzip, deflate, br, zstd", "br", 1000},
    {"gzip;q=0.5, br;q=0.8", "br", 800},
    {"gzip; q=0.5 , br", "gzip", 500},
    {"gzip;Q=0.5", "gzip", 500},
    {"br;q=0.001", "br", 1},
    {"br;q=0", "br", 0},
    {"br;q=0.0", "br", 0},
    {"br;q=1.000", "br", 1000},
    {"br;q=1.001", "br", 0},
    {"br;q=2", "br", 0},
    {"br;q=x", "br", 0},
    {"br;q=", "br", 0},
    {"br;q=0.1234", "br", 0},
    {"*", "br", 1000},
    {"*;q=0.3", "br", 300},
    {"br;q=0, *", "br", 0},
    {"*, br;q=0", "br", 0},
    {"*", "identity", 1},
    {"*;q=0", "identity", 0},
    {"identity;q=0", "identity", 0},
    {"identity;q=0.5, *;q=0", "identity", 500},
    {"identity", "identity", 1000},
    {"", "gzip", 0},
    {"", "identity", 1},
};

BOOST_AUTO_TEST_CASE(codings) {
    for (const CodingRow& row : kCodings) {
        BOOST_TEST_CONTEXT(row.accepts << " for " << row.coding) {
            Fields fields;
            fields.add("Accept-Encoding", row.accepts);
            BOOST_TEST(coding_quality(fields, row.coding) == row.quality);
        }
    }
}

BOOST_AUTO_TEST_CASE(no_coding_without_the_field) {
    BOOST_TEST(coding_quality({}, "gzip") == 0U);
    BOOST_TEST(coding_quality({}, "identity") == 1U);
}

BOOST_AUTO_TEST_CASE(several_lines_are_one_list) {
    Fields fields;
    fields.add("Accept-Encoding", "gzip;q=0.1");
    fields.add("accept-encoding", "br;q=0.2");
    BOOST_TEST(coding_quality(fields, "gzip") == 100U);
    BOOST_TEST(coding_quality(fields, "br") == 200U);
}

struct MediaRow {
    std::string_view accepts;
    Quality html;
    Quality json;
    bool prefers_json;
};

const std::vector<MediaRow> kMedia{
    {"application/json", 0, 1000, true},
    {"APPLICATION/JSON", 0, 1000, true},
    {"application/*", 0, 1000, true},
    {"text/html", 1000, 0, false},
    {"*/*", 1000, 1000, false},
    {"application/json, text/plain, */*", 1000, 1000, true},
    {"text/html,application/xhtml+xml,application/xml;q=0.9,*/*;q=0.8", 1000, 800, false},
    {"text/*;q=0.5, application/json;q=0.4", 500, 400, false},
    {"text/html;q=0.1, application/json", 100, 1000, true},
    {"text/html, application/json", 1000, 1000, false},
    {"text/html;level=1;q=0.2, */*;q=0.9", 200, 900, true},
    {"application/json;q=0", 0, 0, false},
    {"image/png", 0, 0, false},
    {"", 0, 0, false},
    {"application/json;q=0, */*", 1000, 0, false},
};

BOOST_AUTO_TEST_CASE(media_types) {
    for (const MediaRow& row : kMedia) {
        BOOST_TEST_CONTEXT(row.accepts) {
            Fields fields;
            fields.add("Accept", row.accepts);
            BOOST_TEST(media_preference(fields, "text/html").quality == row.html);
            BOOST_TEST(media_preference(fields, "application/json").quality == row.json);
            BOOST_TEST(prefers_json(fields) == row.prefers_json);
        }
    }
}

BOOST_AUTO_TEST_CASE(html_where_nothing_is_said) {
    BOOST_TEST(!prefers_json({}));
}

BOOST_AUTO_TEST_CASE(a_json_type_of_its_own) {
    Fields fields;
    fields.add("Accept", "application/problem+json");
    BOOST_TEST(!prefers_json(fields));
    BOOST_TEST(prefers_json(fields, "application/problem+json"));
}

}  // namespace
}  // namespace basehttp
