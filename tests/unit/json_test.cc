#include "basehttp/text/json.h"

#include <string_view>
#include <vector>

#include <boost/test/unit_test.hpp>

namespace basehttp {
namespace {

struct Row {
    std::string_view text;
    std::string_view json;
};

const std::vector<Row> kStrings{
    {"", R"("")"},
    {"plain", R"("plain")"},
    {"a\"b\\c", R"("a\"b\\c")"},
    {"\n\t\x7f", R"("\u000a\u0009\u007f")"},
    {std::string_view("\0", 1), R"("\u0000")"},
    {"\xc3\xbc\xf0\x9f\x98\x80", "\"\xc3\xbc\xf0\x9f\x98\x80\""},
    {"a\xff"
     "b\xc3",
     "\"a\xef\xbf\xbd"
     "b\xef\xbf\xbd\""},
    {"</script>", R"("</script>")"},
};

BOOST_AUTO_TEST_CASE(strings) {
    for (const Row& row : kStrings) {
        BOOST_TEST_CONTEXT(row.json) {
            std::string json;
            append_json_string(json, row.text);
            BOOST_TEST(json == row.json);
        }
    }
}

}  // namespace
}  // namespace basehttp
