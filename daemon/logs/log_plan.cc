#include "daemon/logs/log_plan.h"

#include <algorithm>

#include "daemon/config/syslog_address.h"

namespace basehttpd {
namespace {

// The index of the sink in `sinks`, which gets it where it is new.
std::size_t index_of(const SinkConfig& sink, std::vector<SinkConfig>& sinks) {
    const auto same = [name = sink_name(sink)](const SinkConfig& other) { return sink_name(other) == name; };
    const auto found = std::ranges::find_if(sinks, same);
    if (found != sinks.end()) return static_cast<std::size_t>(found - sinks.begin());
    sinks.push_back(sink);
    return sinks.size() - 1;
}

template <typename Route, typename SinkList>
std::vector<Route> routes_to(const SinkList& list, std::vector<SinkConfig>& sinks) {
    std::vector<Route> routes;
    for (const auto& config : list)
        routes.push_back({index_of(config.sink, sinks), config});
    return routes;
}

}  // namespace

LogPlan LogPlan::of(const Config& config) {
    LogPlan plan;
    plan.access = routes_to<AccessRoute>(config.log.access, plan.sinks);
    plan.error = routes_to<ErrorRoute>(config.log.error, plan.sinks);
    for (const SiteConfig& site : config.sites) {
        const std::string name = site.hosts.empty() ? "*" : site.hosts.front();
        if (site.log.access) plan.site_access[name] = routes_to<AccessRoute>(*site.log.access, plan.sinks);
        if (site.log.error) plan.site_error[name] = routes_to<ErrorRoute>(*site.log.error, plan.sinks);
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

std::string sink_name(const SinkConfig& sink) {
    switch (sink.kind) {
        case SinkConfig::Kind::file:
            return sink.path;
        case SinkConfig::Kind::standard_output:
            return "standard output";
        case SinkConfig::Kind::standard_error:
            return "standard error";
        case SinkConfig::Kind::syslog:
            return "syslog " + format_syslog_address(sink.syslog.to);
        case SinkConfig::Kind::journal:
            return "journal " + sink.path;
        case SinkConfig::Kind::pipe:
            return "pipe " + sink.command;
    }
    return {};
}

}  // namespace basehttpd
