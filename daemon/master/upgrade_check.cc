#include "daemon/master/upgrade_check.h"

#include <sys/wait.h>
#include <unistd.h>

#include <cstdio>
#include <utility>

#include <fmt/format.h>

#include "daemon/process/anonymous_file.h"
#include "daemon/process/exit_codes.h"

namespace basehttpd {
namespace {

std::string read_all(int fd) {
    constexpr std::size_t kMost = 16 * 1024;
    std::string text(kMost, '\0');
    const ssize_t got = ::pread(fd, text.data(), text.size(), 0);
    text.resize(got > 0 ? static_cast<std::size_t>(got) : 0);
    return text;
}

}  // namespace

basehttp::IoResult<void> UpgradeCheck::start(std::function<void(const Outcome&)> on_done) {
    auto output = anonymous_file("check");
    if (!output) return std::unexpected(output.error());
    output_ = std::move(*output);
    return child_.start_without_line(
        {output_.get()}, [this] { return run_check(); },
        [this, on_done = std::move(on_done)](ChildProcess::End end) {
            const Outcome known = outcome(end);
            on_done(known);
        });
}

int UpgradeCheck::run_check() const {
    const int output = output_.get();
    ::dup2(output, STDOUT_FILENO);
    ::dup2(output, STDERR_FILENO);
    ::execl(binary_.c_str(), "basehttpd", "check", "-c", config_file_.c_str(), nullptr);
    ::dprintf(output, "%s: %s\n", binary_.c_str(), basehttp::io_failure("exec").error().text().c_str());
    return kExitUnavailable;
}

UpgradeCheck::Outcome UpgradeCheck::outcome(ChildProcess::End end) const {
    // sd-event reaps when its callback returns, and after exec it does not: the new master would have a zombie for
    // ever.
    siginfo_t ended{};
    ::waitid(P_PID, static_cast<id_t>(end.pid), &ended, WEXITED | WNOHANG);
    if (end.how.clean()) return {0, {}};
    const bool wrong = !end.how.by_signal && end.how.value == kExitConfig;
    return {wrong ? kExitConfig : kExitUnavailable,
            fmt::format("{} check {}\n{}", binary_, end.how.text(), read_all(output_.get()))};
}

}  // namespace basehttpd
