// ListeningSocket: the socket that a server accepts from. Owned by an HttpServer; its worker processes have copies.
#pragma once

#include <unistd.h>

#include <string>
#include <utility>

#include "basehttp/io/unique_fd.h"

namespace basehttp {

class ListeningSocket {
  public:
    /// `path`: of a unix socket that is to be removed afterwards, or empty.
    ListeningSocket(UniqueFd socket, std::string path) : socket_(std::move(socket)), path_(std::move(path)) {}
    ~ListeningSocket() { close(); }
    ListeningSocket(const ListeningSocket&) = delete;
    ListeningSocket& operator=(const ListeningSocket&) = delete;

    int get() const { return socket_.get(); }
    bool is_open() const { return static_cast<bool>(socket_); }

    /// Listens no more. The path goes first, and in the process that made the socket alone: afterwards it may be
    /// another server's.
    void close() {
        if (is_open() && !path_.empty() && ::getpid() == maker_) ::unlink(path_.c_str());
        socket_.reset();
    }

  private:
    UniqueFd socket_;
    std::string path_;
    pid_t maker_ = ::getpid();
};

}  // namespace basehttp
