// `basehttpctl logs report`: the logs as a page, by goaccess(1).
#pragma once

#include <string>

#include "daemon/ctl/logs/logs_command.h"

namespace basehttpd {

/// The format that append_report_line() writes, in goaccess's notation: whatever the logs' own is, JSON included, and
/// compressed pieces too, goaccess gets lines of this one.
inline constexpr const char* kReportFormat = "%v %h %^ %e [%d:%t %^] \"%r\" %s %b \"%R\" \"%u\" %D";

/// Appends a line in that format. False where the record lacks what goaccess needs.
bool append_report_line(std::string& out, const LogRecord& record);

/// Lets goaccess write the page; the exit code.
int report_logs(LogsTask& task);

}  // namespace basehttpd
