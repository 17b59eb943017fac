#include "basehttp/io/listen.h"

#include <fcntl.h>
#include <sys/socket.h>
#include <sys/stat.h>

#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <span>
#include <string>

#include <boost/test/unit_test.hpp>

namespace {

using basehttp::bind_to;
using basehttp::listen_beside;
using basehttp::listen_on;
using basehttp::SocketAddress;
using basehttp::UniqueFd;

struct Folder {
    Folder() {
        std::string name = (std::filesystem::temp_directory_path() / "listen.XXXXXX").string();
        BOOST_REQUIRE(::mkdtemp(name.data()) != nullptr);
        path = name;
    }
    ~Folder() { std::filesystem::remove_all(path); }
    std::string socket() const { return path + "/socket"; }
    SocketAddress address() const { return SocketAddress::parse("unix:" + socket()).value(); }
    std::string path;
};

bool can_connect(const SocketAddress& address) {
    const UniqueFd client(::socket(address.family(), SOCK_STREAM, 0));
    return ::connect(client.get(), address.get(), address.size()) == 0;
}

BOOST_AUTO_TEST_CASE(a_free_port) {
    const auto socket = listen_on(SocketAddress::parse("127.0.0.1:0").value());
    BOOST_REQUIRE(socket.has_value());
    const auto bound = SocketAddress::of_socket(socket->get());
    BOOST_TEST(bound.port() != 0);
    BOOST_TEST(can_connect(bound));
    BOOST_TEST((::fcntl(socket->get(), F_GETFL) & O_NONBLOCK) != 0);
    BOOST_TEST((::fcntl(socket->get(), F_GETFD) & FD_CLOEXEC) != 0);
}

BOOST_AUTO_TEST_CASE(a_port_in_use) {
    const auto first = listen_on(SocketAddress::parse("127.0.0.1:0").value());
    const auto second = listen_on(SocketAddress::of_socket(first->get()));
    BOOST_REQUIRE(!second);
    BOOST_TEST(second.error().code == EADDRINUSE);
    BOOST_TEST(second.error().text() == "bind: Address already in use");
}

// Which of the two a connection from this machine gets to.
const UniqueFd* taker(const SocketAddress& to, const UniqueFd& one, const UniqueFd& other) {
    const UniqueFd client(::socket(to.family(), SOCK_STREAM, 0));
    BOOST_REQUIRE(::connect(client.get(), to.get(), to.size()) == 0);
    if (const UniqueFd accepted(::accept(one.get(), nullptr, nullptr)); accepted) return &one;
    if (const UniqueFd accepted(::accept(other.get(), nullptr, nullptr)); accepted) return &other;
    return nullptr;
}

BOOST_AUTO_TEST_CASE(all_addresses_beside_one_of_them) {
    auto one = listen_on(SocketAddress::parse("127.0.0.1:0").value()).value();
    const auto narrow = SocketAddress::of_socket(one.get());
    const auto wide = SocketAddress::parse("0.0.0.0:" + std::to_string(narrow.port())).value();
    BOOST_TEST((listen_on(wide).error().code == EADDRINUSE));
    const int fd = one.get();
    const auto all = listen_beside(std::span(&fd, 1), wide);
    BOOST_REQUIRE(all.has_value());
    BOOST_TEST(taker(narrow, one, *all) == &one);
    BOOST_TEST((listen_on(wide).error().code == EADDRINUSE), "the port is not shared with others");
    BOOST_TEST((listen_on(narrow).error().code == EADDRINUSE));
    one.reset();
    BOOST_TEST(can_connect(narrow));
    const int wide_fd = all->get();
    BOOST_TEST(listen_beside(std::span(&wide_fd, 1), narrow).has_value());
}

BOOST_AUTO_TEST_CASE(bound_only) {
    const auto bound = bind_to(SocketAddress::parse("127.0.0.1:0").value());
    BOOST_REQUIRE(bound.has_value());
    const auto address = SocketAddress::of_socket(bound->get());
    BOOST_TEST(!can_connect(address));
    BOOST_TEST(listen_on(address).has_value());
}

BOOST_FIXTURE_TEST_CASE(a_unix_socket, Folder) {
    const auto listener = listen_on(address());
    BOOST_REQUIRE(listener.has_value());
    BOOST_TEST(can_connect(address()));
}

BOOST_FIXTURE_TEST_CASE(one_that_is_listened_on_is_in_use, Folder) {
    const auto first = listen_on(address());
    const auto second = listen_on(address());
    BOOST_REQUIRE(!second);
    BOOST_TEST(second.error().code == EADDRINUSE);
    BOOST_TEST(can_connect(address()));
}

BOOST_FIXTURE_TEST_CASE(one_that_was_left_over_is_made_anew, Folder) {
    { const auto killed = listen_on(address()); }
    BOOST_TEST(!can_connect(address()));
    const auto listener = listen_on(address());
    BOOST_REQUIRE(listener.has_value());
    BOOST_TEST(can_connect(address()));
}

BOOST_FIXTURE_TEST_CASE(what_is_no_socket_is_left_alone, Folder) {
    std::ofstream(socket()) << "precious";
    BOOST_TEST(!listen_on(address()));
    BOOST_TEST(std::filesystem::file_size(socket()) == 8U);
}

BOOST_FIXTURE_TEST_CASE(a_link_to_a_socket_is_left_alone, Folder) {
    { const auto killed = listen_on(address()); }
    std::filesystem::create_symlink(socket(), path + "/link");
    BOOST_TEST(!listen_on(SocketAddress::parse("unix:" + path + "/link").value()));
    BOOST_TEST(std::filesystem::exists(socket()));
}

BOOST_FIXTURE_TEST_CASE(a_folder_that_is_not_there, Folder) {
    const auto listener = listen_on(SocketAddress::parse("unix:" + path + "/no/socket").value());
    BOOST_REQUIRE(!listener);
    BOOST_TEST(listener.error().code == ENOENT);
}

}  // namespace
