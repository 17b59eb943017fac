// Of the files that get the same requests one is read; another may go further back, as where the one that is read was
// added to the configuration later. basehttpctl.
#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include "daemon/ctl/logs/sources/log_stream.h"

namespace basehttpd {

/// A sentence for each of the other files of `log`'s list that has lines older than any of `log`, of the time since
/// `since_us`.
std::vector<std::string> find_older_history(const LogToRead& log, std::int64_t since_us);

}  // namespace basehttpd
