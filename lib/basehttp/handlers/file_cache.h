// FileCache: the files that were served lately, open or in memory, with their responses' heads prepared. One in each
// worker, for all its routes; everything runs on the worker's thread.
//
// What was looked at no longer than `valid` ago is served as it was then. Past that the file is looked up again,
// beneath its root as ever: the same state of the same file goes on being served from memory, anything else is loaded
// anew. Bounded in entries, bytes and descriptors; what was not asked for the longest goes first.
//
// That there is no file at a path is remembered for as long. Anybody can ask for any number of such paths, so they
// have an eighth of the entries at most: the files keep the rest.
#pragma once

#include <chrono>
#include <cstddef>
#include <cstdint>
#include <list>
#include <memory>
#include <random>
#include <string>
#include <string_view>
#include <type_traits>
#include <unordered_map>

#include "basehttp/handlers/file_cache_limits.h"
#include "basehttp/handlers/served_file.h"
#include "basehttp/text/byte_hash.h"

namespace basehttp {

class FileCache {
  public:
    /// Shared with the responses that are under way, which may outlast the entry.
    using File = std::shared_ptr<const ServedFile>;

    explicit FileCache(const FileCacheLimits& limits = {})
        : limits_(limits), index_(0, KeyHash{std::random_device{}()}) {}
    FileCache(const FileCache&) = delete;
    FileCache& operator=(const FileCache&) = delete;

    /// The regular file at `folder` and `name`, one after the other, in `source`, which must outlive the cache.
    /// EISDIR: it is a folder; ENXIO: neither; else as FileRoot::open_file() says.
    IoResult<File> find(const FileSource& source, std::string_view folder, std::string_view name = {});

    /// Opens the folder at `path`, which is not kept. ENOTDIR: it is a file; ENOENT: there is none any more.
    IoResult<OpenFile> open_folder(const FileSource& source, std::string_view path);

    std::size_t entries() const { return entries_.size(); }
    std::size_t absences() const { return absences_.size(); }
    std::uint64_t bytes() const { return bytes_; }
    std::size_t descriptors() const { return descriptors_; }

  private:
    using Time = std::chrono::milliseconds;  // by the kernel's tick

    struct Key {
        const FileSource* source;
        std::string_view path;
        bool operator==(const Key&) const = default;
    };
    struct KeyHash {
        std::uint64_t seed;
        std::size_t operator()(const Key& key) const {
            return byte_hash(key.path, seed ^ reinterpret_cast<std::uintptr_t>(key.source));
        }
    };
    struct Entry {
        const FileSource* source;
        std::string path;
        File file;    // nullptr: there is none
        int absence;  // and the errno that says so
        Time checked;
        std::size_t weight;
        std::size_t descriptors;
    };
    using Entries = std::list<Entry>;  // the one asked for last stands first
    using Index = std::unordered_map<Key, Entries::iterator, KeyHash>;

    std::chrono::milliseconds trusted_for(const ServedFile& file) const;
    IoResult<File> look(const FileSource& source, const Entry* known);
    bool trusts(const Entry& entry, Time now) const;
    void touch(Entries::iterator entry);
    template <typename Attempt>
    std::invoke_result_t<Attempt> insist(const Entry* known, Attempt attempt);
    bool give_up_descriptors(const Entry* except);
    void keep(const FileSource& source, File file, Index::iterator place, Time asked);
    void keep_absence(const FileSource& source, int code, Index::iterator place, Time asked);
    void add(Entries& list, Entry entry);
    Entries& list_of(const Entry& entry);
    void drop(Entries::iterator entry);
    void shrink();

    FileCacheLimits limits_;
    Entries entries_;   // files
    Entries absences_;  // paths without one
    Index index_;       // of both; its keys' paths are theirs
    std::uint64_t bytes_ = 0;
    std::size_t descriptors_ = 0;
    std::string path_;  // of the search under way, once it has to be put together; keeps its capacity
};

}  // namespace basehttp
