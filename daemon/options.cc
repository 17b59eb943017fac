#include "daemon/options.h"

#include <array>
#include <iostream>
#include <string_view>

#include <CLI/CLI.hpp>
#include <fmt/format.h>

#include "daemon/config/config_error.h"
#include "daemon/text/words.h"

namespace basehttpd {
namespace {

constexpr const char* kDescription =
    "A preforking HTTP daemon for Linux.\n"
    "Without a command, it runs in the foreground with the configuration in FILE.";

constexpr const char* kExamples =
    "\nExamples:\n"
    "  basehttpd serve ~/site              serve a directory at http://localhost:8000/\n"
    "  basehttpd check -c ./basehttpd.yaml report the errors in a file; exit code 0 or 78\n"
    "  basehttpd config                    print every value in force, defaults included\n"
    "  basehttpd explain limits.body       describe a key\n"
    "  basehttpd -c ./basehttpd.yaml       run with this configuration\n"
    "\n"
    "Exit codes: 0 good, 64 usage, 69 a socket or another resource is not available,\n"
    "70 gave up because workers kept crashing, 78 configuration.\n"
    "Signals: HUP reload, USR1 reopen logs, USR2 upgrade, TERM finish and stop, INT stop now.\n";

// CLI11 refuses an option that is given twice in one place; `-c` before and after the command is for us to see.
struct CommandLine {
    Options options;
    std::string file_before;
    std::string file_after;
    std::string as_service;
    CLI::App app{kDescription, "basehttpd"};
    CLI::App* check = nullptr;
    CLI::App* config = nullptr;
    CLI::App* explain = nullptr;
    CLI::App* serve = nullptr;

    CommandLine();
    Options result();
    std::string explain_extras(const CLI::ExtrasError& mistake) const;
};

void add_config_option(CLI::App& app, std::string& file) {
    app.add_option("-c,--config", file, "Configuration file [" BASEHTTPD_SYSCONFDIR "/basehttpd/basehttpd.yaml]")
        ->type_name("FILE");
}

CommandLine::CommandLine() {
    app.footer(kExamples);
    app.set_help_flag("-h,--help", "Print this help and exit");
    app.set_version_flag("--version", "basehttpd " BASEHTTPD_VERSION, "Print the version and exit");
    app.require_subcommand(0, 1);
    add_config_option(app, file_before);

    check = app.add_subcommand("check", "Check the configuration, print every error, change nothing");
    check->footer("\nExit code: 0 if basehttpd could start with it, 78 if not.");
    add_config_option(*check, file_after);
    check
        ->add_option("--as-service", as_service,
                     "Also compare it with what the systemd unit UNIT allows [basehttpd.service]")
        ->type_name("UNIT")
        ->expected(0, 1)
        ->default_str(options.unit);

    config = app.add_subcommand("config", "Print the effective configuration, defaults included");
    config->footer("\nThe output is a valid configuration: included sites in place, paths absolute.");
    add_config_option(*config, file_after);
    config->add_flag("--defaults")
        ->description("Print the shortest configuration instead, with every default written out");
    config->add_flag("--schema")
        ->description("Print the JSON Schema instead, which editors use for checks and completion");
    config->add_flag("--memory")->description("Print how much memory a worker can need at most, by its limits");

    explain = app.add_subcommand("explain", "Describe a key of the configuration");
    explain->footer("\nExample:\n  basehttpd explain limits.body");
    explain->add_option("KEY", options.key, "Key, with the keys above it [all keys]")->type_name("");

    serve = app.add_subcommand("serve", "Serve a directory at once, without a configuration file");
    serve->footer(
        "\nListings are on, and the access log goes to standard output. Only this machine is served\n"
        "unless --bind is given. Ctrl-C stops it.\n"
        "\nExamples:\n  basehttpd serve ~/site -p 8080\n  basehttpd serve ~/site --bind 0.0.0.0");
    serve->add_option("DIR", options.directory, "Directory to serve [.]")->type_name("");
    serve->add_option("--bind", options.bind, "Address to listen on [loopback only; 0.0.0.0: every address]")
        ->type_name("ADDRESS");
    serve->add_option("-p,--port", options.port, "Port to listen on [8000]")
        ->type_name("PORT")
        ->check(CLI::Range(1, 65535).description(""));
}

Options CommandLine::result() {
    if (serve->parsed()) {
        options.command = Options::Command::serve;
        if (app.count("-c") > 0) throw CLI::ExcludesError("serve", "-c");
        if (serve->count("--bind") > 0 && options.bind.empty()) throw CLI::ValidationError("--bind", "it is empty");
        if (options.directory.empty()) throw CLI::ValidationError("DIR", "it is empty");
    }
    if (check->parsed()) options.command = Options::Command::check;
    if (check->count("--as-service") > 0) {
        options.command = Options::Command::check_as_service;
        if (!as_service.empty()) options.unit = as_service;
        if (options.unit.find('.') == std::string::npos) options.unit += ".service";
    }
    if (config->parsed()) options.command = Options::Command::print_config;
    const bool defaults = config->count("--defaults") > 0;
    const bool schema = config->count("--schema") > 0;
    const bool memory = config->count("--memory") > 0;
    if (defaults && schema) throw CLI::ExcludesError("--defaults", "--schema");
    if (memory && (defaults || schema)) throw CLI::ExcludesError("--memory", defaults ? "--defaults" : "--schema");
    if (memory) options.command = Options::Command::print_memory;
    if (defaults) options.command = Options::Command::print_defaults;
    if (schema) options.command = Options::Command::print_schema;
    if (explain->parsed()) options.command = Options::Command::explain;
    const bool before = app.count("-c") > 0;
    const bool after = check->count("-c") + config->count("-c") > 0;
    if (before && after) throw CLI::ValidationError("-c", "given twice");
    if (before) options.config_file = file_before;
    if (after) options.config_file = file_after;
    if (defaults && (before || after)) throw CLI::ExcludesError("--defaults", "-c");
    if (schema && (before || after)) throw CLI::ExcludesError("--schema", "-c");
    if (explain->parsed() && before) throw CLI::ExcludesError("explain", "-c");
    if (options.config_file.empty()) throw CLI::ValidationError("-c", "the name of the file is empty");
    return options;
}

std::string CommandLine::explain_extras(const CLI::ExtrasError& mistake) const {
    const std::vector<std::string> extras = app.remaining();
    if (extras.empty() || extras.front().starts_with('-')) return mistake.what();
    constexpr std::array<std::string_view, 4> kCommands{"check", "config", "explain", "serve"};
    std::string hint = suggest(extras.front(), kCommands);
    if (extras.front().find_first_of("./") != std::string::npos)
        hint = "write -c FILE for a configuration, serve DIR for a directory";
    return fmt::format("there is no command {}; {}", in_quotes(extras.front()), hint);
}

}  // namespace

std::expected<Options, int> parse_options(int argc, const char* const* argv) {
    CommandLine line;
    try {
        line.app.parse(argc, argv);
        return line.result();
    } catch (const CLI::Success& done) {
        line.app.exit(done, std::cout, std::cerr);
        return std::unexpected(0);
    } catch (const CLI::ExtrasError& mistake) {
        std::cerr << "basehttpd: " << line.explain_extras(mistake) << "\nTry 'basehttpd --help'.\n";
        return std::unexpected(kExitUsage);
    } catch (const CLI::ParseError& mistake) {
        std::cerr << "basehttpd: " << mistake.what() << "\nTry 'basehttpd --help'.\n";
        return std::unexpected(kExitUsage);
    }
}

}  // namespace basehttpd
