#include "basehttp/io/event_loop.h"

#include <algorithm>
#include <limits>

#include "basehttp/io/sigpipe.h"

namespace basehttp {

EventLoop::EventLoop() {
    renew();
}

void EventLoop::renew() {
    UniqueFd own(::epoll_create1(EPOLL_CLOEXEC));
    if (!own) throw std::system_error(errno, std::generic_category(), "epoll_create1");
    epoll_ = std::move(own);
    mailbox_.clear();
    now_ = Clock::now();
}

IoResult<void> EventLoop::add(int fd, std::uint32_t events, EventTarget& target) {
    return control(EPOLL_CTL_ADD, fd, events, target);
}

IoResult<void> EventLoop::rearm(int fd, std::uint32_t events, EventTarget& target) {
    return control(EPOLL_CTL_MOD, fd, events, target);
}

IoResult<void> EventLoop::control(int operation, int fd, std::uint32_t events, EventTarget& target) {
    epoll_event event{};
    event.events = events;
    event.data.ptr = &target;
    if (::epoll_ctl(epoll_.get(), operation, fd, &event) < 0) return io_failure("epoll_ctl");
    return {};
}

void EventLoop::remove(int fd, EventTarget& target) {
    ::epoll_ctl(epoll_.get(), EPOLL_CTL_DEL, fd, nullptr);
    for (int i = next_event_; i < event_count_; ++i) {
        epoll_event& event = events_[static_cast<std::size_t>(i)];
        if (event.data.ptr == &target) event.data.ptr = nullptr;
    }
}

void EventLoop::run() {
    const SigpipeBlocked while_it_runs;
    stopped_ = false;
    while (!stopped_)
        run_once();
}

void EventLoop::run_once(std::chrono::milliseconds at_most) {
    event_count_ =
        ::epoll_wait(epoll_.get(), events_.data(), static_cast<int>(events_.size()), wait_milliseconds(at_most));
    now_ = Clock::now();
    for (next_event_ = 0; next_event_ < event_count_;) {
        const epoll_event& event = events_[static_cast<std::size_t>(next_event_++)];
        auto* target = static_cast<EventTarget*>(event.data.ptr);
        if (target != nullptr) target->on_events(event.events);
    }
    event_count_ = next_event_ = 0;
    deadlines_.expire(now_);
}

int EventLoop::wait_milliseconds(std::chrono::milliseconds at_most) const {
    constexpr auto kForever = std::chrono::milliseconds::max();
    auto wait = at_most;
    if (const auto expiry = deadlines_.next_expiry()) {
        // Far from now, how long this round of the loop has taken makes no difference, and the clock is not looked
        // at.
        constexpr std::chrono::milliseconds kNear{100};
        const bool near = *expiry - now_ < kNear;
        const auto left = std::chrono::ceil<std::chrono::milliseconds>(*expiry - (near ? Clock::now() : now_));
        wait = std::min(wait, std::max(left, std::chrono::milliseconds::zero()));
    }
    if (wait == kForever) return -1;
    return static_cast<int>(std::min<std::int64_t>(wait.count(), std::numeric_limits<int>::max()));
}

}  // namespace basehttp
