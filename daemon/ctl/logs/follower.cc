#include "daemon/ctl/logs/follower.h"

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

#include "daemon/ctl/logs/json_line.h"
#include "daemon/ctl/logs/line_splitter.h"

namespace basehttpd {
namespace {

constexpr std::uint32_t kFolderEvents =
    IN_CREATE | IN_MOVED_TO | IN_MOVED_FROM | IN_DELETE | IN_DELETE_SELF | IN_MOVE_SELF | IN_ONLYDIR;
constexpr std::size_t kBlock = 64 * 1024;

// How much of the file, from its start, is whole lines.
std::uint64_t whole_lines(int fd, std::uint64_t size) {
    std::array<char, 4096> block;
    for (std::uint64_t end = size; end > 0 && size - end < kLongestLine;) {
        const std::size_t wanted = std::min<std::uint64_t>(end, block.size());
        const ssize_t got = ::pread(fd, block.data(), wanted, static_cast<off_t>(end - wanted));
        if (got != static_cast<ssize_t>(wanted)) return size;
        const std::size_t found = std::string_view(block.data(), wanted).rfind('\n');
        if (found != std::string_view::npos) return end - wanted + found + 1;
        end -= wanted;
    }
    return size < kLongestLine ? 0 : size;
}

}  // namespace

struct Follower::File {
    basehttp::UniqueFd fd;
    dev_t device = 0;
    ino_t inode = 0;
    std::uint64_t offset = 0;
    std::string rest{};     // of a line whose end is not written yet
    bool skipping = false;  // the rest of a line that is too long
    int watch = -1;
};

struct Follower::Log {
    std::string path;
    std::optional<File> old{};
    std::optional<File> current{};
    int folder_watch = -1;
    Start start{};
    std::set<std::pair<std::uint64_t, std::int64_t>> known{};  // inodes and times of what is older

    // A file is new where neither its inode nor, should that be used again, its time was there before.
    bool knows(const LogPiece& piece) const {
        return (old && old->inode == piece.inode) || known.contains({piece.inode, piece.changed_us});
    }
};

Follower::Follower(const std::vector<std::string>& paths, OnLine on_line, OnNotice on_notice)
    : inotify_(::inotify_init1(IN_CLOEXEC | IN_NONBLOCK)),
      on_line_(std::move(on_line)),
      on_notice_(std::move(on_notice)) {
    if (!inotify_) throw std::system_error(errno, std::generic_category(), "inotify");
    for (const std::string& path : paths) {
        logs_.push_back(std::make_unique<Log>(Log{std::filesystem::absolute(path).string()}));
        Log& log = *logs_.back();
        watch_folder(log);
        if (const auto piece = next_file(log)) take_file(log, *piece);
        if (!log.current) continue;
        struct stat status {};
        const bool known = ::fstat(log.current->fd.get(), &status) == 0;
        log.current->offset =
            known ? whole_lines(log.current->fd.get(), static_cast<std::uint64_t>(status.st_size)) : 0;
        log.start = {log.current->inode, log.current->offset};
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
        if ((ready[1].revents & (POLLERR | POLLHUP)) != 0) return {};
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
                                       (log.current && event.wd == log.current->watch) ||
                                       (log.old && event.wd == log.old->watch);
                if (concerned) found.insert(i);
            }
        }
    }
}

// The log's folder, or where that is missing the nearest above it that is there.
void Follower::watch_folder(Log& log) {
    std::filesystem::path folder = std::filesystem::path(log.path).parent_path();
    for (;;) {
        const int watch = ::inotify_add_watch(inotify_.get(), folder.c_str(), kFolderEvents);
        if (watch < 0 && folder.has_relative_path()) {
            folder = folder.parent_path();
            continue;
        }
        log.folder_watch = watch;
        const std::filesystem::path wanted = std::filesystem::path(log.path).parent_path();
        std::error_code failed;
        if (folder == wanted || watch < 0 || !std::filesystem::is_directory(wanted, failed)) return;
        if (::access(wanted.c_str(), R_OK) != 0) return;
        folder = wanted;  // it came while we looked
    }
}

void Follower::look_again(std::size_t index) {
    Log& log = *logs_[index];
    watch_folder(log);
    if (log.old) read_on(index, *log.old);
    if (log.current) read_on(index, *log.current);
    while (const auto piece = next_file(log)) {
        if (piece->is_compressed()) {
            on_notice_(piece->path + ": it was compressed before its lines could be read");
            log.known.emplace(piece->inode, piece->changed_us);
            continue;
        }
        if (log.old && !log.old->rest.empty()) on_notice_(log.path + ": its last line before a rotation has no end");
        if (!take_file(log, *piece)) return;
        if (log.old) read_on(index, *log.old);  // what came since the look above
        read_on(index, *log.current);
    }
}

// The file that came after the current one; none where that is what the name stands for, or where it stands for none.
std::optional<LogPiece> Follower::next_file(const Log& log) {
    struct stat status {};
    if (::stat(log.path.c_str(), &status) != 0) return std::nullopt;
    const LogPiece named{.path = log.path, .current = true, .inode = status.st_ino};
    if (!log.current) return named;
    if (log.current->inode == status.st_ino && log.current->device == status.st_dev) return std::nullopt;
    const std::vector<LogPiece> pieces = find_pieces(log.path);
    const auto held = std::ranges::find(pieces, std::uint64_t{log.current->inode}, &LogPiece::inode);
    if (held == pieces.end()) return named;
    const auto missed = std::find_if(held + 1, pieces.end(),
                                     [&log](const LogPiece& piece) { return !piece.current && !log.knows(piece); });
    return missed == pieces.end() ? named : *missed;
}

// Makes the piece the current file, and the current one the old. False where it is not there, or is another by now:
// then the next event tells of a rotation.
bool Follower::take_file(Log& log, const LogPiece& piece) {
    basehttp::UniqueFd fd(::open(piece.path.c_str(), O_RDONLY | O_CLOEXEC | O_NOCTTY | O_NONBLOCK));
    struct stat status {};
    if (!fd || ::fstat(fd.get(), &status) != 0 || !S_ISREG(status.st_mode)) {
        if (errno != ENOENT) on_notice_(log.path + ": " + std::generic_category().message(errno));
        return false;
    }
    if (status.st_ino != piece.inode) return false;
    if (log.old && log.old->watch >= 0) ::inotify_rm_watch(inotify_.get(), log.old->watch);
    log.old = std::move(log.current);
    log.current = File{std::move(fd), status.st_dev, status.st_ino};
    // By its descriptor: the name may stand for another file by now.
    const std::string name = fmt::format("/proc/self/fd/{}", log.current->fd.get());
    log.current->watch = ::inotify_add_watch(inotify_.get(), name.c_str(), IN_MODIFY);
    if (!piece.current) return true;
    log.known.clear();
    for (const LogPiece& there : find_pieces(log.path)) {
        if (there.inode == piece.inode) break;  // what comes behind it is newer: yet to be read
        log.known.emplace(there.inode, there.changed_us);
    }
    return true;
}

void Follower::read_on(std::size_t index, File& file) {
    struct stat status {};
    if (::fstat(file.fd.get(), &status) != 0) return;
    if (static_cast<std::uint64_t>(status.st_size) < file.offset) {
        on_notice_(logs_[index]->path + ": it was truncated; reading from its start");
        file.offset = 0;
        file.rest.clear();
        file.skipping = false;
    }
    std::vector<char> block(kBlock);
    for (;;) {
        const ssize_t got = ::pread(file.fd.get(), block.data(), block.size(), static_cast<off_t>(file.offset));
        if (got < 0 && errno == EINTR) continue;
        if (got <= 0) return;
        file.offset += static_cast<std::uint64_t>(got);
        give_lines(index, file, {block.data(), static_cast<std::size_t>(got)});
    }
}

void Follower::give_lines(std::size_t index, File& file, std::string_view bytes) {
    while (!bytes.empty()) {
        const std::size_t end = bytes.find('\n');
        const std::size_t taken = std::min(end, bytes.size());
        if (!file.skipping) file.rest += bytes.substr(0, taken);
        if (end == std::string_view::npos) {
            file.skipping = file.skipping || file.rest.size() > kLongestLine;
            if (file.skipping) file.rest.clear();
            return;
        }
        bytes.remove_prefix(end + 1);
        if (file.skipping) {
            on_notice_(logs_[index]->path + ": a line is longer than a megabyte");
        } else {
            const std::size_t size = file.rest.size();
            file.rest.append(kLinePadding, '\0');
            on_line_(index, std::string_view(file.rest).substr(0, size));
        }
        file.rest.clear();
        file.skipping = false;
    }
}

}  // namespace basehttpd
