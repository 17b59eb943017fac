#include "basehttp/handlers/directory_entries.h"

#include <fcntl.h>
#include <sys/stat.h>

#include <algorithm>
#include <limits>
#include <utility>

#include "basehttp/text/natural_order.h"

namespace basehttp {
namespace {

// Sorting so many takes about a millisecond.
constexpr std::size_t kRun = 512;

// How many entries are looked at between two looks at the clock.
constexpr int kAtOnce = 32;

}  // namespace

IoResult<DirectoryEntries> DirectoryEntries::open(UniqueFd folder, const FileRoot& root, std::string path,
                                                  Options options, MemoryBudget& budget) {
    Directory directory(::fdopendir(folder.get()), ::closedir);
    if (!directory) return io_failure("fdopendir");
    folder.release();  // closed with the directory
    return DirectoryEntries(std::move(directory), root, std::move(path), options, budget);
}

IoResult<bool> DirectoryEntries::read_some(std::chrono::microseconds slice) {
    const auto end = std::chrono::steady_clock::now() + slice;
    do {
        for (int i = 0; i < kAtOnce; ++i) {
            const auto more = read_one();
            if (!more) return more;
            if (*more) continue;
            start_merging();
            return false;
        }
    } while (std::chrono::steady_clock::now() < end);
    return true;
}

// False: there are no more.
IoResult<bool> DirectoryEntries::read_one() {
    errno = 0;
    const dirent* found = ::readdir(directory_.get());
    if (found == nullptr && errno != 0) return io_failure("readdir");
    if (found == nullptr) return false;
    const auto added = add(*found);
    if (!added) return std::unexpected(added.error());
    return true;
}

IoResult<void> DirectoryEntries::add(const dirent& found) {
    const std::string_view name = found.d_name;
    if (name == "." || name == ".." || (!options_.hidden && name.starts_with('.'))) return {};
    struct stat status {};
    const auto there = look(found.d_name, status);
    if (!there) return std::unexpected(there.error());
    const bool is_directory = S_ISDIR(status.st_mode);
    if (!*there || (!is_directory && !S_ISREG(status.st_mode))) return {};
    if (!make_room(name.size())) return std::unexpected(IoError{ENOBUFS, "listing"});
    const auto size = is_directory ? 0 : static_cast<std::uint64_t>(status.st_size);
    records_.push_back({size, status.st_mtime, static_cast<std::uint32_t>(names_.size()),
                        static_cast<std::uint16_t>(name.size()), is_directory});
    names_ += name;
    bytes_ += size;
    if (is_directory) ++folders_;
    if (records_.size() - run_start_ >= kRun) end_run();
    return {};
}

// Room for one more entry, taken from the budget first. False: there is none.
bool DirectoryEntries::make_room(std::size_t name_length) {
    constexpr std::size_t kFewest = 32;
    std::size_t records = records_.capacity();
    std::size_t names = names_.capacity();
    if (records_.size() == records) records = std::max(kFewest, records + records / 2);
    if (names_.size() + name_length > names) names = std::max(kFewest, names + names / 2) + name_length;
    if (records == records_.capacity() && names == names_.capacity()) return true;
    if (names > std::numeric_limits<std::uint32_t>::max()) return false;
    if (!share_.grow_to(records * sizeof(Record) + names)) return false;
    records_.reserve(records);
    names_.reserve(names);
    return true;
}

// A link is what it leads to, as far as the root lets it. False: there is nothing, or nothing any more.
IoResult<bool> DirectoryEntries::look(const char* name, struct stat& status) {
    if (::fstatat(::dirfd(directory_.get()), name, &status, AT_SYMLINK_NOFOLLOW) < 0) {
        if (errno == EACCES) return io_failure("fstatat");
        return false;
    }
    if (!S_ISLNK(status.st_mode)) return true;
    const auto target = root_->status_of(path_, name);
    if (target) status = *target;
    return target.has_value();
}

void DirectoryEntries::end_run() {
    const auto first = records_.begin() + static_cast<std::ptrdiff_t>(run_start_);
    std::sort(first, records_.end(), [this](const Record& a, const Record& b) { return is_before(a, b); });
    runs_.push_back({static_cast<std::uint32_t>(run_start_), static_cast<std::uint32_t>(records_.size())});
    run_start_ = records_.size();
}

void DirectoryEntries::start_merging() {
    directory_.reset();
    if (run_start_ < records_.size()) end_run();
    std::ranges::make_heap(runs_, [this](Run a, Run b) { return is_before(records_[b.next], records_[a.next]); });
}

std::optional<DirectoryEntry> DirectoryEntries::next() {
    if (runs_.empty()) return std::nullopt;
    const auto later = [this](Run a, Run b) { return is_before(records_[b.next], records_[a.next]); };
    std::ranges::pop_heap(runs_, later);
    const Record& record = records_[runs_.back().next++];
    if (runs_.back().next == runs_.back().end) {
        runs_.pop_back();
    } else {
        std::ranges::push_heap(runs_, later);
    }
    return DirectoryEntry{name(record), record.is_directory, record.size, record.modified};
}

bool DirectoryEntries::is_before(const Record& a, const Record& b) const {
    if (a.is_directory != b.is_directory) return a.is_directory;
    const bool turned = options_.order.descending;
    const Record& low = turned ? b : a;
    const Record& high = turned ? a : b;
    switch (options_.order.key) {
        case ListingOrder::Key::name:
            return natural_less(name(low), name(high));
        case ListingOrder::Key::size:
            if (low.size != high.size) return low.size < high.size;
            break;
        case ListingOrder::Key::date:
            if (low.modified != high.modified) return low.modified < high.modified;
            break;
    }
    return natural_less(name(a), name(b));
}

}  // namespace basehttp
