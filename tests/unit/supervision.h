// What the tests of the master's children share: a scripted clock, scripted children, and the error log.
#pragma once

#include <signal.h>

#include <chrono>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "basehttp/log/log.h"
#include "daemon/master/child_exit.h"
#include "unit/scripted_processes.h"

namespace basehttpd_test {

using Signals = std::vector<std::pair<pid_t, int>>;

inline constexpr basehttpd::ChildExit kCrash{.by_signal = true, .dumped_core = false, .value = SIGSEGV};
inline constexpr basehttpd::ChildExit kKilled{.by_signal = true, .dumped_core = false, .value = SIGKILL};
inline constexpr std::chrono::milliseconds kLong{2000};  // no longer young

struct Lines final : basehttp::Log {
    void access(const basehttp::AccessRecord&) override {}
    void error(const basehttp::ErrorRecord& record) override { text.append(record.text) += '\n'; }
    bool have(std::string_view part) const { return text.find(part) != std::string::npos; }
    std::string text;
};

struct Supervision {
    ScriptedProcesses processes;
    Lines log;

    pid_t last() const { return processes.forked.back(); }
    std::size_t forks() const { return processes.forked.size(); }
};

}  // namespace basehttpd_test
