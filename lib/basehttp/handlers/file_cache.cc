#include "basehttp/handlers/file_cache.h"

#include <algorithm>
#include <array>
#include <optional>
#include <vector>

namespace basehttp {
namespace {

struct Sibling {
    std::string_view suffix;
    std::string_view coding;
};

// In the order of preference where the client has none.
constexpr std::array<Sibling, 3> kSiblings{{{".br", "br"}, {".zst", "zstd"}, {".gz", "gzip"}}};

struct FoundSibling {
    Sibling sibling;
    struct stat status;
};

bool is_older(const struct stat& a, const struct stat& b) {
    return a.st_mtim.tv_sec != b.st_mtim.tv_sec ? a.st_mtim.tv_sec < b.st_mtim.tv_sec
                                                : a.st_mtim.tv_nsec < b.st_mtim.tv_nsec;
}

// Whether `sibling` may stand for `file`: one that is older is not of this state of it.
bool is_form_of(const struct stat& sibling, const struct stat& file) {
    return S_ISREG(sibling.st_mode) && !is_older(sibling, file);
}

// The compressed forms of the file at `path`.
std::vector<FoundSibling> find_siblings(const FileSource& source, const struct stat& file, std::string_view path) {
    std::vector<FoundSibling> siblings;
    if (!source.precompressed) return siblings;
    for (const Sibling& sibling : kSiblings) {
        const auto found = source.root.status_of(path, sibling.suffix);
        if (found && is_form_of(*found, file)) siblings.push_back({sibling, *found});
    }
    return siblings;
}

bool is_still(const ServedFile& known, const struct stat& file, const std::vector<FoundSibling>& siblings) {
    const auto same = [](const Representation& old, const FoundSibling& found) {
        return old.coding() == found.sibling.coding && old.is_still(found.status);
    };
    return !known.stale && known.plain.is_still(file) && std::ranges::equal(known.encoded, siblings, same);
}

FileCache::File load(const FileSource& source, std::string_view path, OpenFile file,
                     const std::vector<FoundSibling>& siblings) {
    const bool varies = !siblings.empty();
    const struct stat status = file.status;
    const std::string_view type = source.types->type_of(path);
    auto loaded =
        std::make_shared<ServedFile>(ServedFile{.plain = {std::move(file), {}, type, varies, source}, .encoded = {}});
    for (const FoundSibling& found : siblings) {
        auto opened = source.root.open_file(path, found.sibling.suffix);
        if (!opened || !is_form_of(opened->status, status)) continue;  // gone, or may not be read
        loaded->encoded.emplace_back(*std::move(opened), found.sibling.coding, type, varies, source);
    }
    return loaded;
}

}  // namespace

IoResult<FileCache::File> FileCache::find(const FileSource& source, std::string_view folder, std::string_view name) {
    path_.assign(folder).append(name);
    const auto place = index_.find({&source, path_});
    const Entry* known = place == index_.end() ? nullptr : &*place->second;
    const Time asked = Clock::now();
    if (known != nullptr && !known->file->stale && asked - known->checked < limits_.valid) {
        entries_.splice(entries_.begin(), entries_, place->second);
        return known->file;
    }
    auto file = look(source, known);
    if (!file) {
        if (known != nullptr) drop(place->second);
        return file;
    }
    keep(source, *file, place, asked);
    return file;
}

// What is at `path_` now: the file that is known where nothing has changed, or what there is instead.
IoResult<FileCache::File> FileCache::look(const FileSource& source, const Entry* known) {
    const auto status = insist(known, [&] { return source.root.status_of(path_); });
    if (!status) return std::unexpected(status.error());
    if (S_ISDIR(status->st_mode)) return std::unexpected(IoError{EISDIR, "openat2"});
    if (!S_ISREG(status->st_mode)) return std::unexpected(IoError{ENXIO, "openat2"});
    const auto siblings = find_siblings(source, *status, path_);
    if (known != nullptr && is_still(*known->file, *status, siblings)) return known->file;
    auto opened = insist(known, [&] { return source.root.open_file(path_); });
    if (!opened) return std::unexpected(opened.error());
    if (opened->is_directory()) return std::unexpected(IoError{EISDIR, "openat2"});
    return load(source, path_, *std::move(opened), siblings);
}

IoResult<OpenFile> FileCache::open_folder(const FileSource& source, std::string_view path) {
    auto opened = insist(nullptr, [&] { return source.root.open_file(path); });
    if (opened && !opened->is_directory()) return std::unexpected(IoError{ENOTDIR, "openat2"});
    // A root that was removed is open here still, and empty.
    if (opened && opened->status.st_nlink == 0) return std::unexpected(IoError{ENOENT, "openat2"});
    return opened;
}

// What `attempt` gives; where no descriptor was left for it, what it gives once those that only save time are closed.
template <typename Attempt>
std::invoke_result_t<Attempt> FileCache::insist(const Entry* known, Attempt attempt) {
    auto result = attempt();
    const bool exhausted = !result && (result.error().code == EMFILE || result.error().code == ENFILE);
    if (exhausted && give_up_descriptors(known)) result = attempt();
    return result;
}

// Drops all that hold a descriptor but `except`. Whether there were any.
bool FileCache::give_up_descriptors(const Entry* except) {
    const std::size_t before = descriptors_;
    for (auto entry = entries_.begin(); entry != entries_.end();) {
        const auto next = std::next(entry);
        if (entry->descriptors > 0 && &*entry != except) drop(entry);
        entry = next;
    }
    return descriptors_ < before;
}

void FileCache::keep(const FileSource& source, File file, Index::iterator place, Time asked) {
    if (place != index_.end()) {
        Entry& entry = *place->second;
        if (entry.file == file) {
            entry.checked = asked;
            entries_.splice(entries_.begin(), entries_, place->second);
            return;
        }
        drop(place->second);
    }
    if (limits_.entries == 0) return;
    std::size_t weight = sizeof(Entry) + path_.size() + file->plain.weight();
    std::size_t descriptors = file->plain.content() ? 0 : 1;
    for (const Representation& each : file->encoded) {
        weight += each.weight();
        descriptors += each.content() ? 0 : 1;
    }
    entries_.push_front({&source, path_, std::move(file), asked, weight, descriptors});
    index_.emplace(Key{&source, entries_.front().path}, entries_.begin());
    bytes_ += weight;
    descriptors_ += descriptors;
    shrink();
}

void FileCache::drop(Entries::iterator entry) {
    index_.erase({entry->source, entry->path});
    bytes_ -= entry->weight;
    descriptors_ -= entry->descriptors;
    entries_.erase(entry);
}

void FileCache::shrink() {
    while (!entries_.empty() &&
           (entries_.size() > limits_.entries || bytes_ > limits_.bytes || descriptors_ > limits_.descriptors)) {
        drop(std::prev(entries_.end()));
    }
}

}  // namespace basehttp
