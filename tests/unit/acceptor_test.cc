#include "basehttp/io/acceptor.h"

#include <netinet/in.h>
#include <netinet/tcp.h>
#include <sys/resource.h>

#include <array>
#include <string>
#include <vector>

#include <boost/test/unit_test.hpp>

#include "basehttp/io/listen.h"

namespace {

using namespace std::chrono_literals;
using basehttp::Acceptor;
using basehttp::IoError;
using basehttp::SocketAddress;
using basehttp::UniqueFd;

struct Fixture : Acceptor::Receiver {
    void on_accepted(UniqueFd socket, const SocketAddress& peer, const SocketAddress& local) override {
        sockets.push_back(std::move(socket));
        peers.push_back(peer);
        locals.push_back(local);
        if (sockets.size() == leave_after) acceptor.leave();
    }
    void on_accept_failed(const IoError& error) override { errors.push_back(error.code); }

    UniqueFd connect() const {
        const auto address = SocketAddress::of_socket(listener.get());
        UniqueFd client(::socket(AF_INET, SOCK_STREAM, 0));
        BOOST_REQUIRE(::connect(client.get(), address.get(), address.size()) == 0);
        return client;
    }

    basehttp::EventLoop loop;
    UniqueFd listener = basehttp::listen_on(SocketAddress::parse("127.0.0.1:0").value()).value();
    static constexpr int kMostARound = 4;
    Acceptor acceptor{loop, listener.get(), *this, kMostARound};
    std::vector<UniqueFd> sockets;
    std::vector<SocketAddress> peers;
    std::vector<SocketAddress> locals;
    std::size_t leave_after = 0;
    std::vector<int> errors;
};

BOOST_FIXTURE_TEST_CASE(takes_a_few_a_round, Fixture) {
    BOOST_TEST(acceptor.join().has_value());
    BOOST_TEST(acceptor.join().has_value());
    std::vector<UniqueFd> clients;
    for (int i = 0; i < kMostARound + 1; ++i)
        clients.push_back(connect());
    loop.run_once(0ms);
    BOOST_TEST(sockets.size() == clients.size() - 1);
    loop.run_once(0ms);
    BOOST_TEST(sockets.size() == clients.size());
    loop.run_once(0ms);
    BOOST_TEST(sockets.size() == clients.size());
    for (std::size_t i = 0; i < clients.size(); ++i)
        BOOST_TEST((peers[i] == SocketAddress::of_socket(clients[i].get())));
}

BOOST_FIXTURE_TEST_CASE(takes_one_a_round_unless_told_otherwise, Fixture) {
    Acceptor usual(loop, listener.get(), *this);
    BOOST_TEST(usual.join().has_value());
    const std::array clients{connect(), connect()};
    loop.run_once(0ms);
    BOOST_TEST(sockets.size() == 1U);
    loop.run_once(0ms);
    BOOST_TEST(sockets.size() == 2U);
}

BOOST_FIXTURE_TEST_CASE(takes_no_more_once_it_has_left, Fixture) {
    BOOST_TEST(acceptor.join().has_value());
    const std::array clients{connect(), connect(), connect()};
    leave_after = 2;
    loop.run_once(0ms);
    BOOST_TEST(sockets.size() == 2U);
}

BOOST_FIXTURE_TEST_CASE(each_connection_has_its_own_end, Fixture) {
    const auto client = connect();
    BOOST_TEST(acceptor.accept_one());
    BOOST_TEST((locals[0] == SocketAddress::of_socket(listener.get())));
}

// 127.0.0.2 is this machine as well.
BOOST_FIXTURE_TEST_CASE(on_a_socket_of_all_addresses_it_is_the_one_that_was_asked, Fixture) {
    const auto everywhere = basehttp::listen_on(SocketAddress::parse("0.0.0.0:0").value()).value();
    Acceptor there(loop, everywhere.get(), *this);
    const auto port = std::to_string(SocketAddress::of_socket(everywhere.get()).port());
    const auto address = SocketAddress::parse("127.0.0.2:" + port).value();
    const UniqueFd client(::socket(AF_INET, SOCK_STREAM, 0));
    BOOST_REQUIRE(::connect(client.get(), address.get(), address.size()) == 0);
    BOOST_TEST(there.accept_one());
    BOOST_TEST(locals[0].text() == address.text());
}

BOOST_FIXTURE_TEST_CASE(sockets_do_not_block_and_do_not_delay, Fixture) {
    const auto client = connect();
    BOOST_TEST(acceptor.accept_one());
    int on = 0;
    socklen_t size = sizeof on;
    ::getsockopt(sockets[0].get(), IPPROTO_TCP, TCP_NODELAY, &on, &size);
    BOOST_TEST(on != 0);
    char byte = 0;
    BOOST_TEST(::recv(sockets[0].get(), &byte, 1, 0) == -1);
    BOOST_TEST(errno == EAGAIN);
}

BOOST_FIXTURE_TEST_CASE(takes_none_where_it_does_not_take_part, Fixture) {
    const auto client = connect();
    loop.run_once(0ms);
    BOOST_TEST(sockets.empty());
    BOOST_TEST(acceptor.join().has_value());
    BOOST_TEST(acceptor.takes_part());
    acceptor.leave();
    acceptor.leave();
    loop.run_once(0ms);
    BOOST_TEST(sockets.empty());
    BOOST_TEST(acceptor.join().has_value());  // and gets what has waited
    loop.run_once(0ms);
    BOOST_TEST(sockets.size() == 1U);
}

BOOST_FIXTURE_TEST_CASE(nothing_to_accept_is_no_error, Fixture) {
    BOOST_TEST(!acceptor.accept_one());
    BOOST_TEST(errors.empty());
}

#ifndef __SANITIZE_ADDRESS__  // the sanitizer needs descriptors of its own
BOOST_FIXTURE_TEST_CASE(no_descriptor_left_is_one, Fixture) {
    const auto client = connect();
    rlimit old{};
    ::getrlimit(RLIMIT_NOFILE, &old);
    const int next = ::dup(listener.get());
    ::close(next);
    const rlimit none{static_cast<rlim_t>(next), old.rlim_max};
    ::setrlimit(RLIMIT_NOFILE, &none);
    BOOST_TEST(!acceptor.accept_one());
    ::setrlimit(RLIMIT_NOFILE, &old);
    BOOST_TEST(errors == std::vector<int>{EMFILE}, boost::test_tools::per_element());
    BOOST_TEST(acceptor.accept_one());
}
#endif

}  // namespace
