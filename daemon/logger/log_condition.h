// Which records an access log with `when` is for. Used by the logger.
#pragma once

#include "basehttp/log/access_record.h"
#include "daemon/config/config.h"

namespace basehttpd {

/// Whether all conditions hold for `record`; of those, `sample` is the caller's. A path is looked at as the handlers
/// had it, decoded and without dot segments; where it could not be decoded, as it was received. What was no request
/// has none: no pattern matches it.
bool matches(const LogCondition& condition, const basehttp::AccessRecord& record);

}  // namespace basehttpd
