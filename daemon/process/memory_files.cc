#include "daemon/process/memory_files.h"

#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

#include <algorithm>

#include "daemon/process/anonymous_file.h"

namespace basehttpd {
namespace {

// SealedMemory may have had to seal it against whoever comes later.
bool is_usable(const basehttp::UniqueFd& file, std::size_t size) {
    struct stat info {};
    const int seals = ::fcntl(file.get(), F_GET_SEALS);
    return ::fstat(file.get(), &info) == 0 && static_cast<std::size_t>(info.st_size) == size && seals >= 0 &&
           (seals & F_SEAL_FUTURE_WRITE) == 0;
}

}  // namespace

bool MemoryFiles::has(const std::vector<Wanted>& files) const {
    return std::ranges::all_of(files, [this](const Wanted& wanted) {
        const auto found = left_.find(wanted.name);
        return found != left_.end() && is_usable(found->second, wanted.size);
    });
}

std::vector<std::string> MemoryFiles::left() const {
    std::vector<std::string> names;
    for (const auto& [name, file] : left_)
        names.push_back(name);
    return names;
}

basehttp::IoResult<MemoryFiles::File> MemoryFiles::open(const Wanted& wanted) {
    if (has({wanted})) return note(wanted.name, {std::move(left_.extract(wanted.name).mapped()), true});
    if (left_.contains(wanted.name)) drop(wanted.name);
    auto file = anonymous_file(wanted.name.c_str());
    if (!file) return std::unexpected(file.error());
    if (::ftruncate(file->get(), static_cast<off_t>(wanted.size)) < 0) return basehttp::io_failure("ftruncate");
    return note(wanted.name, {std::move(*file), false});
}

MemoryFiles::File MemoryFiles::note(const std::string& name, File file) {
    opened_.insert(name);
    if (keeper_.on_open) keeper_.on_open(name, file.file.get(), file.left);
    return file;
}

void MemoryFiles::drop(const std::string& name) {
    left_.erase(name);
    opened_.erase(name);
    if (keeper_.on_drop) keeper_.on_drop(name);
}

void MemoryFiles::drop_left() {
    for (const std::string& name : left())
        drop(name);
}

void MemoryFiles::drop_all() {
    drop_left();
    while (!opened_.empty())
        drop(std::string(*opened_.begin()));
}

}  // namespace basehttpd
