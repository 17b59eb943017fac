#include "daemon/master/sd_event.h"

#include <sys/epoll.h>
#include <sys/wait.h>

#include <exception>
#include <system_error>
#include <utility>

namespace basehttpd {

class SdEvent::Callback : public EventSource::Registration {
  public:
    Callback() = default;
    Callback(const Callback&) = delete;
    Callback& operator=(const Callback&) = delete;
    ~Callback() override { ::sd_event_source_disable_unref(source); }

    sd_event_source* source = nullptr;
    sd_event* event = nullptr;
    std::exception_ptr* failure = nullptr;
    std::function<void()> plain;
    std::function<void(ChildExit)> child;
    std::function<void(std::uint32_t)> io;
    std::uint64_t interval_us = 0;

    // Runs `what`; an exception ends the loop and is thrown again where C is not in between.
    template <typename What>
    static int call(void* userdata, What what) {
        auto* self = static_cast<Callback*>(userdata);
        sd_event* event = self->event;
        std::exception_ptr* failure = self->failure;
        try {
            what(*self);
        } catch (...) {
            *failure = std::current_exception();
            ::sd_event_exit(event, EXIT_FAILURE);
        }
        return 0;
    }
};

namespace {

std::uint64_t microseconds(std::chrono::milliseconds time) {
    return static_cast<std::uint64_t>(std::chrono::microseconds(time).count());
}

}  // namespace

SdEvent::SdEvent() {
    const int result = ::sd_event_new(&event_);
    if (result < 0) throw std::system_error(-result, std::generic_category(), "sd_event_new");
}

SdEvent::~SdEvent() {
    ::sd_event_unref(event_);
}

std::unique_ptr<SdEvent::Callback> SdEvent::make_callback() {
    auto callback = std::make_unique<Callback>();
    callback->event = event_;
    callback->failure = &failure_;
    return callback;
}

EventSource SdEvent::add(std::unique_ptr<Callback> callback, int result) {
    if (result < 0) throw std::system_error(-result, std::generic_category(), "sd_event_add");
    return EventSource(std::move(callback));
}

EventSource SdEvent::on_signal(int signal, std::function<void()> function) {
    auto callback = make_callback();
    callback->plain = std::move(function);
    const int result = ::sd_event_add_signal(
        event_, &callback->source, signal,
        [](sd_event_source*, const signalfd_siginfo*, void* userdata) {
            return Callback::call(userdata, [](auto& self) { self.plain(); });
        },
        callback.get());
    return add(std::move(callback), result);
}

// From here on a callback may replace or drop its own source: its function is moved out for the time it runs.
EventSource SdEvent::on_exit(pid_t child, std::function<void(ChildExit)> function) {
    auto callback = make_callback();
    callback->child = std::move(function);
    const int result = ::sd_event_add_child(
        event_, &callback->source, child, WEXITED,
        [](sd_event_source*, const siginfo_t* info, void* userdata) {
            const ChildExit how{info->si_code != CLD_EXITED, info->si_code == CLD_DUMPED, info->si_status};
            return Callback::call(userdata, [how](auto& self) {
                const auto run = std::move(self.child);
                run(how);
            });
        },
        callback.get());
    return add(std::move(callback), result);
}

EventSource SdEvent::on_io(int fd, std::uint32_t events, std::function<void(std::uint32_t)> function) {
    auto callback = make_callback();
    callback->io = std::move(function);
    const int result = ::sd_event_add_io(
        event_, &callback->source, fd, events,
        [](sd_event_source*, int, std::uint32_t seen, void* userdata) {
            return Callback::call(userdata, [seen](auto& self) {
                const auto run = self.io;
                run(seen);
            });
        },
        callback.get());
    return add(std::move(callback), result);
}

EventSource SdEvent::after(std::chrono::milliseconds delay, std::function<void()> function) {
    auto callback = make_callback();
    callback->plain = std::move(function);
    const int result = ::sd_event_add_time_relative(
        event_, &callback->source, CLOCK_MONOTONIC, microseconds(delay), 1000,
        [](sd_event_source*, std::uint64_t, void* userdata) {
            return Callback::call(userdata, [](auto& self) {
                const auto run = std::move(self.plain);
                run();
            });
        },
        callback.get());
    return add(std::move(callback), result);
}

EventSource SdEvent::every(std::chrono::milliseconds interval, std::function<void()> function) {
    auto callback = make_callback();
    callback->plain = std::move(function);
    callback->interval_us = microseconds(interval);
    const int result = ::sd_event_add_time_relative(
        event_, &callback->source, CLOCK_MONOTONIC, callback->interval_us, 1000,
        [](sd_event_source* source, std::uint64_t, void* userdata) {
            return Callback::call(userdata, [source](auto& self) {
                ::sd_event_source_set_time_relative(source, self.interval_us);
                ::sd_event_source_set_enabled(source, SD_EVENT_ON);
                const auto run = self.plain;
                run();
            });
        },
        callback.get());
    return add(std::move(callback), result);
}

int SdEvent::run() {
    const int code = ::sd_event_loop(event_);
    if (failure_) std::rethrow_exception(std::exchange(failure_, nullptr));
    if (code < 0) throw std::system_error(-code, std::generic_category(), "sd_event_loop");
    return code;
}

}  // namespace basehttpd
