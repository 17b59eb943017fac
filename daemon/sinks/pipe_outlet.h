// PipeOutlet: the outlet to a program, through a LogPipe. Whole lines go at a time, up to PIPE_BUF bytes of them, in
// one step: what is in the pipe never ends in the middle of a line, whoever dies and whichever pipe comes after it. A
// longer line waits until the pipe is empty, so that it finds room in one piece. Runs in the logger.
#pragma once

#include <sys/types.h>

#include "daemon/log_pipe.h"
#include "daemon/sinks/outlet.h"

namespace basehttpd {

class PipeOutlet final : public Outlet {
  public:
    /// `pipe` must outlive it.
    explicit PipeOutlet(const LogPipe& pipe);

    void lay_out(std::string_view bytes) override;
    std::optional<FileMark> mark() const override;
    basehttp::IoResult<std::size_t> write(std::string_view bytes) override;
    int descriptor() const override { return needs_empty_pipe() ? -1 : pipe_.write.get(); }

  private:
    bool needs_empty_pipe() const;
    void drop_leftover() const;

    const LogPipe& pipe_;
    ino_t inode_ = 0;
    std::size_t laid_out_ = 0;  // bytes in the staging pipe
};

}  // namespace basehttpd
