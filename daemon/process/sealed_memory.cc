#include "daemon/process/sealed_memory.h"

#include <fcntl.h>
#include <unistd.h>

#include <fmt/format.h>

namespace basehttpd {
namespace {

basehttp::UniqueFd reopened_to_read(const basehttp::UniqueFd& file) {
    return basehttp::UniqueFd(::open(fmt::format("/proc/self/fd/{}", file.get()).c_str(), O_RDONLY | O_CLOEXEC));
}

// Seals are refused one by one where the kernel does not know them, or the file is none of memfd_create(2)'s. Where
// /proc is missing no descriptor that may only read can be had; the seal against writing does the same on Linux 5.1,
// but it keeps the next instance from writing, too.
void seal(const basehttp::UniqueFd& file, bool against_writing) {
    ::fcntl(file.get(), F_ADD_SEALS, F_SEAL_GROW | F_SEAL_SHRINK);
    if (against_writing) ::fcntl(file.get(), F_ADD_SEALS, F_SEAL_FUTURE_WRITE);
    ::fcntl(file.get(), F_ADD_SEALS, F_SEAL_SEAL);
}

}  // namespace

basehttp::IoResult<SealedMemory> SealedMemory::create(MemoryFiles& files, const MemoryFiles::Wanted& wanted) {
    const auto opened = files.open(wanted);
    if (!opened) return std::unexpected(opened.error());
    const basehttp::UniqueFd& file = opened->file;
    auto writable = SharedMemory::map(file.get(), wanted.size, SharedMemory::Access::write);
    if (!writable) return std::unexpected(writable.error());
    const basehttp::UniqueFd to_read = reopened_to_read(file);
    seal(file, !to_read);
    auto readable = SharedMemory::map((to_read ? to_read : file).get(), wanted.size, SharedMemory::Access::read);
    if (!readable) return std::unexpected(readable.error());
    SealedMemory memory(std::move(*writable), std::move(*readable), opened->left);
    if (auto shown = memory.show(); !shown) return std::unexpected(shown.error());
    return memory;
}

}  // namespace basehttpd
