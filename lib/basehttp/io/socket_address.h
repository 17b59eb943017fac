// SocketAddress: where a socket listens or where a client sits: an IPv4 or IPv6 address with a port, or a path.
#pragma once

#include <sys/socket.h>

#include <cstdint>
#include <expected>
#include <string>
#include <string_view>

namespace basehttp {

class SocketAddress {
  public:
    SocketAddress() = default;
    SocketAddress(const sockaddr* address, socklen_t size);

    /// Reads `host:port`, `[v6]:port` (numbers only: nothing is looked up; an empty host or `*` is every IPv4
    /// address) or `unix:/path`. The error is a sentence for the person who wrote it.
    static std::expected<SocketAddress, std::string> parse(std::string_view text);

    /// The address that `socket` is bound to.
    static SocketAddress of_socket(int socket);

    /// `127.0.0.1:80`, `[::1]:80`, `unix:/path`.
    std::string text() const;

    /// The address alone: `127.0.0.1`, `::1`; `unix:` where there is none.
    std::string host() const;

    std::uint16_t port() const;
    int family() const { return storage_.ss_family; }
    const sockaddr* get() const;
    socklen_t size() const { return size_; }

    /// Whether it stands for all addresses of its family.
    bool is_unspecified() const;

    /// The path of a unix socket; empty for the other kinds.
    std::string path() const;

    friend bool operator==(const SocketAddress& a, const SocketAddress& b) { return a.text() == b.text(); }

  private:
    sockaddr_storage storage_{};
    socklen_t size_ = sizeof(sa_family_t);
};

}  // namespace basehttp
