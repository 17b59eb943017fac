// MemoryMeter: how much memory a process has for itself. A process that nobody may inspect is measured by itself:
// where /proc is mounted with hidepid, even its parent does not see it.
#pragma once

#include <sys/types.h>

#include <cstdint>

#include "basehttp/io/unique_fd.h"

namespace basehttpd {

class MemoryMeter {
  public:
    /// Opens the account of process `pid`, where it is to be seen.
    explicit MemoryMeter(pid_t pid);

    /// Bytes that are resident and not shared, as proc(5) has them in statm; 0 where that is unknown.
    std::uint64_t read() const;

  private:
    basehttp::UniqueFd statm_;
};

}  // namespace basehttpd
