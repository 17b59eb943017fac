#include "daemon/logs/line_trace.h"

#include <memory>
#include <string>

#include <boost/test/unit_test.hpp>

#include "daemon/process/shared_memory.h"

namespace basehttpd {
namespace {

struct Fixture {
    Fixture() : memory(SharedMemory::create(sizeof(LineTrace)).value()), trace(LineTrace::make(memory.data())) {}

    void lay_out(std::string_view bytes) {
        trace.begin(0);
        trace.add(bytes);
    }

    SharedMemory memory;
    LineTrace& trace;
};

BOOST_FIXTURE_TEST_CASE(what_is_left_of_a_line, Fixture) {
    lay_out("spam\n");
    lay_out("and\neggs\n");
    const std::string all = "spam\nand\neggs\n";
    for (std::size_t read = 0; read <= all.size(); ++read) {
        const bool at_begin = read == 0 || all[read - 1] == '\n';
        const std::size_t expected = at_begin ? 0 : all.find('\n', read) + 1 - read;
        BOOST_TEST(trace.rest_of_line(0, all.size() - read).value() == expected, read);
    }
}

BOOST_FIXTURE_TEST_CASE(what_is_staged_has_not_gone, Fixture) {
    lay_out("spam\n");
    lay_out("eggs\n");
    BOOST_TEST(trace.rest_of_line(5, 5).value() == 0U);
    BOOST_TEST(trace.rest_of_line(5, 3).value() == 3U);
    BOOST_TEST(trace.rest_of_line(5, 0).value() == 0U);
}

BOOST_FIXTURE_TEST_CASE(nothing_is_known_while_a_logger_lays_out, Fixture) {
    lay_out("spam\n");
    trace.begin(0);
    BOOST_TEST(!trace.rest_of_line(0, 3).has_value());
    trace.add("eggs\n");
    BOOST_TEST(trace.rest_of_line(5, 3).value() == 3U);
}

BOOST_FIXTURE_TEST_CASE(a_successor_takes_back_what_was_staged_and_counted, Fixture) {
    lay_out("spam\n");
    lay_out("eggs\n");  // and there its logger dies, before anything of it has gone
    trace.begin(5);
    BOOST_TEST(trace.laid_out() == 5U);
    trace.begin(5);  // and the next one, before it has emptied the staging pipe
    BOOST_TEST(trace.laid_out() == 5U);
    trace.add("eggs\n");
    BOOST_TEST(trace.laid_out() == 10U);
    BOOST_TEST(trace.rest_of_line(0, 7).value() == 2U);
}

BOOST_FIXTURE_TEST_CASE(it_goes_round, Fixture) {
    const std::string line = std::string(99'999, 'x') + '\n';
    for (int i = 0; i < 25; ++i)
        lay_out(line);
    BOOST_TEST(trace.rest_of_line(0, 350'000).value() == 50'000U);
    BOOST_TEST(trace.rest_of_line(0, 300'000).value() == 0U);
}

BOOST_FIXTURE_TEST_CASE(nonsense_does_no_harm, Fixture) {
    lay_out("spam\n");
    BOOST_TEST(trace.rest_of_line(0, 6).value() == 0U);
    BOOST_TEST(trace.rest_of_line(1U << 30U, 1U << 30U).value() == 0U);
    trace.begin(100);
    BOOST_TEST(trace.rest_of_line(0, 6).has_value() == false);
}

}  // namespace
}  // namespace basehttpd
