// TextEncoder: lines of text, as files have them. Used by the logger.
#pragma once

#include <cstdint>
#include <utility>

#include "basehttp/log/log_format.h"
#include "daemon/logger/sinks/encoder.h"
#include "daemon/process/journal_stream.h"

namespace basehttpd {

class TextEncoder final : public Encoder {
  public:
    enum class Priorities : std::uint8_t { left_out, told };

    /// `format` is for access records. With `told`, an error's line begins with its priority: it goes to journald.
    TextEncoder(basehttp::LogFormat format, Priorities priorities)
        : format_(std::move(format)), priorities_(priorities) {}

    void append(std::string& out, const basehttp::AccessRecord& record) override { format_.append_line(out, record); }
    void append(std::string& out, const ErrorLine& line) override {
        if (priorities_ == Priorities::told) out += priority_prefix(line.record.severity);
        basehttp::append_error_line(out, line.record, line.origin);
    }

  private:
    basehttp::LogFormat format_;
    Priorities priorities_;
};

}  // namespace basehttpd
