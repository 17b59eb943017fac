#include "daemon/ctl/logs/verify.h"

#include <chrono>

#include <fmt/format.h>

#include "daemon/ctl/logs/standard_output.h"
#include "daemon/ctl/logs/verification.h"
#include "daemon/utf8.h"

namespace basehttpd {
namespace {

// The end of a line that is being written may not be visible yet.
bool may_be_growing(const LogToRead& log) {
    const auto now = std::chrono::system_clock::now().time_since_epoch();
    const std::int64_t now_us = std::chrono::duration_cast<std::chrono::microseconds>(now).count();
    constexpr std::int64_t kMoment = 1'000'000;
    return !log.pieces.empty() && log.pieces.back().current && now_us - log.pieces.back().changed_us < kMoment;
}

void verify_log(const LogToRead& log, Verification& verification, ReadingProblems& problems) {
    ReadingProblems told_here;  // torn lines are the verification's to tell
    LogStream stream(log, told_here);
    while (stream.next()) {
        const SplitLine& line = stream.line();
        const bool growing = !line.ended && may_be_growing(log);
        if (growing) continue;
        if (stream.record() == nullptr || !line.ended) {
            verification.add_torn(stream.file(), line.number);
        } else {
            verification.add(*stream.record(), stream.file(), line.number);
        }
    }
    problems.add_failures_of(told_here);
}

}  // namespace

int verify_logs(LogsTask& task) {
    Verification verification;
    for (const LogToRead& log : task.logs) {
        if (log.filtered) {
            fmt::print(stderr, "basehttpctl: {}: 'when' keeps lines out of it, which will seem to be missing\n",
                       escape_unprintable(log.name));
        }
        verify_log(log, verification, task.problems);
    }
    StandardOutput output;
    output.write(task.options.output == LogsOptions::Output::json ? verification.json() + '\n' : verification.text());
    output.flush();
    const int unread = tell_problems(task.problems);
    return verification.is_good() ? unread : kExitFound;
}

}  // namespace basehttpd
