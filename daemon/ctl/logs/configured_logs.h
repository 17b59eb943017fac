// ConfiguredLogs: the access logs that the daemon's configuration names, as basehttpctl reads them.
#pragma once

#include <span>
#include <string>
#include <vector>

#include "daemon/config.h"
#include "daemon/ctl/logs/log_stream.h"

namespace basehttpd {

/// The logs that together hold each request once: of each list of sinks, all of which get the same requests, the file
/// that tells most: one that `when` does not thin out, and JSON before text. Pieces are not looked for.
std::vector<LogToRead> logs_to_read(const Config& config);

/// `file`, which the user named, with the format of the configured log of which it is a piece.
LogToRead log_from_file(const std::string& file, const Config* config);

}  // namespace basehttpd
