// Sink: one place that lines go to, with its queue, its way out and its state. Owned by the logger.
//
// States: good → failing → good. It fails where the outlet reports an error, or takes nothing for half a second.
// While it fails, lines wait in its queue, and what finds no room there is counted as lost. It is good again when the
// queue has become empty. No other sink notices any of it; a good sink whose queue is full holds the logger up, and
// by that in the end the workers: it is merely slow.
#pragma once

#include <chrono>
#include <cstdint>
#include <memory>
#include <string>
#include <string_view>
#include <vector>

#include "basehttp/io/event_loop.h"
#include "daemon/logger/sinks/outlet.h"
#include "daemon/logs/sink_queue.h"

namespace basehttpd {

class Sink : private basehttp::EventTarget, private basehttp::Deadline {
  public:
    /// Hears of changes; called from the event loop and from flush().
    class Observer {
      public:
        virtual void on_failing(Sink& sink) = 0;
        virtual void on_recovered(Sink& sink, std::uint64_t lost, std::chrono::milliseconds after) = 0;

        /// The sink has taken lines: there may be room in its queue.
        virtual void on_progress() = 0;

      protected:
        ~Observer() = default;
    };

    /// `queue` has been opened. All must outlive it.
    Sink(std::string name, SinkQueue& queue, std::unique_ptr<Outlet> outlet, basehttp::EventLoop& loop,
         Observer& observer);
    ~Sink() override { stop_watching(); }

    /// The longest line. Only a format that repeats texts makes longer ones; they are lost and counted, since they
    /// might find room at no time.
    static constexpr std::size_t kLongestLine = SinkQueue::kLongestEntry / 2;

    /// Where a line is appended; end_line() follows.
    std::string& text() { return text_; }
    void end_line();

    /// Whether a line is of any use: false and counted, where it would find no room.
    bool accepts();

    /// Whether the lines since the last put() find room in the queue, or are lost, so that put() may be called.
    bool can_put() const;

    /// Moves the lines into the queue, where the commit makes them count.
    void put();

    /// Bytes since the last put().
    std::size_t size() const { return text_.size(); }

    /// Hands on what the outlet takes now.
    void flush();

    /// As flush(), where it fails as well, without waiting for its next turn: there may be none.
    void flush_at_last() {
        if (watched_ < 0) cancel();
        flush();
    }

    bool failing() const { return queue_.failing_since_ns() != 0; }

    /// Whether nothing is left to be handed on, or to be confirmed.
    bool idle() const { return queue_.empty() && outlet_->settled(); }

    const std::string& name() const { return name_; }
    SinkQueue& queue() { return queue_; }

    /// What fails: `No space left on device`, `it takes no more`.
    std::string failure() const;

  private:
    enum class Step : std::uint8_t { again, wait, done };

    void on_events(std::uint32_t events) override;
    void on_deadline() override;
    Step write_some();
    void blocked();
    void fail(int error);
    void recover();
    void wait_for_room();
    void stop_watching();
    bool fits() const;

    std::string name_;
    SinkQueue& queue_;
    std::unique_ptr<Outlet> outlet_;
    basehttp::EventLoop& loop_;
    Observer& observer_;
    std::string text_;
    std::size_t line_at_ = 0;        // where the next line begins in it
    std::vector<std::size_t> ends_;  // of messages in text_
    std::uint32_t lines_ = 0;
    int watched_ = -1;
    int failure_ = 0;
    std::chrono::milliseconds pause_;  // before it is tried again
    bool blocked_ = false;             // the outlet has taken nothing since:
    basehttp::Clock::time_point blocked_since_;
};

}  // namespace basehttpd
