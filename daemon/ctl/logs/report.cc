#include "daemon/ctl/logs/report.h"

#include <fcntl.h>
#include <signal.h>
#include <sys/wait.h>
#include <unistd.h>

#include <algorithm>
#include <array>
#include <cerrno>
#include <iterator>
#include <system_error>

#include <fmt/format.h>
#include <spawn.h>

#include "basehttp/protocol/date.h"
#include "basehttp/text/escape.h"
#include "daemon/ctl/logs/lines/log_time.h"
#include "daemon/process/exit_codes.h"

extern char** environ;

namespace basehttpd {
namespace {

constexpr std::size_t kBatch = 64 * 1024;

// goaccess 1.7 leaves out lines of more than 4 KiB.
constexpr std::size_t kLongestValue = 1000;

// Without quotes and spaces of its own: goaccess need not know how they are escaped.
void append_value(std::string& out, std::string_view text, std::string_view unless) {
    if (text.empty()) text = unless;
    std::string escaped;
    basehttp::append_escaped(escaped, text.substr(0, kLongestValue));
    escaped.resize(std::min(escaped.size(), kLongestValue));
    for (std::size_t i = 0; i < escaped.size(); ++i) {
        const bool quote = escaped[i] == '\\' && i + 1 < escaped.size() && escaped[i + 1] == '"';
        if (quote) ++i;
        out += quote ? "%22" : std::string_view(escaped).substr(i, 1);
    }
}

void append_word(std::string& out, std::string_view text) {
    std::string word;
    append_value(word, text, "-");
    for (char& c : word) {
        if (c == ' ') c = '_';
    }
    out += word;
}

// goaccess with its standard input on our pipe.
class Goaccess {
  public:
    static std::expected<Goaccess, std::string> start(const std::string& page) {
        std::array<int, 2> ends{};
        if (::pipe2(ends.data(), O_CLOEXEC) != 0) return std::unexpected(std::generic_category().message(errno));
        basehttp::UniqueFd read_end(ends[0]);
        Goaccess goaccess;
        goaccess.input_.reset(ends[1]);
        posix_spawn_file_actions_t actions;
        ::posix_spawn_file_actions_init(&actions);
        ::posix_spawn_file_actions_adddup2(&actions, read_end.get(), STDIN_FILENO);
        ::posix_spawn_file_actions_addopen(&actions, STDOUT_FILENO, "/dev/null", O_WRONLY, 0);
        const std::string format = fmt::format("--log-format={}", kReportFormat);
        const std::string output = page;
        std::array<const char*, 11> words{"goaccess",
                                          "-",
                                          "--no-global-config",
                                          format.c_str(),
                                          "--date-format=%d/%b/%Y",
                                          "--time-format=%H:%M:%S",
                                          "--no-progress",
                                          "-o",
                                          output.c_str(),
                                          nullptr};
        const int error =
            ::posix_spawnp(&goaccess.pid_, "goaccess", &actions, nullptr, const_cast<char**>(words.data()), environ);
        ::posix_spawn_file_actions_destroy(&actions);
        if (error == ENOENT) return std::unexpected("goaccess is not installed; on Debian: apt install goaccess");
        if (error != 0) return std::unexpected("goaccess: " + std::generic_category().message(error));
        return goaccess;
    }

    bool write(std::string_view text) {
        while (!text.empty()) {
            const ssize_t written = ::write(input_.get(), text.data(), text.size());
            if (written < 0 && errno == EINTR) continue;
            if (written < 0) return false;
            text.remove_prefix(static_cast<std::size_t>(written));
        }
        return true;
    }

    /// How it ended, as waitpid(2) has it.
    int finish() {
        input_.reset();
        int status = 0;
        while (::waitpid(pid_, &status, 0) < 0 && errno == EINTR) {
        }
        return status;
    }

  private:
    basehttp::UniqueFd input_;
    pid_t pid_ = -1;
};

}  // namespace

bool append_report_line(std::string& out, const LogRecord& record) {
    if (!record.time_us || record.client.empty() || record.request.empty() || record.status.value_or(0) == 0)
        return false;
    append_word(out, record.host);
    out += ' ';
    append_word(out, record.client);
    out += " - ";
    append_word(out, record.user);
    out += " [";
    basehttp::append_log_date(out, *record.time_us / kMicrosecondsPerSecond);
    out += "] \"";
    append_value(out, record.request, "-");
    fmt::format_to(std::back_inserter(out), "\" {} {} \"", record.status.value_or(0), record.size().value_or(0));
    append_value(out, record.referer, "-");
    out += "\" \"";
    append_value(out, record.user_agent, "-");
    fmt::format_to(std::back_inserter(out), "\" {}\n", record.duration_us.value_or(0));
    return true;
}

int report_logs(LogsTask& task) {
    ::signal(SIGPIPE, SIG_IGN);
    auto goaccess = Goaccess::start(task.options.html_file);
    if (!goaccess) {
        fmt::print(stderr, "basehttpctl: {}\n", goaccess.error());
        return kExitUnavailable;
    }
    std::string batch;
    std::uint64_t left_out = 0;
    bool taken = true;
    for (LogToRead& log : task.logs) {
        LogStream stream(std::move(log), task.problems);
        while (taken && stream.next()) {
            if (stream.record() == nullptr || !task.filter.matches(*stream.record())) continue;
            if (!append_report_line(batch, *stream.record())) ++left_out;
            if (batch.size() < kBatch) continue;
            taken = goaccess->write(batch);
            batch.clear();
        }
    }
    taken = taken && goaccess->write(batch);
    const int status = goaccess->finish();
    const int code = tell_problems(task);
    if (left_out > 0)
        fmt::print(stderr, "basehttpctl: {} without a response, which goaccess does not take\n", left_out);
    if (WIFEXITED(status) && WEXITSTATUS(status) == 0 && taken) return code;
    fmt::print(stderr, "basehttpctl: goaccess did not write the page\n");
    return kExitUnavailable;
}

}  // namespace basehttpd
