#include "basehttp/handlers/file_cache.h"

#include <algorithm>
#include <array>
#include <cerrno>
#include <optional>
#include <vector>

#include "basehttp/io/monotonic_clock.h"

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

struct FoundSiblings {
    std::vector<FoundSibling> usable;
    std::vector<std::string> left_out;  // that are there, each with the reason
};

// Why `sibling` may not stand for `file`; nothing where it may. One that is older is not of this state of it. By the
// second: brotli, pigz and many archives give a file that they make the time of the other without its fraction.
std::string_view objection(const struct stat& sibling, const struct stat& file) {
    if (!S_ISREG(sibling.st_mode)) return "it is not a regular file";
    if (sibling.st_mtim.tv_sec < file.st_mtim.tv_sec) return "it is older";
    return {};
}

std::string left_out(std::string_view path, std::string_view suffix, std::string_view reason) {
    return std::string(path)
        .append(suffix)
        .append(" is not served in place of ")
        .append(path)
        .append(": ")
        .append(reason);
}

// The compressed forms of the file at `path`. One that is in a coding by its nature has none.
FoundSiblings find_siblings(const FileSource& source, const struct stat& file, std::string_view path) {
    FoundSiblings siblings;
    if (!source.precompressed || !source.types->coding_of(path).empty()) return siblings;
    for (const Sibling& sibling : kSiblings) {
        const auto found = source.root.status_of(path, sibling.suffix);
        if (!found && (found.error().code == ENOENT || found.error().code == ENAMETOOLONG)) continue;
        const std::string reason = found ? std::string(objection(*found, file)) : found.error().text();
        if (reason.empty()) {
            siblings.usable.push_back({sibling, *found});
        } else {
            siblings.left_out.push_back(left_out(path, sibling.suffix, reason));
        }
    }
    return siblings;
}

bool is_still(const ServedFile& known, const struct stat& file, const std::vector<FoundSibling>& siblings) {
    const auto same = [](const Representation& old, const FoundSibling& found) {
        return old.coding() == found.sibling.coding && old.is_still(found.status);
    };
    return !known.stale && known.plain.is_still(file) && std::ranges::equal(known.encoded, siblings, same);
}

FileCache::File load(const FileSource& source, std::string_view path, OpenFile file, FoundSiblings siblings) {
    const bool varies = !siblings.usable.empty();
    const struct stat status = file.status;
    const std::string_view type = source.types->type_of(path);
    const std::string_view own_coding = source.types->coding_of(path);
    auto loaded = std::make_shared<ServedFile>(
        ServedFile{.plain = {std::move(file), own_coding, type, varies, source}, .encoded = {}});
    loaded->left_out = std::move(siblings.left_out);
    for (const FoundSibling& found : siblings.usable) {
        auto opened = source.root.open_file(path, found.sibling.suffix);
        if (opened && objection(opened->status, status).empty()) {
            loaded->encoded.emplace_back(*std::move(opened), found.sibling.coding, type, varies, source);
        } else if (!opened) {
            loaded->left_out.push_back(left_out(path, found.sibling.suffix, opened.error().text()));
        }
    }
    return loaded;
}

}  // namespace

IoResult<FileCache::File> FileCache::find(const FileSource& source, std::string_view folder, std::string_view name) {
    if (!name.empty()) path_.assign(folder).append(name);
    const auto place = index_.find({&source, name.empty() ? folder : path_});
    const Entry* known = place == index_.end() ? nullptr : &*place->second;
    const Time asked{coarse_monotonic_ms()};
    if (known != nullptr && trusts(*known, asked)) {
        touch(place->second);
        if (known->file == nullptr) return std::unexpected(IoError{known->absence, "openat2"});
        return known->file;
    }
    if (name.empty()) path_ = folder;
    auto file = look(source, known);
    if (file) {
        keep(source, *file, place, asked);
    } else {
        keep_absence(source, file.error().code, place, asked);
    }
    return file;
}

bool FileCache::trusts(const Entry& entry, Time now) const {
    const Time age = now - entry.checked;
    if (entry.file == nullptr) return age < limits_.valid;
    return !entry.file->stale && age < trusted_for(*entry.file);
}

// A change that a time does not show, and a tag that is to be another once the time has settled, are seen soon.
std::chrono::milliseconds FileCache::trusted_for(const ServedFile& file) const {
    constexpr std::chrono::milliseconds kUnsettled{1000};
    return file.settled() ? limits_.valid : std::min(limits_.valid, kUnsettled);
}

// What is at `path_` now: the file that is known where nothing has changed, or what there is instead.
IoResult<FileCache::File> FileCache::look(const FileSource& source, const Entry* known) {
    const auto status = insist(known, [&] { return source.root.status_of(path_); });
    if (!status) return std::unexpected(status.error());
    if (S_ISDIR(status->st_mode)) return std::unexpected(IoError{EISDIR, "openat2"});
    if (!S_ISREG(status->st_mode)) return std::unexpected(IoError{ENXIO, "openat2"});
    auto siblings = find_siblings(source, *status, path_);
    if (known != nullptr && known->file != nullptr && is_still(*known->file, *status, siblings.usable))
        return known->file;
    auto opened = insist(known, [&] { return source.root.open_file(path_); });
    if (!opened) return std::unexpected(opened.error());
    if (opened->is_directory()) return std::unexpected(IoError{EISDIR, "openat2"});
    return load(source, path_, *std::move(opened), std::move(siblings));
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
            touch(place->second);
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
    add(entries_, {&source, path_, std::move(file), 0, asked, weight, descriptors});
}

// Only that there is nothing, or a folder, is kept: what else keeps a file from being opened may be mended at any
// time.
void FileCache::keep_absence(const FileSource& source, int code, Index::iterator place, Time asked) {
    if (place != index_.end()) drop(place->second);
    const bool absent = code == ENOENT || code == ENOTDIR || code == EISDIR;
    if (!absent || limits_.entries == 0 || limits_.valid.count() == 0) return;
    add(absences_, {&source, path_, nullptr, code, asked, sizeof(Entry) + path_.size(), 0});
}

void FileCache::add(Entries& list, Entry entry) {
    bytes_ += entry.weight;
    descriptors_ += entry.descriptors;
    list.push_front(std::move(entry));
    index_.emplace(Key{list.front().source, list.front().path}, list.begin());
    shrink();
}

FileCache::Entries& FileCache::list_of(const Entry& entry) {
    return entry.file == nullptr ? absences_ : entries_;
}

// Puts `entry` first: it was asked for last.
void FileCache::touch(Entries::iterator entry) {
    Entries& list = list_of(*entry);
    if (entry != list.begin()) list.splice(list.begin(), list, entry);
}

void FileCache::drop(Entries::iterator entry) {
    index_.erase({entry->source, entry->path});
    bytes_ -= entry->weight;
    descriptors_ -= entry->descriptors;
    list_of(*entry).erase(entry);
}

void FileCache::shrink() {
    constexpr std::size_t kShare = 8;
    while (absences_.size() > limits_.entries / kShare)
        drop(std::prev(absences_.end()));
    while (index_.size() > limits_.entries || bytes_ > limits_.bytes || descriptors_ > limits_.descriptors)
        drop(std::prev(entries_.empty() ? absences_.end() : entries_.end()));
}

}  // namespace basehttp
