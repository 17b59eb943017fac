#include "daemon/config/log_captures.h"

#include "basehttp/log/log_format.h"

namespace basehttpd {
namespace {

std::vector<const AccessSinkConfig*> access_logs(const Config& config) {
    std::vector<const AccessSinkConfig*> logs;
    const auto add = [&logs](const std::vector<AccessSinkConfig>& list) {
        for (const AccessSinkConfig& log : list)
            logs.push_back(&log);
    };
    add(config.log.access);
    for (const SiteConfig& site : config.sites) {
        if (site.log.access) add(*site.log.access);
    }
    return logs;
}

// False where they do not all find room.
bool add_captures(const AccessSinkConfig& log, basehttp::CaptureList& all) {
    const auto format = basehttp::LogFormat::compile(log.format);
    return !format || all.add(format->captures());
}

}  // namespace

basehttp::CaptureList captures_of(const Config& config) {
    basehttp::CaptureList all;
    for (const AccessSinkConfig* log : access_logs(config))
        add_captures(*log, all);
    return all;
}

const AccessSinkConfig* log_without_room(const Config& config) {
    basehttp::CaptureList all;
    for (const AccessSinkConfig* log : access_logs(config)) {
        if (!add_captures(*log, all)) return log;
    }
    return nullptr;
}

}  // namespace basehttpd
