// TextEncoder: lines of text, as files have them. Used by the logger.
#pragma once

#include "basehttp/log/log_format.h"
#include "daemon/logger/sinks/encoder.h"

namespace basehttpd {

class TextEncoder final : public Encoder {
  public:
    /// `format` is for access records.
    explicit TextEncoder(basehttp::LogFormat format) : format_(std::move(format)) {}

    void append(std::string& out, const basehttp::AccessRecord& record) override { format_.append_line(out, record); }
    void append(std::string& out, const ErrorLine& line) override {
        basehttp::append_error_line(out, line.record, line.origin);
    }

  private:
    basehttp::LogFormat format_;
};

}  // namespace basehttpd
