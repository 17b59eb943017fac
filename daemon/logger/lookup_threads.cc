#include "daemon/logger/lookup_threads.h"

#include <condition_variable>
#include <deque>
#include <mutex>
#include <system_error>
#include <thread>
#include <utility>

namespace basehttpd {
namespace {

constexpr std::size_t kMostThreads = 16;
constexpr std::size_t kMostQuestions = 1000;

}  // namespace

struct LookupThreads::Shared {
    LookUp look_up;
    std::mutex mutex;
    std::condition_variable asked;
    std::condition_variable answered;
    std::deque<basehttp::ClientAddress> questions;
    std::vector<Answer> answers;
    std::size_t idle = 0;
    bool ended = false;
};

LookupThreads::LookupThreads(LookUp look_up) : shared_(std::make_shared<Shared>()) {
    shared_->look_up = std::move(look_up);
}

LookupThreads::~LookupThreads() {
    const std::lock_guard lock(shared_->mutex);
    shared_->ended = true;
    shared_->asked.notify_all();
}

bool LookupThreads::ask(const basehttp::ClientAddress& address) {
    std::unique_lock lock(shared_->mutex);
    if (shared_->questions.size() >= kMostQuestions) return false;
    if (shared_->idle <= shared_->questions.size() && threads_ < kMostThreads) add_thread();
    if (threads_ == 0) return false;
    shared_->questions.push_back(address);
    shared_->asked.notify_one();
    return true;
}

// Where the system has no room for one more, those that there are do it.
void LookupThreads::add_thread() {
    try {
        std::thread([shared = shared_] { run(shared); }).detach();
        ++threads_;
    } catch (const std::system_error&) {
    }
}

void LookupThreads::run(const std::shared_ptr<Shared>& shared) {
    std::unique_lock lock(shared->mutex);
    for (;;) {
        ++shared->idle;
        shared->asked.wait(lock, [&] { return shared->ended || !shared->questions.empty(); });
        --shared->idle;
        if (shared->ended) return;
        Answer answer{shared->questions.front(), {}};
        shared->questions.pop_front();
        lock.unlock();
        answer.name = shared->look_up(answer.address);
        lock.lock();
        shared->answers.push_back(std::move(answer));
        shared->answered.notify_one();
    }
}

std::vector<LookupThreads::Answer> LookupThreads::take() {
    const std::lock_guard lock(shared_->mutex);
    return std::exchange(shared_->answers, {});
}

std::vector<LookupThreads::Answer> LookupThreads::wait(std::chrono::nanoseconds longest) {
    std::unique_lock lock(shared_->mutex);
    shared_->answered.wait_for(lock, longest, [this] { return !shared_->answers.empty(); });
    return std::exchange(shared_->answers, {});
}

}  // namespace basehttpd
