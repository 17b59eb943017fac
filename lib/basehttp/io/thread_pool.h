// ThreadPool: a bounded number of threads for work that blocks, so that an event loop does not have to. Threads are
// started when there is work for them and kept until finish(). All signals are blocked in them: they go to the
// program's own threads.
#pragma once

#include <condition_variable>
#include <cstddef>
#include <deque>
#include <functional>
#include <mutex>
#include <thread>
#include <vector>

namespace basehttp {

class ThreadPool {
  public:
    explicit ThreadPool(std::size_t most_threads) : most_threads_(most_threads) {}
    ~ThreadPool() { finish(); }
    ThreadPool(const ThreadPool&) = delete;
    ThreadPool& operator=(const ThreadPool&) = delete;

    /// Has `work` done by one of the threads, after what was given before it. It must not throw. Throws
    /// std::system_error if no thread can be started.
    void run(std::function<void()> work);

    /// Drops what no thread has begun and waits for the rest. run() may be called again afterwards.
    void finish();

  private:
    void start_thread();
    void work_on();

    const std::size_t most_threads_;
    std::mutex mutex_;  // guards the rest
    std::condition_variable more_;
    std::deque<std::function<void()>> queue_;
    std::vector<std::thread> threads_;
    std::size_t idle_ = 0;
    bool finishing_ = false;
};

}  // namespace basehttp
