#include "daemon/log_captures.h"

#include "basehttp/log/log_format.h"

namespace basehttpd {
namespace {

void add_captures(const std::vector<AccessSinkConfig>& logs, basehttp::CaptureList& all) {
    for (const AccessSinkConfig& log : logs) {
        if (const auto format = basehttp::LogFormat::compile(log.format)) all.add(format->captures());
    }
}

}  // namespace

basehttp::CaptureList captures_of(const Config& config) {
    basehttp::CaptureList all;
    add_captures(config.log.access, all);
    for (const SiteConfig& site : config.sites) {
        if (site.log.access) add_captures(*site.log.access, all);
    }
    return all;
}

}  // namespace basehttpd
