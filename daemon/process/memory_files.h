// MemoryFiles: the files in memory that the master shares with its children, by name. They may outlive all of these
// processes: where somebody keeps them, the next instance gets them, and goes on with what they hold. Owned by the
// LogMemory, in the master.
#pragma once

#include <cstddef>
#include <functional>
#include <map>
#include <set>
#include <string>
#include <vector>

#include "basehttp/io/io_result.h"
#include "basehttp/io/unique_fd.h"

namespace basehttpd {

class MemoryFiles {
  public:
    /// Whoever keeps files for the next instance hears of them; both may be empty.
    struct Keeper {
        std::function<void(const std::string& name, int file, bool left)> on_open{};
        std::function<void(const std::string& name)> on_drop{};
    };

    struct Wanted {
        std::string name;
        std::size_t size;
    };

    struct File {
        basehttp::UniqueFd file;
        bool left = false;  ///< by an earlier instance: it holds what that wrote, and no zeros
    };

    MemoryFiles() = default;
    MemoryFiles(std::map<std::string, basehttp::UniqueFd> left, Keeper keeper)
        : left_(std::move(left)), keeper_(std::move(keeper)) {}

    /// Whether an earlier instance has left all of these.
    bool has(const std::vector<Wanted>& files) const;

    /// The names of what it has left and nobody has opened yet.
    std::vector<std::string> left() const;

    /// What was left under this name, or else, or where that has another size, a new file of zeros. What is never
    /// touched costs nothing.
    basehttp::IoResult<File> open(const Wanted& file);

    /// Nobody needs it any more.
    void drop(const std::string& name);

    /// Drops what was left and not opened; or that, and all that was opened.
    void drop_left();
    void drop_all();

  private:
    File note(const std::string& name, File file);

    std::map<std::string, basehttp::UniqueFd> left_;
    std::set<std::string> opened_;
    Keeper keeper_;
};

}  // namespace basehttpd
