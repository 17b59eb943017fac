// A LogRecord as the JSON that `format: json` has: the same keys in the same order, null where the line does not say.
#pragma once

#include <string>
#include <string_view>

#include "daemon/ctl/logs/lines/log_record.h"

namespace basehttpd {

/// Appends one object, without a line end.
void append_record_json(std::string& out, const LogRecord& record);

/// Appends JSON text with what would disturb a terminal as `\uXXXX`.
void append_printable_json(std::string& out, std::string_view json);

}  // namespace basehttpd
