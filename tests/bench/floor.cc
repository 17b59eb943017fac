// What the kernel alone asks of a server: epoll, one recv and one send for each request, and a canned answer. It
// reads no request, writes no log and knows no file, so its CPU time for each request is the floor below every real
// server.
//
// usage: floor PORT ANSWER REQUEST_SIZE PROCESSES [close]
//
// ANSWER is a file, sent as it is for each REQUEST_SIZE bytes that come; answers to pipelined requests leave in one
// send, large ones by sendfile. With `close` a connection ends after its first answer.

#include <fcntl.h>
#include <netinet/in.h>
#include <sys/epoll.h>
#include <sys/prctl.h>
#include <sys/sendfile.h>
#include <sys/socket.h>
#include <sys/wait.h>
#include <unistd.h>

#include <algorithm>
#include <array>
#include <cerrno>
#include <csignal>
#include <cstdio>
#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <iterator>
#include <string>
#include <vector>

namespace {

constexpr std::size_t kMostRepeated = 1 << 20;  // bytes of small answers, one after the other, for pipelined requests
constexpr std::size_t kLarge = 64 * 1024;       // from here on sendfile is cheaper than a copy

struct Connection {
    std::size_t received = 0;  // bytes of a request that is not complete
    std::size_t owed = 0;      // bytes to send
    std::size_t at = 0;        // in the answer
};

[[noreturn]] void fail(const char* what) {
    std::perror(what);
    std::exit(1);
}

// What is sent: from memory, or by sendfile.
struct Answer {
    explicit Answer(const char* path)
        : file(::open(path, O_RDONLY | O_CLOEXEC)), size(std::filesystem::file_size(path)) {
        if (size >= kLarge) return;
        std::ifstream stream(path, std::ios::binary);
        const std::string one{std::istreambuf_iterator<char>(stream), {}};
        while (repeated.size() + size <= kMostRepeated) {
            repeated += one;
        }
    }

    int file;
    std::size_t size;
    std::string repeated;
};

int listen_on(std::uint16_t port) {
    const int listener = ::socket(AF_INET, SOCK_STREAM | SOCK_NONBLOCK | SOCK_CLOEXEC, 0);
    const int on = 1;
    ::setsockopt(listener, SOL_SOCKET, SO_REUSEADDR, &on, sizeof on);
    sockaddr_in address{};
    address.sin_family = AF_INET;
    address.sin_port = htons(port);
    address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
    if (::bind(listener, reinterpret_cast<const sockaddr*>(&address), sizeof address) < 0) fail("bind");
    if (::listen(listener, 4096) < 0) fail("listen");
    return listener;
}

class Floor {
  public:
    Floor(int listener, const Answer& answer, std::size_t request_size, bool closes)
        : listener_(listener), answer_(answer), request_size_(request_size), closes_(closes) {
        watch(listener_, EPOLLIN | EPOLLEXCLUSIVE);
    }

    [[noreturn]] void run() {
        std::array<epoll_event, 256> events;
        for (;;) {
            const int count = ::epoll_wait(poll_, events.data(), events.size(), -1);
            for (int i = 0; i < count; ++i) {
                events[i].data.fd == listener_ ? accept() : serve(events[i].data.fd);
            }
        }
    }

  private:
    void watch(int fd, std::uint32_t events) const {
        epoll_event event{};
        event.events = events;
        event.data.fd = fd;
        if (::epoll_ctl(poll_, EPOLL_CTL_ADD, fd, &event) < 0) fail("epoll_ctl");
    }

    void accept() {
        const int fd = ::accept4(listener_, nullptr, nullptr, SOCK_NONBLOCK | SOCK_CLOEXEC);
        if (fd < 0) return;
        if (static_cast<std::size_t>(fd) >= connections_.size()) connections_.resize(fd + 1);
        connections_[fd] = {};
        watch(fd, EPOLLIN | EPOLLOUT | EPOLLET);
    }

    void serve(int fd) {
        Connection& connection = connections_[fd];
        for (;;) {
            if (!send_owed(fd, connection)) return;
            const ssize_t got = ::recv(fd, buffer_.data(), buffer_.size(), 0);
            if (got < 0 && errno == EAGAIN) return;
            if (got <= 0) return static_cast<void>(::close(fd));
            connection.received += static_cast<std::size_t>(got);
            connection.owed = connection.received / request_size_ * answer_.size;
            connection.received %= request_size_;
            const bool answered = connection.owed > 0;
            if (!send_owed(fd, connection)) return;
            if (answered && closes_) return static_cast<void>(::close(fd));
            if (static_cast<std::size_t>(got) < buffer_.size()) return;  // epoll says when there is more
        }
    }

    // Whether nothing is owed any more.
    bool send_owed(int fd, Connection& connection) const {
        while (connection.owed > 0) {
            const ssize_t sent = send_some(fd, connection);
            if (sent < 0) return false;
            connection.owed -= static_cast<std::size_t>(sent);
            connection.at = (connection.at + static_cast<std::size_t>(sent)) % answer_.size;
        }
        return true;
    }

    ssize_t send_some(int fd, const Connection& connection) const {
        if (answer_.size >= kLarge) {
            auto offset = static_cast<off_t>(connection.at);
            return ::sendfile(fd, answer_.file, &offset, std::min(connection.owed, answer_.size - connection.at));
        }
        const std::size_t size = std::min(connection.owed, answer_.repeated.size() - connection.at);
        return ::send(fd, answer_.repeated.data() + connection.at, size, MSG_NOSIGNAL);
    }

    int listener_;
    const Answer& answer_;
    std::size_t request_size_;
    bool closes_;
    int poll_ = ::epoll_create1(EPOLL_CLOEXEC);
    std::vector<Connection> connections_;
    std::array<char, 64 * 1024> buffer_;
};

}  // namespace

int main(int argc, char** argv) {
    if (argc < 5) {
        std::fputs("usage: floor PORT ANSWER REQUEST_SIZE PROCESSES [close]\n", stderr);
        return 64;
    }
    const Answer answer(argv[2]);
    const int listener = listen_on(static_cast<std::uint16_t>(std::atoi(argv[1])));
    ::signal(SIGPIPE, SIG_IGN);
    const std::size_t request_size = std::strtoul(argv[3], nullptr, 10);
    for (int left = std::atoi(argv[4]); left > 0; --left) {
        if (::fork() == 0) {
            ::prctl(PR_SET_PDEATHSIG, SIGKILL);
            Floor(listener, answer, request_size, argc > 5).run();
        }
    }
    ::signal(SIGTERM, [](int) { ::_exit(0); });  // and the others with it
    while (::wait(nullptr) > 0) {
    }
    return 1;
}
