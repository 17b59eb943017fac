// LogRoutes: which sinks a record goes to, and in what form. Each item of `log` in the configuration is a route: a
// site's, or the daemon's for all sites that have none of their own. Owned by the logger.
#pragma once

#include <map>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "basehttp/log/access_record.h"
#include "daemon/logger/address_mask.h"
#include "daemon/logger/sinks/encoder.h"
#include "daemon/logger/sinks/sink.h"
#include "daemon/logs/log_plan.h"

namespace basehttpd {

class LogRoutes {
  public:
    /// `sinks` are those of the plan, in its order; they must outlive it.
    LogRoutes(const LogPlan& plan, const std::vector<std::unique_ptr<Sink>>& sinks);

    /// Appends the record's line to all sinks that it is for.
    void write(const basehttp::AccessRecord& record);
    void write(const ErrorLine& line);

  private:
    struct AccessRoute {
        Sink* sink;
        std::unique_ptr<Encoder> encoder;
        LogCondition when;
        std::size_t sampler;  // which of the sink's queue counts for it
    };
    struct ErrorRoute {
        Sink* sink;
        basehttp::Severity level;
        std::unique_ptr<Encoder> encoder;
    };
    template <typename Route>
    struct Table {
        std::vector<Route> of_daemon;
        std::map<std::string, std::vector<Route>, std::less<>> of_sites;

        const std::vector<Route>& of(std::string_view site) const {
            const auto own = of_sites.find(site);
            return own == of_sites.end() ? of_daemon : own->second;
        }
    };

    std::vector<AccessRoute> make(const std::vector<LogPlan::AccessRoute>& plan);
    std::vector<ErrorRoute> make(const std::vector<LogPlan::ErrorRoute>& plan);
    static bool is_for(const AccessRoute& route, const basehttp::AccessRecord& record);

    const std::vector<std::unique_ptr<Sink>>& sinks_;
    std::vector<std::size_t> samplers_;  // taken so far, for each sink
    Table<AccessRoute> access_;
    Table<ErrorRoute> error_;
    std::optional<AddressMask> mask_;
};

}  // namespace basehttpd
