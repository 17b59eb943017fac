#include "basehttp/server/stop_requests.h"

#include <sys/eventfd.h>
#include <sys/signalfd.h>

#include <system_error>
#include <utility>

namespace basehttp {
namespace {

UniqueFd opened_or_throw(int descriptor, const char* operation) {
    if (descriptor < 0) throw std::system_error(errno, std::generic_category(), operation);
    return UniqueFd(descriptor);
}

void add_or_throw(EventLoop& loop, const UniqueFd& descriptor, EventTarget& target) {
    if (const auto added = loop.add(descriptor.get(), EPOLLIN, target); !added)
        throw std::system_error(added.error().code, std::generic_category(), added.error().operation);
}

}  // namespace

StopRequests::StopRequests(const std::vector<int>& signals) : has_signals_(!signals.empty()) {
    ::sigemptyset(&signals_);
    for (const int signal : signals)
        ::sigaddset(&signals_, signal);
    renew();
    if (has_signals_) ::pthread_sigmask(SIG_BLOCK, &signals_, &mask_before_);
}

StopRequests::~StopRequests() {
    if (!has_signals_) return;
    constexpr timespec kNoWait{};
    while (::sigtimedwait(&signals_, nullptr, &kNoWait) > 0) {
    }
    ::pthread_sigmask(SIG_SETMASK, &mask_before_, nullptr);
}

void StopRequests::renew() {
    call_fd_ = opened_or_throw(::eventfd(0, EFD_CLOEXEC | EFD_NONBLOCK), "eventfd");
    if (has_signals_) signal_fd_ = opened_or_throw(::signalfd(-1, &signals_, SFD_CLOEXEC | SFD_NONBLOCK), "signalfd");
}

void StopRequests::ask(Stop how) noexcept {
    if (how == Stop::now) now_ = true;
    const int error = errno;  // a signal handler must leave it as it was
    ::eventfd_write(call_fd_.get(), 1);
    errno = error;
}

StopRequests::Watch StopRequests::watch(EventLoop& loop, std::function<void(Stop)> on_stop) {
    on_stop_ = std::move(on_stop);
    add_or_throw(loop, call_fd_, call_);
    if (has_signals_) add_or_throw(loop, signal_fd_, signal_);
    return {*this, loop};
}

void StopRequests::ignore(EventLoop& loop) {
    loop.remove(call_fd_.get(), call_);
    if (has_signals_) loop.remove(signal_fd_.get(), signal_);
}

void StopRequests::on_call() {
    eventfd_t count = 0;
    ::eventfd_read(call_fd_.get(), &count);
    on_stop_(now_ ? Stop::now : Stop::gracefully);
}

void StopRequests::on_signal() {
    signalfd_siginfo info;
    while (::read(signal_fd_.get(), &info, sizeof info) == static_cast<ssize_t>(sizeof info))
        on_stop_(std::exchange(signalled_, true) ? Stop::now : Stop::gracefully);
}

}  // namespace basehttp
