#include "daemon/process/journal_stream.h"

#include <sys/stat.h>
#include <unistd.h>

#include <algorithm>
#include <cstdio>
#include <cstdlib>

#include <fmt/format.h>

namespace basehttpd {

bool goes_to_journal(int fd) {
    const char* told = std::getenv("JOURNAL_STREAM");
    struct stat status {};
    if (told == nullptr || ::fstat(fd, &status) != 0) return false;
    return fmt::format("{}:{}", status.st_dev, status.st_ino) == told;
}

std::string priority_prefix(basehttp::Severity severity) {
    return fmt::format("<{}>", static_cast<int>(severity));
}

void complain(basehttp::Severity severity, std::string_view text) {
    const std::string prefix = goes_to_journal(STDERR_FILENO) ? priority_prefix(severity) : "";
    std::string lines;
    while (!text.empty()) {
        const std::string_view line = text.substr(0, text.find('\n'));
        text.remove_prefix(std::min(line.size() + 1, text.size()));
        lines.append(prefix).append(line) += '\n';
    }
    std::fputs(lines.c_str(), stderr);
}

}  // namespace basehttpd
