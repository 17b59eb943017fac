#include "daemon/ctl/logs/sources/configured_logs.h"

#include <algorithm>
#include <filesystem>
#include <span>

#include <fmt/format.h>

#include "daemon/ctl/logs/lines/json_line_reader.h"
#include "daemon/text/words.h"

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

// Where a person finds what a sink that is no file got.
std::string place_of(const SinkConfig& sink) {
    switch (sink.kind) {
        case SinkConfig::Kind::file:
            return sink.path;
        case SinkConfig::Kind::standard_output:
        case SinkConfig::Kind::standard_error:
            return "the daemon's standard output, under systemd: journalctl -u basehttpd";
        case SinkConfig::Kind::syslog:
            return fmt::format("syslog; its daemon has the file ('{}' is the tag)", sink.syslog.tag);
        case SinkConfig::Kind::journal:
            return "the journal: journalctl -t basehttpd BASEHTTPD_LOG=access";
        case SinkConfig::Kind::pipe:
            return fmt::format("the program '{}'; name a file that it writes", sink.command);
    }
    return {};
}

// What keeps a list's requests, all or some of them, from having their number in a file; empty where nothing does.
std::string_view lack_of(const AccessSinkConfig* best) {
    if (best == nullptr) return "is in no file";
    if (is_filtered(*best)) return "has a 'when' in each of its files";
    return is_json_format(best->format) ? "" : "has no JSON";
}

// The list's files but `best`. One that `when` thins out is no history.
std::vector<OtherLog> others_of(std::span<const AccessSinkConfig> sinks, const AccessSinkConfig& best) {
    std::vector<OtherLog> others;
    for (const AccessSinkConfig& sink : sinks) {
        const bool whole = sink.sink.kind == SinkConfig::Kind::file && !is_filtered(sink);
        if (whole && sink.sink.path != best.sink.path) others.push_back({sink.sink.path, sink.format});
    }
    return others;
}

void add_list(ConfiguredLogs& found, std::string_view whose, std::span<const AccessSinkConfig> sinks) {
    const AccessSinkConfig* best = nullptr;
    for (const AccessSinkConfig& sink : sinks) {
        if (sink.sink.kind != SinkConfig::Kind::file) continue;
        if (best == nullptr || telling(sink) > telling(*best)) best = &sink;
    }
    if (const std::string_view lack = lack_of(best); !lack.empty()) {
        found.unnumbered.push_back(escape_unprintable(fmt::format("the access log{} {}", whose, lack)));
    }
    if (best != nullptr) {
        const auto same = std::ranges::find(found.access, best->sink.path, &LogToRead::name);
        if (same == found.access.end()) {
            found.access.push_back(
                {best->sink.path, {}, {best->format}, is_filtered(*best), others_of(sinks, *best)});
            return;
        }
        if (std::ranges::find(same->formats, best->format) == same->formats.end()) {
            same->formats.push_back(best->format);
        }
        same->filtered = same->filtered || is_filtered(*best);
    } else if (!sinks.empty()) {
        found.elsewhere.push_back(escape_unprintable(fmt::format(
            "the access log{} is no file and is not read here: it goes to {}", whose, place_of(sinks.front().sink))));
    }
}

void add_errors(ConfiguredLogs& found, std::span<const ErrorSinkConfig> sinks) {
    for (const ErrorSinkConfig& sink : sinks) {
        const bool known = std::ranges::find(found.errors, sink.sink.path) != found.errors.end();
        if (sink.sink.kind == SinkConfig::Kind::file && !known) found.errors.push_back(sink.sink.path);
    }
}

// All access logs that are files, of the daemon and of every site.
std::vector<const AccessSinkConfig*> all_files(const Config& config) {
    std::vector<const AccessSinkConfig*> files;
    const auto add = [&files](std::span<const AccessSinkConfig> sinks) {
        for (const AccessSinkConfig& sink : sinks) {
            if (sink.sink.kind == SinkConfig::Kind::file) files.push_back(&sink);
        }
    };
    add(config.log.access);
    for (const SiteConfig& site : config.sites) {
        if (site.log.access) add(*site.log.access);
    }
    return files;
}

}  // namespace

ConfiguredLogs find_configured_logs(const Config& config) {
    ConfiguredLogs found;
    add_list(found, "", config.log.access);
    add_errors(found, config.log.error);
    for (const SiteConfig& site : config.sites) {
        const std::string whose = " of the site " + (site.hosts.empty() ? "*" : site.hosts.front());
        if (site.log.access) add_list(found, whose, *site.log.access);
        if (site.log.error) add_errors(found, *site.log.error);
    }
    return found;
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
