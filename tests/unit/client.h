// Client: one end of a connection to a server under test, in blocking calls.
#pragma once

#include <sys/socket.h>

#include <array>
#include <cstdint>
#include <string>
#include <string_view>

#include <boost/test/unit_test.hpp>

#include "basehttp/io/socket_address.h"
#include "basehttp/io/unique_fd.h"

namespace basehttp_test {

struct Client {
    explicit Client(const basehttp::SocketAddress& address) : socket(::socket(address.family(), SOCK_STREAM, 0)) {
        connected = ::connect(socket.get(), address.get(), address.size()) == 0;
    }
    explicit Client(std::uint16_t port)
        : Client(basehttp::SocketAddress::parse("127.0.0.1:" + std::to_string(port)).value()) {}
    void send(std::string_view bytes) const {
        BOOST_REQUIRE(::send(socket.get(), bytes.data(), bytes.size(), MSG_NOSIGNAL) ==
                      static_cast<ssize_t>(bytes.size()));
    }
    std::string rest() const {
        std::string all;
        std::array<char, 4096> piece;
        for (ssize_t got = 1; got > 0;) {
            got = ::recv(socket.get(), piece.data(), piece.size(), 0);
            if (got > 0) all.append(piece.data(), static_cast<std::size_t>(got));
        }
        return all;
    }
    std::string ask(std::string_view request) const {
        send(request);
        return rest();
    }
    basehttp::UniqueFd socket;
    bool connected = false;
};

}  // namespace basehttp_test
