// Stream: what a Connection needs of its transport. A socket is one, a script in tests is another, TLS can be one.
//
// Reading and writing are attempts that fail with EAGAIN where they would block; a coroutine then awaits
// until_readable() or until_writable() and tries again. One coroutine at a time may wait.
#pragma once

#include <sys/types.h>
#include <sys/uio.h>

#include <atomic>
#include <chrono>
#include <coroutine>
#include <cstddef>
#include <cstdint>
#include <span>

#include "basehttp/io/io_result.h"

namespace basehttp {

class Stream {
  public:
    /// What a coroutine waits for: bytes to read, room for bytes to write, whichever of both comes first, or the
    /// peer's departure.
    enum class Direction : std::uint8_t { read, write, either, departure };

    /// Whether more will be written at once, so that a half-filled packet may wait for it.
    enum class More : std::uint8_t { no, yes };

    virtual ~Stream() = default;

    /// Bytes read into `space`, at least one; 0 at the end of the stream.
    virtual IoResult<std::size_t> read_some(std::span<char> space) = 0;

    /// Bytes accepted of `pieces`, taken together.
    virtual IoResult<std::size_t> write_some(std::span<const iovec> pieces, More more) = 0;

    /// Bytes accepted of the file's `count` bytes from `offset`; 0 where the file ends before `offset`.
    virtual IoResult<std::size_t> send_file_some(int file, off_t offset, std::size_t count) = 0;

    /// Sends what waits for more since it was written with More::yes. A wait for this stream does so by itself; who
    /// waits for something else calls it first.
    virtual void push() {}

    /// Tells the peer that nothing more will be written.
    virtual void shut_down_writing() = 0;

    /// Makes the next wait last until the loop's next round at least, so that others have their turn.
    virtual void give_way() = 0;

    /// All waiting fails with ETIMEDOUT from `timeout` after now on, until the next call.
    virtual void set_deadline(std::chrono::milliseconds timeout) = 0;

    /// Makes the coroutine that waits, or the next one that would, see ECANCELED.
    virtual void interrupt() = 0;

    class Readiness {
      public:
        Readiness(Stream& stream, Direction direction) : stream_(stream), direction_(direction) {}
        bool await_ready() const { return stream_.is_ready(direction_); }
        bool await_suspend(std::coroutine_handle<> waiter) {
            stream_.note_focus(0);
            return stream_.wait(direction_, waiter);
        }
        IoResult<void> await_resume() const {
            stream_.note_focus(stream_.subject_);
            return stream_.wait_result();
        }

      private:
        Stream& stream_;
        Direction direction_;
    };

    /// Awaitable: IoResult<void>, an error with ETIMEDOUT or ECANCELED.
    Readiness until_readable() { return {*this, Direction::read}; }
    Readiness until_writable() { return {*this, Direction::write}; }
    Readiness until_either() { return {*this, Direction::either}; }

    /// The same for the peer's departure; see peer_left().
    Readiness until_peer_leaves() { return {*this, Direction::departure}; }

    /// Awaitable: waits for two streams at once, and gives the same as above: the error of the first that has failed.
    /// Both must be able to forget a coroutine that waits.
    class AnyReady {
      public:
        AnyReady(Stream& one, Direction of_one, Stream& other, Direction of_other)
            : one_(one), other_(other), of_one_(of_one), of_other_(of_other) {}
        bool await_ready() const { return one_.is_ready(of_one_) || other_.is_ready(of_other_); }
        bool await_suspend(std::coroutine_handle<> waiter) {
            one_.note_focus(0);
            return one_.wait(of_one_, waiter) && other_.wait(of_other_, waiter);
        }
        IoResult<void> await_resume() const {
            one_.forget_waiter();
            other_.forget_waiter();
            one_.note_focus(one_.subject_);
            const auto result = one_.wait_result();
            return result ? other_.wait_result() : result;
        }

      private:
        Stream& one_;
        Stream& other_;
        Direction of_one_;
        Direction of_other_;
    };

    /// Whether the peer has closed or reset the connection. TCP does not tell a peer that only has nothing more to
    /// send from one that is gone: both count.
    virtual bool peer_left() const { return false; }

    /// From now on `place` holds `subject` while the coroutine that uses this stream runs, and 0 while it waits: so
    /// whoever finds the process dead or stuck learns what it was at work on. nullptr: nobody wants to know any more.
    void set_focus(std::atomic<std::uint32_t>* place, std::uint32_t subject) {
        if (place == nullptr) note_focus(0);
        focus_ = place;
        subject_ = subject;
        note_focus(subject);
    }

    /// Waiting for this stream is from now on a part of the same work as waiting for `other`.
    void share_focus(const Stream& other) {
        focus_ = other.focus_;
        subject_ = other.subject_;
    }

  protected:
    /// Whether an attempt may succeed or the wait has already failed.
    virtual bool is_ready(Direction direction) const = 0;
    /// False: it cannot be waited for, and wait_result() says why.
    virtual bool wait(Direction direction, std::coroutine_handle<> waiter) = 0;
    virtual IoResult<void> wait_result() = 0;
    /// Drops what wait() was given, if it waits still.
    virtual void forget_waiter() {}

  private:
    void note_focus(std::uint32_t subject) {
        if (focus_ != nullptr) focus_->store(subject, std::memory_order_relaxed);
    }

    std::atomic<std::uint32_t>* focus_ = nullptr;
    std::uint32_t subject_ = 0;
};

}  // namespace basehttp
