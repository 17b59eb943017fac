#include "basehttp/handlers/listing_order.h"

#include <string_view>
#include <vector>

#include <boost/test/unit_test.hpp>

namespace basehttp {
namespace {

using Key = ListingOrder::Key;

struct Row {
    std::string_view query;
    ListingOrder order;
};

const std::vector<Row> kQueries{
    {"", {Key::name, false}},
    {"sort=size", {Key::size, false}},
    {"sort=date&order=desc", {Key::date, true}},
    {"order=desc&sort=name", {Key::name, true}},
    {"order=desc&order=asc", {Key::name, false}},
    {"sort=SIZE", {Key::name, false}},
    {"sort=&order=&x&&=", {Key::name, false}},
    {"resort=size", {Key::name, false}},
    {"a=b&sort=size&c=d", {Key::size, false}},
};

BOOST_AUTO_TEST_CASE(queries) {
    for (const Row& row : kQueries) {
        BOOST_TEST_CONTEXT(row.query) {
            BOOST_TEST((ListingOrder::from_query(row.query) == row.order));
        }
    }
}

}  // namespace
}  // namespace basehttp
