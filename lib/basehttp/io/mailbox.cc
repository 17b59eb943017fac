#include "basehttp/io/mailbox.h"

#include <sys/eventfd.h>

#include <system_error>

#include "basehttp/io/event_loop.h"

namespace basehttp {

void Mailbox::put(std::function<void()> callback) {
    const std::lock_guard lock(mutex_);
    if (!wake_) open();
    callbacks_.push_back(std::move(callback));
    ::eventfd_write(wake_.get(), 1);
}

void Mailbox::open() {
    UniqueFd wake(::eventfd(0, EFD_CLOEXEC | EFD_NONBLOCK));
    if (!wake) throw std::system_error(errno, std::generic_category(), "eventfd");
    if (const auto added = loop_.add(wake.get(), EPOLLIN, *this); !added)
        throw std::system_error(added.error().code, std::generic_category(), added.error().operation);
    wake_ = std::move(wake);
}

void Mailbox::clear() {
    const std::lock_guard lock(mutex_);
    wake_.reset();
    callbacks_.clear();
}

void Mailbox::on_events(std::uint32_t) {
    std::vector<std::function<void()>> due;
    {
        const std::lock_guard lock(mutex_);
        eventfd_t count = 0;
        ::eventfd_read(wake_.get(), &count);
        due.swap(callbacks_);
    }
    for (const auto& callback : due)
        callback();
}

}  // namespace basehttp
