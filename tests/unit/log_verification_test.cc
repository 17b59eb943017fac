#include <boost/test/unit_test.hpp>

#include "daemon/ctl/logs/counts/verification.h"

using namespace basehttpd;

namespace {

struct Line {
    const char* run;
    std::int64_t worker;
    std::int64_t serial;
};

Verification verify(const std::vector<Line>& lines) {
    Verification verification;
    std::uint64_t number = 0;
    for (const Line& line : lines) {
        LogRecord record;
        record.run = line.run;
        record.worker = line.worker;
        record.serial = line.serial;
        verification.add(record, "access.log", ++number);
    }
    return verification;
}

}  // namespace

BOOST_AUTO_TEST_CASE(logs_whole_and_not) {
    struct Row {
        const char* name;
        std::vector<Line> lines;
        std::string text;
    };
    for (const auto& [name, lines, text] : {
             Row{"nothing", {}, "0 lines, 0 missing, 0 doubled, 0 torn, 0 out of order\n"},
             Row{"whole",
                 {{"a", 1, 1}, {"a", 2, 1}, {"a", 1, 2}, {"a", 1, 3}},
                 "4 lines, 0 missing, 0 doubled, 0 torn, 0 out of order\n"},
             Row{"begins later",
                 {{"a", 1, 100}, {"a", 1, 101}},
                 "2 lines, 0 missing, 0 doubled, 0 torn, 0 out of order\n"},
             Row{"another run begins anew",
                 {{"a", 1, 9}, {"b", 1, 1}},
                 "2 lines, 0 missing, 0 doubled, 0 torn, 0 out of order\n"},
             Row{"a gap of one",
                 {{"a", 1, 1}, {"a", 1, 3}},
                 "2 lines, 1 missing, 0 doubled, 0 torn, 0 out of order\n  missing: run a, worker 1, serial 2\n"},
             Row{"a gap of more",
                 {{"a", 1, 1}, {"a", 1, 5}, {"a", 2, 3}},
                 "3 lines, 3 missing, 0 doubled, 0 torn, 0 out of order\n  missing: run a, worker 1, serials 2 to "
                 "4\n"},
             Row{"doubled",
                 {{"a", 1, 1}, {"a", 1, 2}, {"a", 1, 1}},
                 "3 lines, 0 missing, 1 doubled, 0 torn, 0 out of order\n  access.log:3: worker 1, serial 1: it is "
                 "there already\n"},
             Row{"out of order",
                 {{"a", 1, 1}, {"a", 1, 3}, {"a", 1, 2}},
                 "3 lines, 0 missing, 0 doubled, 0 torn, 1 out of order\n  access.log:3: worker 1, serial 2: it "
                 "comes after 3\n"},
         }) {
        BOOST_TEST_CONTEXT(name) {
            const Verification verification = verify(lines);
            BOOST_TEST(verification.text() == text);
            BOOST_TEST(verification.is_good() == text.contains("0 missing, 0 doubled, 0 torn, 0 out of order"));
        }
    }
}

BOOST_AUTO_TEST_CASE(ranges_grow_together) {
    Verification verification;
    LogRecord record;
    for (const std::int64_t serial : {1, 3, 5, 2, 4}) {
        record.serial = serial;
        verification.add(record, "f", 1);
    }
    BOOST_TEST(verification.text().starts_with("5 lines, 0 missing, 0 doubled, 0 torn, 2 out of order\n"));
}

BOOST_AUTO_TEST_CASE(torn_lines_and_lines_without_serials) {
    Verification verification;
    verification.add(LogRecord{}, "f", 1);
    BOOST_TEST(verification.is_good());
    verification.add_torn("f\x1b", 7);
    BOOST_TEST(!verification.is_good());
    BOOST_TEST(
        verification.text() ==
        "2 lines, 1 torn; no line has a serial number, so missing, doubled and misplaced lines cannot be found: "
        "'format: json' writes the numbers\n"
        "  f\\x1b:7: torn, or not a line of this log\n");
    BOOST_TEST(
        verification.json() ==
        R"({"good":false,"lines":2,"numbered":0,"missing":null,"doubled":null,"torn":1,"out_of_order":null,"gaps":[]})");
    LogRecord numbered;
    numbered.serial = 1;
    verification.add(numbered, "f", 8);
    BOOST_TEST(
        verification.text().starts_with("3 lines, 0 missing, 0 doubled, 1 torn, 0 out of order\n"
                                        "1 line without a serial number: none can be missed among them\n"));
}
