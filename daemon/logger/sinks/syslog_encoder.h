// SyslogEncoder: records as syslog messages. Used by the logger.
//
//     rfc5424   <PRI>1 TIMESTAMP HOSTNAME TAG PID MSGID - TEXT       MSGID: access or error
//     local     <PRI>Mmm dd hh:mm:ss TAG[PID]: TEXT                  as syslog(3) writes it to /dev/log
//
// TEXT is the line that a text log would have, for error logs without its time and severity. A message is cut where
// it is longer than 8 KiB, as much as receivers take by default.
#pragma once

#include <sys/types.h>

#include <cstdint>
#include <string>
#include <string_view>

#include "basehttp/log/log_format.h"
#include "basehttp/log/time_text.h"
#include "basehttp/log/timestamp.h"
#include "daemon/config/config.h"
#include "daemon/logger/sinks/encoder.h"

namespace basehttpd {

/// Who the messages are from.
struct SyslogOrigin {
    std::string host;
    pid_t pid;

    /// This machine, and the daemon that the calling logger is a child of.
    static SyslogOrigin here();
};

class SyslogEncoder final : public Encoder {
  public:
    /// `text` is the form of TEXT for access records.
    SyslogEncoder(const SyslogConfig& config, basehttp::LogFormat text, const SyslogOrigin& origin);

    void append(std::string& out, const basehttp::AccessRecord& record) override;
    void append(std::string& out, const ErrorLine& line) override;

  private:
    void append_head(std::string& out, basehttp::Severity severity, std::int64_t time_ns, std::string_view log);

    basehttp::LogFormat text_;
    SyslogConfig::Form form_;
    unsigned facility_;
    std::string origin_;  // what stands between the time and the text, or the MSGID
    basehttp::Timestamp timestamp_;
    basehttp::TimeText local_time_{"%b %e %H:%M:%S"};
};

}  // namespace basehttpd
