// LogRecord as basehttpctl fills it in, by a LineReader.
#pragma once

#include "basehttp/log/log_record.h"

namespace basehttpd {

using basehttp::LogRecord;

/// Fills in method, target and protocol from the request line where it is one: `GET /path HTTP/1.1`, or `GET /path`
/// of HTTP/0.9. Leaves them as they are where it is not.
void split_request_line(LogRecord& record);

}  // namespace basehttpd
