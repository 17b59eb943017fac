// FileRoot: a folder that files are served from, and the only way to open something in it. Unless symbolic links are
// to be followed wherever they lead, the kernel keeps each path beneath the folder (openat2(2), RESOLVE_BENEATH): no
// URL, link or race leads out of it.
#pragma once

#include <sys/stat.h>

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

#include "basehttp/io/io_result.h"
#include "basehttp/io/unique_fd.h"

namespace basehttp {

/// What becomes of symbolic links.
enum class Symlinks : std::uint8_t {
    within,  ///< followed while they are relative and stay beneath the folder
    never,   ///< refused
    follow,  ///< followed to wherever they lead
};

/// An open file and what it was when it was opened.
struct OpenFile {
    UniqueFd fd;
    struct stat status;

    bool is_directory() const { return S_ISDIR(status.st_mode); }
    bool is_regular() const { return S_ISREG(status.st_mode); }
};

class FileRoot {
  public:
    /// Opens the folder itself.
    static IoResult<FileRoot> open(const std::string& folder, Symlinks symlinks = Symlinks::within);

    /// Stands for a folder that could not be opened: whatever is looked for in it fails for that reason.
    static FileRoot missing(IoError reason) { return FileRoot(reason); }

    /// Opens the regular file or folder at `path` with `name` appended, which is relative to the folder and has no
    /// slash at its start; the empty path is the folder. EXDEV: the path leads out of it; ELOOP: it has a link where
    /// none may be; ENXIO: it is something else. A device or a FIFO is not touched at all: to open one wakes who
    /// waits at its other end.
    IoResult<OpenFile> open_file(std::string_view path, std::string_view name = {}) const;

    /// What is at `path` with `name` appended, links resolved as above, without opening it.
    IoResult<struct stat> status_of(std::string_view path, std::string_view name = {}) const;

  private:
    FileRoot(UniqueFd folder, Symlinks symlinks) : folder_(std::move(folder)), symlinks_(symlinks) {}
    explicit FileRoot(IoError reason) : missing_(reason) {}
    IoResult<OpenFile> open(std::string_view path, std::string_view name, std::uint64_t flags) const;
    IoResult<OpenFile> open_beneath(const char* path, std::uint64_t flags) const;
    std::uint64_t resolve_flags() const;

    UniqueFd folder_;
    Symlinks symlinks_ = Symlinks::within;
    std::optional<IoError> missing_;
};

}  // namespace basehttp
