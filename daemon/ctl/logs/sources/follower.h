// Follower: gives each line of some logs as soon as it is written, across rotation, by inotify(7) and without
// polling.
//
// The file that a log's name stands for is held open. When the name comes to stand for another file, both are
// followed: the daemon may write to the old one until its reopening is done. The old one is let go at the next
// rotation. Where several rotations came between two looks, the pieces that they made are taken one after the other,
// known by their names and by not having been there before; those that were compressed meanwhile, too. A folder that
// goes and comes again is found again.
#pragma once

#include <cstdint>
#include <functional>
#include <memory>
#include <optional>
#include <set>
#include <string>
#include <string_view>
#include <vector>

#include "basehttp/io/unique_fd.h"
#include "daemon/ctl/logs/sources/log_pieces.h"

namespace basehttpd {

class FollowedFile;

class Follower {
  public:
    /// Called with the index of the log and a line without its end, behind which kLinePadding bytes are readable.
    using OnLine = std::function<void(std::size_t log, std::string_view line)>;
    using OnNotice = std::function<void(const std::string& text)>;

    struct Start {
        std::uint64_t inode = 0;  ///< 0: the file was not there
        std::uint64_t offset = 0;
    };

    /// Takes hold of the files as they are now; what they already have is not given. Throws std::system_error where
    /// nothing can be watched, as run() does.
    Follower(const std::vector<std::string>& paths, OnLine on_line, OnNotice on_notice);
    ~Follower();
    Follower(const Follower&) = delete;
    Follower& operator=(const Follower&) = delete;

    /// Where following a log begins: what lies before is for others to read.
    Start start(std::size_t log) const;

    /// Gives lines until standard output has no reader any more, or `on_pause`, called before each wait, says false.
    /// The error is a sentence.
    std::string run(const std::function<bool()>& on_pause);

  private:
    struct Log;
    enum class Taken : std::uint8_t { yes, not_there, unreadable };

    int watch(const std::string& path, std::uint32_t events) const;
    void watch_folder(Log& log) const;
    void look_again(std::size_t index);
    static std::optional<LogPiece> next_file(const Log& log);
    Taken take_file(Log& log, const LogPiece& piece);
    void read_on(std::size_t index, FollowedFile& file);
    void give_compressed(std::size_t index, LogPiece& piece);
    void notice_once(Log& log, const std::string& text);
    std::set<std::size_t> logs_of_events();

    basehttp::UniqueFd inotify_;
    std::vector<std::unique_ptr<Log>> logs_;
    OnLine on_line_;
    OnNotice on_notice_;
};

}  // namespace basehttpd
