#include "basehttp/log/file_log.h"

#include <filesystem>
#include <stdexcept>
#include <string>
#include <system_error>

#include <boost/test/unit_test.hpp>

#include "basehttp/io/wall_clock.h"
#include "tests/unit/temporary_folder.h"

namespace {

using basehttp::FileLog;
using basehttp::kNanosecondsPerSecond;

struct Fixture : basehttpd_test::TemporaryFolder {
    void access_at(std::int64_t second, std::string_view line) {
        basehttp::AccessRecord record;
        record.arrival_ns = second * kNanosecondsPerSecond;
        record.duration_ns = kNanosecondsPerSecond / 2;
        record.request_line = line;
        log.access(record);
    }
    void error_at(std::int64_t second, std::string_view text) {
        log.error(basehttp::ErrorRecord{second * kNanosecondsPerSecond, basehttp::Severity::error, text});
    }
    std::string content(const std::string& name) const {
        std::ifstream file(path(name));
        return {std::istreambuf_iterator<char>(file), {}};
    }
    void rename(const std::string& from, const std::string& to) const {
        std::filesystem::rename(path(from), path(to));
    }
    FileLog log{path("access"), "%r", path("error")};
};

BOOST_FIXTURE_TEST_CASE(lines_go_to_their_files, Fixture) {
    access_at(1, "GET /1");
    error_at(1, "spam");
    BOOST_TEST(content("access") == "GET /1\n");
    BOOST_TEST(content("error").find("spam") != std::string::npos);
}

BOOST_FIXTURE_TEST_CASE(a_renamed_file_is_made_anew_in_the_next_second, Fixture) {
    access_at(1, "GET /1");
    rename("access", "access.1");
    access_at(1, "GET /2");
    BOOST_TEST(!std::filesystem::exists(path("access")));
    access_at(2, "GET /3");
    BOOST_TEST(content("access.1") == "GET /1\nGET /2\n");
    BOOST_TEST(content("access") == "GET /3\n");
}

BOOST_FIXTURE_TEST_CASE(whichever_of_the_two_it_is, Fixture) {
    rename("error", "error.1");
    access_at(1, "GET /1");
    error_at(1, "spam");
    BOOST_TEST(content("error.1").empty());
    BOOST_TEST(!content("error").empty());
    BOOST_TEST(content("access") == "GET /1\n");
}

BOOST_FIXTURE_TEST_CASE(one_that_another_process_has_made_anew_is_shared, Fixture) {
    rename("access", "access.1");
    FileLog other(path("access"), "%r");
    access_at(1, "GET /1");
    BOOST_TEST(content("access") == "GET /1\n");
}

BOOST_FIXTURE_TEST_CASE(what_cannot_be_opened_leaves_the_old_one_in_use, Fixture) {
    rename("access", "access.1");
    std::filesystem::create_directory(path("access"));
    access_at(1, "GET /1");
    BOOST_CHECK_THROW(log.reopen(), std::system_error);
    access_at(2, "GET /2");
    BOOST_TEST(content("access.1") == "GET /1\nGET /2\n");
    std::filesystem::remove(path("access"));
    access_at(3, "GET /3");
    BOOST_TEST(content("access") == "GET /3\n");
}

BOOST_FIXTURE_TEST_CASE(reopen_waits_for_no_second, Fixture) {
    access_at(1, "GET /1");
    rename("access", "access.1");
    log.reopen();
    access_at(1, "GET /2");
    BOOST_TEST(content("access") == "GET /2\n");
}

BOOST_FIXTURE_TEST_CASE(what_cannot_be_throws, Fixture) {
    BOOST_CHECK_THROW(FileLog(path("no/access")), std::system_error);
    BOOST_CHECK_THROW(FileLog(path("access"), "%{"), std::invalid_argument);
}

}  // namespace
