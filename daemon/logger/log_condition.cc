#include "daemon/logger/log_condition.h"

#include <algorithm>

#include "basehttp/log/request_line.h"
#include "daemon/text/path_patterns.h"

namespace basehttpd {
namespace {

bool status_matches(const LogCondition& condition, unsigned status) {
    return condition.statuses.empty() || std::ranges::any_of(condition.statuses, [status](const auto& range) {
               return status >= range.least && status <= range.most;
           });
}

bool path_matches(const LogCondition& condition, const basehttp::AccessRecord& record) {
    if (condition.paths.empty()) return true;
    const auto request = basehttp::RequestLine::split(record.request_line);
    return matches_paths(condition.paths, request ? request->decoded_path() : std::string());
}

}  // namespace

bool matches(const LogCondition& condition, const basehttp::AccessRecord& record) {
    const bool any_time = condition.slower.count() == 0;
    if (!any_time && record.duration_ns <= std::chrono::nanoseconds(condition.slower).count()) return false;
    if (!status_matches(condition, record.status)) return false;
    return path_matches(condition, record);
}

}  // namespace basehttpd
