#include "daemon/worker/password_checks.h"

#include <cassert>
#include <utility>

#include "basehttp/server/blocking_call.h"
#include "daemon/passwords/password_hash.h"

namespace basehttpd {

bool PasswordChecks::enter() {
    if (entered_->load(std::memory_order_relaxed) >= kMost) return false;
    entered_->fetch_add(1, std::memory_order_relaxed);
    return true;
}

basehttp::Task<bool> PasswordChecks::check(basehttp::ServerContext& context, std::string password, std::string hash) {
    assert(context.threads != nullptr && context.loop != nullptr);
    // Shared with the thread: whoever waits may leave before it is done.
    struct Job {
        std::string password;
        std::string hash;
        std::atomic<bool> right = false;
    };
    const auto job = std::make_shared<Job>(std::move(password), std::move(hash));
    basehttp::BlockingCall call(*context.threads, *context.loop, [job, entered = entered_] {
        job->right.store(is_password_of(job->password, job->hash), std::memory_order_relaxed);
        entered->fetch_sub(1, std::memory_order_relaxed);
    });
    co_await call;
    co_return job->right.load(std::memory_order_relaxed);
}

}  // namespace basehttpd
