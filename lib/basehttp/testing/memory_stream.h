// MemoryStream: a Stream in memory, for tests: it has read all that it is given, keeps what is written, and waits for
// nothing: a sleep is over at once.
#pragma once

#include <cstdint>
#include <limits>
#include <string>
#include <utility>

#include "basehttp/io/event_loop.h"
#include "basehttp/io/stream.h"

namespace basehttp {

class MemoryStream final : public Stream {
  public:
    /// A client that sends `input`, and nothing more. `loop` must outlive the stream, and run.
    MemoryStream(EventLoop& loop, std::string input) : loop_(loop), input_(std::move(input)) {}

    /// The client leaves once it has been sent `size` bytes: further writes fail with EPIPE.
    void leave_after(std::size_t size) { most_output_ = size; }

    const std::string& output() const { return output_; }

    IoResult<std::size_t> read_some(std::span<char> space) override;
    IoResult<std::size_t> write_some(std::span<const iovec> pieces, More more) override;
    IoResult<std::size_t> send_file_some(int file, off_t offset, std::size_t count) override;
    void shut_down_writing() override {}
    void give_way() override { gave_way_ = true; }
    void set_deadline(std::chrono::milliseconds timeout) override;
    void interrupt() override;
    bool peer_left() const override { return output_.size() >= most_output_; }

  private:
    bool is_ready(Direction direction) const override;
    bool wait(Direction direction, std::coroutine_handle<> waiter) override;
    IoResult<void> wait_result() override;
    void forget_waiter() override { waiter_ = nullptr; }
    void end_wait(Direction direction);
    IoResult<std::size_t> take(std::string_view bytes);

    EventLoop& loop_;
    std::string input_;
    std::size_t read_ = 0;
    std::string output_;
    std::size_t most_output_ = std::numeric_limits<std::size_t>::max();
    std::coroutine_handle<> waiter_;
    bool gave_way_ = false;
    int failure_ = 0;
};

}  // namespace basehttp
