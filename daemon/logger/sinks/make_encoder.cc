#include "daemon/logger/sinks/make_encoder.h"

#include <unistd.h>

#include <string>

#include "basehttp/log/log_format.h"
#include "daemon/logger/sinks/journal_encoder.h"
#include "daemon/logger/sinks/syslog_encoder.h"
#include "daemon/logger/sinks/text_encoder.h"
#include "daemon/process/journal_stream.h"

namespace basehttpd {
namespace {

std::unique_ptr<Encoder> text_encoder(basehttp::LogFormat format, int stream) {
    const auto priorities =
        goes_to_journal(stream) ? TextEncoder::Priorities::told : TextEncoder::Priorities::left_out;
    return std::make_unique<TextEncoder>(std::move(format), priorities);
}

std::unique_ptr<Encoder> make_encoder_for(const SinkConfig& sink, const std::string& access_format) {
    auto format = basehttp::LogFormat::compile(access_format).value();
    switch (sink.kind) {
        case SinkConfig::Kind::journal:
            return std::make_unique<JournalEncoder>(std::move(format));
        case SinkConfig::Kind::syslog:
            return std::make_unique<SyslogEncoder>(sink.syslog, std::move(format), SyslogOrigin::here());
        case SinkConfig::Kind::standard_output:
            return text_encoder(std::move(format), STDOUT_FILENO);
        case SinkConfig::Kind::standard_error:
            return text_encoder(std::move(format), STDERR_FILENO);
        case SinkConfig::Kind::file:
        case SinkConfig::Kind::pipe:
            break;
    }
    return std::make_unique<TextEncoder>(std::move(format), TextEncoder::Priorities::left_out);
}

}  // namespace

std::unique_ptr<Encoder> make_encoder(const AccessSinkConfig& log) {
    return make_encoder_for(log.sink, log.format);
}

std::unique_ptr<Encoder> make_encoder(const ErrorSinkConfig& log) {
    return make_encoder_for(log.sink, "common");
}

}  // namespace basehttpd
