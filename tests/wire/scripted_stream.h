// ScriptedStream: a Stream whose client is a script. Reads, pauses, ends, resets, writes that are taken in part or
// not at all, deadlines and interrupts come in the order in which the script has them; run() drives a coroutine to
// its end without a loop and without waiting. All bytes written and the order of calls are kept.
#pragma once

#include <deque>
#include <limits>
#include <string>
#include <string_view>
#include <vector>

#include "basehttp/io/stream.h"
#include "basehttp/io/task.h"

namespace wire {

/// What the client does next, as the reading side sees it.
struct Arrival {
    enum class Kind : std::uint8_t {
        bytes,
        pause,      ///< nothing to read: a wait is needed, and ends well
        silence,    ///< nothing to read: a wait is needed, and the deadline passes
        interrupt,  ///< nothing to read: a wait is needed, and is interrupted
        end,        ///< the client has finished; for good
        reset,      ///< the connection was reset; for good
    };
    Kind kind = Kind::bytes;
    std::string bytes{};
};

/// What becomes of the next write.
struct Acceptance {
    enum class Kind : std::uint8_t {
        some,   ///< at most `size` bytes are taken
        block,  ///< EAGAIN; a wait ends well
        stall,  ///< EAGAIN; the deadline passes
        fail,   ///< EPIPE, for good
    };
    Kind kind = Kind::some;
    std::size_t size = std::numeric_limits<std::size_t>::max();
};

class ScriptedStream final : public basehttp::Stream {
  public:
    /// Where the arrivals are used up, the client is silent; where the acceptances are, it takes `usual_write` bytes
    /// at a time.
    explicit ScriptedStream(std::deque<Arrival> arrivals, std::deque<Acceptance> acceptances = {},
                            std::size_t usual_write = std::numeric_limits<std::size_t>::max())
        : arrivals_(std::move(arrivals)), acceptances_(std::move(acceptances)), usual_write_(usual_write) {}

    /// The client leaves once it has taken `size` bytes: further writes fail with EPIPE.
    void leave_after(std::size_t size) { most_output_ = size; }

    /// Runs `task` to its end. Throws std::logic_error where it waits without a deadline or for what cannot come.
    void run(basehttp::Task<>& task);

    /// Runs `task` until it waits for what the script does not have. True: it has ended.
    bool run_to_silence(basehttp::Task<>& task);

    const std::string& output() const { return output_; }
    /// `read`, `write`, `file`, `more` after a write with more to come, `wait r`, `wait w`, `wait d`, `deadline MS`,
    /// `shutdown`, `give way`, `push`; in order.
    const std::vector<std::string>& calls() const { return calls_; }
    std::size_t count(std::string_view call) const;
    /// Where the bytes of the last write stood.
    const std::vector<const void*>& last_sources() const { return last_sources_; }

    basehttp::IoResult<std::size_t> read_some(std::span<char> space) override;
    basehttp::IoResult<std::size_t> write_some(std::span<const iovec> pieces, More more) override;
    basehttp::IoResult<std::size_t> send_file_some(int file, off_t offset, std::size_t count) override;
    void push() override;
    void shut_down_writing() override;
    void give_way() override;
    void set_deadline(std::chrono::milliseconds timeout) override;
    void interrupt() override { failure_ = ECANCELED; }
    bool peer_left() const override;

  private:
    bool is_ready(Direction direction) const override;
    bool wait(Direction direction, std::coroutine_handle<> waiter) override;
    basehttp::IoResult<void> wait_result() override;

    void note(std::string call) { calls_.push_back(std::move(call)); }
    void end_wait();
    void end_read_wait();
    void end_write_wait();
    std::size_t acceptable(std::size_t size);

    std::deque<Arrival> arrivals_;
    std::deque<Acceptance> acceptances_;
    std::size_t usual_write_;
    std::size_t most_output_ = std::numeric_limits<std::size_t>::max();
    std::string output_;
    std::vector<std::string> calls_;
    std::vector<const void*> last_sources_;
    std::coroutine_handle<> waiter_;
    Direction waits_for_ = Direction::read;
    bool gave_way_ = false;
    bool has_deadline_ = false;
    int failure_ = 0;
};

}  // namespace wire
