// How a Summary is shown to a person.
#pragma once

#include <string>

#include "daemon/ctl/logs/counts/summary.h"
#include "daemon/ctl/logs/shows/terminal.h"

namespace basehttpd {

/// As wide as the terminal, with at most `top` rows to a table.
std::string summary_text(const Summary& summary, const Terminal& terminal, std::size_t top);

}  // namespace basehttpd
