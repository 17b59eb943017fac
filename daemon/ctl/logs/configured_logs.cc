#include "daemon/ctl/logs/configured_logs.h"

#include <algorithm>
#include <filesystem>

#include "daemon/ctl/logs/json_line.h"

namespace basehttpd {
namespace {

bool is_filtered(const AccessSinkConfig& sink) {
    return !sink.when.always_holds();
}

int telling(const AccessSinkConfig& sink) {
    if (is_filtered(sink)) return is_json_format(sink.format) ? 1 : 0;
    if (is_json_format(sink.format)) return 4;
    return sink.format == "common" ? 2 : 3;
}

void add_best(std::vector<LogToRead>& logs, std::span<const AccessSinkConfig> sinks) {
    const AccessSinkConfig* best = nullptr;
    for (const AccessSinkConfig& sink : sinks) {
        if (sink.sink.kind != SinkConfig::Kind::file) continue;
        if (best == nullptr || telling(sink) > telling(*best)) best = &sink;
    }
    if (best == nullptr) return;
    const auto same = std::ranges::find(logs, best->sink.path, &LogToRead::name);
    if (same == logs.end()) {
        logs.push_back({best->sink.path, {}, {best->format}, is_filtered(*best)});
        return;
    }
    if (std::ranges::find(same->formats, best->format) == same->formats.end()) same->formats.push_back(best->format);
    same->filtered = same->filtered || is_filtered(*best);
}

void add_files(std::vector<const AccessSinkConfig*>& files, std::span<const AccessSinkConfig> sinks) {
    for (const AccessSinkConfig& sink : sinks) {
        if (sink.sink.kind == SinkConfig::Kind::file) files.push_back(&sink);
    }
}

// All sinks that are files, of the daemon and of every site.
std::vector<const AccessSinkConfig*> all_files(const Config& config) {
    std::vector<const AccessSinkConfig*> files;
    add_files(files, config.log.access);
    for (const SiteConfig& site : config.sites) {
        if (site.log.access) add_files(files, *site.log.access);
    }
    return files;
}

}  // namespace

std::vector<LogToRead> logs_to_read(const Config& config) {
    std::vector<LogToRead> logs;
    add_best(logs, config.log.access);
    for (const SiteConfig& site : config.sites) {
        if (site.log.access) add_best(logs, *site.log.access);
    }
    return logs;
}

LogToRead log_from_file(const std::string& file, const Config* config) {
    LogToRead log{file, {}, {}, false};
    log.pieces.push_back({.path = file});
    if (config == nullptr) return log;
    if (file == "-") {  // lines of any of them
        for (const AccessSinkConfig* sink : all_files(*config))
            log.formats.push_back(sink->format);
        return log;
    }
    std::error_code failed;
    const std::filesystem::path path = std::filesystem::weakly_canonical(file, failed);
    for (const AccessSinkConfig* sink : all_files(*config)) {
        const std::filesystem::path named = std::filesystem::weakly_canonical(sink->sink.path, failed);
        const std::string stem = named.stem().string();
        const bool piece = path.parent_path() == named.parent_path() && path.filename().string().starts_with(stem);
        if (!piece) continue;
        log.formats.push_back(sink->format);
        if (path == named) log.filtered = is_filtered(*sink);
    }
    return log;
}

}  // namespace basehttpd
