// What journald needs to know of a line that it reads from a standard stream: how grave it is. A line begins with its
// priority then, as in `<3>cannot bind` (sd-daemon(3)), so that `journalctl -p err` finds it. Any process.
#pragma once

#include <string>
#include <string_view>

#include "basehttp/log/severity.h"

namespace basehttpd {

/// Whether what is written to `fd` goes to journald. systemd says so in the environment: JOURNAL_STREAM has the
/// device and inode of the stream that it connected (systemd.exec(5)).
bool goes_to_journal(int fd);

/// `<3>` for an error.
std::string priority_prefix(basehttp::Severity severity);

/// Writes `text`, one or more lines, to standard error; where that is the journal, each line with its priority.
void complain(basehttp::Severity severity, std::string_view text);

}  // namespace basehttpd
