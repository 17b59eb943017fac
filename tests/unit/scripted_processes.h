// ScriptedProcesses: Processes as a script. Nothing is forked: a test says when time passes, which child ends how,
// what it says, and what the system refuses; and reads what the children were told and which signals they got.
#pragma once

#include <fcntl.h>
#include <sys/socket.h>

#include <cerrno>
#include <chrono>
#include <map>
#include <optional>
#include <string>
#include <system_error>
#include <utility>
#include <vector>

#include "daemon/master/processes.h"

namespace basehttpd_test {

class ScriptedProcesses final : public basehttpd::Processes {
  public:
    /// errno for the next calls; 0: they succeed.
    int refuse_channel = 0;
    int refuse_fork = 0;
    int refuse_kill = 0;
    int refuse_watch = 0;

    std::vector<pid_t> forked;                        ///< in order
    std::vector<std::string> executed;                ///< the words of the last exec, which fails
    std::vector<std::pair<pid_t, int>> signals_sent;  ///< those that were not refused

    void pass(std::chrono::milliseconds time) {
        const std::int64_t until = now_ms_ + time.count();
        while (const auto next = next_due(until)) {
            now_ms_ = timers_.at(*next).due_ms;
            const auto function = std::move(timers_.at(*next).function);
            timers_.erase(*next);
            function();
        }
        now_ms_ = until;
    }

    void end(pid_t pid, basehttpd::ChildExit how = {}) {
        const auto function = exits_.at(pid);
        exits_.erase(pid);
        function(how);
    }

    void say(pid_t pid, char message) {
        basehttpd::send_message(lines_.at(pid).get(), message);
        // Whoever reads may drop its source.
        for (const auto& [id, readable] : std::map(readable_))
            if (readable_.contains(id)) readable();
    }

    /// All messages that it was sent since the last call.
    std::string heard(pid_t pid) {
        std::string messages;
        for (char message = 0; ::recv(lines_.at(pid).get(), &message, 1, MSG_DONTWAIT) == 1;)
            messages += message;
        return messages;
    }

    /// Whether somebody waits for its end.
    bool watched(pid_t pid) const { return exits_.contains(pid); }

    basehttp::IoResult<basehttpd::Channel> open_channel() override {
        if (refuse_channel != 0) return std::unexpected(basehttp::IoError{refuse_channel, "socketpair"});
        return basehttpd::Channel::create();
    }
    basehttp::IoResult<pid_t> fork(const std::vector<int>& keep, const std::function<int()>&) override {
        if (refuse_fork != 0) return std::unexpected(basehttp::IoError{refuse_fork, "fork"});
        const pid_t pid = kFirstPid + static_cast<pid_t>(forked.size());
        forked.push_back(pid);
        if (!keep.empty()) lines_[pid].reset(::fcntl(keep.back(), F_DUPFD_CLOEXEC, 0));
        return pid;
    }
    basehttp::IoError execute(const std::string&, const std::vector<std::string>& words) override {
        executed = words;
        return {ENOEXEC, "exec"};
    }
    basehttp::IoResult<void> kill(pid_t pid, int signal) override {
        if (refuse_kill != 0) return std::unexpected(basehttp::IoError{refuse_kill, "kill"});
        signals_sent.emplace_back(pid, signal);
        return {};
    }
    basehttpd::EventSource on_exit(pid_t child, std::function<void(basehttpd::ChildExit)> function) override {
        if (refuse_watch != 0) throw std::system_error(refuse_watch, std::generic_category());
        exits_[child] = std::move(function);
        return make_source([this, child] { exits_.erase(child); });
    }
    basehttpd::EventSource on_readable(int, std::function<void()> function) override {
        readable_[++last_id_] = std::move(function);
        return make_source([this, id = last_id_] { readable_.erase(id); });
    }
    basehttpd::EventSource after(std::chrono::milliseconds delay, std::function<void()> function) override {
        timers_[++last_id_] = {now_ms_ + delay.count(), std::move(function)};
        return make_source([this, id = last_id_] { timers_.erase(id); });
    }
    std::int64_t now_ms() const override { return now_ms_; }

  private:
    static constexpr pid_t kFirstPid = 1000;

    struct Timer {
        std::int64_t due_ms;
        std::function<void()> function;
    };
    class Source final : public basehttpd::EventSource::Registration {
      public:
        explicit Source(std::function<void()> drop) : drop_(std::move(drop)) {}
        Source(const Source&) = delete;
        Source& operator=(const Source&) = delete;
        ~Source() override { drop_(); }

      private:
        std::function<void()> drop_;
    };

    static basehttpd::EventSource make_source(std::function<void()> drop) {
        return basehttpd::EventSource(std::make_unique<Source>(std::move(drop)));
    }

    std::optional<int> next_due(std::int64_t until) const {
        std::optional<int> next;
        for (const auto& [id, timer] : timers_) {
            const bool sooner = !next || timer.due_ms < timers_.at(*next).due_ms;
            if (timer.due_ms <= until && sooner) next = id;
        }
        return next;
    }

    std::int64_t now_ms_ = 1'000'000;
    int last_id_ = 0;
    std::map<int, Timer> timers_;
    std::map<int, std::function<void()>> readable_;
    std::map<pid_t, std::function<void(basehttpd::ChildExit)>> exits_;
    std::map<pid_t, basehttp::UniqueFd> lines_;  // the children's ends
};

}  // namespace basehttpd_test
