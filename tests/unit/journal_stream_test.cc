#include "daemon/process/journal_stream.h"

#include <sys/stat.h>
#include <unistd.h>

#include <array>
#include <cstdlib>
#include <string>

#include <boost/test/unit_test.hpp>
#include <fmt/format.h>

namespace basehttpd {
namespace {

using basehttp::Severity;

// Standard error leads into a pipe as long as this lives.
class Captured {
  public:
    Captured() : before_(::dup(STDERR_FILENO)) {
        BOOST_REQUIRE(::pipe(ends_.data()) == 0);
        ::dup2(ends_[1], STDERR_FILENO);
    }
    ~Captured() {
        ::dup2(before_, STDERR_FILENO);
        for (const int fd : {before_, ends_[0], ends_[1]})
            ::close(fd);
        ::unsetenv("JOURNAL_STREAM");
    }
    Captured(const Captured&) = delete;
    Captured& operator=(const Captured&) = delete;

    std::string read() const {
        std::array<char, 4096> bytes{};
        const ssize_t got = ::read(ends_[0], bytes.data(), bytes.size());
        return {bytes.data(), static_cast<std::size_t>(got)};
    }

    // What systemd says of the stream that it has connected.
    void announce(unsigned long inode_offset = 0) const {
        struct stat status {};
        BOOST_REQUIRE(::fstat(STDERR_FILENO, &status) == 0);
        const std::string told = fmt::format("{}:{}", status.st_dev, status.st_ino + inode_offset);
        ::setenv("JOURNAL_STREAM", told.c_str(), 1);
    }

  private:
    std::array<int, 2> ends_{};
    int before_;
};

BOOST_AUTO_TEST_CASE(elsewhere_a_line_is_as_it_is) {
    const Captured captured;
    complain(Severity::error, "no port");
    BOOST_TEST(captured.read() == "no port\n");
}

BOOST_AUTO_TEST_CASE(each_line_in_the_journal_has_its_priority) {
    const Captured captured;
    captured.announce();
    complain(Severity::error, "no port\n    | here\n");
    complain(Severity::warning, "no IPv6");
    BOOST_TEST(captured.read() == "<3>no port\n<3>    | here\n<4>no IPv6\n");
}

BOOST_AUTO_TEST_CASE(another_stream_than_the_one_that_was_announced) {
    const Captured captured;
    captured.announce(1);
    complain(Severity::error, "no port");
    BOOST_TEST(captured.read() == "no port\n");
}

}  // namespace
}  // namespace basehttpd
