#include "daemon/logger/sinks/open_outlet.h"

#include "daemon/logger/sinks/descriptor_outlet.h"
#include "daemon/logger/sinks/journal_outlet.h"
#include "daemon/logger/sinks/pipe_outlet.h"
#include "daemon/logger/sinks/syslog_outlet.h"

namespace basehttpd {

std::unique_ptr<Outlet> open_outlet(const SinkConfig& sink, SinkEnds ends) {
    switch (sink.kind) {
        case SinkConfig::Kind::journal:
            return std::make_unique<JournalOutlet>(sink.path);
        case SinkConfig::Kind::syslog:
            return std::make_unique<SyslogOutlet>(sink.syslog.to);
        case SinkConfig::Kind::file:
        case SinkConfig::Kind::standard_output:
        case SinkConfig::Kind::standard_error:
            break;
        case SinkConfig::Kind::pipe:
            return std::make_unique<PipeOutlet>(*ends.pipe);
    }
    return std::make_unique<DescriptorOutlet>(ends.fd);
}

}  // namespace basehttpd
