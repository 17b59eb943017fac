// The program: reads the command line, then the configuration, and does what was asked for.
#include <fcntl.h>
#include <unistd.h>

#include <cstdio>
#include <exception>

#include "daemon/check/config_check.h"
#include "daemon/check/service_check.h"
#include "daemon/config/config_defaults.h"
#include "daemon/config/config_printer.h"
#include "daemon/config/config_reader.h"
#include "daemon/master/master.h"
#include "daemon/options.h"
#include "daemon/process/exit_codes.h"
#include "daemon/process/process_title.h"

namespace basehttpd {
namespace {

// Makes sure that 0, 1 and 2 are open, so that no socket takes such a number and then what is printed.
void secure_standard_descriptors() {
    int fd = 0;
    while (fd >= 0 && fd <= STDERR_FILENO)
        fd = ::open("/dev/null", O_RDWR);
    ::close(fd);
}

// Tells of errors and warnings; true where the daemon can run all the same.
bool accept(std::span<const ConfigError> errors) {
    std::fputs(render(errors).c_str(), stderr);
    return !has_error(errors);
}

int serve_folder(const Options& options) {
    Master::block_signals();
    Config config = quick_config(options.directory, options.port);
    if (!accept(check_config(config, ConfigOrigin::command_line))) return kExitConfig;
    std::fprintf(stderr, "Serving %s on port %u\n", options.directory.c_str(), unsigned{options.port});
    return Master(std::move(config), {}).run();
}

int compare_with_unit(const Config& config, const std::string& unit) {
    const auto limits = ask_service_limits(unit);
    if (!limits) {
        std::fprintf(stderr, "basehttpd: %s\n", limits.error().c_str());
        return kExitUnavailable;
    }
    const ServiceVerdict verdict = check_service(config, *limits);
    std::fputs(verdict.text(unit).c_str(), stderr);
    return verdict.problems.empty() ? 0 : kExitConfig;
}

int with_config(const Options& options) {
    if (options.command == Options::Command::run) Master::block_signals();
    auto config = read_config(options.config_file);
    if (!config) {
        accept(config.error());
        return kExitConfig;
    }
    if (options.command == Options::Command::print_config) {
        std::fputs(print_config(*config).c_str(), stdout);
        return 0;
    }
    if (!accept(check_config(*config, ConfigOrigin::file))) return kExitConfig;
    if (options.command == Options::Command::check) return 0;
    if (options.command == Options::Command::check_as_service) return compare_with_unit(*config, options.unit);
    return Master(std::move(*config), options.config_file).run();
}

int run(int argc, char** argv) {
    secure_standard_descriptors();
    const auto options = parse_options(argc, argv);
    if (!options) return options.error();
    reserve_process_title(argc, argv);
    return options->command == Options::Command::serve ? serve_folder(*options) : with_config(*options);
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
