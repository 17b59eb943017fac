// The responses table, and the two small tables beside it: refusals and versions.
#include "basehttp/protocol/status.h"

#include <set>

#include <boost/test/unit_test.hpp>

#include "basehttp/protocol/refusal.h"
#include "basehttp/protocol/version.h"

using namespace basehttp;

BOOST_AUTO_TEST_CASE(codes_and_their_phrases) {
    struct Row {
        int code;
        std::string_view phrase;
    };
    for (const auto& [code, phrase] :
         {Row{100, "Continue"}, Row{101, "Switching Protocols"}, Row{200, "OK"}, Row{304, "Not Modified"},
          Row{404, "Not Found"}, Row{413, "Content Too Large"}, Row{431, "Request Header Fields Too Large"},
          Row{505, "HTTP Version Not Supported"}, Row{511, "Network Authentication Required"}}) {
        BOOST_TEST_REQUIRE(find_status(code) != nullptr);
        BOOST_TEST(find_status(code)->code == code);
        BOOST_TEST(find_status(code)->phrase == phrase);
    }
    for (const int code : {-1, 0, 99, 104, 199, 209, 306, 419, 420, 427, 430, 509, 512, 599, 600, 999})
        BOOST_TEST(find_status(code) == nullptr, code);
}

BOOST_AUTO_TEST_CASE(every_code_of_the_seed_and_of_the_registry_has_a_row) {
    const std::set<int> wanted{100, 101, 102, 103, 200, 201, 202, 203, 204, 205, 206, 207, 208, 226, 300, 301,
                               302, 303, 304, 305, 307, 308, 400, 401, 402, 403, 404, 405, 406, 407, 408, 409,
                               410, 411, 412, 413, 414, 415, 416, 417, 418, 421, 422, 423, 424, 425, 426, 428,
                               429, 431, 451, 500, 501, 502, 503, 504, 505, 506, 507, 508, 510, 511};
    std::set<int> found;
    for (const StatusInfo& row : all_statuses()) {
        BOOST_TEST_CONTEXT(row.code) {
            BOOST_TEST(found.insert(row.code).second);
            BOOST_TEST(find_status(row.code) == &row);
            BOOST_TEST(!row.phrase.empty());
            BOOST_TEST(!row.explanation.empty());
            BOOST_TEST(!row.explanation.ends_with('.'));
        }
    }
    BOOST_TEST(found == wanted, boost::test_tools::per_element());
}

BOOST_AUTO_TEST_CASE(statuses_without_content_rfc_9110_6_4_1) {
    for (const int code : {100, 101, 103, 199, 204, 304})
        BOOST_TEST(status_forbids_content(code), code);
    for (const int code : {99, 200, 203, 205, 206, 303, 305, 400, 404, 500})
        BOOST_TEST(!status_forbids_content(code), code);
}

BOOST_AUTO_TEST_CASE(every_refusal_has_a_status_and_a_message_of_its_own) {
    std::set<std::string_view> messages;
    for (int i = 0; i <= static_cast<int>(Refusal::body_cut_short); ++i) {
        const RefusalInfo info = describe(static_cast<Refusal>(i));
        BOOST_TEST(find_status(info.status) != nullptr);
        BOOST_TEST(info.status >= 400);
        BOOST_TEST(messages.insert(info.message).second, info.message);
    }
}

BOOST_AUTO_TEST_CASE(statuses_of_refusals) {
    struct Row {
        Refusal refusal;
        int status;
    };
    for (const auto& [refusal, status] : {Row{Refusal::bad_request_line, 400},
                                          Row{Refusal::bare_carriage_return, 400},
                                          Row{Refusal::bad_version, 400},
                                          Row{Refusal::bad_simple_request, 400},
                                          Row{Refusal::simple_request_refused, 400},
                                          Row{Refusal::version_not_supported, 505},
                                          Row{Refusal::request_line_too_long, 414},
                                          Row{Refusal::fields_too_large, 431},
                                          Row{Refusal::too_many_fields, 431},
                                          Row{Refusal::folded_field_line, 400},
                                          Row{Refusal::host_missing, 400},
                                          Row{Refusal::host_repeated, 400},
                                          Row{Refusal::bad_host, 400},
                                          Row{Refusal::bad_content_length, 400},
                                          Row{Refusal::content_length_repeated, 400},
                                          Row{Refusal::length_and_coding, 400},
                                          Row{Refusal::coding_in_old_version, 400},
                                          Row{Refusal::chunked_not_last, 400},
                                          Row{Refusal::coding_not_supported, 501},
                                          Row{Refusal::body_too_large, 413},
                                          Row{Refusal::bad_chunk, 400},
                                          Row{Refusal::expectation_unknown, 417}}) {
        BOOST_TEST(describe(refusal).status == status, describe(refusal).message);
    }
}

BOOST_AUTO_TEST_CASE(versions_compare_as_numbers) {
    BOOST_TEST((Version{2, 4} < Version{2, 13}));
    BOOST_TEST((Version{2, 13} < Version{12, 3}));
    BOOST_TEST((kHttp09 < kHttp10));
    BOOST_TEST((kHttp10 < kHttp11));
    BOOST_TEST((Version{1, 1} == kHttp11));
}
