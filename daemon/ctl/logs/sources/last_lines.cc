#include "daemon/ctl/logs/sources/last_lines.h"

#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

#include <algorithm>
#include <array>
#include <deque>
#include <optional>

#include "daemon/ctl/logs/sources/reverse_lines.h"

namespace basehttpd {
namespace {

// The size of a file that can be read backwards; nothing for a pipe, and for what is compressed.
std::optional<std::uint64_t> plain_size(const LogPiece& piece, int fd) {
    struct stat status {};
    if (::fstat(fd, &status) != 0 || !S_ISREG(status.st_mode)) return std::nullopt;
    std::array<char, 4> front{};
    const ssize_t got = ::pread(fd, front.data(), front.size(), 0);
    const std::string_view begins(front.data(), static_cast<std::size_t>(std::max<ssize_t>(got, 0)));
    if (find_coding(begins) != Coding::plain) return std::nullopt;
    return std::min(static_cast<std::uint64_t>(status.st_size), piece.limit);
}

bool wanted(const LogRecord* record, RecordFilter& filter) {
    return record == nullptr ? filter.is_open() : filter.matches(*record);
}

// Both give the lines of one piece, the last one first.
std::vector<KeptLine> from_end(const LogToRead& log, const LogPiece& piece, ReverseLines& lines, std::size_t count,
                               RecordFilter& filter, ReadingProblems& problems) {
    std::vector<KeptLine> kept;
    LineReader reader(log.formats);
    SplitLine line;
    while (kept.size() < count && lines.next(line)) {
        const LogRecord* const record = line.too_long ? nullptr : reader.read(line.text);
        if (record != nullptr) {
            problems.note_read(log.name, reader.advice());
        } else if (!is_blank_line(line.text)) {
            problems.add_line(piece.path, 0, "near its end");
        }
        if (wanted(record, filter))
            kept.push_back({std::string(line.text), record ? record->time_us.value_or(0) : 0});
    }
    return kept;
}

std::vector<KeptLine> from_start(const LogToRead& log, LogPiece&& piece, std::size_t count, RecordFilter& filter,
                                 ReadingProblems& problems) {
    LogToRead alone{log.name, {}, log.formats, log.filtered};
    alone.pieces.push_back(std::move(piece));
    LogStream stream(std::move(alone), problems);
    std::deque<KeptLine> kept;
    while (stream.next()) {
        const LogRecord* const record = stream.record();
        if (!wanted(record, filter)) continue;
        kept.push_back({std::string(stream.line().text), record ? record->time_us.value_or(0) : 0});
        if (kept.size() > count) kept.pop_front();
    }
    return {std::make_move_iterator(kept.rbegin()), std::make_move_iterator(kept.rend())};
}

}  // namespace

std::vector<KeptLine> last_lines(LogToRead& log, std::size_t count, RecordFilter& filter, ReadingProblems& problems) {
    std::vector<KeptLine> backwards;
    for (auto piece = log.pieces.rbegin(); piece != log.pieces.rend() && backwards.size() < count; ++piece) {
        const std::size_t missing = count - backwards.size();
        auto fd = open_piece(*piece);
        if (!fd) {
            problems.add_failure(piece->path, fd.error());
            continue;
        }
        std::vector<KeptLine> found;
        if (const auto size = plain_size(*piece, fd->get())) {
            ReverseLines lines(std::move(*fd), *size);
            found = from_end(log, *piece, lines, missing, filter, problems);
        } else {
            piece->fd = std::move(*fd);
            found = from_start(log, std::move(*piece), missing, filter, problems);
        }
        std::ranges::move(found, std::back_inserter(backwards));
    }
    std::ranges::reverse(backwards);
    for (std::size_t i = 1; i < backwards.size(); ++i) {
        if (backwards[i].time_us == 0) backwards[i].time_us = backwards[i - 1].time_us;
    }
    return backwards;
}

}  // namespace basehttpd
