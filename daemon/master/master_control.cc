// What the master answers to basehttpctl: see master.h and control.h.
#include <utility>

#include <fmt/format.h>

#include "daemon/master/master.h"
#include "daemon/process/exit_codes.h"

namespace basehttpd {

using basehttp::Severity;
// A control socket that cannot be made costs basehttpctl, not the service.
void Master::open_control() {
    const std::string& path = crews_.serving().config().control;
    if (path.empty()) return;
    auto control = Control::open(
        events_, path, [this](std::string_view command, Reply reply) { on_command(command, std::move(reply)); });
    if (control) {
        control_ = std::move(*control);
        return;
    }
    const bool wanted = crews_.serving().config().control_where.line > 0;
    log_.error(wanted ? Severity::error : Severity::info,
               fmt::format("no control socket at {}: {}; basehttpctl cannot reach this daemon", path,
                           control.error().text()));
}

void Master::on_command(std::string_view command, Reply reply) {
    if (command == "status") {
        reply(status_.verdict(processes_.now_ms()));
    } else if (command == kStatusAsJson) {
        reply(status_.json(processes_.now_ms()));
    } else if (command == "reload") {
        reload_.request(std::move(reply));
    } else if (command == "reopen") {
        reopen_logs(reply);
    } else if (command == "upgrade") {
        upgrade_.request(reply);
    } else if (command == "stop") {
        stop_replies_.push_back(std::move(reply));
        if (!stopping_) stop();
    } else {
        reply({kExitUsage,
               fmt::format("the daemon knows no command '{}'; it is version {}", command, BASEHTTPD_VERSION)});
    }
}

}  // namespace basehttpd
