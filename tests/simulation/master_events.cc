// sd-event, as far as the master uses it, over the simulated kernel: one source a round, any of those that are ready.
#include <signal.h>
#include <systemd/sd-event.h>

#include <algorithm>
#include <cerrno>
#include <cstdint>
#include <memory>
#include <vector>

#include "simulation/kernel.h"

using simulation::Fault;
using simulation::Kernel;

struct sd_event_source {
    enum class Kind : std::uint8_t { signal, child, io, time };
    Kind kind;
    void* userdata;
    int number = 0;  ///< of the signal, the child, the descriptor
    std::uint32_t events = 0;
    std::int64_t due_ns = 0;
    bool enabled = true;
    bool dropped = false;
    sd_event_signal_handler_t on_signal = nullptr;
    sd_event_child_handler_t on_child = nullptr;
    sd_event_io_handler_t on_io = nullptr;
    sd_event_time_handler_t on_time = nullptr;
};

struct sd_event {
    std::vector<std::unique_ptr<sd_event_source>> sources;
    Kernel* kernel;
    simulation::Process* self;
    bool ends = false;
    int code = 0;
};

namespace {

sd_event_source& add(sd_event* event, sd_event_source** out, sd_event_source::Kind kind, void* userdata) {
    event->sources.push_back(std::make_unique<sd_event_source>());
    sd_event_source& source = *event->sources.back();
    source.kind = kind;
    source.userdata = userdata;
    *out = &source;
    return source;
}

std::int64_t in(Kernel& kernel, std::uint64_t microseconds) {
    return kernel.now_ns() + static_cast<std::int64_t>(microseconds) * 1000;
}

bool is_ready(const sd_event& event, const sd_event_source& source) {
    if (!source.enabled || source.dropped) return false;
    switch (source.kind) {
        case sd_event_source::Kind::signal:
            return std::ranges::find(event.self->signals, source.number) != event.self->signals.end();
        case sd_event_source::Kind::child: {
            const auto found = event.kernel->processes.find(source.number);
            return found != event.kernel->processes.end() && found->second->how && !found->second->reaped;
        }
        case sd_event_source::Kind::io: {
            const auto found = event.self->files.find(source.number);
            return found != event.self->files.end() && (found->second->readiness() & (source.events | EPOLLHUP)) != 0;
        }
        case sd_event_source::Kind::time:
            return source.due_ns <= event.kernel->now_ns();
    }
    return false;
}

bool any_ready(void* what) {
    const auto& event = *static_cast<sd_event*>(what);
    return event.ends || std::ranges::any_of(event.sources, [&](const auto& each) { return is_ready(event, *each); });
}

std::int64_t next_due(const sd_event& event) {
    std::int64_t next = Kernel::kForever;
    for (const auto& source : event.sources) {
        if (source->kind == sd_event_source::Kind::time && source->enabled && !source->dropped)
            next = std::min(next, source->due_ns);
    }
    return next;
}

void dispatch(sd_event& event, sd_event_source& source) {
    const simulation::SystemCall::Callback callback;
    switch (source.kind) {
        case sd_event_source::Kind::signal:
            event.self->signals.erase(std::ranges::find(event.self->signals, source.number));
            source.on_signal(&source, nullptr, source.userdata);
            return;
        case sd_event_source::Kind::child: {
            simulation::Process& child = *event.kernel->processes.at(source.number);
            source.enabled = false;
            child.reaped = true;
            siginfo_t info{};
            info.si_code = child.how->by_signal ? CLD_KILLED : CLD_EXITED;
            info.si_status = child.how->value;
            source.on_child(&source, &info, source.userdata);
            return;
        }
        case sd_event_source::Kind::io:
            source.on_io(&source, source.number, event.self->files.at(source.number)->readiness(), source.userdata);
            return;
        case sd_event_source::Kind::time:
            source.enabled = false;
            source.on_time(&source, static_cast<std::uint64_t>(source.due_ns), source.userdata);
            return;
    }
}

}  // namespace

extern "C" {

int __wrap_sd_event_new(sd_event** out);
int __wrap_sd_event_new(sd_event** out) {
    const simulation::SystemCall call;
    *out = new sd_event{};
    (*out)->kernel = Kernel::running();
    (*out)->self = &Kernel::running()->current();
    return 0;
}

sd_event* __wrap_sd_event_unref(sd_event* event);
sd_event* __wrap_sd_event_unref(sd_event* event) {
    const simulation::SystemCall call;
    delete event;
    return nullptr;
}

int __wrap_sd_event_add_signal(sd_event* event, sd_event_source** out, int signal, sd_event_signal_handler_t function,
                               void* userdata);
int __wrap_sd_event_add_signal(sd_event* event, sd_event_source** out, int signal, sd_event_signal_handler_t function,
                               void* userdata) {
    const simulation::SystemCall call;
    sd_event_source& source = add(event, out, sd_event_source::Kind::signal, userdata);
    source.number = signal;
    source.on_signal = function;
    return 0;
}

int __wrap_sd_event_add_child(sd_event* event, sd_event_source** out, pid_t child, int,
                              sd_event_child_handler_t function, void* userdata);
int __wrap_sd_event_add_child(sd_event* event, sd_event_source** out, pid_t child, int,
                              sd_event_child_handler_t function, void* userdata) {
    const simulation::SystemCall call;
    if (event->kernel->refuses(Fault::watch)) return -EMFILE;
    sd_event_source& source = add(event, out, sd_event_source::Kind::child, userdata);
    source.number = child;
    source.on_child = function;
    return 0;
}

int __wrap_sd_event_add_io(sd_event* event, sd_event_source** out, int fd, std::uint32_t events,
                           sd_event_io_handler_t function, void* userdata);
int __wrap_sd_event_add_io(sd_event* event, sd_event_source** out, int fd, std::uint32_t events,
                           sd_event_io_handler_t function, void* userdata) {
    const simulation::SystemCall call;
    if (event->kernel->refuses(Fault::epoll)) return -ENOSPC;
    sd_event_source& source = add(event, out, sd_event_source::Kind::io, userdata);
    source.number = fd;
    source.events = events;
    source.on_io = function;
    return 0;
}

int __wrap_sd_event_add_time_relative(sd_event* event, sd_event_source** out, clockid_t, std::uint64_t delay,
                                      std::uint64_t, sd_event_time_handler_t function, void* userdata);
int __wrap_sd_event_add_time_relative(sd_event* event, sd_event_source** out, clockid_t, std::uint64_t delay,
                                      std::uint64_t, sd_event_time_handler_t function, void* userdata) {
    const simulation::SystemCall call;
    sd_event_source& source = add(event, out, sd_event_source::Kind::time, userdata);
    source.due_ns = in(*event->kernel, delay);
    source.on_time = function;
    return 0;
}

int __wrap_sd_event_source_set_time_relative(sd_event_source* source, std::uint64_t delay);
int __wrap_sd_event_source_set_time_relative(sd_event_source* source, std::uint64_t delay) {
    const simulation::SystemCall call;
    source->due_ns = in(*Kernel::running(), delay);
    return 0;
}

int __wrap_sd_event_source_set_enabled(sd_event_source* source, int enabled);
int __wrap_sd_event_source_set_enabled(sd_event_source* source, int enabled) {
    const simulation::SystemCall call;
    source->enabled = enabled != 0;
    return 0;
}

sd_event_source* __wrap_sd_event_source_disable_unref(sd_event_source* source);
sd_event_source* __wrap_sd_event_source_disable_unref(sd_event_source* source) {
    const simulation::SystemCall call;
    if (source != nullptr) source->dropped = true;  // it may be the one that is dispatched
    return nullptr;
}

int __wrap_sd_event_exit(sd_event* event, int code);
int __wrap_sd_event_exit(sd_event* event, int code) {
    const simulation::SystemCall call;
    event->ends = true;
    event->code = code;
    return 0;
}

int __wrap_sd_event_loop(sd_event* event);
int __wrap_sd_event_loop(sd_event* event) {
    const simulation::SystemCall call;
    Kernel& kernel = *event->kernel;
    while (!event->ends) {
        std::erase_if(event->sources, [](const auto& each) { return each->dropped; });
        if (!any_ready(event)) kernel.wait(&any_ready, event, next_due(*event));
        std::vector<sd_event_source*> ready;
        for (const auto& source : event->sources) {
            if (is_ready(*event, *source)) ready.push_back(source.get());
        }
        if (!ready.empty()) dispatch(*event, *ready[kernel.random.below(ready.size())]);
        kernel.give_way();
    }
    return event->code;
}

}  // extern "C"
