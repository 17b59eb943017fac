// Encoder: makes of a record what a sink takes: a line of text, a syslog message, a journal entry. Owned by a route,
// in the logger.
#pragma once

#include <string>
#include <string_view>

#include "basehttp/log/access_record.h"
#include "basehttp/log/error_record.h"

namespace basehttpd {

/// A line of the error log, and who says it: `master`, `worker 3`, `logger`.
struct ErrorLine {
    basehttp::ErrorRecord record;
    std::string_view origin;
};

class Encoder {
  public:
    virtual ~Encoder() = default;

    virtual void append(std::string& out, const basehttp::AccessRecord& record) = 0;
    virtual void append(std::string& out, const ErrorLine& line) = 0;
};

}  // namespace basehttpd
