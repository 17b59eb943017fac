#include "daemon/check/listen_plan.h"

#include <filesystem>
#include <ostream>
#include <string>
#include <vector>

#include <boost/test/data/test_case.hpp>
#include <boost/test/unit_test.hpp>

#include "tests/unit/temporary_folder.h"

namespace basehttpd {
namespace {

using basehttpd_test::TemporaryFolder;

std::vector<ListenConfig> listen(const std::vector<std::string>& addresses) {
    std::vector<ListenConfig> all;
    for (const std::string& address : addresses) {
        all.emplace_back().address = address;
        all.back().where = {"f.yaml", static_cast<int>(all.size()), 1};
    }
    return all;
}

std::vector<std::string> sockets(const ListenPlan& plan) {
    std::vector<std::string> texts;
    for (const ListenPlan::Socket& socket : plan.sockets)
        texts.push_back(socket.address.text());
    return texts;
}

struct Row {
    std::vector<std::string> listen;
    std::vector<std::string> sockets;
    std::string warning;  ///< nothing: each has a socket of its own
    friend std::ostream& operator<<(std::ostream& out, const Row& row) {
        for (const std::string& address : row.listen)
            out << address << ' ';
        return out;
    }
};

const Row kRows[]{
    {{"127.0.0.1:81"}, {"127.0.0.1:81"}, ""},
    {{"0.0.0.0:81", "127.0.0.1:81"},
     {"0.0.0.0:81"},
     "'127.0.0.1:81' is within '0.0.0.0:81' on line 1, which serves it"},
    {{"127.0.0.1:81", "0.0.0.0:81"},
     {"0.0.0.0:81"},
     "'127.0.0.1:81' is within '0.0.0.0:81' on line 2, which serves it"},
    {{"[::]:81", "[::1]:81"}, {"[::]:81"}, "'[::1]:81' is within '[::]:81' on line 1, which serves it"},
    {{"0.0.0.0:81", "[::]:81"}, {"0.0.0.0:81", "[::]:81"}, ""},
    {{"[::]:81", "127.0.0.1:81"}, {"[::]:81", "127.0.0.1:81"}, ""},
    {{"0.0.0.0:81", "[::1]:81"}, {"0.0.0.0:81", "[::1]:81"}, ""},
    {{"0.0.0.0:81", "127.0.0.1:82"}, {"0.0.0.0:81", "127.0.0.1:82"}, ""},
    {{"127.0.0.1:81", "127.0.0.2:81"}, {"127.0.0.1:81", "127.0.0.2:81"}, ""},
    {{"[::ffff:127.0.0.1]:81"}, {"127.0.0.1:81"}, ""},
    {{"[::ffff:127.0.0.1]:81", "127.0.0.1:81"},
     {"127.0.0.1:81"},
     "'127.0.0.1:81' is the same as '[::ffff:127.0.0.1]:81' on line 1, which serves it"},
    {{"[::ffff:0.0.0.0]:81", "127.0.0.1:81"},
     {"0.0.0.0:81"},
     "'127.0.0.1:81' is within '[::ffff:0.0.0.0]:81' on line 1"},
    {{"unix:/nowhere/a", "unix:/nowhere/b"}, {"unix:/nowhere/a", "unix:/nowhere/b"}, ""},
};

BOOST_DATA_TEST_CASE(covered, boost::unit_test::data::make(kRows)) {
    const ListenPlan plan = ListenPlan::of(listen(sample.listen));
    BOOST_TEST(sockets(plan) == sample.sockets, boost::test_tools::per_element());
    BOOST_TEST_REQUIRE(plan.problems.size() == (sample.warning.empty() ? 0U : 1U));
    if (sample.warning.empty()) return;
    BOOST_TEST(plan.problems[0].message.starts_with(sample.warning), plan.problems[0].message);
    BOOST_TEST(plan.problems[0].hint == "leave it out");
    BOOST_TEST((plan.problems[0].kind == ConfigError::Kind::warning));
}

BOOST_AUTO_TEST_CASE(a_name_and_its_address) {
    const ListenPlan plan = ListenPlan::of(listen({"localhost:81", "127.0.0.1:81"}));
    BOOST_TEST_REQUIRE(plan.problems.size() == 1U);
    BOOST_TEST(plan.problems[0].message == "'127.0.0.1:81' is the same as 'localhost:81' on line 1, which serves it");
    BOOST_TEST(plan.problems[0].where.line == 2);
}

BOOST_AUTO_TEST_CASE(a_name_of_two_families_needs_one) {
    const ListenPlan plan = ListenPlan::of(listen({"localhost:81"}));
    BOOST_TEST(plan.problems.empty());
    for (const ListenPlan::Socket& socket : plan.sockets)
        BOOST_TEST(socket.optional == (plan.sockets.size() > 1));
}

BOOST_AUTO_TEST_CASE(a_name_that_nobody_knows) {
    const ListenPlan plan = ListenPlan::of(listen({"no-such-host.invalid:81", "127.0.0.1:81"}));
    BOOST_TEST_REQUIRE(plan.problems.size() == 1U);
    BOOST_TEST(plan.problems[0].message.starts_with("cannot look up no-such-host.invalid:81: "));
    BOOST_TEST((plan.problems[0].kind == ConfigError::Kind::error));
    BOOST_TEST(plan.sockets.size() == 1U);
}

BOOST_AUTO_TEST_CASE(one_socket_by_two_paths) {
    const TemporaryFolder folder;
    folder.make_folder("real");
    folder.link("link", "real");
    const ListenPlan plan =
        ListenPlan::of(listen({"unix:" + folder.path("real/s"), "unix:" + folder.path("link/s"),
                               "unix:" + folder.path("real/../real/s"), "unix:" + folder.path("link/other")}));
    BOOST_TEST(plan.sockets.size() == 2U);
    BOOST_TEST_REQUIRE(plan.problems.size() == 2U);
    BOOST_TEST(plan.problems[0].message.contains("link/s' is the same as 'unix:"));
}

}  // namespace
}  // namespace basehttpd
