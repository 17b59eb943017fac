// LogRoutes: which sinks a record goes to, and in what form. Each item of `log` in the configuration is a route: a
// site's, or the daemon's for all sites that have none of their own. Owned by the logger.
#pragma once

#include <map>
#include <memory>
#include <string>
#include <string_view>
#include <vector>

#include "basehttp/log/access_record.h"
#include "daemon/log_plan.h"
#include "daemon/sinks/encoder.h"
#include "daemon/sinks/sink.h"

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

    static bool is_for(const AccessRoute& route, const basehttp::AccessRecord& record);
    std::size_t sampler_of(const Sink& sink) const;

    std::vector<AccessRoute> access_;
    std::vector<ErrorRoute> error_;
};

}  // namespace basehttpd
