#include "daemon/log_captures.h"

#include "basehttp/log/log_format.h"

namespace basehttpd {

basehttp::CaptureList captures_of(const LogConfig& log) {
    basehttp::CaptureList all;
    for (const AccessSinkConfig& sink : log.access) {
        if (const auto format = basehttp::LogFormat::compile(sink.format)) all.add(format->captures());
    }
    return all;
}

}  // namespace basehttpd
