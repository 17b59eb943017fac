#include "daemon/ctl/logs/logs_options.h"

#include <algorithm>
#include <array>
#include <filesystem>
#include <string_view>

#include <CLI/CLI.hpp>
#include <fmt/format.h>

#include "daemon/text/words.h"

namespace basehttpd {
namespace {

constexpr const char* kFooter =
    "\nFILE is an access log, plain or compressed with gzip or zstd, or - for standard input.\n"
    "Without FILE, the logs that the configuration names are read, with their rotated pieces.\n"
    "\nExamples:\n"
    "  basehttpctl logs -f --status 5xx\n"
    "  basehttpctl logs --since '10 min ago' --path '/api/*' --slower 500ms\n"
    "  basehttpctl logs summary --since yesterday\n"
    "\nExit codes: 0 success, 1 verify found a problem, 64 usage, 69 a file, or every line,\n"
    "could not be read, 78 the configuration has errors. See basehttpctl-logs(8).\n";

}  // namespace

LogsCommandLine::LogsCommandLine(CLI::App& program, LogsOptions& options)
    : options_(options),
      logs_(program.add_subcommand("logs", "Show, follow, summarize, verify or explain the access logs")) {
    logs_->footer(kFooter);
    logs_->require_subcommand(0, 1);
    add_sources(*logs_);
    add_filters(*logs_);
    add_shapes(*logs_);
    logs_->add_flag("-f,--follow", options_.follow, "Follow new lines as they are written, across rotation");
    logs_->add_option("-n,--lines", options_.lines, "Only the last N lines [all; with -f 10]")->type_name("N");

    summary_ = logs_->add_subcommand("summary", "Summarize: paths, clients, statuses and times");
    add_sources(*summary_);
    add_filters(*summary_);
    add_shapes(*summary_);
    summary_->add_option("--top", options_.top, "Rows of each table [10]")
        ->type_name("N")
        ->check(CLI::Range(1, 1000).description(""));

    verify_ = logs_->add_subcommand("verify", "Look for lines that are missing, duplicated, torn or out of order");
    add_sources(*verify_);
    verify_->add_flag("--json", json_, "Print JSON");

    explain_ = logs_->add_subcommand("explain", "Say in words what a line means");
    explain_->add_option("LINE", options_.line, "The line; without one, lines are read from standard input")
        ->type_name("");
    explain_
        ->add_option("--request-id", options_.filter.request_ids, "Explain the request with this id from the logs")
        ->type_name("ID")
        ->allow_extra_args(false);
    explain_->add_option("--file", options_.files, "Explain the lines of this log, or look for the id in it")
        ->type_name("FILE")
        ->allow_extra_args(false);
    explain_->add_option("--format", options_.format, "The lines' format")->type_name("FORMAT");
    config_options_.push_back(
        explain_->add_option("-c,--config", options_.config_file, "Configuration file")->type_name("FILE"));

    report_ = logs_->add_subcommand("report", "Write a page with goaccess");
    add_sources(*report_);
    add_filters(*report_);
    report_->add_option("--html", options_.html_file, "The page to write")->type_name("PAGE")->required();
}

void LogsCommandLine::add_sources(CLI::App& app) {
    app.add_option("FILE", options_.files, "Logs to read, - for standard input [the configured ones]")->type_name("");
    config_options_.push_back(app.add_option("-c,--config", options_.config_file,
                                             "Configuration file [" BASEHTTPD_SYSCONFDIR "/basehttpd/basehttpd.yaml]")
                                  ->type_name("FILE"));
    app.add_option("--format", options_.format, "The lines' format: json, combined, '%h %t ...' [detected]")
        ->type_name("FORMAT");
}

void LogsCommandLine::add_filters(CLI::App& app) {
    FilterOptions& filter = options_.filter;
    const auto add = [&app](const char* names, auto& value, const char* help, const char* type) {
        app.add_option(names, value, help)->type_name(type)->group("Filters")->allow_extra_args(false);
    };
    const auto add_one = [&app](const char* names, std::string& value, const char* help, const char* type) {
        app.add_option(names, value, help)->type_name(type)->group("Filters");
    };
    add("--status", filter.statuses, "404, 5xx, 400-404, none; several with commas", "STATUS");
    add("--path", filter.paths, "A glob on the decoded path; with ! exclude what matches", "GLOB");
    add("--method", filter.methods, "GET,POST", "METHOD");
    add("--client", filter.clients, "An address or a network: 192.0.2.0/24", "CIDR");
    add("--host", filter.hosts, "A glob on the requested host", "GLOB");
    add("--site", filter.sites, "A glob on the site's name", "GLOB");
    add("--agent", filter.agents, "A part of the user agent", "TEXT");
    add("--request-id", filter.request_ids, "The request with this id", "ID");
    add_one("--since", filter.since, "1h, '10 min ago', yesterday, 'today 10:00', 2026-11-25T10:00:00Z", "TIME");
    add_one("--until", filter.until, "The same, not included", "TIME");
    add_one("--slower", filter.slower, "Requests that took longer: 500ms, 2s", "DURATION");
    app.add_flag("--invert", filter.invert, "Lines that do not match; --since and --until are not inverted")
        ->group("Filters");
}

void LogsCommandLine::add_shapes(CLI::App& app) {
    app.add_flag("--json", json_, "Print JSON")->group("Output");
    if (&app == logs_) {
        app.add_flag("--raw", raw_, "Unchanged lines, on a terminal too")->group("Output");
        app.add_flag("--columns", columns_, "Columns, even without a terminal")->group("Output");
    }
    app.add_option("--color,--colour", colour_, "auto, always or never [auto]")
        ->type_name("WHEN")
        ->group("Output")
        ->check(CLI::IsMember({"auto", "always", "never"}).description(""));
}

bool LogsCommandLine::parsed() const {
    return logs_->parsed();
}

// `logs sumary` reads the file of that name where there is one.
void LogsCommandLine::refuse_misspelt_command() const {
    if (options_.files.empty()) return;
    constexpr std::array<std::string_view, 4> kCommands{"summary", "verify", "explain", "report"};
    const std::string& word = options_.files.front();
    std::error_code ignored;
    const bool like_file = word.find_first_of("./-") != std::string::npos || std::filesystem::exists(word, ignored);
    const std::string_view nearest = like_file ? std::string_view() : nearest_name(word, kCommands);
    if (nearest.empty()) return;
    throw CLI::ParseError(
        fmt::format("there is neither a command nor a file {}; did you mean '{}'?", in_quotes(word), nearest),
        CLI::ExitCodes::ExtrasError);
}

void LogsCommandLine::finish() {
    refuse_misspelt_command();
    if (summary_->parsed()) options_.action = LogsOptions::Action::summary;
    if (verify_->parsed()) options_.action = LogsOptions::Action::verify;
    if (explain_->parsed()) options_.action = LogsOptions::Action::explain;
    if (report_->parsed()) options_.action = LogsOptions::Action::report;
    options_.config_given =
        std::ranges::any_of(config_options_, [](const CLI::Option* option) { return option->count() > 0; });
    if (json_ + raw_ + columns_ > 1) throw CLI::ExcludesError("--json", "--raw and --columns");
    if (json_) options_.output = LogsOptions::Output::json;
    if (raw_) options_.output = LogsOptions::Output::received;
    if (columns_) options_.output = LogsOptions::Output::columns;
    if (colour_ == "always") options_.colours = Colours::always;
    if (colour_ == "never") options_.colours = Colours::never;
    if (options_.action == LogsOptions::Action::verify && !options_.filter.is_empty()) {
        throw CLI::ExcludesError("verify", "filters: what they leave out would be missing");
    }
    if (options_.action == LogsOptions::Action::report && !options_.html_file.ends_with(".html")) {
        throw CLI::ValidationError("--html", "goaccess wants a name that ends in .html");
    }
    if (options_.follow && options_.action != LogsOptions::Action::show) {
        throw CLI::ExcludesError("--follow", "summary, verify, explain and report");
    }
}

}  // namespace basehttpd
