#include "daemon/check/log_check.h"

#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

#include <cerrno>
#include <cstdlib>
#include <cstring>
#include <filesystem>
#include <map>

#include <fmt/format.h>

#include "basehttp/io/unique_fd.h"
#include "daemon/process/effective_access.h"
#include "daemon/process/privileges.h"
#include "daemon/text/parent_folder.h"
#include "daemon/text/words.h"

namespace basehttpd {
namespace {

class LogChecker {
  public:
    explicit LogChecker(CheckReport& report) : report_(report) {}

    void check_sink(const SinkConfig& sink);
    void check_same_files(const std::vector<SinkConfig>& sinks);

  private:
    void check_log_file(const SinkConfig& sink);
    void report_log_link(const SinkConfig& sink);
    void check_log_folder(const SinkConfig& sink);
    void check_log_socket(const ConfigPosition& where, const std::string& path);

    CheckReport& report_;
};

// A log that is a link to a file that is not there yet is made where the link leads.
std::string target_of(const std::string& path) {
    std::error_code error;
    if (!std::filesystem::is_symlink(path, error)) return path;
    const std::filesystem::path target = std::filesystem::weakly_canonical(path, error);
    return error ? path : target.string();
}

// An errno, or 0. A file is opened as the start does it, which changes nothing about one that is there. A FIFO's
// reader would see its end when we close it, and a device may take an opening for more than a question.
int try_to_write(const std::string& path, mode_t mode) {
    if (!S_ISREG(mode)) return effective_access(path.c_str(), W_OK);
    const basehttp::UniqueFd fd(::open(path.c_str(), O_WRONLY | O_APPEND | O_CLOEXEC | O_NOCTTY | O_NONBLOCK));
    return fd ? 0 : errno;
}

// Equal for two names of one file, be it there or not. A device takes each write for itself.
std::string which_file(const std::string& path) {
    struct stat info {};
    if (::stat(path.c_str(), &info) == 0)
        return S_ISCHR(info.st_mode) ? path : fmt::format("{}:{}", info.st_dev, info.st_ino);
    std::error_code error;
    const std::filesystem::path real = std::filesystem::weakly_canonical(path, error);
    return error ? path : real.string();
}

std::string remedy_of_log(int error) {
    if (error != EACCES && error != EROFS && error != EPERM) return {};
    return with_service("it must be writable for the user that starts the server");
}

void LogChecker::check_sink(const SinkConfig& sink) {
    switch (sink.kind) {
        case SinkConfig::Kind::file:
            return check_log_file(sink);
        case SinkConfig::Kind::journal:
            return check_log_socket(sink.where, sink.path);
        case SinkConfig::Kind::syslog:
            if (sink.syslog.to.transport != SyslogAddress::Transport::unix_socket) return;
            return check_log_socket(sink.where, sink.syslog.to.path);
        case SinkConfig::Kind::standard_output:
        case SinkConfig::Kind::standard_error:
        case SinkConfig::Kind::pipe:
            return;
    }
}

// Who reads there may be started later than we are: that is no error.
void LogChecker::check_log_socket(const ConfigPosition& where, const std::string& path) {
    struct stat info {};
    if (::stat(path.c_str(), &info) != 0) {
        report_.add(where,
                    fmt::format("nothing accepts log lines at {} now: {}", in_quotes(path), std::strerror(errno)),
                    "they wait, and some may be lost, until somebody does", ConfigError::Kind::warning);
    } else if (!S_ISSOCK(info.st_mode)) {
        report_.add(where, fmt::format("{} is no socket", in_quotes(path)), "for a file write {file: PATH}");
    }
}

void LogChecker::check_log_file(const SinkConfig& sink) {
    struct stat info {};
    if (started_as_root() && ::lstat(sink.path.c_str(), &info) == 0 && S_ISLNK(info.st_mode)) {
        report_log_link(sink);
        return;
    }
    if (::stat(sink.path.c_str(), &info) != 0) {
        check_log_folder(sink);
        return;
    }
    const std::string name = in_quotes(sink.path);
    if (S_ISDIR(info.st_mode)) {
        report_.add(sink.where, fmt::format("the log {} is a directory", name), "name a file");
    } else if (S_ISSOCK(info.st_mode)) {
        report_.add(sink.where, fmt::format("the log {} is a socket", name),
                    "write {stdout: {}}, {journal: {}} or {syslog: {to: \"unix:PATH\"}}");
    } else if (S_ISBLK(info.st_mode)) {
        report_.add(sink.where, fmt::format("the log {} is a block device", name), "name a file");
    } else if (const int error = try_to_write(sink.path, info.st_mode); error != 0) {
        report_.add(sink.where, fmt::format("cannot write the log {}: {}", name, std::strerror(error)),
                    remedy_of_log(error));
    }
}

// Root opens no log through a link: the workers' user may own the folder, and could point it anywhere.
void LogChecker::report_log_link(const SinkConfig& sink) {
    std::error_code error;
    const std::filesystem::path target = std::filesystem::weakly_canonical(sink.path, error);
    report_.add(sink.where,
                fmt::format("the log {} is a symbolic link, which root does not follow here", in_quotes(sink.path)),
                error ? "name the file itself" : fmt::format("write {{file: {}}}", target.string()));
}

// The file itself is made when the server starts; its folder is not.
void LogChecker::check_log_folder(const SinkConfig& sink) {
    if (errno != ENOENT) {
        report_.add(sink.where,
                    fmt::format("cannot write the log {}: {}", in_quotes(sink.path), std::strerror(errno)));
        return;
    }
    const std::string folder = parent_folder(target_of(sink.path));
    struct stat info {};
    if (::stat(folder.c_str(), &info) != 0) {
        report_.add_missing(sink.where, folder, "log directory", "create it, or set 'log' to write elsewhere");
    } else if (const int error = effective_access(folder.c_str(), W_OK | X_OK); error != 0) {
        report_.add(sink.where, fmt::format("cannot make the log {}: {}", in_quotes(sink.path), std::strerror(error)),
                    with_service("its directory must be writable for the user that starts the server"));
    }
}

// A log that is named twice is one, with one queue. By two names it would be written from two, and lines be torn.
void LogChecker::check_same_files(const std::vector<SinkConfig>& sinks) {
    std::map<std::string, std::string> names;
    for (const SinkConfig& sink : sinks) {
        if (sink.kind != SinkConfig::Kind::file) continue;
        const auto [first, is_new] = names.emplace(which_file(sink.path), sink.path);
        if (!is_new) {
            report_.add(
                sink.where,
                fmt::format("the log {} is the same file as {}", in_quotes(sink.path), in_quotes(first->second)),
                "write its name the same way in both places");
        }
    }
}

}  // namespace

void check_logs(const std::vector<SinkConfig>& sinks, CheckReport& report) {
    LogChecker checker(report);
    for (const SinkConfig& sink : sinks)
        checker.check_sink(sink);
    checker.check_same_files(sinks);
}

std::string with_service(const std::string& hint) {
    if (::getenv("INVOCATION_ID") == nullptr || ::geteuid() == 0) return hint;
    return hint + "; 'basehttpd check --as-service' tells what would allow it";
}

}  // namespace basehttpd
