#include "daemon/sinks/open_outlet.h"

#include "daemon/sinks/descriptor_outlet.h"

namespace basehttpd {

std::unique_ptr<Outlet> open_outlet(const SinkConfig& sink, int fd) {
    switch (sink.kind) {
        case SinkConfig::Kind::file:
        case SinkConfig::Kind::standard_output:
        case SinkConfig::Kind::standard_error:
        case SinkConfig::Kind::pipe:
        case SinkConfig::Kind::syslog:
        case SinkConfig::Kind::journal:
            break;
    }
    return std::make_unique<DescriptorOutlet>(fd);
}

}  // namespace basehttpd
