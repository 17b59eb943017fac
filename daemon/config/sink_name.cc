#include "daemon/config/sink_name.h"

#include <set>

#include "daemon/config/syslog_address.h"

namespace basehttpd {
namespace {

class DistinctSinks {
  public:
    template <typename SinkList>
    void add(const SinkList& list) {
        for (const auto& log : list)
            if (names_.insert(sink_name(log.sink)).second) sinks.push_back(log.sink);
    }

    std::vector<SinkConfig> sinks;

  private:
    std::set<std::string> names_;
};

}  // namespace

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

std::vector<SinkConfig> sinks_of(const Config& config) {
    DistinctSinks distinct;
    distinct.add(config.log.access);
    distinct.add(config.log.error);
    for (const SiteConfig& site : config.sites) {
        if (site.log.access) distinct.add(*site.log.access);
        if (site.log.error) distinct.add(*site.log.error);
    }
    return std::move(distinct.sinks);
}

}  // namespace basehttpd
