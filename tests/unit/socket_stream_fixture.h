// A SocketStream and the other end of its connection, which is driven between two rounds of the loop.
#pragma once

#include <netinet/in.h>
#include <sys/socket.h>

#include <array>
#include <optional>
#include <string>

#include <boost/test/unit_test.hpp>

#include "basehttp/io/listen.h"
#include "basehttp/io/socket_stream.h"
#include "basehttp/io/task.h"

namespace socket_stream_fixture {

using namespace std::chrono_literals;
using basehttp::EventLoop;
using basehttp::SocketStream;
using basehttp::Task;
using basehttp::UniqueFd;

inline std::array<UniqueFd, 2> local_pair() {
    std::array<int, 2> fds{};
    BOOST_REQUIRE(::socketpair(AF_UNIX, SOCK_STREAM | SOCK_NONBLOCK, 0, fds.data()) == 0);
    return {UniqueFd(fds[0]), UniqueFd(fds[1])};
}

inline std::array<UniqueFd, 2> tcp_pair() {
    auto listener = basehttp::listen_on(*basehttp::SocketAddress::parse("127.0.0.1:0"));
    BOOST_REQUIRE(listener.has_value());
    const auto address = basehttp::SocketAddress::of_socket(listener->get());
    UniqueFd there(::socket(AF_INET, SOCK_STREAM, 0));
    BOOST_REQUIRE(::connect(there.get(), address.get(), address.size()) == 0);
    UniqueFd here(::accept4(listener->get(), nullptr, nullptr, SOCK_NONBLOCK));
    BOOST_REQUIRE(static_cast<bool>(here));
    return {std::move(here), std::move(there)};
}

struct Fixture {
    Fixture() : Fixture(local_pair()) {}
    explicit Fixture(std::array<UniqueFd, 2> pair)
        : there(std::move(pair[1])), stream(std::in_place, loop, std::move(pair[0])) {
        stream->set_deadline(1h);
    }
    void feed(std::string_view text) const {
        BOOST_REQUIRE(::send(there.get(), text.data(), text.size(), 0) == static_cast<ssize_t>(text.size()));
    }
    void finish(Task<>& task) {
        while (!task.done())
            loop.run_once();
        task.result();
    }
    EventLoop loop;
    UniqueFd there;
    std::optional<SocketStream> stream;
    std::string got;
    int reads = 0;
    int last_error = 0;
};

struct TcpFixture : Fixture {
    TcpFixture() : Fixture(tcp_pair()) {}
};

// Reads to the end of the stream, `size` bytes at a time.
inline Task<> read_to_end(Fixture& f, std::size_t size) {
    std::string space(size, '\0');
    for (;;) {
        const auto ready = co_await f.stream->until_readable();
        if (!ready) {
            f.last_error = ready.error().code;
            co_return;
        }
        ++f.reads;
        const auto got = f.stream->read_some(space);
        if (got && *got == 0) co_return;
        if (got) f.got.append(space, 0, *got);
        if (!got && !got.error().would_block()) {
            f.last_error = got.error().code;
            co_return;
        }
    }
}

}  // namespace socket_stream_fixture
