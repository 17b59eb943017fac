#include "daemon/ctl/logs/logs_command.h"

#include <unistd.h>

#include <chrono>
#include <cstdio>
#include <expected>
#include <optional>

#include <fmt/format.h>

#include "daemon/config/config_error.h"
#include "daemon/config/config_reader.h"
#include "daemon/ctl/logs/explain.h"
#include "daemon/ctl/logs/lines/json_line_reader.h"
#include "daemon/ctl/logs/report.h"
#include "daemon/ctl/logs/show.h"
#include "daemon/ctl/logs/sources/configured_logs.h"
#include "daemon/ctl/logs/sources/older_history.h"
#include "daemon/ctl/logs/summarize.h"
#include "daemon/ctl/logs/verify.h"
#include "daemon/process/exit_codes.h"
#include "daemon/text/words.h"

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

// Those of the configuration, with their pieces.
std::expected<void, int> add_configured(LogsTask& task, ConfiguredLogs&& found) {
    for (const std::string& sentence : found.elsewhere)
        complain(sentence, 0);
    if (found.access.empty()) {
        if (!found.elsewhere.empty()) return std::unexpected(kExitUnavailable);
        return std::unexpected(complain(task.options.config_file + " names no access log", kExitUnavailable));
    }
    for (LogToRead& log : found.access) {
        if (log.filtered) {
            complain(escape_unprintable(log.name) + ": 'when' keeps lines out of it, and no other file has them", 0);
        }
        for (const std::string& sentence : find_older_history(log, task.filter.since_us()))
            complain(sentence, 0);
        log.pieces = hold_pieces(log.name);
        if (log.pieces.empty()) log.pieces.push_back({.path = log.name, .current = true});
        drop_old_pieces(log, task.filter.since_us());
    }
    task.logs = std::move(found.access);
    task.unnumbered = std::move(found.unnumbered);
    return {};
}

// A format that the daemon writes, but whose lines nobody could take apart.
void tell_unreadable_formats(const LogToRead& log) {
    for (const std::string& format : log.formats) {
        if (is_json_format(format)) continue;
        if (const auto compiled = TextFormat::compile(format); !compiled) {
            complain(escape_unprintable(fmt::format("{}: its format '{}' cannot be read back: {}", log.name, format,
                                                    compiled.error())),
                     0);
        }
    }
}

std::expected<void, int> find_logs(LogsTask& task) {
    const LogsOptions& options = task.options;
    std::vector<std::string> files = options.files;
    const bool explains = options.action == LogsOptions::Action::explain && options.filter.request_ids.empty();
    if (explains && files.empty()) files = {"-"};
    const auto config = load_config(options, files.empty());
    if (!config) return std::unexpected(config.error());
    ConfiguredLogs configured;
    if (*config) configured = find_configured_logs(**config);
    task.error_logs = std::move(configured.errors);
    if (files.empty()) {
        if (auto added = add_configured(task, std::move(configured)); !added) return added;
    } else {
        const Config* const known = *config ? &**config : nullptr;
        for (const std::string& file : files) {
            task.logs.push_back(log_from_file(file, known));
            if (task.logs.back().filtered) task.unnumbered.push_back(file + " has a 'when'");
        }
    }
    for (LogToRead& log : task.logs) {
        tell_unreadable_formats(log);
        if (!options.format.empty()) log.formats.insert(log.formats.begin(), options.format);
    }
    return {};
}

}  // namespace

int tell_problems(const LogsTask& task) {
    std::fputs(task.problems.text().c_str(), stderr);
    for (const std::string& spot : task.filter.blind_spots())
        fmt::print(stderr, "basehttpctl: {}\n", spot);
    return task.problems.has_failures() || task.problems.none_could_be_read() ? kExitUnavailable : 0;
}

int finish_logs(const LogsTask& task, StandardOutput& output) {
    output.flush();
    const int code = tell_problems(task);
    return output.error().empty() ? code : complain(output.error(), kExitUnavailable);
}

int run_logs(const LogsOptions& options) {
    if (!options.format.empty() && !is_json_format(options.format)) {
        if (const auto format = TextFormat::compile(options.format); !format) {
            return complain("--format: " + format.error(), kExitUsage);
        }
    }
    auto filter = RecordFilter::make(options.filter, now_us());
    if (!filter) return complain(filter.error(), kExitUsage);
    LogsTask task{options, std::move(*filter)};
    if (const auto found = find_logs(task); !found) return found.error();
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
