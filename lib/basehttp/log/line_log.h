// LineLog: the log of a program that has no logger process: a line for each record, written to a descriptor with one
// write(2) each. StderrLog and FileLog say where the lines go.
#pragma once

#include <string>
#include <utility>

#include "basehttp/log/log.h"
#include "basehttp/log/log_format.h"

namespace basehttp {

class LineLog : public Log {
  public:
    void access(const AccessRecord& record) override;
    using Log::error;
    void error(const ErrorRecord& record) override;
    CaptureList captures() const override { return format_.captures(); }

  protected:
    explicit LineLog(LogFormat format) : format_(std::move(format)) {}

    /// Where lines go: open descriptors, which stay the caller's.
    void write_to(int access, int error) {
        access_ = access;
        error_ = error;
    }

  private:
    void write_line(int descriptor);

    LogFormat format_;
    std::string line_;
    int access_ = -1;
    int error_ = -1;
};

}  // namespace basehttp
