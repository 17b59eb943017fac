#include "daemon/logger/log_condition.h"

#include <algorithm>

#include "basehttp/log/request_line.h"
#include "basehttp/protocol/target.h"
#include "daemon/text/glob.h"

namespace basehttpd {
namespace {

bool status_matches(const LogCondition& condition, unsigned status) {
    return condition.statuses.empty() || std::ranges::any_of(condition.statuses, [status](const auto& range) {
               return status >= range.least && status <= range.most;
           });
}

// A list of exclusions alone is for all other paths.
bool path_matches(const LogCondition& condition, std::string_view path) {
    using Pattern = LogCondition::PathPattern;
    const auto excludes = [](const Pattern& pattern) { return pattern.excludes; };
    const auto hits = [path](const Pattern& pattern) { return !path.empty() && matches_glob(pattern.glob, path); };
    const auto wants = [&](const Pattern& pattern) { return !pattern.excludes && hits(pattern); };
    const auto bars = [&](const Pattern& pattern) { return pattern.excludes && hits(pattern); };
    if (std::ranges::any_of(condition.paths, bars)) return false;
    return std::ranges::all_of(condition.paths, excludes) || std::ranges::any_of(condition.paths, wants);
}

bool path_matches(const LogCondition& condition, const basehttp::AccessRecord& record) {
    if (condition.paths.empty()) return true;
    const auto request = basehttp::RequestLine::split(record.request_line);
    if (!request) return path_matches(condition, std::string_view{});
    basehttp::Target target;
    const bool decoded = basehttp::parse_target(request->target, request->method, target) && !target.path.empty();
    return path_matches(condition, decoded ? target.path : request->path());
}

}  // namespace

bool matches(const LogCondition& condition, const basehttp::AccessRecord& record) {
    const bool any_time = condition.slower.count() == 0;
    if (!any_time && record.duration_ns <= std::chrono::nanoseconds(condition.slower).count()) return false;
    if (!status_matches(condition, record.status)) return false;
    return path_matches(condition, record);
}

}  // namespace basehttpd
