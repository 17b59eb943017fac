// RequestClues: what a request looks like to someone who has read many logs: another protocol on an HTTP port, a
// scanner's probe, an attack. Pure functions on what the client sent.
#pragma once

#include <string>
#include <vector>

#include "daemon/ctl/logs/lines/log_record.h"

namespace basehttpd {

/// A sentence for each thing that stands out, the most telling first; none where the request is like any other.
std::vector<std::string> request_clues(const LogRecord& record);

}  // namespace basehttpd
