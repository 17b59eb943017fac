#include "basehttp/handlers/listing_page.h"

#include <limits>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include <boost/test/unit_test.hpp>

#include "basehttp/handlers/listing_json.h"

namespace basehttp {
namespace {

std::string row(std::string_view name, bool is_directory = false) {
    std::string page;
    append_listing_row(page, {name, is_directory, 1536, 784'111'777});
    return page;
}

BOOST_AUTO_TEST_CASE(a_row) {
    BOOST_TEST(row("a b.txt") ==
               "<tr data-d=\"0\" data-s=\"1536\" data-t=\"784111777\"><td><a href=\"./a%20b.txt\">a b.txt</a></td>"
               "<td>1.5 KiB</td><td><time datetime=\"1994-11-06T08:49:37Z\">1994-11-06 08:49</time></td></tr>\n");
    BOOST_TEST(row("sub", true).contains("<a class=\"d\" href=\"./sub/\">sub/</a></td><td></td>"));
}

BOOST_AUTO_TEST_CASE(names_are_escaped) {
    const std::vector<std::pair<std::string_view, std::string_view>> names{
        {"<script>", "href=\"./%3Cscript%3E\">&lt;script&gt;</a>"},
        {"a\"b'c", "href=\"./a%22b&#39;c\">a&quot;b&#39;c</a>"},
        {"javascript:x", "href=\"./javascript:x\">javascript:x</a>"},
        {"a&b", "href=\"./a&amp;b\">a&amp;b</a>"},
        {"q?x#y%", "href=\"./q%3Fx%23y%25\">q?x#y%</a>"},
        {"a\n\xff", "href=\"./a%0A%FF\">a\xef\xbf\xbd\xef\xbf\xbd</a>"},
    };
    for (const auto& [name, part] : names) {
        BOOST_TEST_CONTEXT(name) {
            BOOST_TEST(row(name).contains(part), row(name));
        }
    }
}

BOOST_AUTO_TEST_CASE(the_start) {
    std::string page;
    append_listing_start(page, "/a/<b>/", {ListingOrder::Key::size, true});
    for (const std::string_view part :
         {"<title>Index of /a/&lt;b&gt;/</title>", "<a href=\"/\">Home</a>", "<a href=\"/a/\">a</a>",
          "<a href=\"/a/%3Cb%3E/\" aria-current=\"page\">&lt;b&gt;</a>",
          "<th scope=\"col\"><a href=\"?sort=name&amp;order=asc\">Name</a></th>",
          "<th scope=\"col\" aria-sort=\"descending\"><a href=\"?sort=size&amp;order=asc\">Size</a></th>",
          "<th scope=\"col\"><a href=\"?sort=date&amp;order=desc\">"}) {
        BOOST_TEST(page.contains(part), part);
    }
}

BOOST_AUTO_TEST_CASE(the_way_up) {
    for (const auto& [path, leads_up] : {std::pair{"/", false}, {"/a/", true}}) {
        std::string page;
        append_listing_start(page, path, {});
        BOOST_TEST(page.contains("href=\"../\">Parent directory</a>") == leads_up, path);
    }
}

BOOST_AUTO_TEST_CASE(times_that_no_calendar_has_are_harmless) {
    for (const std::time_t time : {std::numeric_limits<std::time_t>::max(), std::numeric_limits<std::time_t>::min(),
                                   std::time_t{-1}, std::time_t{1} << 40U}) {
        std::string page;
        append_listing_row(page, {"x", false, 0, time});
        append_json_listing_entry(page, {"x", false, 0, time}, true);
        BOOST_TEST((page.contains("1970-01-01") || page.contains("9999-12-31")), page);
    }
}

BOOST_AUTO_TEST_CASE(as_json) {
    std::string json;
    append_json_listing_start(json, "/\"/");
    append_json_listing_entry(json, {"a\"\xff", false, 7, 784'111'777}, true);
    append_json_listing_entry(json, {"d", true, 0, 0}, false);
    append_json_listing_end(json);
    BOOST_TEST(json ==
               "{\"path\":\"/\\\"/\",\"entries\":[\n"
               "{\"name\":\"a\\\"\xef\xbf\xbd\",\"href\":\"./a%22%FF\",\"type\":\"file\",\"size\":7,"
               "\"modified\":\"1994-11-06T08:49:37Z\"},\n"
               "{\"name\":\"d\",\"href\":\"./d/\",\"type\":\"folder\",\"modified\":\"1970-01-01T00:00:00Z\"}\n]}\n");
}

}  // namespace
}  // namespace basehttp
