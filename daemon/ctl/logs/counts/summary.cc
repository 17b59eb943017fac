#include "daemon/ctl/logs/counts/summary.h"

#include <algorithm>

#include "daemon/ctl/logs/lines/log_time.h"

namespace basehttpd {

void Summary::add(const LogRecord& record) {
    const auto bytes = static_cast<std::uint64_t>(std::max<std::int64_t>(record.bytes.value_or(0), 0));
    const std::size_t status = static_cast<std::size_t>(std::clamp<std::int64_t>(record.status.value_or(0), 0, 999));
    ++requests_;
    bytes_ += bytes;
    ++statuses_[status];
    ++classes_[status / 100];
    if (!record.ended.empty() && record.ended != "complete") ++cut_short_;
    if (record.time_us) {
        first_us_ = std::min(first_us_, *record.time_us);
        last_us_ = std::max(last_us_, *record.time_us);
        times_.add(*record.time_us / kMicrosecondsPerSecond, status >= 500 || status == 0);
    }
    if (record.duration_us) durations_.add(*record.duration_us);
    const std::string_view path = record.path();
    if (!path.empty()) paths_.add(path, bytes);
    if (status == 404) missing_.add(path, bytes);
    if (!record.client.empty()) clients_.add(record.client, bytes);
    if (!record.user_agent.empty()) agents_.add(record.user_agent, bytes);
    if (!record.referer.empty()) referers_.add(record.referer, bytes);
    if (!record.host.empty()) hosts_.add(record.host, bytes);
}

}  // namespace basehttpd
