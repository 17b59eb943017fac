// Acceptor: takes connections from one listening socket that several processes may share. It accepts one a round, so
// that the others get theirs, and can leave the socket to them for a while.
#pragma once

#include "basehttp/io/event_loop.h"
#include "basehttp/io/socket_address.h"

namespace basehttp {

class Acceptor final : private EventTarget {
  public:
    /// Who gets the connections.
    class Receiver {
      public:
        virtual void on_accepted(UniqueFd socket, const SocketAddress& peer) = 0;
        /// accept4(2) failed in a way that waiting does not mend at once: no descriptors or memory left.
        virtual void on_accept_failed(const IoError& error) = 0;

      protected:
        ~Receiver() = default;
    };

    /// `listener` is non-blocking and stays the caller's, who closes it after this is gone.
    Acceptor(EventLoop& loop, int listener, Receiver& receiver)
        : loop_(loop), listener_(listener), receiver_(receiver) {}
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
    void on_events(std::uint32_t) override { accept_one(); }

    EventLoop& loop_;
    int listener_;
    Receiver& receiver_;
    bool joined_ = false;
};

}  // namespace basehttp
