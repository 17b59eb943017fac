// The last lines of a log that a filter lets through, found from its end.
#pragma once

#include <cstddef>
#include <cstdint>
#include <string>
#include <vector>

#include "daemon/ctl/logs/lines/record_filter.h"
#include "daemon/ctl/logs/sources/log_stream.h"
#include "daemon/ctl/logs/sources/reading_problems.h"

namespace basehttpd {

struct KeptLine {
    std::string text;
    std::int64_t time_us = 0;  ///< that of the line before where it has none
};

/// At most `count` lines, in order, after which the log's pieces are not held any more. Of plain files no more is
/// read than that takes.
std::vector<KeptLine> last_lines(LogToRead& log, std::size_t count, RecordFilter& filter, ReadingProblems& problems);

}  // namespace basehttpd
