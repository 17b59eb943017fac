#include "daemon/master/crews.h"

#include <fcntl.h>
#include <unistd.h>

#include <algorithm>
#include <utility>

#include <fmt/format.h>

#include "daemon/process/anonymous_file.h"

namespace basehttpd {

using std::chrono::milliseconds;

Crews::Crews(CrewContext context, Config config, Listeners listeners, const std::optional<Identity>& identity)
    : context_(context),
      serving_(make(std::move(config), std::move(listeners), identity)),
      last_look_ms_(context.processes.now_ms()) {}

std::unique_ptr<WorkerCrew> Crews::make(Config config, Listeners listeners, const std::optional<Identity>& identity) {
    return std::make_unique<WorkerCrew>(context_, std::move(config), std::move(listeners), identity);
}

void Crews::start(Callbacks callbacks, MissingRoots missing_roots) {
    callbacks_ = std::move(callbacks);
    note_left_out();
    serving_->start({callbacks_.on_started, callbacks_.on_gave_up, [this] { on_empty(); }}, missing_roots);
    last_look_ms_ = context_.processes.now_ms();
}

void Crews::start_next(Config config, Listeners listeners, const std::optional<Identity>& identity, Trial trial) {
    next_ = make(std::move(config), std::move(listeners), identity);
    // The crew may outlive the trial: what gives up may be the one that serves by now.
    const auto on_gave_up = [this, crew = next_.get(), of_trial = std::move(trial.on_gave_up)] {
        crew == next_.get() ? of_trial() : callbacks_.on_gave_up();
    };
    next_->start({std::move(trial.on_ready), on_gave_up, [this] { on_empty(); }});
}

void Crews::take_over() {
    next_->listeners().replace(serving_->listeners());
    retired_.push_back(std::exchange(serving_, std::move(next_)));
    note_left_out();
    retired_.back()->retire();
}

// Not destroyed within its own callback: that goes with its last worker.
void Crews::drop_next() {
    next_->listeners().give_up_all_but(serving_->listeners());
    retired_.push_back(std::move(next_));
    retired_.back()->kill();
}

void Crews::note_left_out() const {
    for (const std::string& each : serving_->listeners().left_out())
        context_.log.error(basehttp::Severity::notice, each);
}

void Crews::stop() {
    for (const auto& crew : retired_)
        crew->stop();
    serving_->listeners().remove_files();
    serving_->stop();
}

void Crews::kill() {
    for (const auto& crew : retired_)
        crew->kill();
    serving_->listeners().remove_files();
    serving_->kill();
}

// Not within the crew's own callback: it is still running.
void Crews::on_empty() {
    sweep_ = context_.processes.after(milliseconds::zero(), [this] {
        std::erase_if(retired_, [](const auto& retired) { return retired->size() == 0; });
        callbacks_.on_gone();
    });
}

void Crews::leave_behind() const {
    for (const auto& crew : retired_)
        crew->leave_behind();
    serving_->leave_behind();
}

void Crews::hand_over(std::vector<Inheritance::Child>& workers) const {
    serving_->hand_over(workers);
    for (const auto& crew : retired_)
        crew->hand_over(workers);
}

void Crews::check_heartbeats() {
    constexpr std::int64_t kLateMs = 1000;
    constexpr std::int64_t kPatienceMs = 1000;
    const std::int64_t now = context_.processes.now_ms();
    // Where this process stood still itself, the whole machine or container may have: workers get time to beat again.
    if (now - std::exchange(last_look_ms_, now) >= kLateMs) patient_until_ms_ = now + kPatienceMs;
    if (now < patient_until_ms_) return;
    serving_->check_heartbeats();
    for (const auto& crew : retired_)
        crew->check_heartbeats();
    if (next_) next_->check_heartbeats();
}

milliseconds Crews::longest_shutdown() const {
    milliseconds longest = serving_->config().shutdown_timeout;
    for (const auto& crew : retired_)
        longest = std::max(longest, crew->config().shutdown_timeout);
    return longest;
}

namespace {

// A file that holds `text`, which nobody can change: a worker is not to choose the passwords of the others.
basehttp::IoResult<basehttp::UniqueFd> unchangeable_file(const std::string& text) {
    auto file = anonymous_file("basehttpd-passwords");
    if (!file) return file;
    for (std::size_t at = 0; at < text.size();) {
        const ssize_t written = ::write(file->get(), text.data() + at, text.size() - at);
        if (written < 0) return basehttp::io_failure("write");
        at += static_cast<std::size_t>(written);
    }
    ::fcntl(file->get(), F_ADD_SEALS, F_SEAL_SEAL | F_SEAL_WRITE | F_SEAL_GROW | F_SEAL_SHRINK);
    basehttp::UniqueFd readable(::open(fmt::format("/proc/self/fd/{}", file->get()).c_str(), O_RDONLY | O_CLOEXEC));
    if (!readable) return basehttp::io_failure("open");
    return readable;
}

}  // namespace

basehttp::IoResult<void> Crews::replace_passwords(const std::string& path, const std::string& text) {
    const auto file = unchangeable_file(text);
    if (!file) return std::unexpected(file.error());
    serving_->replace_passwords(path, text, file->get());
    if (next_) next_->replace_passwords(path, text, file->get());
    for (const auto& crew : retired_)
        crew->replace_passwords(path, text, file->get());
    return {};
}

}  // namespace basehttpd
