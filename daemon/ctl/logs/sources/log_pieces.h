// LogPieces: the files that a log has become by rotation, found by their names and put in order of time. basehttpctl.
//
//     access.log  access.log.1  access.log.2.gz             numbered: the highest number is the oldest
//     access.log-20261125.zst  access.log.2026-11-25        dated
//     access-20261125.log.gz  access.1.log                  with logrotate's `extension`
#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include "basehttp/io/unique_fd.h"

namespace basehttpd {

struct LogPiece {
    std::string path;
    std::int64_t changed_us = 0;       ///< when it was last written, since 1970
    bool current = false;              ///< the file that is written now
    std::uint64_t limit = UINT64_MAX;  ///< how many bytes of it are read, where it is plain
    std::uint64_t inode = 0;
    basehttp::UniqueFd fd{};  ///< where it is held

    bool is_compressed() const;  ///< by its name
};

/// What there is of the log at `path`, the oldest first, the current file last. A piece that is there compressed and
/// not, as while logrotate is at work, counts once. Empty where its folder cannot be read and it does not exist.
std::vector<LogPiece> find_pieces(const std::string& path);

/// The same, each of them open, so that no rotation brings another file in its place before it is read. One that
/// cannot be opened is not held.
std::vector<LogPiece> hold_pieces(const std::string& path);

}  // namespace basehttpd
