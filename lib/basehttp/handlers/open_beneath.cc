#include "basehttp/handlers/open_beneath.h"

#include <fcntl.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <unistd.h>

#include <array>
#include <cerrno>
#include <climits>
#include <deque>
#include <string>
#include <string_view>
#include <vector>

#include "basehttp/io/unique_fd.h"

namespace basehttp {
namespace {

constexpr int kMostLinks = 40;  // as path_resolution(7)

int fail(int code) {
    errno = code;
    return -1;
}

// No wrapper in glibc 2.36.
int openat2(int folder, const char* path, const open_how& how) {
    return static_cast<int>(::syscall(SYS_openat2, folder, path, &how, sizeof how));
}

int probe_openat2() {
    open_how how{};
    how.flags = O_PATH | O_CLOEXEC;
    how.resolve = RESOLVE_BENEATH | RESOLVE_NO_MAGICLINKS;
    const UniqueFd opened(openat2(AT_FDCWD, ".", how));
    const int refusal = errno;
    if (opened || refusal == EMFILE || refusal == ENFILE || refusal == ENOMEM) return 0;
    const UniqueFd otherwise(::openat(AT_FDCWD, ".", O_PATH | O_CLOEXEC));
    return otherwise ? refusal : 0;
}

class Walk {
  public:
    Walk(int folder, const open_how& how) : folder_(folder), how_(how) {}

    int run(std::string_view path) {
        if (path.empty()) return fail(ENOENT);
        if (!enqueue(path)) return -1;
        while (!rest_.empty()) {
            const std::string name = std::move(rest_.front());
            rest_.pop_front();
            if (name == "..") {
                if (entered_.empty()) return fail(EXDEV);
                entered_.pop_back();
                continue;
            }
            if (rest_.empty()) {
                const int fd = open_last(name);
                if (fd >= 0 || !is_link(errno)) return fd;
            } else if (enter(name)) {
                continue;
            } else if (!is_link(errno)) {
                return -1;
            }
            if (!follow(name)) return -1;
        }
        return open_last(".");
    }

  private:
    // Puts the names of `path` before those that are left. One that ends in a slash must be a folder.
    bool enqueue(std::string_view path) {
        if (path.front() == '/') return fail(EXDEV) == 0;
        if (rest_.empty()) needs_folder_ = needs_folder_ || path.back() == '/';
        std::deque<std::string> names;
        while (!path.empty()) {
            const std::size_t slash = std::min(path.find('/'), path.size());
            const std::string_view name = path.substr(0, slash);
            if (!name.empty() && name != ".") names.emplace_back(name);
            path.remove_prefix(std::min(slash + 1, path.size()));
        }
        rest_.insert(rest_.begin(), std::make_move_iterator(names.begin()), std::make_move_iterator(names.end()));
        return true;
    }

    int here() const { return entered_.empty() ? folder_ : entered_.back().get(); }

    // What O_NOFOLLOW makes of a symbolic link; O_DIRECTORY has the first word.
    static bool is_link(int code) { return code == ELOOP || code == ENOTDIR; }

    int open_last(const std::string& name) const {
        const int folder_only = needs_folder_ ? O_DIRECTORY : 0;
        UniqueFd fd(::openat(here(), name.c_str(), static_cast<int>(how_.flags) | O_NOFOLLOW | folder_only,
                             static_cast<mode_t>(how_.mode)));
        if (fd && (how_.flags & O_PATH) != 0 && opened_link(fd.get())) return fail(ELOOP);
        return fd.release();
    }

    // O_PATH and O_NOFOLLOW together open a symbolic link itself.
    static bool opened_link(int fd) {
        struct stat status {};
        return ::fstat(fd, &status) == 0 && S_ISLNK(status.st_mode);
    }

    bool enter(const std::string& name) {
        UniqueFd fd(::openat(here(), name.c_str(), O_PATH | O_DIRECTORY | O_NOFOLLOW | O_CLOEXEC));
        if (!fd) return false;
        entered_.push_back(std::move(fd));
        return true;
    }

    bool follow(const std::string& name) {
        const int refusal = errno;
        std::array<char, PATH_MAX> text;
        const ssize_t size = ::readlinkat(here(), name.c_str(), text.data(), text.size());
        if (size <= 0) return fail(errno == EINVAL ? refusal : errno) == 0;
        if ((how_.resolve & RESOLVE_NO_SYMLINKS) != 0 || ++links_ > kMostLinks) return fail(ELOOP) == 0;
        return enqueue({text.data(), static_cast<std::size_t>(size)});
    }

    int folder_;
    const open_how& how_;
    std::vector<UniqueFd> entered_;
    std::deque<std::string> rest_;
    bool needs_folder_ = false;
    int links_ = 0;
};

}  // namespace

int openat2_refusal() {
    static const int kRefusal = probe_openat2();
    return kRefusal;
}

int open_beneath(int folder, const char* path, const open_how& how) {
    if (openat2_refusal() == 0) {
        const int fd = openat2(folder, path, how);
        if (fd >= 0 || errno != ENOSYS) return fd;
    }
    if ((how.resolve & RESOLVE_BENEATH) != 0) return walk_beneath(folder, path, how);
    return ::openat(folder, path, static_cast<int>(how.flags), static_cast<mode_t>(how.mode));
}

int walk_beneath(int folder, const char* path, const open_how& how) {
    return Walk(folder, how).run(path);
}

}  // namespace basehttp
