#include "daemon/logger/sinks/sink.h"

#include <algorithm>
#include <utility>

#include "basehttp/io/wall_clock.h"
#include "daemon/logs/failure_text.h"

namespace basehttpd {
namespace {

using std::chrono::milliseconds;

// A sink that takes nothing for so long counts as failing.
constexpr milliseconds kStall{500};
// How long a sink that fails is left alone, at first; each time it fails again, twice as long.
constexpr milliseconds kPause{500};
// Where nothing can be watched.
constexpr milliseconds kPoll{50};

}  // namespace

Sink::Sink(std::string name, SinkQueue& queue, std::unique_ptr<Outlet> outlet, basehttp::EventLoop& loop,
           Observer& observer)
    : name_(std::move(name)),
      queue_(queue),
      outlet_(std::move(outlet)),
      loop_(loop),
      observer_(observer),
      pause_(kPause) {
    const auto mark = outlet_->mark();
    queue_.settle_write(mark.value_or(FileMark{}));
}

void Sink::end_line() {
    if (text_.size() - line_at_ > kLongestLine) {
        text_.resize(line_at_);
        queue_.lose(1);
        return;
    }
    line_at_ = text_.size();
    ++lines_;
    if (outlet_->framing() == Outlet::Framing::messages) ends_.push_back(text_.size());
}

bool Sink::accepts() {
    if (!failing() || fits()) return true;
    queue_.lose(1);
    return false;
}

bool Sink::fits() const {
    return queue_.has_room(text_.size(), std::max<std::size_t>(1, ends_.size()));
}

bool Sink::can_put() const {
    return text_.empty() || failing() || fits();
}

void Sink::put() {
    if (text_.empty()) return;
    if (!fits()) {
        queue_.lose(lines_);
    } else if (outlet_->framing() == Outlet::Framing::lines) {
        queue_.put(text_, lines_);
    } else {
        std::size_t begin = 0;
        for (const std::size_t end : ends_) {
            queue_.put(std::string_view(text_).substr(begin, end - begin), 1);
            begin = end;
        }
    }
    text_.clear();
    line_at_ = 0;
    ends_.clear();
    lines_ = 0;
}

void Sink::flush() {
    if (failing() && armed() && watched_ < 0) return;  // until it is tried again
    Step step = Step::again;
    while (step == Step::again)
        step = write_some();
    if (step == Step::wait) return;
    stop_watching();
    cancel();
    if (failing()) recover();
}

Sink::Step Sink::write_some() {
    const auto entry = queue_.front();
    if (!entry) return Step::done;
    outlet_->lay_out(entry->bytes);
    const auto mark = outlet_->mark();
    if (mark) queue_.begin_write(*mark);
    const auto taken = outlet_->write(entry->bytes);
    if (taken) queue_.advance(*taken);
    if (mark) queue_.end_write();
    if (watched_ != outlet_->descriptor()) stop_watching();
    if (taken) {
        blocked_ = false;
        pause_ = kPause;
        return Step::again;
    }
    if (taken.error().would_block()) {
        blocked();
    } else if (taken.error().code != EINTR) {
        fail(taken.error().code);
    } else {
        return Step::again;
    }
    return Step::wait;
}

void Sink::blocked() {
    if (!blocked_) blocked_since_ = loop_.now();
    blocked_ = true;
    wait_for_room();
}

// Until the outlet is writable, or has not been for too long.
void Sink::wait_for_room() {
    const int descriptor = outlet_->descriptor();
    if (watched_ != descriptor) {
        stop_watching();
        if (descriptor >= 0 && loop_.add(descriptor, EPOLLOUT | EPOLLET, *this)) watched_ = descriptor;
    }
    if (watched_ < 0) {
        loop_.arm(*this, kPoll);
    } else if (!armed()) {
        loop_.arm(*this, kStall);
    }
}

void Sink::stop_watching() {
    if (watched_ >= 0) loop_.remove(watched_, *this);
    watched_ = -1;
}

void Sink::on_events(std::uint32_t) {
    cancel();
    flush();
    observer_.on_progress();
}

void Sink::on_deadline() {
    const bool stalled = blocked_ && loop_.now() - blocked_since_ >= kStall;
    if (stalled && !failing()) fail(EAGAIN);
    flush();
    observer_.on_progress();
}

void Sink::fail(int error) {
    const bool began = !failing();
    failure_ = error;
    if (error != EAGAIN) {
        stop_watching();
        loop_.arm(*this, pause_);
        pause_ = std::min(2 * pause_, outlet_->longest_pause());
    }
    if (!began) return;
    queue_.begin_failure(basehttp::wall_clock_ns(), error);
    observer_.on_failing(*this);
}

void Sink::recover() {
    const std::int64_t since = queue_.failing_since_ns();
    const std::uint64_t lost = queue_.end_failure();
    const milliseconds after((basehttp::wall_clock_ns() - since) / 1'000'000);
    observer_.on_recovered(*this, lost, after);
}

std::string Sink::failure() const {
    return failure_text(failure_);
}

}  // namespace basehttpd
