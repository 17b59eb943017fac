// OpenFile: what a simulated descriptor stands for. Descriptors of several processes share one; it is closed with the
// last of them, which is its destruction. Calls give what the kernel's would, or an error as a negative errno.
//
//     EventCounter   eventfd(2)
//     ChannelEnd     socketpair(2) of SOCK_SEQPACKET, between the master and a child
//     Listener       a listening socket, with the connections that wait
//     Socket         a worker's end of a client's connection; Wire is what is under way between both
//     LogFile        a regular file, open for appending, on a Disk that can be full
//     Epoll          level- and edge-triggered
#pragma once

#include <sys/epoll.h>
#include <sys/types.h>

#include <cstdint>
#include <deque>
#include <limits>
#include <map>
#include <memory>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace simulation {

class Random;

class OpenFile {
  public:
    OpenFile() = default;
    OpenFile(const OpenFile&) = delete;
    OpenFile& operator=(const OpenFile&) = delete;
    virtual ~OpenFile() = default;

    /// As epoll's events.
    virtual std::uint32_t readiness() const { return 0; }

    virtual std::string name() const = 0;

    /// Grows with each event that an edge-triggered wait hears of.
    std::uint64_t edges() const { return edges_; }
    void note_edge() { ++edges_; }

  private:
    std::uint64_t edges_ = 0;
};

struct EventCounter final : OpenFile {
    std::string name() const override { return "eventfd"; }
    std::uint32_t readiness() const override { return (value > 0 ? EPOLLIN : 0U) | EPOLLOUT; }
    std::uint64_t value = 0;
};

struct ChannelEnd final : OpenFile {
    std::string name() const override { return "a line"; }
    ~ChannelEnd() override {
        if (const auto other = peer.lock()) other->note_edge();
    }
    std::uint32_t readiness() const override {
        const bool ended = peer.expired();
        return (!messages.empty() || ended ? EPOLLIN : 0U) | (ended ? EPOLLHUP | EPOLLRDHUP : 0U) | EPOLLOUT;
    }
    std::deque<std::string> messages;
    std::weak_ptr<ChannelEnd> peer;
};

struct Socket;

/// A connection between a client and a worker: the bytes under way, and who has left.
struct Wire {
    std::string to_server;
    std::string to_client;
    std::string held;                                              ///< sent with MSG_MORE
    std::size_t window = std::numeric_limits<std::size_t>::max();  ///< of to_client
    bool client_finished = false;
    bool client_reset = false;
    bool server_finished = false;
    bool server_reset = false;
    std::uint16_t port = 0;  ///< the client's
    std::weak_ptr<Socket> server;

    void note_edge() const;
};

struct Socket final : OpenFile {
    explicit Socket(std::shared_ptr<Wire> between) : wire(std::move(between)) {}
    ~Socket() override;
    std::string name() const override { return "a connection"; }
    std::uint32_t readiness() const override;
    ssize_t receive(char* space, std::size_t size, bool peek) const;
    ssize_t send(std::string_view bytes, bool more) const;
    void push() const { wire->to_client += std::exchange(wire->held, {}); }

    std::shared_ptr<Wire> wire;
};

/// Also a socket that does not listen yet.
struct Listener final : OpenFile {
    ~Listener() override;
    std::string name() const override { return "a listening socket"; }
    std::uint32_t readiness() const override { return waiting.empty() ? 0U : EPOLLIN; }
    std::string address;  ///< a sockaddr
    bool listens = false;
    std::deque<std::shared_ptr<Wire>> waiting;
};

struct Inode {
    std::string path;
    std::string content;
    ino_t number = 0;
};

struct Disk {
    std::map<std::string, std::shared_ptr<Inode>> files;
    std::int64_t room = std::numeric_limits<std::int64_t>::max();
    std::vector<std::shared_ptr<Inode>> all;  ///< those that were renamed, too
};

struct LogFile final : OpenFile {
    LogFile(Disk& of, std::shared_ptr<Inode> what) : disk(of), inode(std::move(what)) {}
    std::string name() const override { return inode->path; }
    ssize_t write(std::string_view bytes) const;

    Disk& disk;
    std::shared_ptr<Inode> inode;
};

class Epoll final : public OpenFile {
  public:
    std::string name() const override { return "epoll"; }
    int control(int operation, int fd, const std::shared_ptr<OpenFile>& file, const epoll_event* event);
    int collect(epoll_event* events, int most, Random& random);
    bool has_events() const;

  private:
    struct Interest {
        int fd;
        std::weak_ptr<OpenFile> file;
        epoll_event event;
        std::uint64_t seen;
    };
    static std::uint32_t ready(const Interest& interest);

    std::vector<Interest> interests_;
};

}  // namespace simulation
