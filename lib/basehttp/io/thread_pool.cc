#include "basehttp/io/thread_pool.h"

#include <csignal>
#include <utility>

namespace basehttp {

void ThreadPool::run(std::function<void()> work) {
    const std::lock_guard lock(mutex_);
    if (queue_.size() >= idle_ && threads_.size() < most_threads_) start_thread();
    queue_.push_back(std::move(work));
    more_.notify_one();
}

// A thread inherits the mask of blocked signals.
void ThreadPool::start_thread() {
    sigset_t all;
    sigset_t before;
    ::sigfillset(&all);
    ::pthread_sigmask(SIG_SETMASK, &all, &before);
    try {
        threads_.emplace_back([this] { work_on(); });
    } catch (...) {
        ::pthread_sigmask(SIG_SETMASK, &before, nullptr);
        if (threads_.empty()) throw;
        return;
    }
    ::pthread_sigmask(SIG_SETMASK, &before, nullptr);
}

void ThreadPool::work_on() {
    std::unique_lock lock(mutex_);
    for (;;) {
        ++idle_;
        more_.wait(lock, [this] { return finishing_ || !queue_.empty(); });
        --idle_;
        if (finishing_) return;
        const auto work = std::move(queue_.front());
        queue_.pop_front();
        lock.unlock();
        work();
        lock.lock();
    }
}

void ThreadPool::finish() {
    std::vector<std::thread> threads;
    {
        const std::lock_guard lock(mutex_);
        finishing_ = true;
        queue_.clear();
        threads.swap(threads_);
        more_.notify_all();
    }
    for (std::thread& thread : threads)
        thread.join();
    finishing_ = false;
}

}  // namespace basehttp
