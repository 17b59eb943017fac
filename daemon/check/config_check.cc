#include "daemon/check/config_check.h"

#include <sys/stat.h>
#include <unistd.h>

#include <algorithm>
#include <cerrno>
#include <cstring>
#include <filesystem>
#include <iterator>
#include <map>
#include <optional>
#include <tuple>

#include <fmt/format.h>

#include "basehttp/handlers/listing_template.h"
#include "basehttp/pages/error_pages.h"
#include "daemon/check/access_probe.h"
#include "daemon/check/foreign_sites.h"
#include "daemon/config/config_source.h"
#include "daemon/config/log_captures.h"
#include "daemon/config/sink_name.h"
#include "daemon/process/effective_access.h"
#include "daemon/text/command_words.h"
#include "daemon/text/words.h"

namespace basehttpd {
namespace {

class ConfigChecker {
  public:
    ConfigChecker(Config& config, ConfigOrigin origin) : config_(config), origin_(origin) {}

    std::vector<ConfigError> check() {
        check_account();
        check_roots();
        std::ranges::move(check_default_hosts(config_), std::back_inserter(errors_));
        for (SiteConfig& site : config_.sites)
            read_pages(site);
        const std::vector<SinkConfig> sinks = sinks_of(config_);
        for (const SinkConfig& sink : sinks)
            check_sink(sink);
        check_same_files(sinks);
        check_captures();
        sort();
        return std::move(errors_);
    }

  private:
    void check_account();
    void report_unknown(const UnknownAccount& account);
    void check_root_without_user();
    void check_roots();
    bool check_root_exists(const ServedRoot& root);
    void read_pages(SiteConfig& site);
    template <typename Parse>
    void read_page(PageConfig& page, const char* what, const std::string& root, Parse parse);
    void report_no_identity(int error);
    void report_obstacle(const ServedRoot& root, const AccessObstacle& obstacle, const char* hint);
    void check_sink(const SinkConfig& sink);
    void check_program(const SinkConfig& sink);
    void check_log_file(const SinkConfig& sink);
    void check_log_folder(const SinkConfig& sink);
    void check_captures();
    void check_same_files(const std::vector<SinkConfig>& sinks);
    void check_log_socket(const ConfigPosition& where, const std::string& path);
    void report_missing(const ConfigPosition& where, const std::string& path, const char* what, std::string hint);
    void report(const ConfigPosition& where, std::string message, std::string hint = {});
    void sort();

    Config& config_;
    ConfigOrigin origin_;
    std::optional<Identity> workers_;  // as whom the workers run, where that is somebody else than us
    std::vector<ConfigError> errors_;
};

std::string reason(int error) {
    return std::strerror(error);
}

std::string_view deed_of(AccessObstacle::Right right) {
    switch (right) {
        case AccessObstacle::Right::enter:
            return "enter";
        case AccessObstacle::Right::read:
            return "read";
        case AccessObstacle::Right::execute:
            return "execute";
    }
    return {};
}

std::string parent_of(const std::string& path) {
    const std::filesystem::path parent = std::filesystem::path(path).parent_path();
    return parent.empty() ? "." : parent.string();
}

// The highest folder of `path` that is missing.
std::string first_missing(const std::string& path) {
    struct stat info {};
    for (std::size_t slash = path.find('/', 1); slash != std::string::npos; slash = path.find('/', slash + 1)) {
        const std::string above = path.substr(0, slash);
        if (::stat(above.c_str(), &info) != 0) return above;
    }
    return path;
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

void ConfigChecker::check_account() {
    const bool root = ::geteuid() == 0;
    if (config_.user.empty()) {
        if (root) check_root_without_user();
        return;
    }
    auto identity = find_identity(config_.user, config_.group);
    if (!identity) {
        report_unknown(identity.error());
        return;
    }
    // Others than root stay who they are: that `user` is for a start as root.
    if (!root) return;
    if (identity->uid == 0)
        report(config_.user_where, "the workers would run as root", "name an account without rights");
    workers_ = *std::move(identity);
}

void ConfigChecker::report_unknown(const UnknownAccount& account) {
    const bool user = account.part == UnknownAccount::Part::user;
    const std::string& name = user ? config_.user : config_.group;
    const ConfigPosition& where = user ? config_.user_where : config_.group_where;
    if (const std::size_t end = name.find_first_of(" :"); user && end != std::string::npos) {
        report(where, account.message,
               fmt::format("write one name; the group has a key of its own: group: {}", name.substr(end + 1)));
        return;
    }
    report(where, account.message,
           fmt::format("make it with '{} {}', or name another one",
                       user ? "adduser --system --group" : "addgroup --system", name));
}

void ConfigChecker::check_root_without_user() {
    if (origin_ == ConfigOrigin::file) {
        report(config_.user_where, "started as root, but 'user' is not set",
               "write user: NAME for the workers to run as");
        return;
    }
    report({}, "serving as root: whoever finds a hole in the server is root",
           "start it as another user where that is possible");
    errors_.back().kind = ConfigError::Kind::warning;
}

void ConfigChecker::check_roots() {
    std::vector<ServedRoot> roots = served_roots(config_);
    std::erase_if(roots, [&](const ServedRoot& root) { return !check_root_exists(root); });
    std::vector<std::string> folders;
    for (const ServedRoot& root : roots)
        folders.push_back(root.path);
    const auto obstacles = probe_access(folders, AccessObstacle::Right::read, workers_);
    if (!obstacles) {
        report_no_identity(obstacles.error());
        return;
    }
    for (std::size_t i = 0; i < roots.size(); ++i) {
        if ((*obstacles)[i])
            report_obstacle(roots[i], *(*obstacles)[i], "give it that right, or serve another folder");
    }
}

void ConfigChecker::report_no_identity(int error) {
    report(config_.user_where, fmt::format("cannot become user {}: {}", in_quotes(config_.user), reason(error)));
}

// A folder that we ourselves may not see is left to the probes: they say which one is in the way.
bool ConfigChecker::check_root_exists(const ServedRoot& root) {
    struct stat info {};
    if (::stat(root.path.c_str(), &info) != 0) {
        if (errno == EACCES) return true;
        report_missing(root.where, root.path, "folder", "make it, or mend the path");
        return false;
    }
    if (S_ISDIR(info.st_mode)) return true;
    report(root.where, fmt::format("{} is not a folder", in_quotes(root.path)),
           "a root is the folder that is served");
    return false;
}

void ConfigChecker::read_pages(SiteConfig& site) {
    for (ErrorPageConfig& each : site.error_pages)
        read_page(each.page, "error page", site.root, basehttp::ErrorPages::parse);
    read_page(site.listing_template, "listing template", site.root, basehttp::ListingTemplate::parse);
    const auto read_template = [&](auto& handler) {
        if constexpr (requires { handler.listing_template; })
            read_page(handler.listing_template, "listing template", site.root, basehttp::ListingTemplate::parse);
    };
    for (RouteConfig& route : site.routes)
        std::visit(read_template, route.handler);
}

template <typename Parse>
void ConfigChecker::read_page(PageConfig& page, const char* what, const std::string& root, Parse parse) {
    struct stat info {};
    if (page.file.empty()) return;
    if (::stat(page.file.c_str(), &info) != 0) {
        const int error = errno;
        std::string hint = hint_for_missing_page(page.file, root);
        errno = error;
        report_missing(page.where, page.file, what, std::move(hint));
        return;
    }
    auto source = ConfigSource::load(page.file, fmt::format("the {} {}", what, in_quotes(page.file)));
    if (!source) {
        ConfigError& error = source.error();
        error.hint.clear();  // it speaks of YAML
        if (error.where.line == 0) {
            report(page.where, error.message);
        } else {
            errors_.push_back(error);
        }
        return;
    }
    page.text = source->text();
    const auto parsed = parse(page.text);
    if (parsed) return;
    const basehttp::TemplateError& error = parsed.error();
    const std::vector<std::string_view> known(error.known.begin(), error.known.end());
    const auto [line, column] = source->position(error.offset);
    const ConfigError found =
        source->error_at(line, column, error.message, error.unknown.empty() ? "" : suggest(error.unknown, known));
    const auto same = [&](const ConfigError& other) { return render(other) == render(found); };
    if (std::ranges::none_of(errors_, same)) errors_.push_back(found);  // a route has its site's template
}

void ConfigChecker::report_obstacle(const ServedRoot& root, const AccessObstacle& obstacle, const char* hint) {
    const bool self = obstacle.path == root.path;
    const std::string who = workers_ ? fmt::format("user {}", in_quotes(workers_->user)) : "this user";
    std::string message = fmt::format("{} cannot {} {}", who, deed_of(obstacle.right), in_quotes(obstacle.path));
    if (!self) message += fmt::format(" on the way to {}", in_quotes(root.path));
    message += ": " + reason(obstacle.error);
    report(root.where, std::move(message), obstacle.error == EACCES ? hint : "");
}

void ConfigChecker::check_sink(const SinkConfig& sink) {
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
            return;
        case SinkConfig::Kind::pipe:
            return check_program(sink);
    }
}

// Who reads there may be started later than we are: that is no error.
void ConfigChecker::check_log_socket(const ConfigPosition& where, const std::string& path) {
    struct stat info {};
    if (::stat(path.c_str(), &info) != 0) {
        report(where, fmt::format("nobody takes log lines at {} now: {}", in_quotes(path), reason(errno)),
               "they wait, and some may be lost, until somebody does");
        errors_.back().kind = ConfigError::Kind::warning;
    } else if (!S_ISSOCK(info.st_mode)) {
        report(where, fmt::format("{} is no socket", in_quotes(path)), "for a file write {file: PATH}");
    }
}

void ConfigChecker::check_log_file(const SinkConfig& sink) {
    struct stat info {};
    if (::stat(sink.path.c_str(), &info) != 0) {
        check_log_folder(sink);
        return;
    }
    if (S_ISDIR(info.st_mode)) {
        report(sink.where, fmt::format("the log {} is a folder", in_quotes(sink.path)), "name a file");
    } else if (const int code = effective_access(sink.path.c_str(), W_OK); code != 0) {
        report(sink.where, fmt::format("cannot write the log {}: {}", in_quotes(sink.path), reason(code)));
    }
}

// The program that takes the lines runs as the workers' user, as the logger does.
void ConfigChecker::check_program(const SinkConfig& sink) {
    const std::string path = find_program(sink.words.front());
    if (path.empty()) {
        report(sink.where, fmt::format("there is no program {} in any folder of PATH", in_quotes(sink.words.front())),
               "install it, or write its path");
        return;
    }
    struct stat info {};
    if (::stat(path.c_str(), &info) != 0) {
        report_missing(sink.where, path, "program", "install it, or mend the path");
    } else if (!S_ISREG(info.st_mode)) {
        report(sink.where, fmt::format("{} is not a program", in_quotes(path)));
    } else {
        const auto obstacles = probe_access({path}, AccessObstacle::Right::execute, workers_);
        if (!obstacles) return report_no_identity(obstacles.error());
        if (obstacles->front())
            report_obstacle({path, sink.where}, *obstacles->front(), "give it that right, or name another program");
    }
}

// The file itself is made when the server starts; its folder is not.
void ConfigChecker::check_log_folder(const SinkConfig& sink) {
    if (errno != ENOENT) {
        report(sink.where, fmt::format("cannot write the log {}: {}", in_quotes(sink.path), reason(errno)));
        return;
    }
    const std::string folder = parent_of(sink.path);
    struct stat info {};
    if (::stat(folder.c_str(), &info) != 0) {
        report_missing(sink.where, folder, "log folder", "make it, or set 'log' to write elsewhere");
    } else if (const int code = effective_access(folder.c_str(), W_OK | X_OK); code != 0) {
        report(sink.where, fmt::format("cannot make the log {}: {}", in_quotes(sink.path), reason(code)),
               "its folder must be writable for whoever starts the server");
    }
}

// A log that is named twice is one, with one queue. By two names it would be written from two, and lines be torn.
void ConfigChecker::check_same_files(const std::vector<SinkConfig>& sinks) {
    std::map<std::string, std::string> names;
    for (const SinkConfig& sink : sinks) {
        if (sink.kind != SinkConfig::Kind::file) continue;
        const auto [first, is_new] = names.emplace(which_file(sink.path), sink.path);
        if (!is_new) {
            report(sink.where,
                   fmt::format("the log {} is the same file as {}", in_quotes(sink.path), in_quotes(first->second)),
                   "write its name the same way in both places");
        }
    }
}

// What a worker copies for the logs is bounded, and a log that lacks a field would not say why.
void ConfigChecker::check_captures() {
    const AccessSinkConfig* log = log_without_room(config_);
    if (log == nullptr) return;
    report(log->sink.where,
           fmt::format("the formats of the access logs name more than {} fields, cookies and notes, up to this one",
                       basehttp::CaptureList::kMost),
           "name fewer");
}

void ConfigChecker::report_missing(const ConfigPosition& where, const std::string& path, const char* what,
                                   std::string hint) {
    const int error = errno;
    if (error != ENOENT) {
        report(where, fmt::format("cannot use the {} {}: {}", what, in_quotes(path), reason(error)));
        return;
    }
    std::string message = fmt::format("the {} {} does not exist", what, in_quotes(path));
    const std::string missing = first_missing(path);
    if (missing != path) message += fmt::format(" (nor does {})", in_quotes(missing));
    report(where, std::move(message), std::move(hint));
}

void ConfigChecker::report(const ConfigPosition& where, std::string message, std::string hint) {
    // Two logs in one missing folder are one mistake.
    const auto same = [&](const ConfigError& error) {
        return error.where.file == where.file && error.where.line == where.line && error.message == message;
    };
    if (std::ranges::any_of(errors_, same)) return;
    errors_.push_back({where, std::move(message), std::move(hint), read_excerpt(where)});
}

void ConfigChecker::sort() {
    const auto place = [](const ConfigError& error) { return std::tie(error.where.line, error.where.column); };
    // Files stay in the order in which their first error was found; lines are sorted within each.
    std::vector<std::string> files;
    for (const ConfigError& error : errors_) {
        if (std::ranges::find(files, error.where.file) == files.end()) files.push_back(error.where.file);
    }
    std::ranges::stable_sort(errors_, [&](const ConfigError& a, const ConfigError& b) {
        const auto file_a = std::ranges::find(files, a.where.file);
        const auto file_b = std::ranges::find(files, b.where.file);
        return file_a != file_b ? file_a < file_b : place(a) < place(b);
    });
}

}  // namespace

std::vector<ConfigError> check_config(Config& config, ConfigOrigin origin) {
    return ConfigChecker(config, origin).check();
}

}  // namespace basehttpd
