// StderrLog: the log of a program that has no logger process: combined lines and error lines on standard error, each
// with one write(2).
#pragma once

#include "basehttp/log/log.h"
#include "basehttp/log/log_format.h"

namespace basehttp {

class StderrLog final : public Log {
  public:
    StderrLog();

    void access(const AccessRecord& record) override;
    using Log::error;
    void error(const ErrorRecord& record) override;

  private:
    void write_line();

    LogFormat format_;
    std::string line_;
};

}  // namespace basehttp
