#include "daemon/log_routes.h"

#include <algorithm>

#include "basehttp/log/log_format.h"
#include "daemon/log_condition.h"
#include "daemon/sinks/text_encoder.h"

namespace basehttpd {
namespace {

std::unique_ptr<Encoder> make_encoder(const std::string& format) {
    return std::make_unique<TextEncoder>(basehttp::LogFormat::compile(format).value());
}

}  // namespace

LogRoutes::LogRoutes(const LogPlan& plan, const std::vector<std::unique_ptr<Sink>>& sinks) {
    for (const LogPlan::AccessRoute& route : plan.access) {
        Sink* sink = sinks[route.sink].get();
        access_.push_back({sink, make_encoder(route.config.format), route.config.when, sampler_of(*sink)});
    }
    for (const LogPlan::ErrorRoute& route : plan.error)
        error_.push_back({sinks[route.sink].get(), route.config.level, make_encoder("common")});
}

void LogRoutes::write(const basehttp::AccessRecord& record) {
    for (const AccessRoute& route : access_) {
        if (!is_for(route, record) || !route.sink->accepts()) continue;
        route.encoder->append(route.sink->text(), record);
        route.sink->end_line();
    }
}

bool LogRoutes::is_for(const AccessRoute& route, const basehttp::AccessRecord& record) {
    if (!matches(route.when, record)) return false;
    return route.when.sample == 1 || route.sink->queue().next_sample(route.sampler) % route.when.sample == 0;
}

// Routes that share a sink count apart, each what matches it.
std::size_t LogRoutes::sampler_of(const Sink& sink) const {
    const auto before = std::ranges::count(access_, &sink, &AccessRoute::sink);
    return static_cast<std::size_t>(before) % SinkQueue::kSamplers;
}

void LogRoutes::write(const ErrorLine& line) {
    for (const ErrorRoute& route : error_) {
        if (line.record.severity > route.level || !route.sink->accepts()) continue;
        route.encoder->append(route.sink->text(), line);
        route.sink->end_line();
    }
}

}  // namespace basehttpd
