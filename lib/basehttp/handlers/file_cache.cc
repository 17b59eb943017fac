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

struct OpenSibling {
    std::string_view coding;
    OpenFile file;
};

bool is_older(const struct stat& a, const struct stat& b) {
    return a.st_mtim.tv_sec != b.st_mtim.tv_sec ? a.st_mtim.tv_sec < b.st_mtim.tv_sec
                                                : a.st_mtim.tv_nsec < b.st_mtim.tv_nsec;
}

// The compressed forms of the file at `path`. One that is older than the file is not of this state of it.
std::vector<OpenSibling> open_siblings(const FileSource& source, const OpenFile& file, std::string_view path) {
    std::vector<OpenSibling> siblings;
    if (!source.precompressed) return siblings;
    for (const Sibling& sibling : kSiblings) {
        auto opened = source.root.open_file(path, sibling.suffix);
        if (opened && opened->is_regular() && !is_older(opened->status, file.status)) {
            siblings.push_back({sibling.coding, std::move(*opened)});
        }
    }
    return siblings;
}

bool is_still(const ServedFile& known, const OpenFile& file, const std::vector<OpenSibling>& siblings) {
    const auto same = [](const Representation& old, const OpenSibling& sibling) {
        return old.coding() == sibling.coding && old.is_still(sibling.file.status);
    };
    return !known.stale && known.plain.is_still(file.status) && std::ranges::equal(known.encoded, siblings, same);
}

FileCache::File load(const FileSource& source, std::string_view path, OpenFile file,
                     std::vector<OpenSibling> siblings) {
    const bool varies = !siblings.empty();
    const std::string_view type = source.types->type_of(path);
    auto loaded =
        std::make_shared<ServedFile>(ServedFile{.plain = {std::move(file), {}, type, varies, source}, .encoded = {}});
    for (OpenSibling& sibling : siblings)
        loaded->encoded.emplace_back(std::move(sibling.file), sibling.coding, type, varies, source);
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

// Opens what is at `path_` now: the file that is known where nothing has changed, or what there is instead.
IoResult<FileCache::File> FileCache::look(const FileSource& source, const Entry* known) {
    auto opened = source.root.open_file(path_);
    const bool exhausted = !opened && (opened.error().code == EMFILE || opened.error().code == ENFILE);
    if (exhausted && give_up_descriptors(known)) opened = source.root.open_file(path_);
    if (!opened) return std::unexpected(opened.error());
    if (opened->is_directory()) return std::unexpected(IoError{EISDIR, "openat2"});
    if (!opened->is_regular()) return std::unexpected(IoError{ENXIO, "openat2"});
    auto siblings = open_siblings(source, *opened, path_);
    if (known != nullptr && is_still(*known->file, *opened, siblings)) return known->file;
    return load(source, path_, std::move(*opened), std::move(siblings));
}

// Drops all that hold a descriptor but `except`: they only save time. Whether there were any.
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
