#include "daemon/log_routes.h"

#include "basehttp/log/log_format.h"
#include "daemon/sinks/text_encoder.h"

namespace basehttpd {
namespace {

std::unique_ptr<Encoder> make_encoder(const std::string& format) {
    return std::make_unique<TextEncoder>(basehttp::LogFormat::compile(format).value());
}

}  // namespace

LogRoutes::LogRoutes(const LogPlan& plan, const std::vector<std::unique_ptr<Sink>>& sinks) {
    for (const LogPlan::AccessRoute& route : plan.access)
        access_.push_back({sinks[route.sink].get(), make_encoder(route.config.format)});
    for (const LogPlan::ErrorRoute& route : plan.error)
        error_.push_back({sinks[route.sink].get(), route.config.level, make_encoder("common")});
}

void LogRoutes::write(const basehttp::AccessRecord& record) {
    for (const AccessRoute& route : access_) {
        if (!route.sink->accepts()) continue;
        route.encoder->append(route.sink->text(), record);
        route.sink->end_line();
    }
}

void LogRoutes::write(const ErrorLine& line) {
    for (const ErrorRoute& route : error_) {
        if (line.record.severity > route.level || !route.sink->accepts()) continue;
        route.encoder->append(route.sink->text(), line);
        route.sink->end_line();
    }
}

}  // namespace basehttpd
