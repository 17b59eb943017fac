#include "daemon/logs/log_plan.h"

#include <unordered_map>

#include "daemon/config/sink_name.h"

namespace basehttpd {
namespace {

using SinkIndex = std::unordered_map<std::string, std::size_t>;  // by the sink's name

SinkIndex index_of(const std::vector<SinkConfig>& sinks) {
    SinkIndex index;
    for (const SinkConfig& sink : sinks)
        index.emplace(sink_name(sink), index.size());
    return index;
}

template <typename Route, typename SinkList>
std::vector<Route> routes_to(const SinkList& list, const SinkIndex& index) {
    std::vector<Route> routes;
    for (const auto& config : list)
        routes.push_back({index.at(sink_name(config.sink)), config});
    return routes;
}

}  // namespace

LogPlan LogPlan::of(const Config& config) {
    LogPlan plan;
    plan.sinks = sinks_of(config);
    const SinkIndex index = index_of(plan.sinks);
    plan.access = routes_to<AccessRoute>(config.log.access, index);
    plan.error = routes_to<ErrorRoute>(config.log.error, index);
    for (const SiteConfig& site : config.sites) {
        const std::string name = site.hosts.empty() ? "*" : site.hosts.front();
        if (site.log.access) plan.site_access[name] = routes_to<AccessRoute>(*site.log.access, index);
        if (site.log.error) plan.site_error[name] = routes_to<ErrorRoute>(*site.log.error, index);
    }
    plan.privacy = config.log.privacy;
    plan.resolve_hostnames = config.log.resolve_hostnames;
    return plan;
}

std::vector<std::string> LogPlan::sink_names() const {
    std::vector<std::string> names;
    for (const SinkConfig& sink : sinks)
        names.push_back(sink_name(sink));
    return names;
}

}  // namespace basehttpd
