#include "basehttp/handlers/redirect.h"

#include <ostream>

#include <boost/test/data/test_case.hpp>
#include <boost/test/unit_test.hpp>

namespace basehttp {
namespace {

struct Row {
    const char* name;
    const char* to;
    const char* rest;
    const char* query;
    const char* location;
    friend std::ostream& operator<<(std::ostream& out, const Row& row) { return out << row.name; }
};

const Row kRows[] = {
    {"a path alone", "/new/", "", "", "/new/"},
    {"the rest follows", "/new/", "a b", "", "/new/a%20b"},
    {"the rest follows after one slash", "https://example.org", "@evil.example", "",
     "https://example.org/@evil.example"},
    {"the query follows", "/new/", "x", "a=1&b", "/new/x?a=1&b"},
    {"queries are joined", "/landing?src=old", "", "x=1", "/landing?src=old&x=1"},
    {"the target's query alone", "/landing?src=old", "", "", "/landing?src=old"},
    {"the rest goes before the query", "/landing?src=old", "deep/er", "x=1", "/landing/deep/er?src=old&x=1"},
    {"a host, a query and a rest", "https://example.org?a=1", "deep", "", "https://example.org/deep?a=1"},
    {"an empty query is filled", "/landing?", "", "x=1", "/landing?x=1"},
    {"a query that ends with its separator", "/landing?a=1&", "", "x=1", "/landing?a=1&x=1"},
    {"the fragment is last", "/page#part2", "", "x=1", "/page?x=1#part2"},
    {"all of them", "/page?a=1#part2", "deep", "x=1", "/page/deep?a=1&x=1#part2"},
    {"a question mark in the fragment is not a query", "/page#a?b", "", "x=1", "/page?x=1#a?b"},
    {"a question mark in the rest is escaped", "/page?a", "what?", "", "/page/what%3F?a"},
    {"a number sign in the rest is escaped", "/page#f", "c#", "", "/page/c%23#f"},
};

BOOST_DATA_TEST_CASE(locations, kRows) {
    BOOST_TEST(redirect_location(sample.to, sample.rest, sample.query) == sample.location);
}

}  // namespace
}  // namespace basehttp
