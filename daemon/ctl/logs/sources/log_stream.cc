#include "daemon/ctl/logs/sources/log_stream.h"

#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

#include <cerrno>
#include <system_error>

namespace basehttpd {

std::expected<basehttp::UniqueFd, std::string> open_piece(LogPiece& piece) {
    if (piece.fd) return std::move(piece.fd);
    basehttp::UniqueFd fd(piece.path == "-" ? ::fcntl(STDIN_FILENO, F_DUPFD_CLOEXEC, 3)
                                            : ::open(piece.path.c_str(), O_RDONLY | O_CLOEXEC | O_NOCTTY));
    if (!fd) {
        const int error = errno;
        const std::string reason = std::generic_category().message(error);
        return std::unexpected(error == EACCES ? reason + "; it is read by root and the user that the daemon runs as"
                                               : reason);
    }
    struct stat status {};
    if (::fstat(fd.get(), &status) == 0 && S_ISDIR(status.st_mode)) return std::unexpected("it is a directory");
    return fd;
}

LogStream::LogStream(LogToRead log, ReadingProblems& problems)
    : log_(std::move(log)), problems_(problems), reader_(log_.formats) {}

bool LogStream::next() {
    for (;;) {
        if (!splitter_ && !open_next_piece()) return false;
        if (splitter_->next(line_)) break;
        if (!splitter_->error().empty()) problems_.add_failure(file(), splitter_->error());
        splitter_.reset();
    }
    record_ = line_.too_long ? nullptr : reader_.read(line_.text);
    if (record_ != nullptr) {
        problems_.note_read(log_.name, reader_.advice());
    } else if (!is_blank_line(line_.text)) {
        const char* const why = line_.too_long ? "it is longer than a megabyte" : line_.ended ? "" : "it has no end";
        problems_.add_line(file(), line_.number, why);
    }
    return true;
}

bool LogStream::open_next_piece() {
    while (piece_ < log_.pieces.size()) {
        LogPiece& piece = log_.pieces[piece_++];
        const std::string& path = piece.path;
        auto fd = open_piece(piece);
        if (!fd) {
            problems_.add_failure(path, fd.error());
            continue;
        }
        auto source = open_byte_source(std::move(*fd), piece.limit);
        if (!source) {
            problems_.add_failure(path, source.error());
            continue;
        }
        splitter_.emplace(std::move(*source));
        return true;
    }
    return false;
}

}  // namespace basehttpd
