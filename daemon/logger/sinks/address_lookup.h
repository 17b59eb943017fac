// AddressLookup: the addresses of a host, looked up in a thread of its own: a name server that does not answer holds
// up no other log. Owned by a Dialer, in the logger, which leaves without waiting for the thread.
#pragma once

#include <atomic>
#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "basehttp/io/socket_address.h"

namespace basehttpd {

class AddressLookup {
  public:
    struct Answer {
        int failure = 0;  ///< what getaddrinfo(3) returned; 0: there are addresses
        std::vector<basehttp::SocketAddress> addresses;
    };

    AddressLookup(std::string host, std::uint16_t port, int socket_type)
        : host_(std::move(host)), port_(std::to_string(port)), socket_type_(socket_type) {}

    /// Asks, unless a question is under way, and returns the answer as soon as it is there. The next call asks again.
    std::optional<Answer> ask();

  private:
    struct Question {
        std::atomic<bool> answered = false;
        Answer answer;
    };

    void start();

    std::string host_;
    std::string port_;
    int socket_type_;
    std::shared_ptr<Question> question_;  // shared with the thread, which may outlive this
};

}  // namespace basehttpd
