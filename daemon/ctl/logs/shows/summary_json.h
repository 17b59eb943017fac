// How a Summary is shown to a program.
#pragma once

#include <string>

#include "daemon/ctl/logs/counts/summary.h"

namespace basehttpd {

/// One object on one line, with at most `top` entries to a list.
std::string summary_json(const Summary& summary, std::size_t top);

}  // namespace basehttpd
