// DescriptorOutlet: the outlet to a descriptor that the master has opened: a file, a FIFO, standard output
// or error. Runs in the logger.
#pragma once

#include <cstdint>

#include "daemon/logger/sinks/outlet.h"

namespace basehttpd {

class DescriptorOutlet final : public Outlet {
  public:
    /// `fd` stays the caller's.
    explicit DescriptorOutlet(int fd);

    basehttp::IoResult<std::size_t> write(std::string_view bytes) override;
    int descriptor() const override { return fd_; }
    std::optional<FileMark> mark() const override;

  private:
    enum class Kind : std::uint8_t {
        regular,  // a write waits for nothing but the page cache; what there is no room for can be taken back
        pipe,     // up to PIPE_BUF bytes go wholly or not at all
        socket,
        other,  // a terminal
    };

    basehttp::IoResult<std::size_t> write_file(std::string_view bytes);
    basehttp::IoResult<std::size_t> write_lines(std::string_view bytes);
    bool would_wait() const;

    int fd_;
    Kind kind_ = Kind::other;
    bool blocking_;
};

}  // namespace basehttpd
