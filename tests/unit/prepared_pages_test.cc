#include "basehttp/pages/prepared_pages.h"

#include <boost/test/unit_test.hpp>

namespace {

using basehttp::error_page;

BOOST_AUTO_TEST_CASE(a_page_is_that_of_its_status_message_and_request) {
    struct Row {
        int status;
        std::string message;
        std::string_view id;
    };
    const std::string long_message(1000, '<');
    basehttp::PreparedPages pages;
    for (int i = 0; i < 3; ++i) {
        for (const auto& [status, message, id] : {Row{404, "No such file", "1f-2-3"},
                                                  {404, "No such file", "1f-2-4"},
                                                  {404, "No such file", ""},
                                                  {404, "Nosuch file", "1f-2-5"},
                                                  {404, "No such fil&", "1f-2-6"},
                                                  {404 + 16, "No such file", "1f-2-7"},
                                                  {403, "Not such a file", "<"},
                                                  {301, "See /a/", "1f-2-8"},
                                                  {404, "", "1f-2-9"},
                                                  {404, long_message, "1f-2-a"}}) {
            std::string page = pages.page(status, message, id);
            BOOST_TEST(page == error_page(status, message, id), status << ' ' << message);
            pages.recycle(std::move(page));
        }
    }
}

}  // namespace
