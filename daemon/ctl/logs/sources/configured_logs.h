// ConfiguredLogs: the logs that the daemon's configuration names, as basehttpctl reads them.
#pragma once

#include <string>
#include <vector>

#include "daemon/config/config.h"
#include "daemon/ctl/logs/sources/log_stream.h"

namespace basehttpd {

struct ConfiguredLogs {
    /// Access logs that together hold each request once: of the daemon's list of sinks and of each site's, all of
    /// which get the same requests, the file that tells most: one that `when` does not thin out, and JSON before
    /// text. Pieces are not looked for.
    std::vector<LogToRead> access;

    /// A sentence for each list that has sinks, and no file: where its lines are to be found.
    std::vector<std::string> elsewhere;

    /// Clauses for each list of which no file has a line for every request: what has a number, and is in no file.
    std::vector<std::string> unnumbered;

    /// The error logs that are files.
    std::vector<std::string> errors;
};

ConfiguredLogs find_configured_logs(const Config& config);

/// `file`, which the user named, with the format of the configured log of which it is a piece.
LogToRead log_from_file(const std::string& file, const Config* config);

}  // namespace basehttpd
