// basehttpctl: tells a running daemon what to do, waits, and ends with the verdict; or reads the daemon's logs.
#include <unistd.h>

#include <array>
#include <cstdio>
#include <filesystem>
#include <iostream>
#include <string>
#include <string_view>
#include <vector>

#include <CLI/CLI.hpp>
#include <fmt/format.h>

#include "daemon/config/config_defaults.h"
#include "daemon/ctl/conversation.h"
#include "daemon/ctl/logs/logs_command.h"
#include "daemon/ctl/logs/logs_options.h"
#include "daemon/ctl/passwd.h"
#include "daemon/ctl/top.h"
#include "daemon/ctl/why.h"
#include "daemon/process/exit_codes.h"
#include "daemon/process/signals.h"
#include "daemon/process/standard_descriptors.h"
#include "daemon/text/words.h"

namespace basehttpd {
namespace {

struct Command {
    const char* name;
    const char* help;
};

// Those that are one word to the daemon and one verdict from it.
constexpr std::array kCommands{
    Command{"status", "Print the state of the daemon, its workers and its logs"},
    Command{"reload", "Reload the configuration; wait until it is in force or refused"},
    Command{"reopen", "Reopen the logs after they were renamed"},
    Command{"stop", "Finish the requests in flight and exit; wait for the exit"},
};

constexpr const char* kFooter =
    "\nExit codes: 0 success, 64 usage, 69 no daemon running or a resource missing,\n"
    "78 refused: the configuration has errors, which are printed with file and line.\n";

int report(const Verdict& verdict) {
    std::FILE* stream = verdict.code == 0 ? stdout : stderr;
    std::string text = verdict.text;
    while (text.ends_with('\n'))
        text.pop_back();
    fmt::print(stream, "{}{}\n", verdict.code == 0 ? "" : "basehttpctl: ", text);
    return verdict.code;
}

// The daemon either refuses, or another binary takes its place, and with it goes this conversation: the new one makes
// a control socket of its own as soon as it serves.
int upgrade(const std::string& socket) {
    constexpr int kTries = 600;
    constexpr useconds_t kPause = 100'000;
    const Verdict present = ask(socket, "status");
    const Verdict verdict = present.code == 0 ? ask(socket, "upgrade") : present;
    if (verdict.code != kExitUnavailable || !verdict.text.starts_with(kNoVerdict)) return report(verdict);
    for (int i = 0; i < kTries; ++i) {
        const Verdict status = ask(socket, "status");
        if (status.code == 0) return report({0, "upgraded: " + status.text.substr(0, status.text.find('\n'))});
        ::usleep(kPause);
    }
    return report({kExitUnavailable, "the new binary took over and does not answer; see the error log"});
}

// A word that is no command; nothing where the mistake is another one.
std::string explain_unknown(const CLI::App& app) {
    const std::vector<std::string> extras = app.remaining();
    if (!app.get_subcommands().empty() || extras.empty() || extras.front().starts_with('-')) return {};
    std::vector<std::string> names;
    for (const CLI::App* command : app.get_subcommands(nullptr))
        names.push_back(command->get_name());
    const std::vector<std::string_view> views(names.begin(), names.end());
    return fmt::format("there is no command {}; {}", in_quotes(extras.front()), suggest(extras.front(), views));
}

CLI::App* add_why(CLI::App& app, WhyOptions& options) {
    CLI::App* const why =
        app.add_subcommand("why", "Print which site, route, file and status would answer a request");
    why->add_option("URL", options.words, "A URL or path, after the method if that is not GET")
        ->option_text("[METHOD] URL")
        ->required()
        ->expected(1, 2);
    why->add_option("--host", options.host, "The Host field [that of the URL]")->type_name("HOST");
    why->add_option("--client", options.client, "The client's address [127.0.0.1]")->type_name("IP");
    why->add_option("--header", options.headers, "A field of the request, 'NAME: VALUE'; can be repeated")
        ->type_name("FIELD")
        ->allow_extra_args(false);
    why->add_option("-c,-f,--config", options.config_file,
                    "Configuration file [" BASEHTTPD_SYSCONFDIR "/basehttpd/basehttpd.yaml]")
        ->type_name("FILE");
    why->add_flag("--json", options.json, "Print it as JSON, for programs");
    return why;
}

int run(int argc, char** argv) {
    reset_signals();
    unblock_signals();
    secure_standard_descriptors();
    CLI::App app{"Controls a running basehttpd: sends a command, waits, and reports the result.", "basehttpctl"};
    std::string socket = kDefaultControl;
    app.footer(kFooter);
    app.set_help_flag("-h,--help", "Print this help and exit");
    app.set_version_flag("--version", "basehttpctl " BASEHTTPD_VERSION, "Print the version and exit");
    app.add_option("-s,--socket", socket, fmt::format("The daemon's control socket [{}]", kDefaultControl))
        ->type_name("SOCKET");
    app.require_subcommand(1);
    for (const Command& command : kCommands)
        app.add_subcommand(command.name, command.help);
    app.get_subcommand("status")->add_flag("--json")->description("Print it as JSON, for programs");
    app.add_subcommand("upgrade", "Replace the program with the installed binary, same pid; wait for it");
    app.add_subcommand("top", "Print the status every second, in place; q quits");
    PasswdOptions passwd_options;
    CLI::App* const passwd = app.add_subcommand("passwd", "Write a user's password into a password file");
    passwd->add_option("FILE", passwd_options.file, "The password file; made if it does not exist")->required();
    passwd->add_option("USER", passwd_options.user, "The user")->required();
    passwd->add_flag("--remove", passwd_options.remove, "Remove the user");
    WhyOptions why_options;
    CLI::App* const why = add_why(app, why_options);
    LogsOptions logs_options;
    LogsCommandLine logs(app, logs_options);
    try {
        app.parse(argc, argv);
        if (logs.parsed()) logs.finish();
    } catch (const CLI::Success& done) {
        return app.exit(done, std::cout, std::cerr);
    } catch (const CLI::ParseError& mistake) {
        const std::string unknown = explain_unknown(app);
        std::cerr << "basehttpctl: " << (unknown.empty() ? mistake.what() : unknown)
                  << "\nTry 'basehttpctl --help'.\n";
        return kExitUsage;
    }
    if (logs.parsed()) return run_logs(logs_options);
    if (why->parsed()) return run_why(why_options);
    if (passwd->parsed()) return run_passwd(passwd_options);
    socket = std::filesystem::absolute(socket).string();
    const std::string command = app.get_subcommands().front()->get_name();
    if (command == "upgrade") return upgrade(socket);
    if (app.get_subcommand("status")->count("--json") > 0) return report(ask(socket, std::string(kStatusAsJson)));
    if (command != "top") return report(ask(socket, command));
    const Verdict last = watch_status(socket);
    return last.code == 0 ? 0 : report(last);
}

}  // namespace
}  // namespace basehttpd

int main(int argc, char** argv) {
    try {
        return basehttpd::run(argc, argv);
    } catch (const std::exception& error) {
        std::cerr << "basehttpctl: " << error.what() << '\n';
        return basehttpd::kExitUnavailable;
    }
}
