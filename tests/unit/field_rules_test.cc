#include "basehttp/protocol/field_rules.h"

#include <stdexcept>
#include <string>

#include <boost/test/unit_test.hpp>

namespace basehttp {
namespace {

constexpr std::string_view kStart = "HTTP/1.1 200 OK\r\nServer: s\r\nX-A: 1\r\nDate: now\r\nx-a: 2\r\n";

std::string edited(const FieldRules& rules, int status = 200) {
    std::string head(kStart);
    HeadEditor(rules).apply(head, status);
    return head;
}

BOOST_AUTO_TEST_CASE(changes) {
    BOOST_TEST(edited({}) == kStart);
    BOOST_TEST(edited({.add = {{"X-A", "3"}, {"Vary", "B"}}}) == std::string(kStart) + "X-A: 3\r\nVary: B\r\n");
    BOOST_TEST(edited({.set = {{"x-A", "3"}}}) == "HTTP/1.1 200 OK\r\nServer: s\r\nDate: now\r\nx-A: 3\r\n");
    BOOST_TEST(edited({.remove = {"server", "X-A"}}) == "HTTP/1.1 200 OK\r\nDate: now\r\n");
    BOOST_TEST(edited({.set = {{"X-B", ""}}, .add = {{"X-A", "3"}}, .remove = {"X-A"}}) ==
               "HTTP/1.1 200 OK\r\nServer: s\r\nDate: now\r\nX-B: \r\nX-A: 3\r\n");
    // A name that another one begins with, and one that stands in a value.
    BOOST_TEST(edited({.remove = {"X", "Dat", "now"}}) == kStart);
}

BOOST_AUTO_TEST_CASE(errors_are_changed_where_that_is_asked) {
    FieldRules rules{.add = {{"X-B", "b"}}, .remove = {"X-A"}};
    BOOST_TEST(edited(rules, 399) != kStart);
    BOOST_TEST(edited(rules, 400) == kStart);
    rules.always = true;
    BOOST_TEST(edited(rules, 500) != kStart);
}

BOOST_AUTO_TEST_CASE(what_the_server_writes_itself) {
    for (const std::string name :
         {"Connection", "content-length", "Transfer-Encoding", "Date", "Content-Type", "Location"}) {
        BOOST_TEST_CONTEXT(name) {
            BOOST_CHECK_THROW(HeadEditor({.set = {{name, "x"}}}), std::invalid_argument);
            BOOST_CHECK_THROW(HeadEditor({.add = {{name, "x"}}}), std::invalid_argument);
            BOOST_CHECK_THROW(HeadEditor({.remove = {name}}), std::invalid_argument);
        }
    }
    BOOST_TEST(may_change("vary", FieldChange::add));
    BOOST_TEST(!may_change("Vary", FieldChange::set));
    BOOST_TEST(!may_change("Vary", FieldChange::remove));
    BOOST_TEST(may_change("ETag", FieldChange::remove));
    BOOST_TEST(!may_change("ETag", FieldChange::set));
    BOOST_TEST(may_change("X-Own", FieldChange::set));
    BOOST_CHECK_THROW(HeadEditor({.remove = {"a b"}}), std::invalid_argument);
    BOOST_CHECK_THROW(HeadEditor({.set = {{"X-A", "b\r\nc: d"}}}), std::invalid_argument);
}

}  // namespace
}  // namespace basehttp
