// PipeOutlet: the outlet to a program, through a LogPipe. Whole lines go at a time, up to PIPE_BUF bytes of them, in
// one step: what is in the pipe never ends in the middle of a line, whoever dies and whichever pipe comes after it. A
// longer line waits until there is room for all of it. Runs in the logger.
//
// Room in a pipe is counted in pages: each step takes pages of its own, however few bytes it has.
#pragma once

#include <sys/types.h>

#include <deque>

#include "daemon/logger/sinks/outlet.h"
#include "daemon/logs/log_pipe.h"

namespace basehttpd {

class PipeOutlet final : public Outlet {
  public:
    /// `pipe` must outlive it.
    explicit PipeOutlet(const LogPipe& pipe);

    void lay_out(std::string_view bytes) override;
    std::optional<FileMark> mark() const override;
    basehttp::IoResult<std::size_t> write(std::string_view bytes) override;
    int descriptor() const override { return is_long() ? -1 : pipe_.write.get(); }

  private:
    bool is_long() const;
    bool has_room();
    void forget_what_was_read(std::size_t unread);
    void drop_leftover() const;

    const LogPipe& pipe_;
    ino_t inode_ = 0;
    std::size_t pages_;              // that the pipe has
    std::size_t laid_out_ = 0;       // bytes in the staging pipe
    std::deque<std::size_t> steps_;  // that have gone and may not have been read yet, in bytes
    std::size_t bytes_in_steps_ = 0;
};

}  // namespace basehttpd
