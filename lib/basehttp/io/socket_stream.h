// SocketStream: a Stream over a connected, non-blocking socket. It is registered with epoll once, edge-triggered,
// when it is waited for the first time, and remembers which direction may be tried; so a request costs no epoll_ctl
// and no read that finds nothing, and a connection whose only request has come with it is never registered.
#pragma once

#include "basehttp/io/event_loop.h"
#include "basehttp/io/stream.h"

namespace basehttp {

class SocketStream final : public Stream, private EventTarget, private Deadline {
  public:
    SocketStream(EventLoop& loop, UniqueFd socket) : loop_(loop), socket_(std::move(socket)) {}
    ~SocketStream() override;

    IoResult<std::size_t> read_some(std::span<char> space) override;
    IoResult<std::size_t> write_some(std::span<const iovec> pieces, More more) override;
    IoResult<std::size_t> send_file_some(int file, off_t offset, std::size_t count) override;
    void push() override;
    void shut_down_writing() override;
    void give_way() override;
    void set_deadline(std::chrono::milliseconds timeout) override;
    void interrupt() override;

    bool peer_left() const override;

    /// Why the loop could not watch it, which ended a wait; 0: it could, or nobody has waited.
    int watch_failure() const { return watch_failure_; }

    /// Whether bytes have come that were not read yet.
    bool has_input() const;

  private:
    bool is_ready(Direction direction) const override;
    bool wait(Direction direction, std::coroutine_handle<> waiter) override;
    IoResult<void> wait_result() override;
    void forget_waiter() override { waiter_ = nullptr; }
    bool watch();

    void on_events(std::uint32_t events) override;
    void on_deadline() override;
    void fail_wait(int code);
    void resume_waiter();

    EventLoop& loop_;
    UniqueFd socket_;
    std::coroutine_handle<> waiter_;
    Direction waits_for_ = Direction::read;
    bool watched_ = false;
    bool may_read_ = true;  // until a read has emptied the socket
    bool may_write_ = true;
    bool pushed_ = true;          // nothing waits in the kernel for more to be written
    bool peer_finished_ = false;  // then a short read does not mean that nothing is left to see
    int wait_failure_ = 0;
    int watch_failure_ = 0;
};

}  // namespace basehttp
