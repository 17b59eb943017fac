#include "basehttp/handlers/listing_template.h"

#include <boost/test/unit_test.hpp>

#include "tests/unit/temporary_folder.h"

namespace basehttp {
namespace {

// The page that `text` makes of a folder with one file and one folder in it.
std::string page_of(const std::string& text, std::string_view path = "/a b/<c>/") {
    const basehttpd_test::TemporaryFolder folder;
    folder.write("javascript:x", std::string(1536, 'x'));
    folder.make_folder("sub & more");
    const FileRoot root = FileRoot::open(folder.path()).value();
    MemoryBudget budget(1 << 20);
    auto entries = DirectoryEntries::open(std::move(root.open_file("").value().fd), root, "", {}, budget).value();
    while (entries.read_some(std::chrono::milliseconds(1)).value()) {
    }
    const auto page = ListingTemplate::parse(text).value();
    const PageValues values = ListingTemplate::values(path, {ListingOrder::Key::size, true}, entries);
    std::string out;
    page.append_start(out, values);
    while (const auto entry = entries.next())
        page.append_entry(out, values, *entry);
    page.append_end(out, values);
    return out;
}

BOOST_AUTO_TEST_CASE(each_value) {
    BOOST_TEST(
        page_of("{{path}} {{parent}} {{sort}} {{order}} {{folders}}+{{files}} {{total_size}}{{#empty}}!{{/empty}}:\n"
                "{{#entries}}{{#folder}}D{{/folder}} {{name}} {{href}} {{size}} {{bytes}};{{/entries}}\nend") ==
        "/a b/&lt;c&gt;/ ../ size desc 1+1 1.5 KiB:\n"
        "D sub &amp; more ./sub%20&amp;%20more/  ; javascript:x ./javascript:x 1.5 KiB 1536;\nend");
    BOOST_TEST(
        page_of("{{#breadcrumbs}}{{name}}={{href}}{{#here}}!{{/here}} {{/breadcrumbs}}{{#entries}}{{/entries}}") ==
        "Home=/ a b=/a%20b/ &lt;c&gt;=/a%20b/%3Cc%3E/! ");
    BOOST_TEST(page_of("{{^parent}}root{{/parent}}{{#entries}}{{path}}{{/entries}}", "/") == "root//");
    BOOST_TEST(page_of("{{#entries}}{{modified}}{{datetime}}{{/entries}}").size() == 2 * (16 + 20));
}

BOOST_AUTO_TEST_CASE(what_is_no_listing) {
    const struct {
        std::string text;
        std::size_t offset;
        std::string_view message;
    } rows[]{
        {"{{path}}", 0, "a listing needs {{#entries}} and {{/entries}}, with a row between them"},
        {"{{#empty}}{{#entries}}{{/entries}}{{/empty}}", 10, "the entries stand in no other section"},
        {"{{#entries}}{{/entries}} {{#entries}}{{/entries}}", 25, "the entries stand in a page only once"},
        {"{{^entries}}{{/entries}}", 0, "write {{#empty}} for that"},
        {"{{#entries}}{{/entries}}{{name}}", 24, "'name' is unknown here"},
        {"{{#entries}}{{#folder}}{{/entries}}{{/folder}}", 0, "unclosed section \"entries\""},
    };
    for (const auto& row : rows) {
        const auto parsed = ListingTemplate::parse(row.text);
        BOOST_TEST_REQUIRE(!parsed.has_value(), row.text);
        BOOST_TEST(parsed.error().message == row.message, row.text);
        BOOST_TEST(parsed.error().offset == row.offset, row.text);
    }
}

}  // namespace
}  // namespace basehttp
