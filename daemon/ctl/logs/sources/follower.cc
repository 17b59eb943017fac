#include "daemon/ctl/logs/sources/follower.h"

#include <fcntl.h>
#include <poll.h>
#include <sys/inotify.h>
#include <sys/stat.h>
#include <unistd.h>

#include <algorithm>
#include <array>
#include <cerrno>
#include <cstring>
#include <filesystem>
#include <system_error>

#include <fmt/format.h>

#include "daemon/ctl/logs/sources/followed_file.h"
#include "daemon/ctl/logs/sources/line_splitter.h"
#include "daemon/ctl/logs/sources/log_stream.h"

namespace basehttpd {
namespace {

namespace fs = std::filesystem;

constexpr std::uint32_t kFolderEvents =
    IN_CREATE | IN_MOVED_TO | IN_MOVED_FROM | IN_DELETE | IN_DELETE_SELF | IN_MOVE_SELF | IN_ONLYDIR;

}  // namespace

struct Follower::Log {
    std::string path;
    std::optional<FollowedFile> old{};
    std::optional<FollowedFile> current{};
    int folder_watch = -1;
    Start start{};
    std::set<std::pair<std::uint64_t, std::int64_t>> known{};  // inodes and times of what is older
    std::string last_notice{};

    // A file is new where neither its inode nor, should that be used again, its time was there before.
    bool knows(const LogPiece& piece) const {
        return (old && old->inode() == piece.inode) || known.contains({piece.inode, piece.changed_us});
    }
    void remember(const LogPiece& piece) { known.emplace(piece.inode, piece.changed_us); }
};

Follower::Follower(const std::vector<std::string>& paths, OnLine on_line, OnNotice on_notice)
    : inotify_(::inotify_init1(IN_CLOEXEC | IN_NONBLOCK)),
      on_line_(std::move(on_line)),
      on_notice_(std::move(on_notice)) {
    if (!inotify_) throw std::system_error(errno, std::generic_category(), "inotify");
    for (const std::string& path : paths) {
        logs_.push_back(std::make_unique<Log>(Log{fs::absolute(path).string()}));
        Log& log = *logs_.back();
        watch_folder(log);
        if (const auto piece = next_file(log)) take_file(log, *piece);
        if (!log.current) continue;
        log.current->skip_lines();
        log.start = {log.current->inode(), log.current->offset()};
    }
}

Follower::~Follower() = default;

Follower::Start Follower::start(std::size_t log) const {
    return logs_[log]->start;
}

std::string Follower::run(const std::function<bool()>& on_pause) {
    for (std::size_t i = 0; i < logs_.size(); ++i)
        look_again(i);
    for (;;) {
        if (!on_pause()) return {};
        std::array<pollfd, 2> ready{{{inotify_.get(), POLLIN, 0}, {STDOUT_FILENO, 0, 0}}};
        if (::poll(ready.data(), ready.size(), -1) < 0 && errno != EINTR) {
            return "poll: " + std::generic_category().message(errno);
        }
        if ((ready[1].revents & (POLLERR | POLLHUP | POLLNVAL)) != 0) return {};
        for (const std::size_t index : logs_of_events())
            look_again(index);
    }
}

std::set<std::size_t> Follower::logs_of_events() {
    alignas(inotify_event) std::array<char, 16 * 1024> buffer;
    std::set<std::size_t> found;
    for (;;) {
        const ssize_t got = ::read(inotify_.get(), buffer.data(), buffer.size());
        if (got <= 0) return found;
        for (ssize_t at = 0; at < got;) {
            inotify_event event{};
            std::memcpy(&event, buffer.data() + at, sizeof event);
            at += static_cast<ssize_t>(sizeof event + event.len);
            for (std::size_t i = 0; i < logs_.size(); ++i) {
                const Log& log = *logs_[i];
                const bool concerned = event.wd == -1 || event.wd == log.folder_watch ||
                                       (log.current && event.wd == log.current->watch()) ||
                                       (log.old && event.wd == log.old->watch());
                if (concerned) found.insert(i);
            }
        }
    }
}

// A watch, or -1 where what `path` names is not there or must not be read.
int Follower::watch(const std::string& path, std::uint32_t events) const {
    const int watch = ::inotify_add_watch(inotify_.get(), path.c_str(), events);
    if (watch < 0 && (errno == ENOSPC || errno == ENOMEM)) {
        throw std::system_error(errno, std::generic_category(),
                                "no more files can be watched (fs.inotify.max_user_watches)");
    }
    return watch;
}

// The log's folder, or where that is missing the nearest above it that is there.
void Follower::watch_folder(Log& log) const {
    constexpr int kMostTries = 100;
    const fs::path wanted = fs::path(log.path).parent_path();
    fs::path folder = wanted;
    fs::path missing;
    for (int tries = 0; tries < kMostTries; ++tries) {
        log.folder_watch = watch(folder.string(), kFolderEvents);
        std::error_code failed;
        if (log.folder_watch >= 0) {
            const bool came = !missing.empty() && fs::is_directory(missing, failed);
            if (!came || ::access(missing.c_str(), R_OK) != 0) return;
            folder = wanted;  // it came while we looked, and what lies in it may have come, too
            missing.clear();
        } else {
            if (!folder.has_relative_path()) return;
            missing = folder;
            folder = folder.parent_path();
        }
    }
}

void Follower::look_again(std::size_t index) {
    Log& log = *logs_[index];
    watch_folder(log);
    if (log.old) read_on(index, *log.old);
    if (log.current) read_on(index, *log.current);
    while (auto piece = next_file(log)) {
        if (piece->is_compressed()) {
            give_compressed(index, *piece);
            log.remember(*piece);
            continue;
        }
        if (log.old && log.old->is_within_line()) {
            on_notice_(log.path + ": its last line before a rotation has no end");
        }
        const Taken taken = take_file(log, *piece);
        if (taken == Taken::not_there || (taken == Taken::unreadable && piece->current)) return;
        if (taken == Taken::unreadable) {
            log.remember(*piece);
            continue;
        }
        if (log.old) read_on(index, *log.old);  // what came since the look above
        read_on(index, *log.current);
    }
}

// The file that came after the current one; none where that is what the name stands for, or where it stands for none.
std::optional<LogPiece> Follower::next_file(const Log& log) {
    struct stat status {};
    if (::stat(log.path.c_str(), &status) != 0) return std::nullopt;
    LogPiece named{.path = log.path, .current = true, .inode = status.st_ino};
    if (!log.current) return named;
    if (log.current->is(status.st_dev, status.st_ino)) return std::nullopt;
    std::vector<LogPiece> pieces = find_pieces(log.path);
    // The current one itself is not among them where it was compressed or deleted. What is newer was written later.
    const auto held = std::ranges::find(pieces, std::uint64_t{log.current->inode()}, &LogPiece::inode);
    const auto first = held == pieces.end() ? pieces.begin() : held + 1;
    const std::int64_t since_us = log.current->changed_us();
    const auto missed = std::find_if(first, pieces.end(), [&](const LogPiece& piece) {
        const bool may_be_held = held == pieces.end() && piece.is_compressed();
        const bool newer = may_be_held ? piece.changed_us > since_us : piece.changed_us >= since_us;
        return newer && !piece.current && !log.knows(piece);
    });
    return missed == pieces.end() ? std::move(named) : std::move(*missed);
}

// Makes the piece the current file, and the current one the old. Where it is not there, or is another by now, the
// next event tells of a rotation.
Follower::Taken Follower::take_file(Log& log, const LogPiece& piece) {
    basehttp::UniqueFd fd(::open(piece.path.c_str(), O_RDONLY | O_CLOEXEC | O_NOCTTY | O_NONBLOCK));
    if (!fd && errno == ENOENT) return Taken::not_there;
    struct stat status {};
    if (!fd || ::fstat(fd.get(), &status) != 0 || !S_ISREG(status.st_mode)) {
        notice_once(log, piece.path + ": " + (fd ? "it is no file" : std::generic_category().message(errno)));
        return Taken::unreadable;
    }
    if (status.st_ino != piece.inode) return Taken::not_there;
    if (log.old && log.old->watch() >= 0) ::inotify_rm_watch(inotify_.get(), log.old->watch());
    log.old = std::move(log.current);
    // By its descriptor: the name may stand for another file by now.
    const int file_watch = watch(fmt::format("/proc/self/fd/{}", fd.get()), IN_MODIFY);
    log.current.emplace(std::move(fd), status.st_dev, status.st_ino, file_watch);
    log.last_notice.clear();
    if (!piece.current) return Taken::yes;
    log.known.clear();
    for (const LogPiece& there : find_pieces(log.path)) {
        if (there.inode == piece.inode) break;  // what comes behind it is newer: yet to be read
        log.remember(there);
    }
    return Taken::yes;
}

void Follower::read_on(std::size_t index, FollowedFile& file) {
    file.read_on([&](std::string_view line) { on_line_(index, line); },
                 [&](std::string_view text) { on_notice_(fmt::format("{}: {}", logs_[index]->path, text)); });
}

// A piece that was compressed before its lines were read: nobody writes to it any more.
void Follower::give_compressed(std::size_t index, LogPiece& piece) {
    auto fd = open_piece(piece);
    auto source = fd ? open_byte_source(std::move(*fd)) : std::unexpected(fd.error());
    std::string problem = source ? "" : source.error();
    if (source) {
        LineSplitter splitter(std::move(*source));
        SplitLine line;
        while (splitter.next(line)) {
            if (!line.too_long) on_line_(index, line.text);
        }
        problem = splitter.error();
    }
    if (!problem.empty()) on_notice_(fmt::format("{}: {}", piece.path, problem));
}

// Of what stays as it is until somebody mends it.
void Follower::notice_once(Log& log, const std::string& text) {
    if (text == log.last_notice) return;
    log.last_notice = text;
    on_notice_(text);
}

}  // namespace basehttpd
