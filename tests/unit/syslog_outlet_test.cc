#include "daemon/logger/sinks/syslog_outlet.h"

#include <netinet/in.h>
#include <poll.h>
#include <sys/ioctl.h>
#include <sys/socket.h>
#include <sys/un.h>
#include <unistd.h>

#include <cerrno>
#include <string>
#include <vector>

#include <boost/test/unit_test.hpp>

#include "basehttp/io/unique_fd.h"
#include "daemon/logs/failure_text.h"
#include "tests/unit/temporary_folder.h"

namespace basehttpd {
namespace {

using basehttp::UniqueFd;
using basehttpd_test::TemporaryFolder;
using Transport = SyslogAddress::Transport;

constexpr int kPatienceMs = 10'000;

// A socket of a program that takes messages: at a path, or at a port of the loopback.
UniqueFd receiver_at(const std::string& path, int type) {
    ::unlink(path.c_str());
    UniqueFd socket(::socket(AF_UNIX, type, 0));
    sockaddr_un address{};
    address.sun_family = AF_UNIX;
    path.copy(address.sun_path, sizeof address.sun_path - 1);
    BOOST_TEST_REQUIRE(::bind(socket.get(), reinterpret_cast<sockaddr*>(&address), sizeof address) == 0);
    if (type == SOCK_STREAM) BOOST_TEST_REQUIRE(::listen(socket.get(), 8) == 0);
    return socket;
}

UniqueFd receiver_at(std::uint16_t port, int type) {
    constexpr int kOn = 1;
    UniqueFd socket(::socket(AF_INET, type, 0));
    ::setsockopt(socket.get(), SOL_SOCKET, SO_REUSEADDR, &kOn, sizeof kOn);
    sockaddr_in address{};
    address.sin_family = AF_INET;
    address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
    address.sin_port = htons(port);
    BOOST_TEST_REQUIRE(::bind(socket.get(), reinterpret_cast<sockaddr*>(&address), sizeof address) == 0);
    if (type == SOCK_STREAM) BOOST_TEST_REQUIRE(::listen(socket.get(), 8) == 0);
    return socket;
}

std::uint16_t port_of(const UniqueFd& socket) {
    sockaddr_in address{};
    socklen_t size = sizeof address;
    ::getsockname(socket.get(), reinterpret_cast<sockaddr*>(&address), &size);
    return ntohs(address.sin_port);
}

UniqueFd accept_on(const UniqueFd& listener) {
    pollfd ready{listener.get(), POLLIN, 0};
    BOOST_TEST_REQUIRE(::poll(&ready, 1, kPatienceMs) == 1);
    return UniqueFd(::accept(listener.get(), nullptr, nullptr));
}

std::string take(const UniqueFd& socket) {
    pollfd ready{socket.get(), POLLIN, 0};
    if (::poll(&ready, 1, kPatienceMs) == 0) return "nothing";
    std::string text(1 << 20, '\0');
    const ssize_t size = ::recv(socket.get(), text.data(), text.size(), 0);
    text.resize(size < 0 ? 0 : static_cast<std::size_t>(size));
    return text;
}

std::string take_bytes(const UniqueFd& socket, std::size_t count) {
    std::string text;
    while (text.size() < count) {
        const std::string more = take(socket);
        if (more.empty() || more == "nothing") break;
        text += more;
    }
    return text;
}

// The messages of a stream with octet counting; a frame that is not whole is left out.
std::vector<std::string> messages_of(std::string_view text) {
    std::vector<std::string> messages;
    while (!text.empty()) {
        const std::size_t space = text.find(' ');
        const std::size_t size = std::stoul(std::string(text.substr(0, space)));
        if (text.size() < space + 1 + size) break;
        messages.emplace_back(text.substr(space + 1, size));
        text.remove_prefix(space + 1 + size);
    }
    return messages;
}

SyslogAddress address(Transport transport, std::string host, std::uint16_t port) {
    return {transport, {}, std::move(host), port};
}

// What the sink does: again, when there is room, until it is taken or has failed. The error, or 0.
int deliver(SyslogOutlet& outlet, const std::string& message) {
    constexpr int kMomentMs = 50;
    for (int waited = 0; waited < kPatienceMs; waited += kMomentMs) {
        const auto taken = outlet.write(message);
        if (taken) return *taken == message.size() ? 0 : -1;
        if (!taken.error().would_block()) return taken.error().code;
        pollfd ready{outlet.descriptor(), POLLOUT, 0};
        ::poll(&ready, ready.fd >= 0 ? 1 : 0, kMomentMs);
    }
    return EAGAIN;
}

std::string numbered(int number) {
    constexpr std::size_t kSize = 1000;
    std::string message = std::to_string(number);
    message.resize(kSize, '.');
    return message;
}

// Numbered messages until one finds no room; how many went.
int fill(SyslogOutlet& outlet) {
    int count = 0;
    while (true) {
        if (const auto taken = outlet.write(numbered(count)); !taken) {
            BOOST_TEST_REQUIRE(taken.error().would_block());
            return count;
        }
        ++count;
    }
}

struct Folder {
    TemporaryFolder folder;
    std::string path = folder.path("log");
    SyslogAddress to{Transport::unix_socket, path};
};

BOOST_FIXTURE_TEST_CASE(a_datagram_socket, Folder) {
    SyslogOutlet outlet(to);
    BOOST_TEST(deliver(outlet, "spam") == ENOENT);
    UniqueFd receiver = receiver_at(path, SOCK_DGRAM);
    BOOST_TEST(deliver(outlet, "spam") == 0);
    BOOST_TEST(deliver(outlet, "eggs") == 0);
    BOOST_TEST(take(receiver) == "spam");
    BOOST_TEST(take(receiver) == "eggs");
    // A program that was started anew is found at once.
    receiver.reset();
    receiver = receiver_at(path, SOCK_DGRAM);
    BOOST_TEST(deliver(outlet, "more") == 0);
    BOOST_TEST(take(receiver) == "more");
    receiver.reset();
    BOOST_TEST(deliver(outlet, "none") == ECONNREFUSED);
}

BOOST_FIXTURE_TEST_CASE(one_whose_reader_stands_still, Folder) {
    SyslogOutlet outlet(to);
    const UniqueFd receiver = receiver_at(path, SOCK_DGRAM);
    const int count = fill(outlet);
    BOOST_TEST(count > 0);
    for (int i = 0; i < count; ++i)
        BOOST_TEST(take(receiver).starts_with(std::to_string(i) + "."));
    BOOST_TEST(deliver(outlet, "after") == 0);
    BOOST_TEST(take(receiver) == "after");
}

BOOST_FIXTURE_TEST_CASE(a_message_that_no_datagram_holds_is_cut, Folder) {
    SyslogOutlet outlet(to);
    const UniqueFd receiver = receiver_at(path, SOCK_DGRAM);
    BOOST_TEST(deliver(outlet, std::string(20 << 20, 'x')) == 0);
    BOOST_TEST(take(receiver) == std::string(1024, 'x'));
}

BOOST_FIXTURE_TEST_CASE(a_stream_socket_has_lines, Folder) {
    SyslogOutlet outlet(to);
    const UniqueFd listener = receiver_at(path, SOCK_STREAM);
    BOOST_TEST(deliver(outlet, "spam") == 0);
    const UniqueFd receiver = accept_on(listener);
    BOOST_TEST(deliver(outlet, "eggs") == 0);
    BOOST_TEST(take_bytes(receiver, 10) == "spam\neggs\n");
}

BOOST_AUTO_TEST_CASE(tcp_counts_octets) {
    const UniqueFd listener = receiver_at(0, SOCK_STREAM);
    SyslogOutlet outlet(address(Transport::tcp, "127.0.0.1", port_of(listener)));
    BOOST_TEST(deliver(outlet, "spam\n") == 0);
    BOOST_TEST(deliver(outlet, "and eggs") == 0);
    const UniqueFd receiver = accept_on(listener);
    BOOST_TEST(take_bytes(receiver, 18) == "5 spam\n8 and eggs");
    pollfd nothing{-1, 0, 0};
    for (int waited = 0; !outlet.settled() && waited < kPatienceMs; ++waited)
        ::poll(&nothing, 0, 1);
    BOOST_TEST(outlet.settled());
}

// What the first reader's machine has confirmed is lost with it; all else goes to the next one, from its beginning.
BOOST_AUTO_TEST_CASE(a_broken_tcp_connection_loses_nothing_that_was_not_confirmed) {
    constexpr std::size_t kFrame = 1005;  // of a message that fill() sends
    UniqueFd listener = receiver_at(0, SOCK_STREAM);
    SyslogOutlet outlet(address(Transport::tcp, "127.0.0.1", port_of(listener)));
    BOOST_TEST(deliver(outlet, "first") == 0);
    UniqueFd receiver = accept_on(listener);
    const int count = fill(outlet);
    BOOST_TEST(count > 100);
    BOOST_TEST(!outlet.settled());
    int arrived = 0;
    ::ioctl(receiver.get(), FIONREAD, &arrived);
    receiver.reset();  // with unread bytes: a reset
    // The one that found no room. Young as it is, the connection is not made anew at once.
    const std::string last = numbered(count);
    const int error = deliver(outlet, last);
    BOOST_TEST((error == 0 || deliver(outlet, last) == 0));
    receiver = accept_on(listener);
    std::string text;
    while (!text.ends_with(last))
        text += take_bytes(receiver, 1);
    const auto messages = messages_of(text);
    const int again = static_cast<int>(messages.size()) - 1;
    BOOST_TEST(again >= count - arrived / static_cast<int>(kFrame));
    BOOST_TEST(again < count);
    for (int i = 0; i < again; ++i)
        BOOST_TEST(messages[static_cast<std::size_t>(i)].starts_with(std::to_string(count - again + i) + "."));
}

BOOST_AUTO_TEST_CASE(a_tcp_receiver_that_went_away_in_order) {
    UniqueFd listener = receiver_at(0, SOCK_STREAM);
    const std::uint16_t port = port_of(listener);
    SyslogOutlet outlet(address(Transport::tcp, "127.0.0.1", port));
    BOOST_TEST(deliver(outlet, "spam") == 0);
    {
        const UniqueFd receiver = accept_on(listener);
        BOOST_TEST(take(receiver) == "4 spam");
        listener.reset();
    }
    BOOST_TEST(deliver(outlet, "eggs") != 0);
    BOOST_TEST(deliver(outlet, "eggs") == ECONNREFUSED);
    listener = receiver_at(port, SOCK_STREAM);
    BOOST_TEST(deliver(outlet, "eggs") == 0);
    BOOST_TEST(take(accept_on(listener)) == "4 eggs");
}

BOOST_AUTO_TEST_CASE(udp) {
    const UniqueFd receiver = receiver_at(0, SOCK_DGRAM);
    SyslogOutlet outlet(address(Transport::udp, "127.0.0.1", port_of(receiver)));
    BOOST_TEST(deliver(outlet, "spam") == 0);
    BOOST_TEST(deliver(outlet, "eggs") == 0);
    BOOST_TEST(take(receiver) == "spam");
    BOOST_TEST(take(receiver) == "eggs");
}

BOOST_AUTO_TEST_CASE(nobody_at_the_other_end_of_udp_is_noticed_again_and_again) {
    UniqueFd receiver = receiver_at(0, SOCK_DGRAM);
    const std::uint16_t port = port_of(receiver);
    receiver.reset();
    SyslogOutlet outlet(address(Transport::udp, "127.0.0.1", port));
    for (int i = 0; i < 3; ++i)
        BOOST_TEST(deliver(outlet, "spam") == ECONNREFUSED);
    receiver = receiver_at(port, SOCK_DGRAM);
    BOOST_TEST(deliver(outlet, "spam") == 0);
    BOOST_TEST(take(receiver) == "spam");
}

// `localhost` may be [::1] first, where nobody listens: the next address is tried at once.
BOOST_AUTO_TEST_CASE(a_name_with_several_addresses) {
    const UniqueFd listener = receiver_at(0, SOCK_STREAM);
    SyslogOutlet tcp(address(Transport::tcp, "localhost", port_of(listener)));
    BOOST_TEST(deliver(tcp, "spam") == 0);
    BOOST_TEST(take(accept_on(listener)) == "4 spam");
    const UniqueFd receiver = receiver_at(0, SOCK_DGRAM);
    SyslogOutlet udp(address(Transport::udp, "localhost", port_of(receiver)));
    BOOST_TEST(deliver(udp, "spam") == 0);
    BOOST_TEST(take(receiver) == "spam");
}

// It is so long that no name server is asked.
BOOST_AUTO_TEST_CASE(a_name_that_cannot_exist) {
    SyslogOutlet outlet(address(Transport::udp, std::string(300, 'a'), 514));
    for (int i = 0; i < 2; ++i) {
        const int error = deliver(outlet, "spam");
        BOOST_TEST(error < 0);
        BOOST_TEST(!failure_text(error).empty());
    }
}

}  // namespace
}  // namespace basehttpd
