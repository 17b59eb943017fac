// Resources: what the daemon cannot do without, all of it made before anything is started: what processes share, the
// listening sockets, the logs, the account of the children. A value that the Master is made from and keeps.
#pragma once

#include <expected>
#include <optional>
#include <string>
#include <vector>

#include "basehttp/io/unique_fd.h"
#include "daemon/board/scoreboard.h"
#include "daemon/config/config.h"
#include "daemon/logs/log_memory.h"
#include "daemon/master/inheritance.h"
#include "daemon/master/listeners.h"
#include "daemon/master/logger_process.h"
#include "daemon/process/privileges.h"

namespace basehttpd {

struct Resources {
    basehttp::UniqueFd logger_wake;
    basehttp::UniqueFd accept_call;
    Scoreboard scoreboard;
    LogMemory log_memory;
    Listeners listeners;  ///< the first crew takes them
    LoggerSetup logs;     ///< the first logger takes them
    bool lost_logs;       ///< an earlier instance, which was killed, has left what this one cannot read

    /// The errors are sentences for a person: each says what is missing and where it is configured.
    static std::expected<Resources, std::vector<std::string>> open(const Config& config,
                                                                   const std::optional<Inheritance>& inherited);
};

}  // namespace basehttpd
