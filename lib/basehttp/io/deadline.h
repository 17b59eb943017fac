// Deadlines: timers as lists by timeout. A server uses a handful of timeouts on thousands of connections: timers with
// the same timeout expire in the order in which they were armed, so each timeout has a list, arming is O(1), and the
// next expiry is at the head of one of the lists. Owned by the EventLoop.
#pragma once

#include <chrono>
#include <list>
#include <optional>

namespace basehttp {

using Clock = std::chrono::steady_clock;

/// A timer. The owner embeds or inherits it and may drop it at any time, also within on_deadline().
class Deadline {
  public:
    Deadline() = default;
    Deadline(const Deadline&) = delete;
    Deadline& operator=(const Deadline&) = delete;
    virtual ~Deadline() { cancel(); }

    bool armed() const { return next_ != nullptr; }

    /// Takes it out of its list; nothing where it is not armed.
    void cancel();

  protected:
    /// Called once when the time has come; the timer is no longer armed then.
    virtual void on_deadline() = 0;

  private:
    friend class Deadlines;

    Deadline* previous_ = nullptr;
    Deadline* next_ = nullptr;
    Clock::time_point expiry_;
};

class Deadlines {
  public:
    Deadlines() = default;
    ~Deadlines();
    Deadlines(const Deadlines&) = delete;
    Deadlines& operator=(const Deadlines&) = delete;

    /// Arms `deadline`, anew if it was armed, to expire `timeout` after `now`.
    void arm(Deadline& deadline, std::chrono::milliseconds timeout, Clock::time_point now);

    /// When the next one expires, or nothing where none is armed.
    std::optional<Clock::time_point> next_expiry() const;

    /// Calls all those whose time has come by `now`.
    void expire(Clock::time_point now);

  private:
    // The ring's own node: never expires.
    struct Anchor : Deadline {
        void on_deadline() override {}
    };
    struct Ring {
        std::chrono::milliseconds timeout{};
        Anchor anchor;
    };

    Ring& ring_for(std::chrono::milliseconds timeout);

    std::list<Ring> rings_;
};

}  // namespace basehttp
