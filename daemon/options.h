// Options: what the command line of basehttpd asks for. Read once by main(), before any process is started.
#pragma once

#include <cstdint>
#include <expected>
#include <string>

#include "daemon/process/exit_codes.h"

namespace basehttpd {

struct Options {
    enum class Command : std::uint8_t {
        run,
        check,
        check_as_service,
        print_config,
        print_defaults,
        print_schema,
        print_memory,
        explain,
        serve
    };

    Command command = Command::run;
    std::string config_file = BASEHTTPD_SYSCONFDIR "/basehttpd/basehttpd.yaml";  ///< all commands but `serve`
    std::string key;                                                             ///< `explain`; empty: all of them
    std::string unit = "basehttpd.service";                                      ///< `check --as-service`
    std::string directory = ".";                                                 ///< `serve`
    std::string bind;           ///< `serve`: the address; empty: the loopback addresses
    std::uint16_t port = 8000;  ///< `serve`
};

/// Reads the command line. The error is the exit code of a program that is done already: 0 after `--help` and
/// `--version`, kExitUsage after a mistake; their text was written to standard output or standard error.
std::expected<Options, int> parse_options(int argc, const char* const* argv);

}  // namespace basehttpd
