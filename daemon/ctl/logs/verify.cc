#include "daemon/ctl/logs/verify.h"

#include <sys/stat.h>

#include <ctime>

#include <fmt/format.h>

#include "daemon/ctl/logs/counts/verification.h"
#include "daemon/ctl/logs/shows/standard_output.h"
#include "daemon/text/words.h"

namespace basehttpd {
namespace {

// The end of a line that is being written may not be visible yet.
bool may_be_growing(const std::string& file) {
    constexpr std::time_t kMoment = 2;
    struct stat status {};
    return ::stat(file.c_str(), &status) == 0 && ::time(nullptr) - status.st_mtim.tv_sec < kMoment;
}

void verify_log(LogToRead&& log, Verification& verification, ReadingProblems& problems) {
    ReadingProblems told_here;  // torn lines are the verification's to tell
    verification.begin_log();
    LogStream stream(std::move(log), told_here);
    while (stream.next()) {
        const SplitLine& line = stream.line();
        if (is_blank_line(line.text)) continue;
        if (!stream.is_whole() && may_be_growing(stream.file())) continue;
        if (stream.record() == nullptr || !stream.is_whole()) {
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
    for (LogToRead& log : task.logs)
        verify_log(std::move(log), verification, task.problems);
    StandardOutput output;
    output.write(task.options.output == LogsOptions::Output::json ? verification.json() + '\n' : verification.text());
    for (const std::string& clause : verification.has_gaps() ? task.unnumbered : std::vector<std::string>())
        fmt::print(stderr, "basehttpctl: {}: its lines seem to be missing\n", escape_unprintable(clause));
    const int code = finish_logs(task, output);
    return verification.is_good() || !output.error().empty() ? code : kExitFound;
}

}  // namespace basehttpd
