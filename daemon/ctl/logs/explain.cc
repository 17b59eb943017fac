#include "daemon/ctl/logs/explain.h"

#include <fmt/format.h>

#include "daemon/ctl/logs/shows/explanation.h"
#include "daemon/ctl/logs/shows/standard_output.h"
#include "daemon/ctl/logs/sources/error_lines.h"
#include "daemon/process/exit_codes.h"
#include "daemon/text/words.h"

namespace basehttpd {
namespace {

constexpr std::size_t kMostExplained = 1000;

// What the error logs have of the same request.
std::string from_error_logs(const LogsTask& task, const LogRecord& record) {
    std::string text;
    for (const std::string& line :
         find_error_lines(task.error_logs, record.request_id, record.time_us.value_or(INT64_MIN))) {
        text += (text.empty() ? "\nThe error log says:\n  " : "  ") + escape_unprintable(line) + '\n';
    }
    return text;
}

int explain_one(const LogsTask& task) {
    std::vector<std::string> formats;
    for (const LogToRead& log : task.logs)
        formats.insert(formats.end(), log.formats.begin(), log.formats.end());
    LineReader reader(formats);
    const PaddedLine line(task.options.line);
    const LogRecord* const record = reader.read(line.view());
    if (record == nullptr) {
        fmt::print(stderr,
                   "basehttpctl: this is no line of an access log in a format that is known here; --format says "
                   "which it has\n");
        return kExitUsage;
    }
    StandardOutput output;
    output.write(Explanation().explain(*record) + from_error_logs(task, *record));
    return finish_logs(task, output);
}

}  // namespace

int explain_lines(LogsTask& task) {
    if (!task.options.line.empty()) return explain_one(task);
    StandardOutput output;
    Explanation explanation;
    std::size_t explained = 0;
    const bool by_id = !task.options.filter.request_ids.empty();
    for (LogToRead& log : task.logs) {
        LogStream stream(std::move(log), task.problems);
        while (explained < kMostExplained && stream.next()) {
            if (stream.record() == nullptr || !task.filter.matches(*stream.record())) continue;
            if (explained++ > 0) output.write("\n----\n\n");
            if (!output.write(explanation.explain(*stream.record()))) break;
            if (by_id) output.write(from_error_logs(task, *stream.record()));
        }
    }
    const int code = finish_logs(task, output);
    if (explained == kMostExplained) {
        fmt::print(stderr, "basehttpctl: no more than {} lines are explained at a time\n", kMostExplained);
    }
    if (explained > 0 || !by_id) return code;
    fmt::print(stderr, "basehttpctl: no line has this request id\n");
    return kExitUnavailable;
}

}  // namespace basehttpd
