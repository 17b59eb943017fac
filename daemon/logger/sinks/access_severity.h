// How grave an access record is, for sinks that sort by that: syslog's severity, the journal's PRIORITY.
#pragma once

#include "basehttp/log/access_record.h"
#include "basehttp/log/severity.h"

namespace basehttpd {

/// By the class of the status: 5xx are errors of ours, 4xx worth a notice, all others information. Without a status
/// it is a client that left or was too slow, a notice too, or a worker that died, which is an error.
constexpr basehttp::Severity access_severity(const basehttp::AccessRecord& record) {
    constexpr unsigned kClientErrors = 400;
    constexpr unsigned kServerErrors = 500;
    if (record.ending == basehttp::Ending::worker_died || record.status >= kServerErrors)
        return basehttp::Severity::error;
    const bool unusual = record.status == 0 || record.status >= kClientErrors;
    return unusual ? basehttp::Severity::notice : basehttp::Severity::info;
}

}  // namespace basehttpd
