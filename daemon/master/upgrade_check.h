// UpgradeCheck: before an upgrade, the new binary reads the configuration and says whether it can run with it: a
// child that executes `basehttpd check`. Owned by the Master while it lasts.
#pragma once

#include <functional>
#include <string>

#include "basehttp/io/unique_fd.h"
#include "daemon/master/child_process.h"

namespace basehttpd {

class UpgradeCheck {
  public:
    struct Outcome {
        int code;          ///< 0: it can; kExitConfig: not with this configuration; kExitUnavailable: nobody knows
        std::string text;  ///< what it said, where it cannot
    };

    UpgradeCheck(Processes& processes, std::string binary, std::string config_file)
        : child_(processes), binary_(std::move(binary)), config_file_(std::move(config_file)) {}

    /// `on_done` is called when it has ended and was reaped; it may destroy this.
    basehttp::IoResult<void> start(std::function<void(const Outcome&)> on_done);

    basehttp::IoResult<void> kill() const { return child_.kill(); }

  private:
    int run_check() const;
    Outcome outcome(ChildProcess::End end) const;

    ChildProcess child_;
    std::string binary_;
    std::string config_file_;
    basehttp::UniqueFd output_;
};

}  // namespace basehttpd
