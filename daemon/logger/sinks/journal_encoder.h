// JournalEncoder: records as entries of the journal, in journald's native protocol. Used by the logger.
//
//     entry = *field
//     field = NAME "=" value LF           where the value has no control byte
//           / NAME LF size value LF       size: 8 bytes, little-endian
//
// Fields of access records are named as the keys of `format: json` are, in capitals and after BASEHTTPD_; what is not
// known is left out. Their values are as the client sent them: no byte of theirs can end a field. MESSAGE is the line
// that a text log would have.
#pragma once

#include <string>
#include <string_view>
#include <utility>

#include "basehttp/log/log_format.h"
#include "basehttp/log/timestamp.h"
#include "daemon/logger/sinks/encoder.h"

namespace basehttpd {

class JournalEncoder final : public Encoder {
  public:
    /// `message` is the form of MESSAGE for access records.
    explicit JournalEncoder(basehttp::LogFormat message) : message_(std::move(message)) {}

    void append(std::string& out, const basehttp::AccessRecord& record) override;
    void append(std::string& out, const ErrorLine& line) override;

  private:
    basehttp::LogFormat message_;
    basehttp::Timestamp time_;
};

}  // namespace basehttpd
