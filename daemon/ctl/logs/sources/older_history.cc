#include "daemon/ctl/logs/sources/older_history.h"

#include <optional>

#include <fmt/format.h>

#include "daemon/ctl/logs/lines/log_time.h"
#include "daemon/text/words.h"

namespace basehttpd {
namespace {

// Rotations at the same time do not part both logs at the very same line.
constexpr std::int64_t kSlackUs = 60 * kMicrosecondsPerSecond;

// When the first line arrived that says so.
std::optional<std::int64_t> first_time(const std::string& path, const std::vector<std::string>& formats) {
    constexpr int kMostLines = 1000;
    ReadingProblems told_elsewhere;
    LogStream stream({.name = path, .pieces = find_pieces(path), .formats = formats}, told_elsewhere);
    for (int lines = 0; lines < kMostLines && stream.next(); ++lines) {
        if (stream.record() != nullptr && stream.record()->time_us) return stream.record()->time_us;
    }
    return std::nullopt;
}

}  // namespace

std::vector<std::string> find_older_history(const LogToRead& log, std::int64_t since_us) {
    std::vector<std::string> sentences;
    if (log.others.empty()) return sentences;
    const std::int64_t first = first_time(log.name, log.formats).value_or(INT64_MAX);
    if (since_us >= first) return sentences;
    for (const OtherLog& other : log.others) {
        const auto older = first_time(other.path, {other.format});
        if (!older || *older >= first - kSlackUs) continue;
        std::string since;
        append_iso_time(since, *older);
        sentences.push_back(escape_unprintable(fmt::format(
            "{0} is read, and {1} goes further back, to {2}; to see all of it: basehttpctl logs $(ls -tr {1}*)",
            log.name, other.path, since)));
    }
    return sentences;
}

}  // namespace basehttpd
