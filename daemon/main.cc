// The program: reads the command line, then the configuration, and does what was asked for.
#include <signal.h>
#include <unistd.h>

#include <algorithm>
#include <cstdio>
#include <exception>
#include <filesystem>
#include <optional>
#include <span>
#include <string>
#include <utility>
#include <vector>

#include <fmt/format.h>
#include <time.h>

#include "daemon/check/config_check.h"
#include "daemon/check/memory_bound.h"
#include "daemon/check/service_check.h"
#include "daemon/check/start_check.h"
#include "daemon/config/config_defaults.h"
#include "daemon/config/config_explanation.h"
#include "daemon/config/config_printer.h"
#include "daemon/config/config_reader.h"
#include "daemon/master/inheritance.h"
#include "daemon/master/master.h"
#include "daemon/master/service_manager.h"
#include "daemon/options.h"
#include "daemon/process/exit_codes.h"
#include "daemon/process/journal_stream.h"
#include "daemon/process/process_title.h"
#include "daemon/process/signals.h"
#include "daemon/process/standard_descriptors.h"
#include "daemon/sandbox/sandbox.h"

namespace basehttpd {
namespace {

// Tells of errors and warnings; true where the daemon can run all the same.
bool accept(std::span<const ConfigError> errors) {
    for (const ConfigError& error : errors) {
        const bool fatal = error.kind == ConfigError::Kind::error;
        complain(fatal ? basehttp::Severity::error : basehttp::Severity::warning, render(error));
    }
    return !has_error(errors);
}

// The same for a daemon that is to run: `systemctl status` shows what stands in its way.
bool accept_to_run(std::span<const ConfigError> errors) {
    if (accept(errors)) return true;
    const auto first = std::ranges::find(errors, ConfigError::Kind::error, &ConfigError::kind);
    const std::string text = render(*first);
    ServiceManager().status("refused: " + text.substr(0, text.find('\n')));
    return false;
}

// What to type into a browser on this machine.
std::string url_of(const std::string& bind, std::uint16_t port) {
    const bool everywhere = bind == "0.0.0.0" || bind == "::";
    const std::string host = bind.empty() || everywhere ? "localhost" : host_part(bind);
    return fmt::format("http://{}:{}/{}", host, port, everywhere ? " and at this machine's other addresses" : "");
}

int serve_folder(const Options& options) {
    hold_back_served_signals();
    Config config = quick_config(options.directory, options.bind, options.port);
    if (!accept(check_config(config, ConfigOrigin::command_line))) return kExitConfig;
    fmt::print(stderr, "Serving {} at {}\n", options.directory, url_of(options.bind, options.port));
    return Master::run(std::move(config), {});
}

std::string in_numbers(const Config& config) {
    const auto many = [](std::size_t count, std::string_view what) {
        return fmt::format("{} {}{}", count, what, count == 1 ? "" : "s");
    };
    std::size_t routes = 0;
    for (const SiteConfig& site : config.sites)
        routes += site.routes.size();
    return fmt::format("{} with {}", many(config.sites.size(), "site"), many(routes, "route"));
}

int compare_with_unit(const Config& config, const std::string& unit) {
    const auto limits = ask_service_limits(unit);
    if (!limits) {
        std::fprintf(stderr, "basehttpd: %s\n", limits.error().c_str());
        return kExitUnavailable;
    }
    const ServiceVerdict verdict = check_service(config, *limits);
    std::fputs(verdict.text(unit).c_str(), stderr);
    return has_error(verdict.problems) ? kExitConfig : 0;
}

// Whether it is the file that the package's units run with.
bool is_installed(const std::string& file) {
    std::error_code error;
    return std::filesystem::equivalent(file, Options().config_file, error);
}

// What `check` looks at beyond the file itself: could a daemon start with it here, and as the service, if there is
// one?
int check_as_started(const Config& config, const Options& options) {
    if (asked_by_daemon()) return 0;
    const auto limits = is_installed(options.config_file) ? ask_installed_service() : std::nullopt;
    // Of the service's rights a person's own tell nothing.
    const bool as_other = limits && ::geteuid() != 0;
    if (!as_other && !accept(check_start(config))) return kExitConfig;
    if (limits) {
        const ServiceVerdict verdict = check_service(config, *limits);
        std::fputs(verdict.text(limits->unit).c_str(), stderr);
        if (has_error(verdict.problems)) return kExitConfig;
    }
    // A person wants to be told; a script looks at the exit code.
    if (::isatty(STDOUT_FILENO) != 0) fmt::print("{}: good, {}\n", options.config_file, in_numbers(config));
    return 0;
}

// Whether to look again: not where a signal ended the wait.
bool wait_for_an_editor() {
    constexpr timespec kPause{0, 100'000'000};
    sigset_t ends;
    ::sigemptyset(&ends);
    for (const int each : {SIGTERM, SIGINT, SIGQUIT})
        ::sigaddset(&ends, each);
    return ::sigtimedwait(&ends, nullptr, &kPause) < 0;
}

// A new binary that has taken another's place cannot go back. Its file was good when it was checked, a moment ago, so
// somebody is writing to it: until that is done, the old workers serve.
int run_daemon(const std::string& file) {
    hold_back_served_signals();
    const bool took_over = Inheritance::waits();
    std::string told;
    do {
        auto config = read_config(file);
        const auto errors = config ? check_config(*config, ConfigOrigin::file) : std::move(config.error());
        std::string text;
        for (const ConfigError& error : errors)
            text += render(error);
        if (text != std::exchange(told, text)) accept_to_run(errors);
        if (!has_error(errors)) return Master::run(std::move(*config), file);
    } while (took_over && wait_for_an_editor());
    return kExitConfig;
}

int with_config(const Options& options) {
    unblock_signals();
    auto config = read_config(options.config_file);
    if (!config) {
        accept(config.error());
        return kExitConfig;
    }
    if (options.command == Options::Command::print_config) {
        std::fputs(print_config(*config).c_str(), stdout);
        return 0;
    }
    if (options.command == Options::Command::print_memory) {
        std::fputs(MemoryBound::of(*config).text().c_str(), stdout);
        return 0;
    }
    if (!accept(check_config(*config, ConfigOrigin::file))) return kExitConfig;
    if (options.command == Options::Command::check) {
        if (const auto refusal = sandbox_refusal(config->sandbox)) {
            complain(basehttp::Severity::error, "basehttpd: " + *refusal);
            return kExitUnavailable;
        }
        return check_as_started(*config, options);
    }
    return compare_with_unit(*config, options.unit);
}

int explain(const std::string& key) {
    const auto text = explain_key(key);
    if (!text) {
        std::fprintf(stderr, "basehttpd: %s\n", text.error().c_str());
        return kExitUsage;
    }
    std::fputs(text->c_str(), stdout);
    return 0;
}

// What is asked of the program alone, whatever the configuration.
std::optional<int> without_config(const Options& options) {
    switch (options.command) {
        case Options::Command::explain:
            return explain(options.key);
        case Options::Command::print_defaults:
            std::fputs(print_defaults().c_str(), stdout);
            return 0;
        case Options::Command::print_schema:
            std::fputs(config_schema().c_str(), stdout);
            return 0;
        case Options::Command::serve:
            return serve_folder(options);
        case Options::Command::run:
        case Options::Command::check:
        case Options::Command::check_as_service:
        case Options::Command::print_config:
        case Options::Command::print_memory:
            return std::nullopt;
    }
    return std::nullopt;
}

int run(int argc, char** argv) {
    reset_signals();
    secure_standard_descriptors();
    const auto options = parse_options(argc, argv);
    if (!options) return options.error();
    reserve_process_title(argc, argv);
    const auto done = without_config(*options);
    if (done) return *done;
    return options->command == Options::Command::run ? run_daemon(options->config_file) : with_config(*options);
}

}  // namespace
}  // namespace basehttpd

int main(int argc, char** argv) {
    try {
        return basehttpd::run(argc, argv);
    } catch (const std::exception& error) {
        std::fprintf(stderr, "basehttpd: %s\n", error.what());
        return basehttpd::kExitUnavailable;
    }
}
