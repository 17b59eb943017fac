#include "basehttp/pages/error_page.h"

#include <boost/test/unit_test.hpp>

using namespace basehttp;

namespace {

bool has(const std::string& page, std::string_view part) {
    return page.find(part) != std::string::npos;
}

}  // namespace

BOOST_AUTO_TEST_CASE(the_labels_are_those_of_the_seed) {
    const std::string page = error_page(404, "File not found");
    BOOST_TEST(has(page, "<title>Error response</title>"));
    BOOST_TEST(has(page, "<h1>Error response</h1>"));
    BOOST_TEST(has(page, "<p>Error code: 404</p>"));
    BOOST_TEST(has(page, "<p>Message: File not found.</p>"));
    BOOST_TEST(has(page, "<p>Error code explanation: 404 = There is nothing at this address.</p>"));
    BOOST_TEST(page.starts_with("<!DOCTYPE html>\n"));
    BOOST_TEST(page.ends_with("</html>\n"));
    BOOST_TEST(has(page, "<meta charset=\"utf-8\">"));
    BOOST_TEST(kErrorPageType == "text/html; charset=utf-8");
}

BOOST_AUTO_TEST_CASE(what_the_client_sent_is_escaped) {
    const std::string page = error_page(400, "Bad <img src=x onerror=\"a('b')\"> & \xff\r\n");
    BOOST_TEST(has(page,
                   "Message: Bad &lt;img src=x onerror=&quot;a(&#39;b&#39;)&quot;&gt; &amp; "
                   "\xef\xbf\xbd\xef\xbf\xbd\xef\xbf\xbd.</p>"));
    BOOST_TEST(!has(page, "<img"));
}

BOOST_AUTO_TEST_CASE(explanations_are_escaped_too) {
    BOOST_TEST(has(error_page(500, ""), "500 = The server failed at this request; its error log says why."));
    BOOST_TEST(!has(error_page(502, ""), "???"));
}

BOOST_AUTO_TEST_CASE(a_code_without_a_row_has_a_page_too) {
    const std::string page = error_page(599, "Odd");
    BOOST_TEST(has(page, "<p>Error code: 599</p>"));
    BOOST_TEST(has(page, "599 = This code is not in the registry."));
}

BOOST_AUTO_TEST_CASE(the_request_is_named) {
    BOOST_TEST(has(error_page(404, "x", "1f-2-3"), "<p class=\"id\">Request 1f-2-3</p>"));
    BOOST_TEST(!has(error_page(404, "x"), "Request"));
}

BOOST_AUTO_TEST_CASE(a_redirect_is_no_error) {
    const std::string page = error_page(301, "See /a/");
    BOOST_TEST(has(page, "<title>Moved Permanently</title>"));
    BOOST_TEST(!has(page, "Error"));
}

BOOST_AUTO_TEST_CASE(a_problem_as_json) {
    BOOST_TEST(problem_json(404, "No \"such\" \xff\n", "1f-2-3") ==
               "{\"type\":\"about:blank\",\"title\":\"Not Found\",\"status\":404,"
               "\"detail\":\"No \\\"such\\\" \xef\xbf\xbd\\u000a\",\"request_id\":\"1f-2-3\"}\n");
    BOOST_TEST(!has(problem_json(404, "x"), "request_id"));
}
