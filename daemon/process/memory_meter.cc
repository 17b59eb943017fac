#include "daemon/process/memory_meter.h"

#include <fcntl.h>
#include <unistd.h>

#include <array>
#include <sstream>

#include <fmt/format.h>

namespace basehttpd {

MemoryMeter::MemoryMeter(pid_t pid)
    : statm_(::open(fmt::format("/proc/{}/statm", pid).c_str(), O_RDONLY | O_CLOEXEC)) {}

std::uint64_t MemoryMeter::read() const {
    std::array<char, 128> text{};
    if (::pread(statm_.get(), text.data(), text.size() - 1, 0) <= 0) return 0;
    std::istringstream pages(text.data());
    std::uint64_t all = 0;
    std::uint64_t resident = 0;
    std::uint64_t shared = 0;
    if (!(pages >> all >> resident >> shared) || resident < shared) return 0;
    return (resident - shared) * static_cast<std::uint64_t>(::sysconf(_SC_PAGESIZE));
}

}  // namespace basehttpd
