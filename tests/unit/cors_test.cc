#include "basehttp/server/cors.h"

#include <stdexcept>
#include <string>

#include <boost/test/unit_test.hpp>

namespace basehttp {
namespace {

Fields from(std::string_view origin) {
    Fields fields;
    fields.add("Origin", origin);
    return fields;
}

bool admits(const Cors& cors, std::string_view origin) {
    return cors.field_lines(from(origin)).contains("Access-Control-Allow-Origin: " + std::string(origin) + "\r\n");
}

BOOST_AUTO_TEST_CASE(origins) {
    const Cors cors({.origins = {"https://a.example", "https://*.b.example:8443"}});
    for (const std::string_view origin :
         {"https://a.example", "https://x.b.example:8443", "https://x.y-1.b.example:8443"})
        BOOST_TEST(admits(cors, origin), origin);
    for (const std::string_view origin :
         {"http://a.example", "https://a.example:443", "https://x.a.example", "https://a.example.evil", "null", "*",
          "https://b.example:8443", "https://.b.example:8443.evil", "https://evil/.b.example:8443",
          "https://evil:1.b.example:8443", "https://evil#.b.example:8443", "HTTPS://A.EXAMPLE"})
        BOOST_TEST(!admits(cors, origin), origin);
}

BOOST_AUTO_TEST_CASE(lines) {
    const Cors some({.origins = {"https://a"}, .expose = {"X-A", "X-B"}, .credentials = true});
    BOOST_TEST(some.field_lines({}) == "Vary: Origin\r\n");
    BOOST_TEST(some.field_lines(from("https://b")) == "Vary: Origin\r\n");
    BOOST_TEST(some.field_lines(from("https://a")) ==
               "Vary: Origin\r\nAccess-Control-Allow-Origin: https://a\r\nAccess-Control-Allow-Credentials: true\r\n"
               "Access-Control-Expose-Headers: X-A, X-B\r\n");
    BOOST_TEST(Cors({.origins = {"*"}}).field_lines({}) == "Access-Control-Allow-Origin: *\r\n");
}

BOOST_AUTO_TEST_CASE(preflights) {
    const Cors some({.origins = {"https://a"},
                     .methods = {"PUT", "DELETE"},
                     .headers = {"X-A"},
                     .max_age = std::chrono::minutes(1)});
    BOOST_TEST(some.preflight_lines(from("https://a"), "GET") ==
               "Access-Control-Allow-Methods: PUT, DELETE\r\nAccess-Control-Allow-Headers: X-A\r\n"
               "Access-Control-Max-Age: 60\r\n");
    BOOST_TEST(some.preflight_lines(from("https://b"), "GET").empty());
    BOOST_TEST(Cors({.origins = {"*"}}).preflight_lines(from("https://b"), "GET, HEAD") ==
               "Access-Control-Allow-Methods: GET, HEAD\r\n");
}

BOOST_AUTO_TEST_CASE(what_is_no_preflight) {
    Request request;
    request.method = "OPTIONS";
    BOOST_TEST(!Cors::is_preflight(request));
    request.fields.add("Origin", "https://a");
    BOOST_TEST(!Cors::is_preflight(request));
    request.fields.add("access-control-request-method", "PUT");
    BOOST_TEST(Cors::is_preflight(request));
    request.method = "GET";
    BOOST_TEST(!Cors::is_preflight(request));
}

BOOST_AUTO_TEST_CASE(rules_that_are_none) {
    BOOST_CHECK_THROW(Cors(CorsRules{}), std::invalid_argument);
    BOOST_CHECK_THROW(Cors({.origins = {"*"}, .credentials = true}), std::invalid_argument);
}

}  // namespace
}  // namespace basehttp
