#include "daemon/ctl/logs/logs_command.h"

#include <unistd.h>

#include <chrono>
#include <cstdio>
#include <expected>
#include <optional>

#include <fmt/format.h>

#include "daemon/config_error.h"
#include "daemon/config_reader.h"
#include "daemon/ctl/logs/configured_logs.h"
#include "daemon/ctl/logs/explain.h"
#include "daemon/ctl/logs/json_line.h"
#include "daemon/ctl/logs/report.h"
#include "daemon/ctl/logs/show.h"
#include "daemon/ctl/logs/summarize.h"
#include "daemon/ctl/logs/verify.h"
#include "daemon/exit_codes.h"

namespace basehttpd {
namespace {

int complain(const std::string& text, int code) {
    fmt::print(stderr, "basehttpctl: {}\n", text);
    return code;
}

std::int64_t now_us() {
    const auto now = std::chrono::system_clock::now().time_since_epoch();
    return std::chrono::duration_cast<std::chrono::microseconds>(now).count();
}

// What is older than the filter wants need not be opened: nothing was written to a piece after its last line had
// ended.
void drop_old_pieces(LogToRead& log, std::int64_t since_us) {
    std::erase_if(log.pieces,
                  [since_us](const LogPiece& piece) { return !piece.current && piece.changed_us < since_us; });
}

// The configuration: needed where it has to name the logs, and else of use where it can be read.
std::expected<std::optional<Config>, int> load_config(const LogsOptions& options, bool names_logs) {
    const bool needed = names_logs || options.config_given;
    auto config = read_config(options.config_file);
    if (config) return std::optional(std::move(*config));
    if (!needed) return std::nullopt;
    std::fputs(render(config.error()).c_str(), stderr);
    return std::unexpected(kExitConfig);
}

std::expected<std::vector<LogToRead>, int> find_logs(const LogsOptions& options, const RecordFilter& filter) {
    std::vector<std::string> files = options.files;
    const bool explains = options.action == LogsOptions::Action::explain && options.filter.request_ids.empty();
    if (explains && files.empty()) files = {"-"};
    auto config = load_config(options, files.empty());
    if (!config) return std::unexpected(config.error());
    std::vector<LogToRead> logs;
    if (files.empty()) {
        logs = logs_to_read(**config);
        if (logs.empty()) {
            return std::unexpected(
                complain(options.config_file + " names no access log that is a file", kExitUnavailable));
        }
        for (LogToRead& log : logs) {
            log.pieces = hold_pieces(log.name);
            if (log.pieces.empty()) log.pieces.push_back({.path = log.name, .current = true});
            drop_old_pieces(log, filter.since_us());
        }
    } else {
        const Config* const known = *config ? &**config : nullptr;
        for (const std::string& file : files)
            logs.push_back(log_from_file(file, known));
    }
    for (LogToRead& log : logs) {
        if (!options.format.empty()) log.formats.insert(log.formats.begin(), options.format);
    }
    return logs;
}

}  // namespace

int tell_problems(const LogsTask& task) {
    std::fputs(task.problems.text().c_str(), stderr);
    for (const std::string& spot : task.filter.blind_spots())
        fmt::print(stderr, "basehttpctl: {}\n", spot);
    return task.problems.has_failures() ? kExitUnavailable : 0;
}

int run_logs(const LogsOptions& options) {
    if (!options.format.empty() && !is_json_format(options.format)) {
        if (const auto format = TextFormat::compile(options.format); !format) {
            return complain("--format: " + format.error(), kExitUsage);
        }
    }
    auto filter = RecordFilter::make(options.filter, now_us());
    if (!filter) return complain(filter.error(), kExitUsage);
    auto logs = find_logs(options, *filter);
    if (!logs) return logs.error();
    LogsTask task{options, std::move(*filter), std::move(*logs)};
    switch (options.action) {
        case LogsOptions::Action::show:
            return options.follow ? follow_logs(task) : show_logs(task);
        case LogsOptions::Action::summary:
            return summarize_logs(task);
        case LogsOptions::Action::verify:
            return verify_logs(task);
        case LogsOptions::Action::explain:
            return explain_lines(task);
        case LogsOptions::Action::report:
            return report_logs(task);
    }
    return 0;
}

}  // namespace basehttpd
