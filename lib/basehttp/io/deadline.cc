#include "basehttp/io/deadline.h"

#include <algorithm>

namespace basehttp {

void Deadline::cancel() {
    if (!armed()) return;
    previous_->next_ = next_;
    next_->previous_ = previous_;
    previous_ = next_ = nullptr;
}

Deadlines::~Deadlines() {
    for (Ring& ring : rings_) {
        while (ring.anchor.next_ != &ring.anchor)
            ring.anchor.next_->cancel();
    }
}

void Deadlines::arm(Deadline& deadline, std::chrono::milliseconds timeout, Clock::time_point now) {
    deadline.cancel();
    Deadline& anchor = ring_for(timeout).anchor;
    deadline.expiry_ = now + timeout;
    deadline.previous_ = anchor.previous_;
    deadline.next_ = &anchor;
    anchor.previous_->next_ = &deadline;
    anchor.previous_ = &deadline;
}

std::optional<Clock::time_point> Deadlines::next_expiry() const {
    std::optional<Clock::time_point> next;
    for (const Ring& ring : rings_) {
        const Deadline* first = ring.anchor.next_;
        if (first != &ring.anchor && (!next || first->expiry_ < *next)) next = first->expiry_;
    }
    return next;
}

void Deadlines::expire(Clock::time_point now) {
    for (Ring& ring : rings_) {
        while (ring.anchor.next_ != &ring.anchor && ring.anchor.next_->expiry_ <= now) {
            Deadline* due = ring.anchor.next_;
            due->cancel();
            due->on_deadline();
        }
    }
}

Deadlines::Ring& Deadlines::ring_for(std::chrono::milliseconds timeout) {
    const auto found = std::ranges::find(rings_, timeout, &Ring::timeout);
    if (found != rings_.end()) return *found;
    // Timeouts that programs compute are many: a list that has emptied serves the next one.
    const auto empty = [](const Ring& ring) { return ring.anchor.next_ == &ring.anchor; };
    if (const auto unused = std::ranges::find_if(rings_, empty); unused != rings_.end()) {
        unused->timeout = timeout;
        return *unused;
    }
    Ring& ring = rings_.emplace_back();
    ring.timeout = timeout;
    ring.anchor.previous_ = ring.anchor.next_ = &ring.anchor;
    return ring;
}

}  // namespace basehttp
