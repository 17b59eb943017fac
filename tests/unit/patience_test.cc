#include "basehttp/io/patience.h"

#include <vector>

#include <boost/test/data/test_case.hpp>
#include <boost/test/unit_test.hpp>

namespace {

using namespace std::chrono_literals;
using basehttp::Patience;
using std::chrono::milliseconds;

struct Step {
    milliseconds waited{};
    std::uint64_t moved = 0;
};

struct Row {
    const char* name;
    std::uint64_t rate;
    std::vector<Step> steps;
    milliseconds left;

    friend std::ostream& operator<<(std::ostream& out, const Row& row) { return out << row.name; }
};

const std::vector<Row> kRows{
    {"all of it at first", 100, {}, 16s},
    {"waiting uses it up", 100, {{4s, 0}}, 12s},
    {"bytes give it back", 100, {{4s, 200}}, 14s},
    {"no more than was used", 100, {{4s, 1'000'000}}, 16s},
    {"nor is any saved up", 100, {{0s, 1'000'000}, {4s, 0}}, 12s},
    {"more bytes than a second's count would hold", 100, {{4s, ~std::uint64_t{0} / 2}}, 16s},
    {"what is left is rounded up to a sixteenth", 100, {{3500ms, 0}}, 13s},
    {"bytes of less than a second", 1000, {{4s, 500}}, 13s},
    {"a byte now and then is not enough", 100, {{4s, 1}, {4s, 1}, {4s, 1}, {4s, 1}}, 1s},
    {"nothing is left", 100, {{16s, 0}}, 0s},
    {"nor after a byte where it was exceeded", 100, {{17s, 1}}, 0s},
    {"at the rate it lasts", 100, {{8s, 800}, {8s, 800}, {8s, 800}}, 16s},
    {"without a rate any byte gives back all", 0, {{15s, 1}}, 16s},
    {"and there is no debt", 0, {{15s, 0}}, 16s},
};

BOOST_DATA_TEST_CASE(left, kRows) {
    const milliseconds most = 16s;
    Patience patience(most, sample.rate);
    for (const Step& step : sample.steps) {
        patience.waited(step.waited);
        patience.moved(step.moved);
    }
    BOOST_TEST(patience.left().count() == sample.left.count());
}

BOOST_AUTO_TEST_CASE(another_transfer_begins_with_all_of_it) {
    const milliseconds most = 16s;
    const std::uint64_t rate = 100;
    Patience patience(most, rate);
    patience.waited(15s);
    patience.restore();
    BOOST_TEST(patience.left().count() == most.count());
}

BOOST_AUTO_TEST_CASE(a_short_timeout_has_steps_of_a_millisecond) {
    const milliseconds most = 8ms;
    const std::uint64_t rate = 100;
    Patience patience(most, rate);
    patience.waited(2500us);
    BOOST_TEST(patience.left().count() == 6);
}

}  // namespace
