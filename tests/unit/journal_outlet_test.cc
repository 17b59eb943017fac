#include "daemon/logger/sinks/journal_outlet.h"

#include <fcntl.h>
#include <sys/mman.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/un.h>
#include <unistd.h>

#include <array>
#include <cerrno>
#include <cstring>
#include <string>

#include <boost/test/unit_test.hpp>

#include "basehttp/io/unique_fd.h"
#include "tests/unit/temporary_folder.h"

namespace basehttpd {
namespace {

using basehttp::UniqueFd;
using basehttpd_test::TemporaryFolder;

// What journald is to the outlet.
struct Receiver {
    explicit Receiver(const std::string& path) : socket(::socket(AF_UNIX, SOCK_DGRAM | SOCK_NONBLOCK, 0)) {
        ::unlink(path.c_str());
        sockaddr_un address{};
        address.sun_family = AF_UNIX;
        path.copy(address.sun_path, sizeof address.sun_path - 1);
        BOOST_TEST_REQUIRE(::bind(socket.get(), reinterpret_cast<sockaddr*>(&address), sizeof address) == 0);
    }

    // The next entry, however it came.
    std::string take() {
        std::string content(1 << 20, '\0');
        alignas(cmsghdr) std::array<char, CMSG_SPACE(sizeof(int))> control{};
        iovec part{content.data(), content.size()};
        msghdr message{};
        message.msg_iov = &part;
        message.msg_iovlen = 1;
        message.msg_control = control.data();
        message.msg_controllen = control.size();
        const ssize_t size = ::recvmsg(socket.get(), &message, 0);
        if (size < 0) return "nothing";
        content.resize(static_cast<std::size_t>(size));
        const cmsghdr* rights = CMSG_FIRSTHDR(&message);
        return rights == nullptr ? content : take_file(*rights);
    }

    std::string take_file(const cmsghdr& rights) {
        int fd = -1;
        std::memcpy(&fd, CMSG_DATA(&rights), sizeof fd);
        const UniqueFd file(fd);
        constexpr int kSeals = F_SEAL_SHRINK | F_SEAL_GROW | F_SEAL_WRITE | F_SEAL_SEAL;
        BOOST_TEST((::fcntl(fd, F_GET_SEALS) & kSeals) == kSeals);
        struct stat status {};
        ::fstat(fd, &status);
        std::string content(static_cast<std::size_t>(status.st_size), '\0');
        BOOST_TEST(::pread(fd, content.data(), content.size(), 0) == status.st_size);
        ++files;
        return content;
    }

    UniqueFd socket;
    int files = 0;
};

struct Fixture {
    TemporaryFolder folder;
    std::string path = folder.path() + "/socket";
    JournalOutlet outlet{path};
};

int error_of(const basehttp::IoResult<std::size_t>& result) {
    return result ? 0 : result.error().code;
}

BOOST_FIXTURE_TEST_CASE(entries_are_datagrams, Fixture) {
    Receiver receiver(path);
    BOOST_TEST(outlet.write("MESSAGE=spam\n").value() == 13U);
    BOOST_TEST(outlet.write("MESSAGE=eggs\n").value() == 13U);
    BOOST_TEST(receiver.take() == "MESSAGE=spam\n");
    BOOST_TEST(receiver.take() == "MESSAGE=eggs\n");
    BOOST_TEST(receiver.take() == "nothing");
}

BOOST_FIXTURE_TEST_CASE(one_that_is_too_long_comes_as_a_sealed_file, Fixture) {
    Receiver receiver(path);
    const std::string entry(20 << 20, 'x');
    BOOST_TEST(outlet.write(entry).value() == entry.size());
    BOOST_TEST((receiver.take() == entry));
    BOOST_TEST(receiver.files == 1);
}

BOOST_FIXTURE_TEST_CASE(a_reader_that_reads_nothing_is_not_waited_for, Fixture) {
    Receiver receiver(path);
    int sent = 0;
    int error = 0;
    while ((error = error_of(outlet.write("x"))) == 0)
        ++sent;
    BOOST_TEST(error == EAGAIN);
    BOOST_TEST(sent > 0);
    BOOST_TEST(outlet.descriptor() >= 0);
    // A long one waits as well.
    BOOST_TEST(error_of(outlet.write(std::string(20 << 20, 'x'))) == EAGAIN);
    for (int i = 0; i < sent; ++i)
        BOOST_TEST(receiver.take() == "x");
    BOOST_TEST(outlet.write("y").value() == 1U);
    BOOST_TEST(receiver.take() == "y");
}

BOOST_FIXTURE_TEST_CASE(another_socket_in_its_place_is_found_at_once, Fixture) {
    {
        const Receiver receiver(path);
        BOOST_TEST(outlet.write("x").value() == 1U);
    }
    const int before = outlet.descriptor();
    Receiver receiver(path);
    BOOST_TEST(outlet.write("y").value() == 1U);
    BOOST_TEST(receiver.take() == "y");
    // Who watches the old one must see that this is another.
    BOOST_TEST(outlet.descriptor() != before);
}

BOOST_FIXTURE_TEST_CASE(where_nobody_is_it_fails_and_begins_anew, Fixture) {
    BOOST_TEST(error_of(outlet.write("x")) == ENOENT);
    BOOST_TEST(outlet.descriptor() == -1);
    { const Receiver receiver(path); }
    BOOST_TEST(error_of(outlet.write("x")) == ECONNREFUSED);
    Receiver receiver(path);
    BOOST_TEST(outlet.write("x").value() == 1U);
    BOOST_TEST(receiver.take() == "x");
}

}  // namespace
}  // namespace basehttpd
