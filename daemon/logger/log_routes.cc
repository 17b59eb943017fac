#include "daemon/logger/log_routes.h"

#include "daemon/logger/log_condition.h"
#include "daemon/logger/sinks/make_encoder.h"

namespace basehttpd {

LogRoutes::LogRoutes(const LogPlan& plan, const std::vector<std::unique_ptr<Sink>>& sinks)
    : sinks_(sinks), samplers_(sinks.size()) {
    access_.of_daemon = make(plan.access);
    error_.of_daemon = make(plan.error);
    for (const auto& [site, routes] : plan.site_access)
        access_.of_sites.emplace(site, make(routes));
    for (const auto& [site, routes] : plan.site_error)
        error_.of_sites.emplace(site, make(routes));
    if (plan.privacy.on()) mask_.emplace(plan.privacy);
}

std::vector<LogRoutes::AccessRoute> LogRoutes::make(const std::vector<LogPlan::AccessRoute>& plan) {
    std::vector<AccessRoute> routes;
    for (const auto& [sink, config] : plan) {
        // Routes that share a sink count apart, each what matches it.
        const std::size_t sampler = samplers_[sink]++ % SinkQueue::kSamplers;
        routes.push_back({sinks_[sink].get(), make_encoder(config), config.when, sampler});
    }
    return routes;
}

std::vector<LogRoutes::ErrorRoute> LogRoutes::make(const std::vector<LogPlan::ErrorRoute>& plan) {
    std::vector<ErrorRoute> routes;
    for (const auto& [sink, config] : plan)
        routes.push_back({sinks_[sink].get(), config.level, make_encoder(config)});
    return routes;
}

// What chooses a route sees the record as it is; what is written is masked.
void LogRoutes::write(const basehttp::AccessRecord& record) {
    const basehttp::AccessRecord* shown = mask_ ? nullptr : &record;
    for (const AccessRoute& route : access_.of(record.site)) {
        if (!is_for(route, record) || !route.sink->accepts()) continue;
        if (shown == nullptr) shown = &mask_->masked(record);
        route.encoder->append(route.sink->text(), *shown);
        route.sink->end_line();
    }
}

bool LogRoutes::is_for(const AccessRoute& route, const basehttp::AccessRecord& record) {
    if (!matches(route.when, record)) return false;
    return route.when.sample == 1 || route.sink->queue().next_sample(route.sampler) % route.when.sample == 0;
}

void LogRoutes::write(const ErrorLine& line) {
    for (const ErrorRoute& route : error_.of(line.record.site)) {
        if (line.record.severity > route.level || !route.sink->accepts()) continue;
        route.encoder->append(route.sink->text(), line);
        route.sink->end_line();
    }
}

}  // namespace basehttpd
