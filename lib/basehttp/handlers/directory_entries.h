// DirectoryEntries: what a listing shows of one folder, read and put in order in small steps, so that a folder of
// 100 000 entries holds nobody up. It reads into runs that are sorted one by one; the runs are merged as the entries
// are taken out. An entry takes 24 bytes and its name, and all listings of a process share a budget: a thousand
// clients that ask for a large folder and do not read it are refused at last. Lives in the listing's coroutine.
#pragma once

#include <dirent.h>

#include <chrono>
#include <cstddef>
#include <cstdint>
#include <ctime>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "basehttp/handlers/file_root.h"
#include "basehttp/handlers/listing_order.h"
#include "basehttp/handlers/memory_budget.h"

namespace basehttp {

struct DirectoryEntry {
    std::string_view name;  ///< any bytes but NUL and '/'; valid while the entries are
    bool is_directory = false;
    std::uint64_t size = 0;
    std::time_t modified = 0;
};

class DirectoryEntries {
  public:
    struct Options {
        ListingOrder order;
        bool hidden = false;  ///< whether names that start with a dot are listed
    };

    /// `folder` is the one at `path` in `root`, which must outlive this as `budget` must; `path` is empty or ends
    /// with a slash.
    static IoResult<DirectoryEntries> open(UniqueFd folder, const FileRoot& root, std::string path, Options options,
                                           MemoryBudget& budget);

    /// Reads for about as long as `slice`. True: there may be more to read. What is neither a folder nor a regular
    /// file, and links that lead to nothing that would be served, are left out. ENOBUFS: the budget is used up;
    /// EACCES: the names can be read, but not what they stand for.
    IoResult<bool> read_some(std::chrono::microseconds slice);

    /// Once all is read: the next entry in order, or nothing after the last. Folders come first.
    std::optional<DirectoryEntry> next();

    std::size_t folders() const { return folders_; }
    std::size_t files() const { return records_.size() - folders_; }
    std::uint64_t bytes() const { return bytes_; }

    /// How many listings there are in this process, with this one.
    std::size_t listings() const { return share_.budget().shares(); }

    /// Memory that is held, for tests.
    std::size_t memory() const { return records_.capacity() * sizeof(Record) + names_.capacity(); }

  private:
    struct Record {
        std::uint64_t size;
        std::int64_t modified;
        std::uint32_t name;  // where it starts in names_
        std::uint16_t name_length;
        bool is_directory;
    };
    struct Run {
        std::uint32_t next;
        std::uint32_t end;
    };
    using Directory = std::unique_ptr<DIR, int (*)(DIR*)>;

    DirectoryEntries(Directory directory, const FileRoot& root, std::string path, Options options,
                     MemoryBudget& budget)
        : directory_(std::move(directory)), root_(&root), path_(std::move(path)), options_(options), share_(budget) {}

    IoResult<bool> read_one();
    IoResult<void> add(const dirent& found);
    IoResult<bool> look(const char* name, struct stat& status);
    bool make_room(std::size_t name_length);
    void end_run();
    void start_merging();
    bool is_before(const Record& a, const Record& b) const;
    std::string_view name(const Record& record) const {
        return std::string_view(names_).substr(record.name, record.name_length);
    }

    Directory directory_;
    const FileRoot* root_;
    std::string path_;
    Options options_;
    MemoryBudget::Share share_;
    std::vector<Record> records_;
    std::string names_;
    std::vector<Run> runs_;  // while they are merged: a heap, the run with the first entry at its front
    std::size_t run_start_ = 0;
    std::size_t folders_ = 0;
    std::uint64_t bytes_ = 0;
};

}  // namespace basehttp
