#include "basehttp/handlers/file_root.h"

#include <fcntl.h>

#include <algorithm>
#include <array>
#include <climits>

#include "basehttp/handlers/open_beneath.h"

namespace basehttp {
namespace {

bool may_be_opened(const struct stat& status) {
    return S_ISREG(status.st_mode) || S_ISDIR(status.st_mode);
}

}  // namespace

IoResult<FileRoot> FileRoot::open(const std::string& folder, Symlinks symlinks) {
    UniqueFd fd(::open(folder.c_str(), O_PATH | O_DIRECTORY | O_CLOEXEC));
    if (!fd) return io_failure("open");
    return FileRoot(std::move(fd), symlinks);
}

IoResult<OpenFile> FileRoot::open_file(std::string_view path, std::string_view name) const {
    const auto found = status_of(path, name);
    if (!found) return std::unexpected(found.error());
    if (!may_be_opened(*found)) return std::unexpected(IoError{ENXIO, "openat2"});
    auto opened = open(path, name, O_RDONLY | O_NONBLOCK | O_NOCTTY);
    // It may have been exchanged in between.
    if (opened && !may_be_opened(opened->status)) return std::unexpected(IoError{ENXIO, "openat2"});
    return opened;
}

IoResult<struct stat> FileRoot::status_of(std::string_view path, std::string_view name) const {
    const auto found = open(path, name, O_PATH);
    if (!found) return std::unexpected(found.error());
    return found->status;
}

IoResult<OpenFile> FileRoot::open(std::string_view path, std::string_view name, std::uint64_t flags) const {
    std::array<char, PATH_MAX> whole;
    if (path.size() + name.size() >= whole.size()) return std::unexpected(IoError{ENAMETOOLONG, "openat2"});
    char* end = std::ranges::copy(path, whole.begin()).out;
    end = std::ranges::copy(name, end).out;
    if (end == whole.begin()) *end++ = '.';
    // A name on disk holds no NUL; what follows one would be cut off unseen.
    if (std::find(whole.begin(), end, '\0') != end) return std::unexpected(IoError{ENOENT, "openat2"});
    *end = '\0';
    return open_beneath(whole.data(), flags);
}

IoResult<OpenFile> FileRoot::open_beneath(const char* path, std::uint64_t flags) const {
    constexpr int kMostTries = 16;  // EAGAIN: something was renamed meanwhile, anywhere on the machine
    if (missing_) return std::unexpected(*missing_);
    open_how how{};
    how.flags = flags | O_CLOEXEC;
    how.resolve = resolve_flags();
    OpenFile file{};
    for (int tries = 0; !file.fd && tries < kMostTries; ++tries) {
        file.fd.reset(basehttp::open_beneath(folder_.get(), path, how));
        if (!file.fd && errno != EAGAIN) break;
    }
    if (!file.fd) return io_failure("openat2");
    if (::fstat(file.fd.get(), &file.status) < 0) return io_failure("fstat");
    return file;
}

std::uint64_t FileRoot::resolve_flags() const {
    switch (symlinks_) {
        case Symlinks::within:
            return RESOLVE_BENEATH | RESOLVE_NO_MAGICLINKS;
        case Symlinks::never:
            return RESOLVE_BENEATH | RESOLVE_NO_MAGICLINKS | RESOLVE_NO_SYMLINKS;
        case Symlinks::follow:
            return RESOLVE_NO_MAGICLINKS;
    }
    return RESOLVE_BENEATH | RESOLVE_NO_SYMLINKS;
}

}  // namespace basehttp
