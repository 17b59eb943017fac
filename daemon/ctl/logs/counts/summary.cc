#include "daemon/ctl/logs/counts/summary.h"

#include <algorithm>

#include "daemon/ctl/logs/lines/log_time.h"

namespace basehttpd {

void Summary::add(const LogRecord& record) {
    const auto sent = static_cast<std::uint64_t>(std::max<std::int64_t>(record.size().value_or(0), 0));
    const std::size_t status = static_cast<std::size_t>(std::clamp<std::int64_t>(record.status.value_or(0), 0, 999));
    ++requests;
    bytes += sent;
    ++statuses[status];
    ++classes[status / 100];
    if (!record.ended.empty() && record.ended != "complete") ++cut_short;
    if (record.time_us) {
        first_us = std::min(first_us, *record.time_us);
        last_us = std::max(last_us, *record.time_us);
        times.add(*record.time_us / kMicrosecondsPerSecond, status >= 500 || status == 0);
    }
    if (record.duration_us) durations.add(*record.duration_us);
    const std::string_view path = record.path();
    if (!path.empty()) paths.add(path, sent);
    if (status == 404) missing.add(path, sent);
    if (!record.client.empty()) clients.add(record.client, sent);
    if (!record.user_agent.empty()) agents.add(record.user_agent, sent);
    if (!record.referer.empty()) referers.add(record.referer, sent);
    if (!record.host.empty()) hosts.add(record.host, sent);
}

}  // namespace basehttpd
