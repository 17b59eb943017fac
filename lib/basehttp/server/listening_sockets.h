// ListeningSockets: what a server accepts from. Owned by an HttpServer; its worker processes have copies.
#pragma once

#include <sys/types.h>
#include <unistd.h>

#include <cstdint>
#include <list>
#include <string>
#include <utility>
#include <vector>

#include "basehttp/io/listen.h"
#include "basehttp/io/unique_fd.h"

namespace basehttp {

class ListeningSockets {
  public:
    /// Binds to `addresses` as SocketAddress::parse() takes them, and listens. Throws std::system_error if one cannot
    /// be had, and std::invalid_argument if one is no address.
    ListeningSockets(const std::vector<std::string>& addresses, PortSharing sharing);

    /// Takes over sockets that listen already. Throws std::system_error for what is no descriptor, and
    /// std::invalid_argument for what does not listen.
    explicit ListeningSockets(const std::vector<int>& given);

    bool is_open() const { return !sockets_.empty(); }

    /// The descriptors; none once it is closed.
    std::vector<int> descriptors() const;

    /// The first port, or 0.
    std::uint16_t port() const;

    /// `127.0.0.1:80, unix:/run/app.sock`
    std::string text() const;

    /// Listens no more. Paths of unix sockets that were made here are removed.
    void close() { sockets_.clear(); }

  private:
    class Socket {
      public:
        Socket(UniqueFd socket, std::string path) : socket_(std::move(socket)), path_(std::move(path)) {}
        ~Socket();
        Socket(const Socket&) = delete;
        Socket& operator=(const Socket&) = delete;
        int get() const { return socket_.get(); }

      private:
        UniqueFd socket_;
        std::string path_;  // that is to be removed, or empty
        pid_t maker_ = ::getpid();
    };

    std::list<Socket> sockets_;
};

}  // namespace basehttp
