#include "daemon/ctl/logs/last_lines.h"

#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

#include <algorithm>
#include <array>
#include <deque>
#include <optional>

#include "daemon/ctl/logs/reverse_lines.h"

namespace basehttpd {
namespace {

// The size of a file that can be read backwards; nothing for a pipe, and for what is compressed.
std::optional<std::uint64_t> plain_size(const LogPiece& piece, int fd) {
    struct stat status {};
    if (::fstat(fd, &status) != 0 || !S_ISREG(status.st_mode)) return std::nullopt;
    std::array<unsigned char, 4> front{};
    const ssize_t got = ::pread(fd, front.data(), front.size(), 0);
    const bool gzip = got >= 2 && front[0] == 0x1f && front[1] == 0x8b;
    const bool zstd = got == 4 && front == std::array<unsigned char, 4>{0x28, 0xb5, 0x2f, 0xfd};
    if (gzip || zstd) return std::nullopt;
    return std::min(static_cast<std::uint64_t>(status.st_size), piece.limit);
}

bool wanted(const LogRecord* record, const RecordFilter& filter) {
    return record == nullptr ? filter.is_open() : filter.matches(*record);
}

// Both give the lines of one piece, the last one first.
std::vector<KeptLine> from_end(const LogToRead& log, const LogPiece& piece, ReverseLines& lines, std::size_t count,
                               const RecordFilter& filter, ReadingProblems& problems) {
    std::vector<KeptLine> kept;
    LineReader reader(log.formats);
    SplitLine line;
    while (kept.size() < count && lines.next(line)) {
        const LogRecord* const record = line.too_long ? nullptr : reader.read(line.text);
        if (record == nullptr && !line.text.empty()) problems.add_line(piece.path, 0, "near its end");
        if (wanted(record, filter))
            kept.push_back({std::string(line.text), record ? record->time_us.value_or(0) : 0});
    }
    return kept;
}

std::vector<KeptLine> from_start(const LogToRead& log, const LogPiece& piece, std::size_t count,
                                 const RecordFilter& filter, ReadingProblems& problems) {
    LogToRead alone{log.name, {piece}, log.formats, log.filtered};
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

std::vector<KeptLine> last_lines(const LogToRead& log, std::size_t count, const RecordFilter& filter,
                                 ReadingProblems& problems) {
    std::vector<KeptLine> backwards;
    for (auto piece = log.pieces.rbegin(); piece != log.pieces.rend() && backwards.size() < count; ++piece) {
        const std::size_t missing = count - backwards.size();
        std::optional<std::uint64_t> size;
        basehttp::UniqueFd fd;
        if (piece->path != "-") {
            auto opened = open_piece(piece->path);
            if (!opened) {
                problems.add_failure(piece->path, opened.error());
                continue;
            }
            fd = std::move(*opened);
            size = plain_size(*piece, fd.get());
        }
        std::vector<KeptLine> found;
        if (size) {
            ReverseLines lines(std::move(fd), *size);
            found = from_end(log, *piece, lines, missing, filter, problems);
        } else {
            found = from_start(log, *piece, missing, filter, problems);
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
