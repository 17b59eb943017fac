// Acceptor: takes connections from one listening socket that several processes may share. It accepts those that wait,
// a few a round, and can leave the socket to the others for a while.
#pragma once

#include "basehttp/io/event_loop.h"
#include "basehttp/io/socket_address.h"

namespace basehttp {

class Acceptor final : private EventTarget {
  public:
    /// Who gets the connections.
    class Receiver {
      public:
        /// `local` is this end. It may leave the socket, and not destroy the acceptor.
        virtual void on_accepted(UniqueFd socket, const SocketAddress& peer, const SocketAddress& local) = 0;
        /// accept4(2) failed in a way that waiting does not mend at once: no descriptors or memory left.
        virtual void on_accept_failed(const IoError& error) = 0;

      protected:
        ~Receiver() = default;
    };

    /// `listener` is non-blocking and stays the caller's, who closes it after this is gone. At most `most_a_round`
    /// connections are accepted in a round of the loop: one where nothing else sees to it that other processes get
    /// theirs.
    Acceptor(EventLoop& loop, int listener, Receiver& receiver, int most_a_round = 1);
    ~Acceptor() { leave(); }
    Acceptor(const Acceptor&) = delete;
    Acceptor& operator=(const Acceptor&) = delete;

    /// Takes part; a connection that already waits is delivered in the next round.
    IoResult<void> join();

    /// Takes no part until join().
    void leave();

    bool takes_part() const { return joined_; }

    /// Accepts one connection if there is any.
    bool accept_one();

  private:
    void on_events(std::uint32_t) override;

    EventLoop& loop_;
    int listener_;
    Receiver& receiver_;
    int most_a_round_;
    SocketAddress address_;
    bool one_address_;  // each connection's own end is `address_`
    bool joined_ = false;
};

}  // namespace basehttp
