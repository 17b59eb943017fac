#include "daemon/process/sealed_memory.h"

#include <fcntl.h>
#include <unistd.h>

#include <fmt/format.h>

#include "daemon/process/anonymous_file.h"

namespace basehttpd {
namespace {

// Where /proc is missing no second descriptor can be had; the seal against writing does the same on Linux 5.1.
basehttp::UniqueFd reopened_to_read(const basehttp::UniqueFd& file) {
    return basehttp::UniqueFd(::open(fmt::format("/proc/self/fd/{}", file.get()).c_str(), O_RDONLY | O_CLOEXEC));
}

void seal(const basehttp::UniqueFd& file) {
    // They are refused one by one where the kernel does not know them, or the file is none of memfd_create(2)'s.
    for (const int kind : {F_SEAL_GROW | F_SEAL_SHRINK, F_SEAL_FUTURE_WRITE, F_SEAL_SEAL})
        ::fcntl(file.get(), F_ADD_SEALS, kind);
}

}  // namespace

basehttp::IoResult<SealedMemory> SealedMemory::create(const char* name, std::size_t size) {
    auto file = anonymous_file(name);
    if (!file) return std::unexpected(file.error());
    if (::ftruncate(file->get(), static_cast<off_t>(size)) < 0) return basehttp::io_failure("ftruncate");
    auto writable = SharedMemory::map(file->get(), size, SharedMemory::Access::write);
    if (!writable) return std::unexpected(writable.error());
    seal(*file);
    const basehttp::UniqueFd to_read = reopened_to_read(*file);
    auto readable = SharedMemory::map((to_read ? to_read : *file).get(), size, SharedMemory::Access::read);
    if (!readable) return std::unexpected(readable.error());
    SealedMemory memory(std::move(*writable), std::move(*readable));
    if (auto shown = memory.show(); !shown) return std::unexpected(shown.error());
    return memory;
}

}  // namespace basehttpd
