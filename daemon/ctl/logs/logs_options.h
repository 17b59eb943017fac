// LogsOptions: what the command line of `basehttpctl logs` asks for.
#pragma once

#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include <CLI/App.hpp>

#include "daemon/ctl/logs/lines/record_filter.h"
#include "daemon/ctl/logs/shows/terminal.h"

namespace basehttpd {

struct LogsOptions {
    enum class Action : std::uint8_t { show, summary, verify, explain, report };
    enum class Output : std::uint8_t { automatic, received, columns, json };

    Action action = Action::show;
    std::string config_file = BASEHTTPD_SYSCONFDIR "/basehttpd/basehttpd.yaml";
    bool config_given = false;
    std::vector<std::string> files;  ///< none: the configured logs
    std::string format;              ///< of the files' lines, where the user says it
    FilterOptions filter;
    std::optional<std::size_t> lines;
    bool follow = false;
    Output output = Output::automatic;
    Colours colours = Colours::automatic;
    std::size_t top = 10;   ///< summary: rows of each table
    std::string html_file;  ///< report
    std::string line;       ///< explain
};

/// The commands of `basehttpctl logs`, bound to `options`, which outlives the parsing.
class LogsCommandLine {
  public:
    LogsCommandLine(CLI::App& program, LogsOptions& options);

    bool parsed() const;

    /// Completes the options once they were parsed. Throws CLI::ParseError where they contradict each other.
    void finish();

  private:
    void add_sources(CLI::App& app);
    void add_filters(CLI::App& app);
    void add_shapes(CLI::App& app);
    void refuse_misspelt_command() const;

    LogsOptions& options_;
    CLI::App* logs_;
    CLI::App* summary_;
    CLI::App* verify_;
    CLI::App* explain_;
    CLI::App* report_;
    std::vector<CLI::Option*> config_options_;
    std::string colour_;
    bool json_ = false;
    bool raw_ = false;
    bool columns_ = false;
};

}  // namespace basehttpd
